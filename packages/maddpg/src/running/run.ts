import { makeEnv, type ParallelEnv } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { type AlgorithmName, type AlgorithmOf, makeAlgorithm } from '../algorithms.js';
import { agentSpecs } from '../environments/policies.js';
import { makeExploration } from '../exploration/exploration.js';
import { completeConfig, type RunConfig, type RunOptions } from './run-config.js';
import type { Training } from './train.js';

/** The environment of a run. */
export function makeRunEnv({ scenario, env, actions }: RunConfig): ParallelEnv {
  if ('actionMode' in env) throw new Error("env.actionMode: follows from a run's `actions`; leave it out");
  if ('benchmarkData' in env) throw new Error('env.benchmarkData: a run always has it; leave it out');
  // Actors that choose give one-hot vectors, which are weights: what the mode 'continuous' takes.
  const actionMode = actions === 'discrete' ? 'continuous' : 'force';
  return makeEnv(scenario, { ...env, actionMode, benchmarkData: true });
}

/** Everything that `train` needs, made as the configuration says and ready to start. What it leaves out is the default. */
export function prepareRun<Name extends AlgorithmName = 'maddpg'>(
  options: RunOptions & { readonly algorithm?: Name },
): Training<AlgorithmOf<Name>> {
  const config = completeConfig(options);
  const { kind } = config.exploration;
  const env = makeRunEnv(config);
  const root = new Generator(config.seed);
  const algorithm = makeAlgorithm(config.algorithm as Name, agentSpecs(env), {
    generator: root.fork('weights'),
    ...config.settings,
  });
  if (!algorithm.explorations.includes(kind)) {
    const fit = algorithm.explorations.join("', '");
    throw new Error(
      `exploration: '${kind}' with ${config.algorithm}, whose agents would try nothing: noise leaves choices as they are; ` +
        `give kind: '${fit}' (--exploration-kind ${fit})`,
    );
  }
  return {
    env,
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
  };
}
