import { setImmediate } from 'node:timers/promises';
import {
  actorsOf,
  loadCheckpoint,
  makeRunEnv,
  prepareRun,
  type RunConfig,
  saveCheckpoint,
  type Training,
  train,
} from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';
import { learningCurve } from './curve.js';
import { evaluatePolicies, evaluationReport } from './evaluate.js';
import { episodesGif } from './gif.js';
import { TrainingProgress } from './progress.js';
import { RunFolder } from './run-folder.js';

/**
 * Trains as configured, evaluates what came of it, and leaves both in a new run folder: the next free
 * runs/<scenario>-<number>, unless another is given. `threads`: default as many as there are cores.
 */
export async function trainCommand(
  config: RunConfig,
  { out, threads }: { out?: string; threads?: number } = {},
): Promise<void> {
  // All cores are an offer, not a promise: without them, training goes on.
  await useThreads(threads).catch((error) => {
    if (threads !== undefined) throw error;
    console.warn(`${error.message}\n`);
  });
  const training = prepareRun(config);
  const untrained = actorsOf(loadCheckpoint(saveCheckpoint(training.algorithm)));
  const trained = actorsOf(training.algorithm);
  const title = `${config.algorithm.toUpperCase()} on ${config.scenario}`;
  const folder = RunFolder.create(out, config);
  console.log(`${title}, ${config.episodes} episodes, seed ${config.seed}. Ctrl-C ends training early.\n`);

  const returns = await trainWithProgress(training, folder);
  folder.writeCheckpoint(saveCheckpoint(training.algorithm));

  const evaluations = evaluatePolicies(config, { untrained, trained });
  folder.write('evaluation.json', `${JSON.stringify(evaluations, null, 2)}\n`);
  console.log(evaluationReport(config, evaluations));

  folder.write('curve.svg', learningCurve({ title, returns, evaluations }));
  folder.write(
    'episode.gif',
    await episodesGif(makeRunEnv(config), trained, { episodes: 4, seed: config.seed }),
  );
  console.log(
    `\nIn ${folder.path}: episode.gif, curve.svg, metrics.csv, evaluation.json, checkpoint/, config.json`,
  );
}

/** Each episode's mean return. */
async function trainWithProgress(training: Training, folder: RunFolder): Promise<number[]> {
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop); // a second Ctrl-C then ends the process, as it does by default
  const progress = new TrainingProgress(training.episodes);
  const returns: number[] = [];
  for (const report of train(training)) {
    returns.push(report.meanReturn);
    folder.logEpisode(report);
    progress.update(report);
    await setImmediate(); // training is synchronous: only here can a Ctrl-C get through
    if (stopped) break;
  }
  progress.stop();
  process.off('SIGINT', stop);
  return returns;
}
