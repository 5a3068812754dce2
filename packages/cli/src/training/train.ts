import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  loadTraining,
  makeRunEnv,
  type Policy,
  policyOf,
  prepareRun,
  type RunConfig,
  type Trainer,
  type Training,
  train,
  useRunKernels,
} from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';
import { evaluatePolicies, evaluationReport } from '../comparing/evaluate.js';
import { showCommand } from '../comparing/show.js';
import { episodesGif } from '../pictures/gif.js';
import { runCurve } from '../pictures/run-curve.js';
import { RunFolder } from '../run/run-folder.js';
import { asArgument } from '../text/as-argument.js';
import { checkMemory } from './check-memory.js';
import { printWarnings, workInWords } from './estimate.js';
import { TrainingProgress } from './progress.js';
import { StopRequest } from './stop-request.js';
import { TrainingEvaluation } from './training-evaluation.js';
import { defaultSaves, type SaveOptions, trainAndSave } from './training-loop.js';

/** What a run may write, in the order in which it is printed. */
const RESULTS = [
  'episode.gif',
  'curve.svg',
  'metrics.csv',
  'evaluations.csv',
  'evaluation.json',
  'checkpoint/',
  'config.json',
];

/** Options of `trainCommand` and `resumeCommand` that do not change any number. */
export interface HowToRun {
  /** By default one for each core. */
  readonly threads?: number | undefined;
  readonly saves?: Partial<SaveOptions>;
  /** Whether to serve a page that shows how it learns. */
  readonly ui?: boolean;
  /** Whether to draw episode.gif at the end. Default: true. */
  readonly film?: boolean;
  /** Whether to print what `show --json` prints, at the end. All else goes to stderr. */
  readonly json?: boolean;
}

/**
 * Trains a run, evaluates its policy, and writes all results to a new folder. `out`: by default the next free
 * runs/<scenario>-<number>. `from`: where the settings are from, in words.
 */
export async function trainCommand(
  given: RunConfig,
  { out, from, ...how }: HowToRun & { out?: string; from?: string } = {},
): Promise<void> {
  checkMemory(given);
  const config = { ...given, kernels: useRunKernels(given) };
  await startThreads(how.threads);
  const training = prepareRun(config);
  printWarnings(training);
  const folder = RunFolder.create(out, config);
  const start = from ? `, settings from ${from}` : '';
  printer(how)(
    `${titleOf(config)}${start}: ${config.episodes} episodes, seed ${config.seed}. Ctrl-C ends training early.\n` +
      `${workInWords(config)}\n${savesInWords(training, config.envs, how.saves)}\n`,
  );
  await trainOn(train({ ...training, onWarning: () => {} }), config, folder, how);
}

/** Goes on with a run that was stopped or killed, from its last checkpoint. `episodes`: by default as many as it should have had. */
export async function resumeCommand(
  path: string,
  { episodes, kernels, ...how }: HowToRun & { episodes?: number; kernels?: RunConfig['kernels'] } = {},
): Promise<void> {
  const folder = RunFolder.open(path);
  folder.lock();
  const saved = folder.readConfig();
  const config = { ...saved, episodes: episodes ?? saved.episodes, kernels: kernels ?? saved.kernels };
  useRunKernels(config);
  await startThreads(how.threads);
  const files = folder.readTraining();
  const warnings: string[] = [];
  const trainer = loadTraining(files, {
    ...prepareRun(config),
    onWarning: (warning) => warnings.push(warning),
  });
  if (trainer.episodes > config.episodes || (trainer.isOver && folder.isFinished)) {
    throw new Error(
      `${path} has ${trainer.episodes} episodes already; give more to go on, such as --episodes ${2 * trainer.episodes}`,
    );
  }
  for (const warning of warnings) console.warn(warning);
  folder.writeConfig(config);
  const missing = folder.log.truncate(trainer);
  if (missing > 0) {
    console.warn(
      `Warning: metrics.csv has no lines for ${missing} of ${trainer.episodes} episodes, so curves will have a gap; was it changed or deleted?`,
    );
  }
  printer(how)(
    `${titleOf(config)}, goes on after ${trainer.episodes} of ${config.episodes} episodes, seed ${config.seed}. ` +
      'Ctrl-C ends training early.\n',
  );
  await trainOn(trainer, config, folder, how);
}

function printer({ json = false }: HowToRun): (text: string) => void {
  return json ? console.error : console.log;
}

/** How often it saves, and how much at the end: the replay memory is most of it. */
function savesInWords(
  { memory, episodes, episodeLength = 1 }: Training,
  copies: number,
  saves?: Partial<SaveOptions>,
): string {
  const { everyMinutes, resumable } = { ...defaultSaves, ...saves };
  const every = `Saves every ${everyMinutes === 1 ? 'minute' : `${everyMinutes} minutes`}`;
  if (!resumable) return `${every}, what acting needs.`;
  const megabytes = memory.byteLengthAfter(episodes * episodeLength, episodeLength, copies) / 1e6;
  return `${every}, for paragrad resume: ${Math.max(1, Math.round(megabytes))} MB in the end.`;
}

/** Trains what is left, with a page if that is wanted. */
async function trainOn(trainer: Trainer, config: RunConfig, folder: RunFolder, how: HowToRun): Promise<void> {
  const finish = async () => {
    await finishRun(trainer, config, folder, how);
    if (how.json) showCommand(folder.path, { json: true });
  };
  if (!how.ui) return finish();
  const { withPage } = await import('../serve/with-page.js');
  await withPage(folder, finish);
}

/** Trains what is left, saves it, and writes the results. */
async function finishRun(
  trainer: Trainer,
  config: RunConfig,
  folder: RunFolder,
  { saves, ui = false, film = true, ...how }: HowToRun,
): Promise<void> {
  const print = printer(how);
  const stop = new StopRequest();
  const progress = new TrainingProgress(config.episodes, trainer.episodes);
  try {
    const evaluation = new TrainingEvaluation(trainer, config, folder);
    await trainAndSave(
      trainer,
      folder,
      evaluation,
      { ...defaultSaves, ...saves, forPage: ui },
      stop,
      progress,
    );
  } catch (error) {
    progress.stop();
    throw failed(error, trainer, folder);
  }
  progress.stop();
  stop.close(); // from now on, a signal ends the process at once
  if (stop.reason) {
    folder.writeStatus(trainer, 'stopped', stop.reason);
    print(
      `\nStopped by ${stop.reason} after ${trainer.episodes} of ${config.episodes} episodes. Go on with:\n` +
        `  paragrad resume ${asArgument(folder.path)}`,
    );
    process.exitCode = stop.exitCode;
    // Who pressed Ctrl-C waits for results. Other signals leave little time.
    if (stop.reason !== 'SIGINT') return;
  }
  await writeResults(trainer, config, folder, { film, print });
  // Without an evaluation in training there is no evaluations.csv.
  const written = RESULTS.filter((name) => existsSync(join(folder.path, name)));
  print(`\nResults in ${folder.path}: ${written.join(', ')}`);
  if (!stop.reason) folder.writeStatus(trainer, 'finished');
}

/** The error of training, with what is left of the run. */
export function failed(error: unknown, trainer: Trainer, folder: RunFolder): Error {
  const { message } = error as Error;
  const where = `after ${trainer.steps} steps (episode ${trainer.episodes}, update ${trainer.updates})`;
  try {
    folder.writeStatus(trainer, 'failed', message);
  } catch {} // the disk may be what failed
  const last = folder.checkpoints().at(-1);
  const kept = last
    ? `. ${folder.path}/checkpoints/${last} has what was learned before; see paragrad resume`
    : '';
  return new Error(`training failed ${where}: ${message}${kept}`, { cause: error });
}

/** Evaluates what was learned, and writes and draws it. `print` gets the evaluation as text. */
export async function writeResults(
  trainer: Trainer,
  config: RunConfig,
  folder: RunFolder,
  { film = true, print = () => {} }: { film?: boolean; print?: (report: string) => void } = {},
): Promise<void> {
  const trained = policyOf(trainer.training.algorithm);
  const evaluations = evaluatePolicies(config, { untrained: untrained(config), trained });
  folder.writeJson('evaluation.json', evaluations);
  print(evaluationReport(config, evaluations));

  folder.write('curve.svg', runCurve(titleOf(config), config, folder, evaluations));
  if (!film) return;
  folder.write(
    'episode.gif',
    await episodesGif(makeRunEnv(config), trained, { episodes: 4, seed: config.seed }),
  );
}

/** The policy before training: the run's seed decides its weights. */
function untrained(config: RunConfig): Policy {
  return policyOf(prepareRun(config).algorithm);
}

function titleOf({ algorithm, scenario }: RunConfig): string {
  return `${algorithm.toUpperCase()} on ${scenario}`;
}

/** Without a number, training continues on one thread if threads do not work here. */
async function startThreads(threads: number | undefined): Promise<void> {
  await useThreads(threads).catch((error) => {
    if (threads !== undefined) throw new Error(error.message.replace('useThreads: count', '--threads'));
    console.warn(`${error.message}\n`);
  });
}
