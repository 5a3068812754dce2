import { setImmediate } from 'node:timers/promises';
import {
  loadCheckpoint,
  makeRunEnv,
  policyOf,
  prepareRun,
  type RunConfig,
  saveCheckpoint,
  type Training,
  train,
  trainingWarnings,
} from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';
import { learningCurve } from './curve.js';
import { evaluatePolicies, evaluationReport } from './evaluate.js';
import { episodesGif } from './gif.js';
import { TrainingProgress } from './progress.js';
import { RunFolder } from './run-folder.js';

/**
 * Trains a run, evaluates its policy, and writes all results to a new folder. `out`: by default the next free
 * runs/<scenario>-<number>. `threads`: by default one for each core.
 */
export async function trainCommand(
  config: RunConfig,
  { out, threads }: { out?: string; threads?: number } = {},
): Promise<void> {
  // Without --threads, training continues on one thread if threads do not work here.
  await useThreads(threads).catch((error) => {
    if (threads !== undefined) throw error;
    console.warn(`${error.message}\n`);
  });
  const training = prepareRun(config);
  printWarnings(training);
  const untrained = policyOf(loadCheckpoint(saveCheckpoint(training.algorithm)));
  const trained = policyOf(training.algorithm);
  const title = `${config.algorithm.toUpperCase()} on ${config.scenario}`;
  const folder = RunFolder.create(out, config);
  console.log(`${title}, ${config.episodes} episodes, seed ${config.seed}. Ctrl-C ends training early.\n`);

  const returns = await trainWithProgress(training, folder);
  folder.writeCheckpoint(saveCheckpoint(training.algorithm));

  const evaluations = evaluatePolicies(config, { untrained, trained });
  folder.writeJson('evaluation.json', evaluations);
  console.log(evaluationReport(config, evaluations));

  folder.write('curve.svg', learningCurve({ title, returns, evaluations }));
  folder.write(
    'episode.gif',
    await episodesGif(makeRunEnv(config), trained, { episodes: 4, seed: config.seed }),
  );
  console.log(
    `\nResults in ${folder.path}: episode.gif, curve.svg, metrics.csv, evaluation.json, checkpoint/, config.json`,
  );
}

/** Prints what makes this training worth little, before it begins. */
export function printWarnings(training: Training): void {
  for (const warning of trainingWarnings(training)) console.warn(`Warning: ${warning}.\n`);
}

/** Trains until the end or until Ctrl-C. Returns each episode's mean return. */
async function trainWithProgress(training: Training, folder: RunFolder): Promise<number[]> {
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop); // after the first Ctrl-C, the next one ends the process, as usual
  const progress = new TrainingProgress(training.episodes);
  const returns: number[] = [];
  for (const report of train({ ...training, onWarning: () => {} })) {
    returns.push(report.meanReturn);
    folder.logEpisode(report);
    progress.update(report);
    await setImmediate(); // training is synchronous, so this is the only chance to handle Ctrl-C
    if (stopped) break;
  }
  progress.stop();
  process.off('SIGINT', stop);
  return returns;
}
