import {
  ArgumentError,
  aFunction,
  type Check,
  checkOptions,
  integerFrom1,
  type OptionChecks,
} from '@paragrad/check';
import type { VectorEnv } from '@paragrad/mpe';
import { aGenerator, type Generator } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { anEnvironment, type Environment } from '../environments/environment.js';
import { stepLimit } from '../environments/episode.js';
import type { Exploration } from '../exploration/exploration.js';
import { type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { aMemory, type ReplayMemory } from '../replay/replay-memory.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import type { Envs } from './copies.js';

/** What `train` needs: an environment, an algorithm, and how to train it. */
export interface Training<OneAlgorithm extends Algorithm = Algorithm> {
  /** The environment. Its agents must be those of the algorithm. */
  env: Environment;
  /**
   * Copies of `env` that step together, each with episodes of its own: environments, or a `VectorEnv`, whose episodes training starts.
   * Default: only `env`.
   */
  envs?: Envs;
  /** What learns. */
  algorithm: OneAlgorithm;
  /** The algorithm's `makeMemory` makes one. */
  memory: ReplayMemory;
  /** How the agents explore. */
  exploration: Exploration;
  /** Draws the seeds of the episodes, and the batches. With several copies, each has a fork of it for its seeds. */
  generator: Generator;
  /** Episodes of training, of all copies together. */
  episodes: number;
  /** Transitions in a batch. Default 1024. */
  batchSize?: number;
  /** Environment steps between two updates. A step of n copies counts n times. Default 100. */
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
  envs: {
    inWords: 'an array of environments, or what makeVectorEnv returns',
    accepts: (value): value is Envs =>
      Array.isArray(value)
        ? value.length > 0 && value.every((env) => anEnvironment.accepts(env))
        : integerFrom1.accepts((value as Partial<VectorEnv> | undefined | null)?.copies),
  },
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
  const { env, envs = [env], algorithm, exploration } = training;
  for (const one of [env, ...('copies' in envs ? [envs] : envs)]) checkAgents(one, algorithm.specs);
  if (countEnvs(envs) > 1 && !exploration.fork) {
    throw new ArgumentError(
      'train: this exploration cannot explore in several copies of the environment; give it fork(copy), which returns one for that ' +
        'copy, or the exploration itself if it keeps nothing from step to step',
    );
  }
  const { observationNorm, gamma } = training.algorithm.settings as Partial<MaddpgSettings>;
  const { memory } = training;
  if (memory.nStep > 1 && gamma !== undefined && memory.gamma !== gamma) {
    throw new ArgumentError(
      `train: gamma is ${memory.gamma} in the n-step returns of the memory, and ${gamma} in the algorithm; give both the same, or ` +
        "make the memory with the algorithm's makeMemory",
    );
  }
  if (training.batchSize === 1 && observationNorm === 'batch') {
    throw new ArgumentError(
      "train: batchSize is 1, but observationNorm is 'batch', and one row has no variance; give a batchSize of at least 2",
    );
  }
}

/** How many copies of the environment these are. */
export function countEnvs(envs: Envs): number {
  return 'copies' in envs ? envs.copies : envs.length;
}

/** Throws if the environment has agents that the algorithm does not know, or the reverse. */
function checkAgents(
  { possibleAgents }: Pick<Environment, 'possibleAgents'>,
  specs: readonly AgentSpec[],
): void {
  const names = specs.map(({ name }) => name);
  const isSame =
    possibleAgents.length === names.length && names.every((name) => possibleAgents.includes(name));
  if (isSame) return;
  throw new ArgumentError(
    `train: the environment's agents are ${possibleAgents.join(', ')}, and the algorithm's ${names.join(', ')}; ` +
      'make the algorithm with agentSpecs(env)',
  );
}
