/** `paragrad reproduce --quick`: short versions of the tables, which fail if a learner is broken. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mean } from '../comparing/statistics.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { failuresInWords, type TrainSweepOptions, trainSweep } from '../sweep/train-sweep.js';
import { textTable } from '../text/text-table.js';
import type { ResultTable } from './result-table.js';
import { wayOf } from './row-tables.js';
import { resultsOfTable, type TableResults } from './table-results.js';

/** How a row of a short version did. */
interface QuickResult {
  readonly table: string;
  readonly row: string;
  readonly measure: string;
  readonly reached: number;
  readonly atLeast: number;
}

/**
 * Trains the short versions of tables, in a temporary folder, and prints what they reached. Throws if one is below what a learner
 * without mistakes reaches.
 */
export async function reproduceQuickly(
  tables: readonly ResultTable[],
  options: Pick<TrainSweepOptions, 'workers'>,
): Promise<void> {
  const results: QuickResult[] = [];
  const short = tables.filter(({ quick }) => quick);
  if (short.length === 0) {
    throw new Error(
      `reproduce: ${tables.map(({ name }) => name).join(', ')} has no short version; leave out --quick`,
    );
  }
  for (const table of short) {
    const own = await trainQuickly(table, options);
    if (!own) return; // stopped
    results.push(...own);
  }
  const rows = results.map(({ table, row, measure, reached, atLeast }) => [
    ...[table, row, measure, reached.toFixed(1), String(atLeast), reached >= atLeast ? '' : 'too low'],
  ]);
  console.log(`\n${textTable([['table', 'row', 'measure', 'reached', 'at least', ''], ...rows], 'lllrrl')}`);
  const low = results.filter(({ reached, atLeast }) => !(reached >= atLeast));
  if (low.length > 0) {
    throw new Error(
      `reproduce: ${low.length} of ${results.length} rows reached less than a learner without mistakes: ` +
        low.map(({ table, row }) => `${row} in ${table}`).join(', '),
    );
  }
}

async function trainQuickly(
  table: ResultTable,
  options: Pick<TrainSweepOptions, 'workers'>,
): Promise<QuickResult[] | undefined> {
  const { name, quick, sweep } = table;
  if (!quick) return [];
  const { measure, atLeast } = quick;
  const short: ResultTable = {
    ...table,
    sweep: {
      ...sweep,
      run: { ...sweep.run, ...quick.run },
      list: sweep.list.filter((row) => row.name in atLeast),
      seeds: [1],
    },
  };
  const path = mkdtempSync(join(tmpdir(), `paragrad-${name}-`));
  try {
    console.log(`\n${table.title}, in short\n`);
    const trained = await trainSweep(short.sweep, {
      source: name,
      path,
      ...{ ...options, out: process.stdout },
    });
    if (!trained) return undefined;
    trained.folder.close();
    if (trained.failed.size > 0) throw new Error(failuresInWords(trained));
    const results = resultsOfTable(short, trained);
    return results.rows.map((row) => ({
      ...{ table: name, row: row.name, measure, atLeast: atLeast[row.name] },
      reached: reachedBy(row, results, measure),
    }));
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function reachedBy(
  { values }: TableResults['rows'][number],
  { yardsticks }: TableResults,
  measure: string,
): number {
  return mean(measure === 'way' ? wayOf(values[MEAN_RETURN], yardsticks) : values[measure]);
}
