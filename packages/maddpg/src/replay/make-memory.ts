import { type Check, checkOptions, integerFrom1, type OptionChecks, object, oneOf } from '@paragrad/check';
import type { AgentSpec } from '../environments/agent-spec.js';
import { completeSettings, onlyForKind, type SettingsOf, setting } from '../settings/setting.js';
import { PrioritizedReplayMemory, prioritySettings } from './prioritized-replay.js';
import { ReplayMemory } from './replay-memory.js';

/** How batches are drawn: uniformly, or by priority (Schaul et al. 2016). */
export const samplingSettings = {
  /** How batches are drawn from the replay memory. Default 'uniform'. */
  kind: setting('uniform', oneOf('uniform', 'prioritized'), 'how batches are drawn from the replay memory'),
  /** Exponent α of the priorities; 0 draws uniformly. A number from 0 to 1; default 0.6. Only if kind is 'prioritized'. */
  alpha: onlyForKind('prioritized', prioritySettings.alpha),
  /**
   * Exponent β of the importance weights in the first batch; 1 corrects the bias fully. A number from 0 to 1; default
   * 0.4. Only if kind is 'prioritized'.
   */
  beta: onlyForKind('prioritized', prioritySettings.beta),
  /**
   * Batches until β reaches 1; it rises linearly. An integer of at least 1; default 10000. Only if kind is
   * 'prioritized'.
   */
  betaBatches: onlyForKind('prioritized', prioritySettings.betaBatches),
};

/** How batches are drawn. All fields except `kind` belong to 'prioritized'. */
export type SamplingSettings = SettingsOf<typeof samplingSettings>;

/** Settings of an algorithm's replay memory. */
export interface ReplaySettings {
  /** The largest number of transitions that it holds. Default 1e6. */
  readonly capacity?: number;
  /** The n of n-step returns. Default 1. */
  readonly nStep?: number;
  /** How batches are drawn. Default: uniformly. */
  readonly sampling?: Partial<SamplingSettings>;
}

const checks: OptionChecks<ReplaySettings> = {
  capacity: integerFrom1,
  nStep: integerFrom1,
  sampling: object as Check<Partial<SamplingSettings>>,
};

/** The settings, with defaults for what is missing. Throws on unknown names and on values out of range. */
export function completeReplaySettings(given: ReplaySettings = {}) {
  checkOptions('makeMemory', given, checks);
  const { capacity = 1e6, nStep = 1, sampling = {} } = given;
  return {
    capacity,
    nStep,
    sampling: completeSettings('makeMemory: sampling', samplingSettings, sampling),
  };
}

/** The replay memory that the settings ask for, empty. Gamma is the discount factor of n-step returns. */
export function makeMemory(
  specs: readonly AgentSpec[],
  gamma: number,
  settings: ReplaySettings = {},
): ReplayMemory {
  const { capacity, nStep, sampling } = completeReplaySettings(settings);
  const { kind, ...priority } = sampling;
  const options = { capacity, nStep: { steps: nStep, gamma } };
  return kind === 'prioritized'
    ? new PrioritizedReplayMemory(specs, { ...options, ...priority })
    : new ReplayMemory(specs, options);
}
