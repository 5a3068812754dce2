import type { ScenarioName } from '@paragrad/mpe';
import { defaultsOf } from '../settings/setting.js';
import { OpenaiMaddpg } from '../variants/openai-maddpg.js';
import { completeConfig, defaultConfig, type RunConfig, type RunOptions } from './run-config.js';

/** The names that `preset` knows. */
export const presetNames = ['defaults', 'lowe2017', 'openai2018', 'tuned'] as const;
/** A name that `preset` knows. */
export type PresetName = (typeof presetNames)[number];

/** The library's defaults. */
const defaults: RunOptions = {};

/**
 * What the paper says of its experiments (Lowe et al. 2017, section 5 and appendix): gamma 0.95, tau 0.01, learning rates of
 * 0.01; and its algorithm box: the others' actions come from the batch. All that is in the released code's settings, too, which
 * are taken here; they also decide what the paper says nothing of: soft draws, the penalty on logits, and gradients clipped
 * to 0.5, though of a network as a whole. (With neither penalty nor clipping, 25,000 episodes of simple_spread taught nothing:
 * the choices had settled, and the actors' gradients vanished.)
 */
const lowe2017: RunOptions = {
  actions: 'discrete',
  episodes: 25_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 1024,
  replayCapacity: 1_000_000,
  settings: defaultsOf(OpenaiMaddpg.settings),
  exploration: { initial: 0 }, // drawing the choices is exploration
};

/**
 * The released code's defaults (openai/maddpg, experiments/train.py and maddpg/trainer/maddpg.py), on the released environments'
 * physics. Learning begins with 1024 episodes of 25 steps.
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

/** Small batches often, critics that learn faster than the actors, a short horizon. */
const moving = {
  episodes: 10_000,
  batchSize: 128,
  stepsPerUpdate: 25,
  warmupSteps: 1024,
  settings: { gamma: 0.8, actorLr: 3e-4, criticLr: 2e-3 },
  exploration: { initial: 0.3, decay: 1 },
} satisfies RunOptions;

/** Where agents have to find words for something. */
const speaking = {
  actions: 'discrete',
  episodes: 5000,
  batchSize: 128,
  stepsPerUpdate: 10,
  warmupSteps: 1024,
  settings: { gamma: 0.9, criticLr: 2e-3 },
  exploration: { initial: 0 }, // drawing the choices is exploration
} satisfies RunOptions;

/** What was found to learn fast on two cores; the package's README says how well. */
const tuned: Readonly<Record<ScenarioName, RunOptions>> = {
  simple: { ...moving, episodes: 2000 },
  simple_spread: { ...moving, episodes: 20_000, settings: { ...moving.settings, parameterSharing: true } },
  simple_adversary: moving,
  simple_push: moving,
  simple_tag: moving,
  simple_world_comm: moving,
  simple_speaker_listener: speaking,
  simple_reference: { ...speaking, episodes: 8000 },
  // Rewards follow at once. Those who stop trying other words end up where nobody understands anybody.
  simple_crypto: {
    ...speaking,
    settings: { gamma: 0.5, criticLr: 2e-3, logitsPenalty: 0.01 },
    exploration: { kind: 'epsilon-greedy', initial: 0.1, decay: 1 },
  },
};

/** A whole configuration by name; of the presets 'tuned' alone depends on the scenario. Throws on a name that there is not. */
export function preset(name: PresetName, scenario: ScenarioName = defaultConfig.scenario): RunConfig {
  if (!presetNames.includes(name)) {
    throw new Error(`preset: there is no '${name}'; there are ${presetNames.join(', ')}`);
  }
  if (!(scenario in tuned)) {
    throw new Error(`preset: there is no scenario '${scenario}'; there are ${Object.keys(tuned).join(', ')}`);
  }
  const parts = { defaults, lowe2017, openai2018, tuned: tuned[scenario] }[name];
  return completeConfig({ scenario, ...parts }, name);
}
