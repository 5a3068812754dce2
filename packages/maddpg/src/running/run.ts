import { ArgumentError } from '@paragrad/check';
import { makeEnv, makeVectorEnv, type ParallelEnv } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { type AlgorithmName, type AlgorithmOf, makeAlgorithm } from '../algorithms.js';
import { agentSpecs } from '../environments/agent-spec.js';
import { makeExploration } from '../exploration/exploration.js';
import { completeConfig, type RunConfig, type RunOptions } from './run-config.js';
import { checkRunKernels } from './run-kernels.js';
import type { Training } from './training.js';

/**
 * The environment of a run.
 *
 * @throws ArgumentError if the run's `env` sets what the run itself decides.
 */
export function makeRunEnv(config: RunConfig): ParallelEnv {
  const { scenario, params } = environmentOf(completeConfig(config, 'makeRunEnv'));
  return makeEnv(scenario, { ...params, benchmarkData: true });
}

function environmentOf({ scenario, env, actions }: RunConfig) {
  if ('actionMode' in env)
    throw new ArgumentError("env.actionMode: the run's `actions` decide it; leave it out");
  if ('benchmarkData' in env)
    throw new ArgumentError('env.benchmarkData: it is always true in a run; leave it out');
  // Choices are one-hot vectors. They are valid actions of the mode 'continuous', which takes weights.
  const actionMode = actions === 'discrete' ? 'continuous' : 'force';
  return { scenario, params: { ...env, actionMode } as const };
}

/** Steps of an episode: the particle environments end by their time limit only. */
export function episodeLengthOf({ env }: RunConfig): number {
  return env.maxCycles ?? 25;
}

/**
 * Everything that `train` needs, made from a configuration. Missing settings get their defaults.
 *
 * @throws ArgumentError on settings that are wrong or do not fit each other.
 */
export function prepareRun<Name extends AlgorithmName = 'maddpg'>(
  options: RunOptions & { readonly algorithm?: Name },
): Training<AlgorithmOf<Name>> {
  const config = completeConfig(options);
  checkRunKernels(config);
  const { kind } = config.exploration;
  const env = makeRunEnv(config);
  const root = new Generator(config.seed);
  const algorithm = makeAlgorithm(config.algorithm as Name, agentSpecs(env), {
    generator: root.fork('weights'),
    ...config.settings,
  });
  if (!algorithm.explorations.includes(kind)) {
    const fit = algorithm.explorations.join("' or '");
    throw new ArgumentError(
      `exploration: kind is '${kind}', but ${config.algorithm} has no use for noise, because it does not change choices; ` +
        `set kind: '${fit}' (--exploration-kind ${fit})`,
    );
  }
  const { scenario, params } = environmentOf(config);
  return {
    env,
    ...(config.envs > 1 && { envs: makeVectorEnv(scenario, config.envs, params) }),
    algorithm,
    memory: algorithm.makeMemory({
      capacity: config.replayCapacity,
      nStep: config.nStep,
      sampling: config.sampling,
    }),
    exploration: makeExploration(config.exploration, root.fork('noise')),
    generator: root.fork('training'),
    episodes: config.episodes,
    batchSize: config.batchSize,
    stepsPerUpdate: config.stepsPerUpdate,
    warmupSteps: config.warmupSteps,
    maxEpisodeSteps: Number.POSITIVE_INFINITY, // the particle environments end after maxCycles steps
    episodeLength: episodeLengthOf(config),
  };
}
