import { atLeast0, checkOptions, type OptionChecks } from '@paragrad/check';
import { Optimizer } from '@paragrad/nn';
import { currentKernels, useKernels } from '@paragrad/tensor';
import type { Algorithm } from '../learning/algorithm.js';
import { Learner } from '../learning/learner.js';
import { episodeLengthOf, prepareRun } from './run.js';
import { completeConfig, type RunConfig } from './run-config.js';
import { train } from './train.js';
import { countUpdates } from './warnings.js';

/** What a training run will take. */
export interface Estimate {
  /** Learned parameters. Those that agents share count once. The targets have as many again. */
  readonly parameters: number;
  /** Environment steps of the whole run, if every episode has the full length. */
  readonly steps: number;
  /** Updates of the whole run. */
  readonly updates: number;
  /** Floating-point operations of the matrix products in an update: 2 m k n for each of [m, k] and [k, n]. */
  readonly operationsPerUpdate: number;
  /** Bytes of the replay memory at the end. */
  readonly replayBytes: number;
  /** Bytes of the replay memory at the end of the trial. They are part of the process's memory now. */
  readonly trialReplayBytes: number;
  /** Seconds for a step of acting, the environment and the replay memory, measured on this machine. */
  readonly secondsPerStep: number;
  /** Seconds for an update with its sampling, measured on this machine. */
  readonly secondsPerUpdate: number;
  /** Seconds of training, without the evaluation. */
  readonly seconds: number;
}

/** Options of `estimate`. */
export interface EstimateOptions {
  /** How long to measure, after as much time for warming up. 0 measures one episode, or 100 steps of it, and one update. Default: 1.5. */
  readonly trialSeconds?: number;
}

const estimateOptions: OptionChecks<EstimateOptions> = { trialSeconds: atLeast0 };

/** An episode may have any number of steps. So many are enough to measure one, of all copies together. */
const MOST_STEPS = 100;

/**
 * Estimates what a run will take, without running it. Sizes are counted. Times are measured in a trial of about three
 * seconds, in which a run of the same configuration plays and learns. Other work on the machine makes these times
 * longer, and so does a shorter trial.
 */
export function estimate(config: RunConfig, options: EstimateOptions = {}): Estimate {
  const complete = completeConfig(config, 'estimate');
  checkOptions('estimate', options, estimateOptions);
  const { trialSeconds = 1.5 } = options;
  const { episodes, batchSize, stepsPerUpdate, warmupSteps } = complete;
  const length = episodeLengthOf(complete);
  const steps = episodes * length;
  const updates = countUpdates(steps, stepsPerUpdate, warmupSteps);
  const trial = prepareRun({ ...complete, episodes: 1e9, warmupSteps: 1e9 });
  const { algorithm, memory, generator } = trial;
  const learn = () => algorithm.learn(memory, batchSize, generator);
  const learnAll = () => {
    for (let k = 0; k < algorithm.updateCycle; k++) learn(); // some updates do more than others
  };
  const trainer = train({ ...trial, onWarning: () => {} });
  const stepsPerCall = complete.envs * Math.min(length, Math.ceil(MOST_STEPS / complete.envs));
  const play = () => {
    for (let k = 0; k < stepsPerCall; k += complete.envs) trainer.step();
  };
  const [secondsPerPlay, secondsPerCycle] = secondsPerCall([play, learnAll], trialSeconds);
  const secondsPerStep = secondsPerPlay / stepsPerCall;
  const secondsPerUpdate = secondsPerCycle / algorithm.updateCycle;

  return {
    parameters: countParameters(algorithm),
    steps,
    updates,
    operationsPerUpdate: operationsPerCall(learn, algorithm.updateCycle),
    replayBytes: memory.byteLengthAfter(steps, length, complete.envs),
    trialReplayBytes: memory.byteLength,
    secondsPerStep,
    secondsPerUpdate,
    seconds: steps * secondsPerStep + updates * secondsPerUpdate,
  };
}

/** The number of parameters in all optimizers. */
function countParameters(algorithm: Algorithm): number {
  const parts = algorithm.namedParts().flatMap(([, parts]) => Object.values(parts));
  const optimizers = parts.map((part) => (part instanceof Learner ? part.optimizer : part));
  const learned = new Set(optimizers.flatMap((part) => (part instanceof Optimizer ? part.parameters : [])));
  return [...learned].reduce((sum, { data }) => sum + data.length, 0);
}

/** Floating-point operations in the matrix products of one call, on average over so many calls. */
function operationsPerCall(call: () => void, calls: number): number {
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
    for (let index = 0; index < calls; index++) call();
  } finally {
    useKernels(inUse);
  }
  return operations / calls;
}

/**
 * The median seconds of a call of each of these functions, which are called in turn, again and again. A mean would have in it what
 * only the first calls take, until the engine has compiled them, and what other programs take.
 */
function secondsPerCall(functions: readonly (() => void)[], trialSeconds: number): number[] {
  let times: number[][] = [];
  for (const _ of ['warming up', 'measuring']) {
    times = functions.map(() => []);
    let total = 0;
    do {
      functions.forEach((call, k) => {
        const started = performance.now();
        call();
        const seconds = (performance.now() - started) / 1000;
        times[k].push(seconds);
        total += seconds;
      });
    } while (total < trialSeconds);
  }
  return times.map(median);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
