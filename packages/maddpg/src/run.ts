import { type EnvParams, makeEnv, type ParallelEnv, type ScenarioName } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import type { Algorithm } from './algorithm.js';
import { type AlgorithmName, type AlgorithmOf, type AlgorithmSettings, makeAlgorithm } from './algorithms.js';
import { QLearner } from './baselines/q-learner.js';
import { type ExplorationConfig, makeExploration } from './exploration.js';
import { agentSpecs } from './policies.js';
import { PrioritizedReplayMemory, type PriorityOptions } from './replay/prioritized-replay.js';
import { ReplayMemory } from './replay/replay-memory.js';
import { defaultSettings } from './settings.js';
import type { Training } from './train.js';
import { EnsembleMaddpg } from './variants/ensemble-maddpg.js';
import { EnsembleMemory } from './variants/ensemble-memory.js';

/** All that decides a training run and its evaluation. Plain data: written as JSON, it repeats the run, bit for bit. */
export interface RunConfig {
  scenario: ScenarioName;
  /** The scenario's own parameters, as `makeEnv` takes them. */
  env: EnvParams<ScenarioName>;
  seed: number;
  algorithm: AlgorithmName;
  /** What the agents do: forces and weights of words, or a choice among moves and a choice among words. */
  actions: ActionsKind;
  episodes: number;
  batchSize: number;
  /** Environment steps from one update to the next. */
  stepsPerUpdate: number;
  /** Environment steps before the first update. */
  warmupSteps: number;
  /** Transitions that the replay memory holds at most. */
  replayCapacity: number;
  /** Steps whose rewards are summed up before a critic's value follows. */
  nStep: number;
  /** Which transitions a batch is made of. */
  sampling: SamplingConfig;
  /** The settings of the algorithm, whichever it is. */
  maddpg: AlgorithmSettings;
  noise: ExplorationConfig;
  /** Episodes that each policy is evaluated on at the end. */
  evaluationEpisodes: number;
}

/** MADDPG's defaults, on cooperative navigation. */
export const defaultConfig: RunConfig = {
  scenario: 'simple_spread',
  env: {},
  seed: 1,
  algorithm: 'maddpg',
  actions: 'continuous',
  episodes: 10_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 1024,
  replayCapacity: 1_000_000,
  nStep: 1,
  sampling: { kind: 'uniform' },
  maddpg: defaultSettings,
  noise: { initial: 0.1, decay: 1 },
  evaluationEpisodes: 1000,
};

/** The values of `SamplingConfig.kind`. */
export const samplingKinds = ['uniform', 'prioritized'] as const;

/** How batches are drawn. All but `kind` is for 'prioritized' alone. */
export interface SamplingConfig extends PriorityOptions {
  kind: (typeof samplingKinds)[number];
}

function makeMemory(config: RunConfig, maddpg: Algorithm): ReplayMemory {
  const { specs } = maddpg;
  const { kind, ...priority } = config.sampling;
  const options = {
    capacity: config.replayCapacity,
    nStep: { steps: config.nStep, gamma: config.maddpg.gamma },
  };
  if (maddpg instanceof EnsembleMaddpg) {
    if (kind === 'uniform') return new EnsembleMemory(maddpg, options);
    throw new Error(
      `sampling: ${kind} with ${config.algorithm}; an ensemble draws from its memories uniformly: leave 'uniform'`,
    );
  }
  if (kind === 'prioritized') return new PrioritizedReplayMemory(specs, { ...options, ...priority });
  const [unused] = Object.keys(priority);
  if (unused) throw new Error(`sampling: ${unused} with 'uniform'; only 'prioritized' has it`);
  return new ReplayMemory(specs, options);
}

/** The values of `RunConfig.actions`. */
export const actionsKinds = ['continuous', 'discrete'] as const;
/** A value of `RunConfig.actions`. */
export type ActionsKind = (typeof actionsKinds)[number];

/** The environment of a run. */
export function makeRunEnv({ scenario, env, actions }: RunConfig): ParallelEnv {
  if ('actionMode' in env) throw new Error("env.actionMode: follows from a run's `actions`; leave it out");
  if ('benchmarkData' in env) throw new Error('env.benchmarkData: a run always has it; leave it out');
  // Actors that choose give one-hot vectors, which are weights: what the mode 'continuous' takes.
  const actionMode = actions === 'discrete' ? 'continuous' : 'force';
  return makeEnv(scenario, { ...env, actionMode, benchmarkData: true });
}

/** Everything that `train` needs, made as the configuration says and ready to start. */
export function prepareRun<Name extends AlgorithmName>(
  config: RunConfig & { algorithm: Name },
): Training<AlgorithmOf<Name>> {
  const env = makeRunEnv(config);
  const root = new Generator(config.seed);
  const maddpg = makeAlgorithm<Name>(config.algorithm, agentSpecs(env), {
    generator: root.fork('weights'),
    ...config.maddpg,
  });
  const { kind } = config.noise;
  if (maddpg instanceof QLearner && kind !== 'epsilon-greedy') {
    throw new Error(
      `noise: '${kind ?? 'gaussian'}' with ${config.algorithm}, whose agents would try nothing: noise leaves choices as they are; ` +
        "give kind: 'epsilon-greedy' (--noise-kind epsilon-greedy)",
    );
  }
  return {
    env,
    maddpg,
    memory: makeMemory(config, maddpg),
    noise: makeExploration(config.noise, root.fork('noise')),
    generator: root.fork('training'),
    episodes: config.episodes,
    batchSize: config.batchSize,
    stepsPerUpdate: config.stepsPerUpdate,
    warmupSteps: config.warmupSteps,
  };
}
