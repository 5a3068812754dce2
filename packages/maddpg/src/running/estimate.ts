import { Optimizer } from '@paragrad/nn';
import { currentKernels, useKernels } from '@paragrad/tensor';
import type { Algorithm } from '../learning/algorithm.js';
import { Learner } from '../learning/learner.js';
import { prepareRun } from './run.js';
import type { RunConfig } from './run-config.js';
import { train } from './train.js';

/** What a training run will take. */
export interface Estimate {
  /** Numbers that are learned, those that agents share once. Their targets have as many again. */
  readonly parameters: number;
  /** Environment steps and updates of the whole run, if every episode lasts as long as it may. */
  readonly steps: number;
  readonly updates: number;
  /** Floating-point operations of the matrix products in an update: 2 m k n for each of [m, k] and [k, n]. */
  readonly operationsPerUpdate: number;
  /** Bytes of the replay memory at the end. */
  readonly replayBytes: number;
  /** Bytes that it had taken by the end of the trial: what the process takes now has this in it. */
  readonly trialReplayBytes: number;
  /** Measured in the trial, on this machine: acting, stepping and remembering; and an update with its sampling. */
  readonly secondsPerStep: number;
  readonly secondsPerUpdate: number;
  /** Of the training, without the evaluation. */
  readonly seconds: number;
}

/** For how long is measured, after as long of warming up. */
const TRIAL_SECONDS = 1.5;

/**
 * Says before a run what it will take. Sizes are counted; times are measured in a trial of about three seconds, in which a run of
 * this very configuration plays and learns, and which is then thrown away. Whatever else the machine does then counts too.
 */
export function estimate(config: RunConfig): Estimate {
  const { episodes, batchSize, stepsPerUpdate, warmupSteps } = config;
  const length = config.env.maxCycles ?? 25;
  const steps = episodes * length;
  const updates = Math.max(
    0,
    Math.floor(steps / stepsPerUpdate) - Math.floor((warmupSteps - 1) / stepsPerUpdate),
  );
  const trial = prepareRun({ ...config, episodes: 1e9, warmupSteps: 1e9 });
  const { algorithm, memory, generator } = trial;
  const learn = () => algorithm.learn(memory, batchSize, generator);
  const running = train(trial)[Symbol.iterator]();
  const [secondsPerEpisode, secondsPerUpdate] = measure([() => running.next(), learn]);
  const secondsPerStep = secondsPerEpisode / length;

  return {
    parameters: learnedParameters(algorithm),
    steps,
    updates,
    operationsPerUpdate: countOperations(learn, algorithm.updateCycle),
    replayBytes: memory.byteLengthAfter(steps, length),
    trialReplayBytes: memory.byteLength,
    secondsPerStep,
    secondsPerUpdate,
    seconds: steps * secondsPerStep + updates * secondsPerUpdate,
  };
}

/** What the optimizers move. */
function learnedParameters(algorithm: Algorithm): number {
  const parts = algorithm.namedParts().flatMap(([, parts]) => Object.values(parts));
  const optimizers = parts.map((part) => (part instanceof Learner ? part.optimizer : part));
  const learned = new Set(optimizers.flatMap((part) => (part instanceof Optimizer ? part.parameters : [])));
  return [...learned].reduce((sum, { data }) => sum + data.length, 0);
}

/** Of the matrix products that are computed while this runs, on average over so many times: not every update does the same. */
function countOperations(run: () => void, times: number): number {
  let operations = 0;
  const inUse = currentKernels();
  useKernels({
    ...inUse,
    matmul(product, a, b, c) {
      operations += 2 * product.m * product.k * product.n;
      inUse.matmul(product, a, b, c);
    },
  });
  try {
    for (let time = 0; time < times; time++) run();
  } finally {
    useKernels(inUse);
  }
  return operations / times;
}

/** Seconds that each of these takes on average, one after the other again and again. */
function measure(parts: readonly (() => void)[]): number[] {
  let times: number[] = [];
  for (const _ of ['warming up', 'measuring']) {
    const totals = parts.map(() => 0);
    let rounds = 0;
    do {
      parts.forEach((run, k) => {
        const started = Date.now();
        run();
        totals[k] += (Date.now() - started) / 1000;
      });
      rounds += 1;
    } while (totals.reduce((sum, total) => sum + total) < TRIAL_SECONDS);
    times = totals.map((total) => total / rounds);
  }
  return times;
}
