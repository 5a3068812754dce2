import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, noSuch } from '@paragrad/check';
import { toJson } from '@paragrad/maddpg';
import { makeFolder, replaceFile } from '../run/write-files.js';
import { labelOf } from '../sweep/axes.js';
import {
  failuresInWords,
  planSweep,
  type TrainSweepOptions,
  timeOfSweep,
  trainSweep,
} from '../sweep/train-sweep.js';
import { playAll } from './cross-play.js';
import { marlEvalOf } from './marl-eval-of.js';
import { writePage } from './page.js';
import { reproduceQuickly } from './quick.js';
import type { ResultTable } from './result-table.js';
import { resultsOfTable, type TableResults } from './table-results.js';
import { tables } from './tables/index.js';

export interface ReproduceOptions extends Partial<Pick<TrainSweepOptions, 'workers' | 'saves' | 'queue'>> {
  /** For the runs, a folder for each table. */
  readonly runs: string;
  /** For the numbers. */
  readonly results: string;
  /** The page with all tables. */
  readonly page: string;
  /** Whether only to say what it will take. */
  readonly estimate?: boolean;
  /** Whether to train the short versions, and write nothing. */
  readonly quick?: boolean;
}

/** Trains the runs of tables that are not finished, and writes the numbers and the page. Default: all tables. */
export async function reproduceCommand(names: readonly string[], options: ReproduceOptions): Promise<void> {
  const { workers = availableParallelism(), queue, saves, estimate } = options;
  const say = (text: string) => console.log(text);
  const wanted = names.length > 0 ? names.map(tableOf) : tables;
  if (options.quick) return reproduceQuickly(wanted, { workers });
  for (const table of wanted) {
    const { name, sweep } = table;
    if (estimate) {
      say(`${name}: ${timeOfSweep(planSweep(sweep, name, workers, say), workers)}`);
      continue;
    }
    say(`\n${table.title}\n`);
    const again = ['paragrad reproduce', ...names, ...(queue ? ['--queue', '...'] : [])].join(' ');
    const trained = await trainSweep(sweep, {
      source: name,
      path: join(options.runs, name),
      ...{ workers, ...(queue && { queue }), ...(saves && { saves }), out: process.stdout, again },
    });
    if (!trained) return; // stopped
    const results = resultsOfTable(table, trained);
    write(
      options.results,
      table,
      table.crossPlay ? { ...results, crossPlay: play(table, trained.folder.path, results) } : results,
    );
    if (trained.failed.size > 0) throw new Error(failuresInWords(trained));
    say(`\nResults in ${join(options.results, `${name}.json`)}`);
  }
  if (estimate) return;
  writePage(options.page, readResults(options.results));
  say(`All tables: ${options.page}`);
}

function tableOf(name: string): ResultTable {
  const table = tables.find((one) => one.name === name);
  if (table) return table;
  throw new ArgumentError(
    `reproduce: there is ${noSuch(
      'table',
      name,
      tables.map((one) => one.name),
    )}`,
  );
}

function play({ name, crossPlay }: ResultTable, path: string, { rows, episodes }: TableResults) {
  console.log(`Every team of ${name} against every other, ${episodes} episodes each.`);
  const runs = Object.fromEntries(
    rows.map((row) => [
      row.name,
      row.seeds.map((seed) => join(path, `${labelOf(row.name, '')},seed=${seed}`)),
    ]),
  );
  return playAll(runs, episodes, crossPlay!.drawn);
}

function write(folder: string, { name }: ResultTable, results: TableResults): void {
  makeFolder(folder);
  replaceFile(join(folder, `${name}.json`), toJson(name, results));
  replaceFile(join(folder, 'marl-eval', `${name}.json`), toJson(name, marlEvalOf(results)));
}

/** The results that are there, in the order of the tables. */
export function readResults(folder: string): [ResultTable, TableResults][] {
  return tables.flatMap((table) => {
    const path = join(folder, `${table.name}.json`);
    return existsSync(path) ? [[table, JSON.parse(readFileSync(path, 'utf8')) as TableResults]] : [];
  });
}
