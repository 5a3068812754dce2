import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { toJson } from '@paragrad/maddpg';
import { resultsOf, resultsPicture, resultsTable } from './results.js';
import { parseSweep, type SweepOptions } from './sweep-file.js';
import {
  failuresInWords,
  planSweep,
  type TrainSweepOptions,
  timeOfSweep,
  trainSweep,
} from './train-sweep.js';

export interface SweepCommandOptions
  extends Partial<Pick<TrainSweepOptions, 'workers' | 'saves' | 'keepState' | 'queue'>> {
  /** Default: runs/<name of the file>. */
  readonly out?: string;
  /** Whether to print the results as JSON, and everything else to stderr. */
  readonly json?: boolean;
  /** Whether only to say what the sweep will take. */
  readonly estimate?: boolean;
}

/** Trains all runs of a sweep's file that are not finished, and says what came out. */
export async function sweepCommand(
  file: string,
  {
    out: path,
    json = false,
    estimate = false,
    workers = availableParallelism(),
    ...given
  }: SweepCommandOptions,
): Promise<void> {
  const out = json ? process.stderr : process.stdout;
  const say = (text: string) => out.write(`${text}\n`);
  const options = readSweep(file);
  if (estimate) {
    say(timeOfSweep(planSweep(options, file, given.queue ? 0 : workers, say), workers));
    return;
  }
  const { queue } = given;
  const again = [
    'paragrad sweep',
    file,
    ...(path ? ['--out', path] : []),
    ...(queue ? ['--queue', '...'] : []),
  ];
  const trained = await trainSweep(options, {
    source: file,
    path: path ?? join('runs', basename(file, extname(file))),
    ...{ workers, ...given, out, again: again.join(' ') },
  });
  if (!trained) return; // stopped
  const { folder, runs, failed } = trained;
  const results = resultsOf(folder, runs);
  folder.write('results.json', toJson('results.json', results));
  if (results.length > 0) folder.write('comparison.svg', resultsPicture(folder, results));
  const reasons = Object.fromEntries(failed);
  if (json) console.log(toJson('sweep', { folder: folder.path, results, failed: reasons }).trimEnd());
  else if (results.length > 0)
    say(`\nReturns without noise, interquartile mean over the seeds [95 %]\n\n${resultsTable(results)}`);
  if (failed.size > 0) throw new Error(failuresInWords(trained));
  if (!json) say(`\nResults in ${folder.path}: comparison.svg, results.json, and a folder for each run`);
}

function readSweep(file: string): SweepOptions {
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`can't read ${file}: ${(error as Error).message}; give the path of a sweep's file`);
  }
  return parseSweep(json, file);
}
