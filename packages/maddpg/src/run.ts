import { type EnvParams, makeEnv, type ParallelEnv, type ScenarioName } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { type ExplorationConfig, makeExploration } from './exploration.js';
import { Maddpg } from './maddpg.js';
import { agentSpecs } from './policies.js';
import { ReplayMemory } from './replay.js';
import { defaultSettings, type MaddpgSettings } from './settings.js';
import type { Training } from './train.js';

/** All that decides a training run and its evaluation. Plain data: written as JSON, it repeats the run, bit for bit. */
export interface RunConfig {
  scenario: ScenarioName;
  /** The scenario's own parameters, as `makeEnv` takes them. */
  env: EnvParams<ScenarioName>;
  seed: number;
  episodes: number;
  batchSize: number;
  /** Environment steps from one update to the next. */
  stepsPerUpdate: number;
  /** Environment steps before the first update. */
  warmupSteps: number;
  /** Transitions that the replay memory holds at most. */
  replayCapacity: number;
  maddpg: MaddpgSettings;
  noise: ExplorationConfig;
  /** Episodes that each policy is evaluated on at the end. */
  evaluationEpisodes: number;
}

/** MADDPG's defaults, on cooperative navigation. */
export const defaultConfig: RunConfig = {
  scenario: 'simple_spread',
  env: {},
  seed: 1,
  episodes: 10_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 1024,
  replayCapacity: 1_000_000,
  maddpg: defaultSettings,
  noise: { initial: 0.1, decay: 1 },
  evaluationEpisodes: 1000,
};

/** The environment of a run: its agents act by forces, which is what actors that end in tanh give. */
export function makeRunEnv({ scenario, env }: RunConfig): ParallelEnv {
  if ('actionMode' in env) throw new Error("env.actionMode: a run's agents act by forces; leave it out");
  if ('benchmarkData' in env) throw new Error('env.benchmarkData: a run always has it; leave it out');
  return makeEnv(scenario, { ...env, actionMode: 'force', benchmarkData: true });
}

/** Everything that `train` needs, made as the configuration says and ready to start. */
export function prepareRun(config: RunConfig): Training {
  const env = makeRunEnv(config);
  const root = new Generator(config.seed);
  const maddpg = new Maddpg(agentSpecs(env), { generator: root.fork('weights'), ...config.maddpg });
  return {
    env,
    maddpg,
    memory: new ReplayMemory(maddpg.specs, { capacity: config.replayCapacity }),
    noise: makeExploration(config.noise, root.fork('noise')),
    generator: root.fork('training'),
    episodes: config.episodes,
    batchSize: config.batchSize,
    stepsPerUpdate: config.stepsPerUpdate,
    warmupSteps: config.warmupSteps,
  };
}
