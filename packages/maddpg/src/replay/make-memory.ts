import { oneOf } from '@paragrad/check';
import type { AgentSpec } from '../environments/agent-spec.js';
import { onlyForKind, type SettingsOf, setting } from '../settings/setting.js';
import { PrioritizedReplayMemory, prioritySettings } from './prioritized-replay.js';
import { ReplayMemory } from './replay-memory.js';

/** How batches are drawn: uniformly, or by priority (Schaul et al. 2016). */
export const samplingSettings = {
  kind: setting('uniform', oneOf('uniform', 'prioritized'), 'how batches are drawn from the replay memory'),
  alpha: onlyForKind('prioritized', prioritySettings.alpha),
  beta: onlyForKind('prioritized', prioritySettings.beta),
  betaBatches: onlyForKind('prioritized', prioritySettings.betaBatches),
};

/** How batches are drawn. All fields except `kind` belong to 'prioritized'. */
export type SamplingSettings = SettingsOf<typeof samplingSettings>;

/** A run's settings of its replay memory. */
export interface ReplaySettings {
  /** The largest number of transitions that it holds. */
  readonly capacity: number;
  /** The n of n-step returns. */
  readonly nStep: number;
  readonly sampling: SamplingSettings;
}

/** The replay memory that the settings ask for, empty. Gamma is the discount factor of n-step returns. */
export function makeMemory(
  specs: readonly AgentSpec[],
  gamma: number,
  { capacity, nStep, sampling: { kind, ...priority } }: ReplaySettings,
): ReplayMemory {
  const options = { capacity, nStep: { steps: nStep, gamma } };
  return kind === 'prioritized'
    ? new PrioritizedReplayMemory(specs, { ...options, ...priority })
    : new ReplayMemory(specs, options);
}
