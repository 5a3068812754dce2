import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, noSuch } from '@paragrad/check';
import { checkpointFileNames, toJson } from '@paragrad/maddpg';
import { RunFolder } from '../run/run-folder.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { makeFolder, replaceFile, replaceFolder } from '../run/write-files.js';
import { labelOf } from '../sweep/axes.js';
import { runsOf } from '../sweep/sweep-file.js';
import {
  failuresInWords,
  planSweep,
  type TrainedSweep,
  type TrainSweepOptions,
  timeOfSweep,
  trainSweep,
} from '../sweep/train-sweep.js';
import { textTable } from '../text/text-table.js';
import { formatDuration } from '../training/estimate.js';
import { playAll } from './cross-play.js';
import { marlEvalOf } from './marl-eval-of.js';
import { checkPage, writePage } from './page.js';
import { places } from './places.js';
import { reproduceQuickly } from './quick.js';
import type { ResultTable } from './result-table.js';
import {
  type CrossPlay,
  type RowResults,
  resultsOfTable,
  runName,
  type TableResults,
} from './table-results.js';
import { tables as allTables } from './tables/index.js';

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

/** What `paragrad reproduce` takes for the names of all tables. */
const ALL = 'all';

/** Trains the runs of tables that are not finished, and writes the numbers and the page. Trains nothing unless tables are named. */
export async function reproduceCommand(
  names: readonly string[],
  options: ReproduceOptions,
  tables: readonly ResultTable[] = allTables,
): Promise<void> {
  const { workers = availableParallelism(), estimate, quick, queue } = options;
  const areAll = names.length === 0 || names.includes(ALL);
  const wanted = areAll ? tables : names.map((name) => tableOf(name, tables));
  if (quick) return reproduceQuickly(wanted, { workers });
  if (estimate) {
    for (const { name, sweep } of wanted) {
      const runs = planSweep(sweep, name, queue ? 0 : workers, console.log);
      console.log(`${name}: ${timeOfSweep(runs, workers)}`);
    }
    return;
  }
  if (names.length === 0) {
    console.log(listOfTables(tables, options.results));
    return;
  }
  checkPage(options.page);
  const failures: string[] = [];
  for (const table of wanted) {
    const trained = await train(table, names, { ...options, workers });
    if (!trained) return; // stopped
    if (trained.failed.size > 0) {
      failures.push(`${table.name}: ${failuresInWords(trained)}`); // earlier numbers of all runs stay
    } else {
      write(options.results, table, trained);
      writePage(options.page, readResults(options.results, tables), tables);
      console.log(`\nResults in ${join(options.results, `${table.name}.json`)} and ${options.page}`);
    }
    trained.folder.close(); // so that others can work on this table while the next one is trained
  }
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

/** The tables with the number of their runs, and how long these took if there are results. */
function listOfTables(tables: readonly ResultTable[], folder: string): string {
  const results = readResults(folder, tables);
  const lines = tables.map((table) => {
    const [, { rows }] = results.find(([one]) => one === table) ?? [table, { rows: [] }];
    const minutes = rows.flatMap((row) => row.minutes).reduce((sum, one) => sum + one, 0);
    const runs = runsOf(table.sweep, table.name).length;
    const finished = rows.flatMap((row) => row.minutes).length;
    const took = minutes > 0 ? formatDuration(60 * minutes) : '';
    return [table.name, `${runs}`, finished < runs && took ? `${took} for ${finished}` : took];
  });
  return (
    `${textTable([['table', 'runs', 'took'], ...lines], 'lrr')}\n` +
    'Took: all runs one after the other, when the results were written. ' +
    'Give the names of tables to train, or all. --estimate says how long they take here.'
  );
}

function train(
  { name, title, sweep }: ResultTable,
  names: readonly string[],
  { queue, saves, workers, ...given }: ReproduceOptions & { workers: number },
): Promise<TrainedSweep | undefined> {
  console.log(`\n${title}\n`);
  const moved = (['runs', 'results', 'page'] as const).filter((place) => given[place] !== places[place]);
  const flags = [...moved.map((place) => `--${place} ${given[place]}`), ...(queue ? ['--queue ...'] : [])];
  return trainSweep(sweep, {
    source: name,
    path: join(given.runs, name),
    flag: '--runs',
    ...{ workers, ...(queue && { queue }), ...(saves && { saves }) },
    out: process.stdout,
    again: ['paragrad reproduce', ...names, ...flags].join(' '),
  });
}

function tableOf(name: string, tables: readonly ResultTable[]): ResultTable {
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

function write(folder: string, table: ResultTable, trained: TrainedSweep): void {
  const { name, crossPlay, kept } = table;
  const alone = resultsOfTable(table, trained);
  const before = readResults(folder, [table])[0]?.[1].crossPlay;
  const results = crossPlay ? { ...alone, crossPlay: play(table, trained, alone, before) } : alone;
  makeFolder(join(folder, 'marl-eval'));
  replaceFile(join(folder, `${name}.json`), compactJson(results));
  // A mean over both teams says nothing.
  if (!crossPlay) replaceFile(join(folder, 'marl-eval', `${name}.json`), compactJson(marlEvalOf(results)));
  for (const row of results.rows.filter((one) => kept?.includes(one.name))) {
    const run = trained.folder.pathOf(runName(row.name, medianSeed(row)));
    keepPolicy(run, join(folder, 'policies', name, labelOf(row.name, row.name)));
  }
}

/** The seed whose run has the median return; of two in the middle, the lower one. */
function medianSeed({ seeds, values }: RowResults): number {
  const returns = values[MEAN_RETURN];
  const order = seeds.map((_, k) => k).sort((a, b) => returns[a] - returns[b]);
  return seeds[order[Math.floor((order.length - 1) / 2)]];
}

/** What `show`, `evaluate`, `play` and `crossplay` need of a run. */
function keepPolicy(from: string, to: string): void {
  makeFolder(to);
  for (const name of ['config.json', 'status.json', 'evaluation.json']) {
    replaceFile(join(to, name), readFileSync(join(from, name)));
  }
  const files = checkpointFileNames.map((name) => [name, readFileSync(join(from, 'checkpoint', name))]);
  replaceFolder(join(to, 'checkpoint'), Object.fromEntries(files));
}

/** `before`: the results until now. If the same teams have played as long, they need not play again. */
function play(
  { name, crossPlay }: ResultTable,
  { folder }: TrainedSweep,
  { rows, episodes }: TableResults,
  before: CrossPlay | undefined,
): CrossPlay {
  const runs = Object.fromEntries(
    rows.map((row) => [row.name, row.seeds.map((seed) => folder.pathOf(runName(row.name, seed)))]),
  );
  const { drawn } = crossPlay!;
  const digest = digestOf(runs, episodes, drawn);
  if (before?.digest === digest) return before;
  console.log(`\nEvery team of ${name} plays against every other, ${episodes} episodes each.`);
  return { digest, ...playAll(runs, episodes, drawn) };
}

/** A digest of all that cross-play depends on, except for the code of this program. */
function digestOf(runs: Readonly<Record<string, readonly string[]>>, ...others: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify([Object.keys(runs), others]));
  for (const path of Object.values(runs).flat()) {
    const checkpoint = Object.values(RunFolder.open(path).readCheckpoint());
    for (const file of [readFileSync(join(path, 'config.json')), ...checkpoint]) hash.update(file);
  }
  return hash.digest('hex');
}

/** JSON with lists of numbers on one line: a file stays readable, and a change of a number is a change of a line. */
function compactJson(data: object): string {
  return toJson('results', data).replace(
    /\[\s+([-\d.e,\s]+?)\s+\]/g,
    (_, numbers) => `[${numbers.replace(/\s+/g, ' ')}]`,
  );
}

/** The results that are there, in the order of the tables. */
export function readResults(folder: string, tables = allTables): [ResultTable, TableResults][] {
  return tables.flatMap((table) => {
    const path = join(folder, `${table.name}.json`);
    return existsSync(path) ? [[table, JSON.parse(readFileSync(path, 'utf8')) as TableResults]] : [];
  });
}
