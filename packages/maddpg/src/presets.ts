import type { ScenarioName } from '@paragrad/mpe';
import { defaultConfig, type RunConfig } from './run.js';
import { defaultSettings } from './settings.js';
import { OpenaiMaddpg } from './variants/openai-maddpg.js';

export const presetNames = ['seed', 'lowe2017', 'openai2018', 'tuned'] as const;
export type PresetName = (typeof presetNames)[number];

/** The library's defaults. */
const seed: Partial<RunConfig> = {};

/**
 * What the paper says of its experiments (Lowe et al. 2017, section 5 and appendix), and its algorithm box: the others' actions
 * come from the batch. Of clipping and of a penalty on logits it says nothing, and of Gumbel-softmax no more than the name.
 */
const lowe2017: Partial<RunConfig> = {
  actions: 'discrete',
  episodes: 25_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 1024,
  replayCapacity: 1_000_000,
  maddpg: {
    ...defaultSettings,
    gamma: 0.95,
    tau: 0.01,
    actorLearningRate: 0.01,
    criticLearningRate: 0.01,
    maxGradNorm: 1e9, // in effect none
    hidden: [64, 64],
    othersActions: 'replay',
    straightThrough: false,
    logitsPenalty: 0,
  },
  noise: { initial: 0 }, // drawing the choices is exploration
};

/**
 * The released code's defaults (openai/maddpg, experiments/train.py and maddpg/trainer/maddpg.py), on the released environments'
 * physics. Learning begins with 1024 episodes of 25 steps.
 */
const openai2018: Partial<RunConfig> = {
  env: { physics: 'openai' },
  algorithm: 'openai-maddpg',
  actions: 'discrete',
  episodes: 60_000,
  batchSize: 1024,
  stepsPerUpdate: 100,
  warmupSteps: 25_600,
  replayCapacity: 1_000_000,
  maddpg: OpenaiMaddpg.defaults,
  noise: { initial: 0 },
};

/** What was found to learn fast on two cores, by scenario. */
const tuned: Partial<Record<ScenarioName, Partial<RunConfig>>> = {
  simple_spread: {
    episodes: 20_000,
    batchSize: 128,
    stepsPerUpdate: 25,
    warmupSteps: 1024,
    maddpg: { ...defaultSettings, gamma: 0.8, actorLearningRate: 3e-4, criticLearningRate: 2e-3 },
    noise: { initial: 0.3, decay: 1 },
  },
  simple_speaker_listener: {
    actions: 'discrete',
    episodes: 2000,
    batchSize: 128,
    stepsPerUpdate: 10,
    warmupSteps: 1024,
    maddpg: { ...defaultSettings, gamma: 0.9, criticLearningRate: 2e-3 },
    noise: { initial: 0 },
  },
};

/** A whole configuration by name. Throws where a scenario has no tuned one. */
export function preset(name: PresetName, scenario: ScenarioName = defaultConfig.scenario): RunConfig {
  const parts = { seed, lowe2017, openai2018, tuned: tuned[scenario] }[name];
  if (!presetNames.includes(name)) {
    throw new Error(`preset: there is no '${name}'; there are ${presetNames.join(', ')}`);
  }
  if (!parts) {
    throw new Error(
      `preset: nothing was tuned on ${scenario}; there is one for ${Object.keys(tuned).join(', ')}`,
    );
  }
  return { ...defaultConfig, scenario, ...parts };
}
