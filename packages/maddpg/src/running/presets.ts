import { checkArgument, oneOf } from '@paragrad/check';
import type { ScenarioName } from '@paragrad/mpe';
import { defaultsOf } from '../settings/setting.js';
import { OpenaiMaddpg } from '../variants/openai-maddpg.js';
import { completeConfig, defaultConfig, type RunConfig, type RunOptions } from './run-config.js';

/** The names of all presets. */
export const presetNames = ['defaults', 'lowe2017', 'openai2018', 'tuned'] as const;
/** The name of a preset. */
export type PresetName = (typeof presetNames)[number];

/** The library's defaults. */
const defaults: RunOptions = {};

/**
 * The paper's experiments (Lowe et al. 2017, section 5 and appendix): gamma 0.95, tau 0.01, learning rates of 0.01, and
 * the others' actions from the batch. The paper does not mention soft draws, the penalty on logits and gradient
 * clipping. Their settings are those of the released code, but here each network's gradient is clipped as one vector.
 * (Without penalty and clipping, the agents learned nothing in 25,000 episodes of simple_spread: the actors became
 * certain of their choices, and their gradients vanished.)
 */
const lowe2017: RunOptions = {
  actions: 'discrete',
  episodes: 25_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 1024,
  replayCapacity: 1_000_000,
  settings: defaultsOf(OpenaiMaddpg.settings),
  exploration: { initial: 0 }, // agents explore by drawing their choices
};

/**
 * The defaults of the released code (openai/maddpg, experiments/train.py and maddpg/trainer/maddpg.py), with the
 * physics of the released environments. Learning begins after 1024 episodes of 25 steps.
 */
const openai2018: RunOptions = {
  env: { physics: 'openai' },
  algorithm: 'openai-maddpg',
  actions: 'discrete',
  episodes: 60_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 25_600,
  replayCapacity: 1_000_000,
  settings: defaultsOf(OpenaiMaddpg.settings),
  exploration: { initial: 0 },
};

/**
 * For scenarios in which agents mostly move: small batches, frequent updates, critics that learn faster than the
 * actors, a short horizon.
 */
const moving = {
  episodes: 10_000,
  batchSize: 128,
  stepsPerUpdate: 25,
  warmupSteps: 1024,
  settings: { gamma: 0.8, actorLr: 3e-4, criticLr: 2e-3 },
  exploration: { initial: 0.3, decay: 1 },
} satisfies RunOptions;

/**
 * For scenarios in which all agents have one goal. In single runs the penalty, many copies and a small gamma helped most:
 * docs/algorithms/maddpg.md has what each gave, and what five seeds show.
 */
const cooperating = {
  ...moving,
  episodes: 12_000,
  envs: 25,
  warmupSteps: 10_000,
  settings: {
    gamma: 0.7,
    actorLr: 6e-4,
    criticLr: 2e-3,
    parameterSharing: true,
    actionPenalty: 1e-3,
    lrDecay: 0.05,
    lrDecayStart: 5800,
    lrDecayEnd: 11_600,
  },
  exploration: { initial: 0.3, final: 0.03, episodes: 8400, randomEpisodes: 400 },
} satisfies RunOptions;

/** The same for agents that tell each other where to go. Larger batches with higher rates bring them closer to their goals. */
const communicating = {
  ...cooperating,
  batchSize: 512,
  settings: { ...cooperating.settings, actorLr: 1e-3, criticLr: 6e-3 },
} satisfies RunOptions;

/** The reward is a squared distance, which hardly changes near the goal: value rescaling brings the listener onto it. */
const listening = {
  ...communicating,
  settings: { ...communicating.settings, valueRescaling: 100 },
} satisfies RunOptions;

/** Those of `cooperating` for predators and prey. Each agent has networks of its own, because the teams are not alike. */
const hunting = {
  ...cooperating,
  settings: { ...cooperating.settings, gamma: 0.85, parameterSharing: false },
} satisfies RunOptions;

/** Settings that learned fast on two cores. */
const tuned: Readonly<Record<ScenarioName, RunOptions>> = {
  simple: { ...moving, episodes: 2000 },
  simple_spread: cooperating,
  simple_adversary: moving,
  simple_push: moving,
  simple_tag: hunting,
  simple_world_comm: hunting,
  simple_speaker_listener: listening,
  simple_reference: communicating,
  // Rewards follow at once, so gamma is small. Without random words the agents settle on words that nobody understands.
  simple_crypto: {
    actions: 'discrete',
    episodes: 5000,
    batchSize: 128,
    stepsPerUpdate: 10,
    warmupSteps: 1024,
    settings: { gamma: 0.5, criticLr: 2e-3, logitsPenalty: 0.01 },
    exploration: { kind: 'epsilon-greedy', initial: 0.1, decay: 1 },
  },
};

/**
 * A complete configuration by name. Only 'tuned' depends on the scenario.
 *
 * @throws ArgumentError on unknown names and scenarios.
 */
export function preset(name: PresetName, scenario: ScenarioName = defaultConfig.scenario): RunConfig {
  checkArgument('preset', 'the name', name, oneOf(...presetNames));
  checkArgument('preset', 'the scenario', scenario, oneOf(...(Object.keys(tuned) as ScenarioName[])));
  const parts = { defaults, lowe2017, openai2018, tuned: tuned[scenario] }[name];
  return completeConfig({ scenario, ...parts }, name);
}
