import {
  ArgumentError,
  aFunction,
  type Check,
  checkOptions,
  integerFrom1,
  type OptionChecks,
} from '@paragrad/check';
import { aGenerator, type Generator } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { anEnvironment, type Environment } from '../environments/environment.js';
import { stepLimit } from '../environments/episode.js';
import type { Exploration } from '../exploration/exploration.js';
import { type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { aMemory, type ReplayMemory } from '../replay/replay-memory.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';

/** What `train` needs: an environment, an algorithm, and how to train it. */
export interface Training<OneAlgorithm extends Algorithm = Algorithm> {
  env: Environment;
  algorithm: OneAlgorithm;
  /** The algorithm's `makeMemory` makes one. */
  memory: ReplayMemory;
  exploration: Exploration;
  /** Draws the seeds of the episodes, and the batches. */
  generator: Generator;
  /** Episodes of training. */
  episodes: number;
  /** Transitions in a batch. Default 1024. */
  batchSize?: number;
  /** Environment steps between two updates. Default 100. */
  stepsPerUpdate?: number;
  /** Environment steps before the first update. Default: `batchSize`. */
  warmupSteps?: number;
  /** An episode with more steps is an error, because its environment may never end one. Default 100,000. */
  maxEpisodeSteps?: number;
  /** Steps of an episode, if they are known. Then `trainingWarnings` can count the updates. */
  episodeLength?: number;
  /** Gets each of the `trainingWarnings` before the first step. Default: `console.warn`. */
  onWarning?: (warning: string) => void;
}

const checks: OptionChecks<Training> = {
  env: anEnvironment,
  algorithm: anAlgorithm,
  memory: aMemory,
  exploration: {
    inWords: 'an exploration, such as new GaussianNoise({ generator })',
    accepts: (value): value is Exploration =>
      typeof (value as Exploration | undefined)?.perturb === 'function' &&
      typeof (value as Exploration).strength === 'function',
  },
  generator: aGenerator,
  episodes: integerFrom1,
  batchSize: integerFrom1,
  stepsPerUpdate: integerFrom1,
  warmupSteps: integerFrom1,
  maxEpisodeSteps: stepLimit,
  episodeLength: integerFrom1,
  onWarning: aFunction as Check<(warning: string) => void>,
};

/** Throws on unknown names, on values out of range, and on what cannot be learned with. */
export function checkTraining(training: Training): void {
  checkOptions('train', training, checks, [
    'env',
    'algorithm',
    'memory',
    'exploration',
    'generator',
    'episodes',
  ]);
  checkAgents(training.env, training.algorithm.specs);
  const { observationNorm } = training.algorithm.settings as Partial<MaddpgSettings>;
  if (training.batchSize === 1 && observationNorm === 'batch') {
    throw new ArgumentError(
      "train: batchSize is 1, but observationNorm is 'batch', and one row has no variance; give a batchSize of at least 2",
    );
  }
}

/** Throws if the environment has agents that the algorithm does not know, or the reverse. */
function checkAgents({ possibleAgents }: Environment, specs: readonly AgentSpec[]): void {
  const names = specs.map(({ name }) => name);
  const isSame =
    possibleAgents.length === names.length && names.every((name) => possibleAgents.includes(name));
  if (isSame) return;
  throw new ArgumentError(
    `train: the environment's agents are ${possibleAgents.join(', ')}, and the algorithm's ${names.join(', ')}; ` +
      'make the algorithm with agentSpecs(env)',
  );
}
