/** The training of a sweep: what a sweep's file and a table of results have in common. */
import { estimate, prepareRun, type RunConfig, trainingWarnings, useRunKernels } from '@paragrad/maddpg';
import { checkMemory } from '../training/check-memory.js';
import { formatDuration } from '../training/estimate.js';
import { StopRequest } from '../training/stop-request.js';
import { defaultSaves, type SaveOptions } from '../training/training-loop.js';
import { LocalRunner, type SweepSaves } from './local-runner.js';
import { scoresOf } from './results.js';
import type { SweepRunner } from './runner.js';
import { runsOf, type SweepOptions, type SweepRun } from './sweep-file.js';
import { SweepFolder } from './sweep-folder.js';
import { SweepProgress } from './sweep-progress.js';

export interface TrainSweepOptions {
  /** What errors begin with, such as the name of the file. */
  readonly source: string;
  /** The sweep's folder. */
  readonly path: string;
  /** The flag that chooses the folder, for errors. Default: --out. */
  readonly flag?: string;
  /** Runs at the same time. */
  readonly workers: number;
  readonly saves?: Partial<SaveOptions>;
  /** Whether finished runs keep their replay memory. */
  readonly keepState?: boolean;
  /** The URL of a Redis server, whose workers train the runs. Default: this machine trains them. */
  readonly queue?: string;
  /** Where to say how it goes. */
  readonly out: NodeJS.WriteStream;
  /** The command that goes on after a stop. Without it, nothing is kept. */
  readonly again?: string;
}

export interface TrainedSweep {
  readonly folder: SweepFolder;
  readonly runs: readonly SweepRun[];
  /** The runs that failed, with the reason. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Trains all runs of a sweep that are not finished. Returns undefined if it was stopped. */
export async function trainSweep(
  options: SweepOptions,
  { source, path, flag = '--out', workers, saves, keepState = false, queue, out, again }: TrainSweepOptions,
): Promise<TrainedSweep | undefined> {
  const say = (text: string) => out.write(`${text}\n`);
  const planned = planSweep(options, source, queue ? 0 : workers, say); // a worker counts its own memory
  const folder = SweepFolder.open(path, flag);
  const runs = withKernels(planned, folder);
  for (const run of runs) {
    folder.checkSame(run, source);
    if (!queue) useRunKernels(run.config); // throws if they do not run here
  }
  folder.record(options, kernelsOf(runs, options));
  const allSaves = { ...defaultSaves, ...saves, keepState };
  const runner = queue
    ? await queueRunner(folder, queue, allSaves)
    : new LocalRunner(folder, workers, allSaves);
  const left = runs.filter(({ name }) => folder.stateOf(name) !== 'finished');
  describe(folder, runs, left, runner, say, again);
  // A queue may have jobs of runs that workers have put into place.
  const isIdle = left.length === 0 && !queue;
  const failed = isIdle ? NONE : await trainAll(runner, runs, left, folder, again, out);
  return failed && { folder, runs, failed };
}

/** The runs of a sweep, checked. `workers`: at the same time on this machine. Prints warnings. */
export function planSweep(
  options: SweepOptions,
  source: string,
  workers: number,
  say: (text: string) => void,
): SweepRun[] {
  const runs = runsOf(options, source);
  checkRuns(runs, source, workers, say);
  return runs;
}

/** How many runs these are, and how long they take. */
export function timeOfSweep(runs: readonly SweepRun[], workers: number): string {
  return `${inWords(runs)}. ${timeInWords(runs, workers)}`;
}

/** The failed runs as an error's text. */
export function failuresInWords({ runs, failed }: Pick<TrainedSweep, 'runs' | 'failed'>): string {
  const list = [...failed].map(([name, why]) => `  ${name}: ${why}`).join('\n');
  return `${failed.size} of ${runs.length} runs failed:\n${list}\nThe same command tries them again`;
}

/** BullMQ is loaded only if there is a queue. */
async function queueRunner(folder: SweepFolder, url: string, saves: SweepSaves): Promise<SweepRunner> {
  const { QueueRunner } = await import('../queue/queue-runner.js');
  return new QueueRunner(folder, url, saves);
}

/** Checks what the first run of each combination needs, as `train` does. Prints warnings. */
function checkRuns(
  runs: readonly SweepRun[],
  source: string,
  workers: number,
  say: (text: string) => void,
): void {
  for (const { name, config } of firstOfEach(runs)) {
    try {
      checkMemory(config, Math.min(workers, runs.length));
      const training = prepareRun({ ...config, kernels: 'auto' });
      for (const warning of trainingWarnings(training)) say(`Warning: ${name}: ${warning}.\n`);
    } catch (error) {
      throw new Error(`${source}: ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}

function firstOfEach(runs: readonly SweepRun[]): SweepRun[] {
  const seen = new Map<string, SweepRun>();
  for (const run of runs) if (!seen.has(run.combination)) seen.set(run.combination, run);
  return [...seen.values()];
}

/** The runs with the kernel set that the sweep began with, or that is in use now. */
function withKernels(runs: readonly SweepRun[], folder: SweepFolder): SweepRun[] {
  const known = folder.kernels;
  return runs.map((run) => {
    const { config } = run;
    if (config.kernels !== 'auto') return run;
    return {
      ...run,
      config: { ...config, kernels: known && known !== 'auto' ? known : useRunKernels(config) },
    };
  });
}

/** What `run.kernels` is recorded as: the set that `auto` stands for. */
function kernelsOf([{ config }]: readonly SweepRun[], { run }: SweepOptions): RunConfig['kernels'] {
  return run?.kernels && run.kernels !== 'auto' ? run.kernels : config.kernels;
}

function describe(
  folder: SweepFolder,
  runs: readonly SweepRun[],
  left: readonly SweepRun[],
  runner: SweepRunner,
  say: (text: string) => void,
  again: string | undefined,
): void {
  const done = runs.length - left.length;
  const others = folder.othersThan(runs);
  if (others.length > 0) {
    say(
      `${folder.path} also has ${others.length} runs that are not in the file any more, such as ${others[0]}. They stay, ` +
        'and are not in the results.',
    );
  }
  if (left.length === 0) {
    say(`${inWords(runs)}: all are finished in ${folder.path}.`);
    return;
  }
  const before = done > 0 ? ` ${done} are finished already.` : '';
  say(`${inWords(runs)}, ${runner.description}, in ${folder.path}.${before}`);
  say(`${timeInWords(left, runner.workers)}${again ? 'The same command goes on after Ctrl-C.' : ''}\n`);
}

/** Combinations whose speed is measured, at most. */
const SAMPLE = 12;

/** Seconds of all trials together, after as many for warming up. */
const TRIALS = 3;
/** Seconds below which nobody waits for a better estimate. */
const SHORT = 60;

/** How long all of them take, so many at the same time. If that is long, the combinations are tried out for some seconds first. */
function timeInWords(runs: readonly SweepRun[], workers: number): string {
  const all = firstOfEach(runs);
  const sample = all.filter((_, k) => k % Math.ceil(all.length / SAMPLE) === 0);
  const secondsWith = (trialSeconds: number): number => {
    const times = sample.flatMap(({ config }) => {
      try {
        return estimate({ ...config, kernels: 'auto' }, { trialSeconds }).seconds;
      } catch {
        return []; // training diverges: the run itself will say so
      }
    });
    const perRun = times.reduce((sum, time) => sum + time, 0) / times.length;
    return (perRun * runs.length) / Math.min(workers, runs.length);
  };
  const rough = secondsWith(0); // too high, because nothing is compiled yet
  if (Number.isNaN(rough)) return '';
  const seconds = rough < SHORT ? rough : secondsWith(TRIALS / sample.length) || rough;
  return `About ${formatDuration(seconds)} on ${workers === 1 ? 'one core of ' : ''}this machine. `;
}

function inWords(runs: readonly SweepRun[]): string {
  const combinations = firstOfEach(runs).length;
  const seeds = runs.length / combinations;
  const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `${plural(runs.length, 'run')} (${plural(combinations, 'combination')}, ${plural(seeds, 'seed')} each)`;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Returns the runs that failed, with the reason; undefined if it was stopped. `again`: the command that goes on. */
async function trainAll(
  runner: SweepRunner,
  runs: readonly SweepRun[],
  left: readonly SweepRun[],
  folder: SweepFolder,
  again: string | undefined,
  out: NodeJS.WriteStream,
): Promise<ReadonlyMap<string, string> | undefined> {
  const stop = new StopRequest();
  const resultOf = (run: string) =>
    Object.entries(scoresOf(folder.readEvaluation(run).trained))
      .map(([name, value]) => `${name} ${value.toFixed(2)}`)
      .join(', ');
  const done = runs.filter((run) => !left.includes(run));
  const progress = new SweepProgress(runs, done, out, resultOf);
  try {
    await runner.run(left, (event) => progress.onEvent(event), stop);
  } finally {
    progress.stop();
    stop.close();
  }
  if (!stop.reason) return progress.failed;
  process.exitCode = stop.exitCode;
  out.write(
    `\nStopped by ${stop.reason}. ${progress.finished.size} of ${runs.length} runs are finished. ` +
      (again ? `${runner.whenStopped} Go on with:\n  ${again}\n` : 'Nothing is kept.\n'),
  );
  return undefined;
}
