import type { AgentSpec } from '../environments/agent-spec.js';
import { count, fraction, oneOf } from '../settings/kinds.js';
import { only, type SettingsOf, setting } from '../settings/setting.js';
import { PrioritizedReplayMemory } from './prioritized-replay.js';
import { ReplayMemory } from './replay-memory.js';

/** How batches are drawn (Schaul et al. 2016 for 'prioritized'). */
export const samplingSettings = {
  kind: setting('uniform', oneOf('uniform', 'prioritized'), 'how batches are drawn from the replay memory'),
  alpha: only('prioritized', setting(0.6, fraction, 'exponent of the priorities; 0 is uniform')),
  beta: only('prioritized', setting(0.4, fraction, 'exponent of the importance weights in the first batch')),
  betaBatches: only(
    'prioritized',
    setting(10_000, count, 'batches until that exponent is 1, in a straight line'),
  ),
};

/** How batches are drawn. The fields besides `kind` belong to 'prioritized'. */
export type Sampling = SettingsOf<typeof samplingSettings>;

/** What a run says of its replay memory. */
export interface MemoryOptions {
  /** The most transitions that it holds. */
  readonly capacity: number;
  /** n of n-step returns. */
  readonly nStep: number;
  readonly sampling: Sampling;
}

/** A replay memory for these agents, whose n-step returns are discounted by gamma. */
export function makeMemory(
  specs: readonly AgentSpec[],
  gamma: number,
  { capacity, nStep, sampling: { kind, ...priority } }: MemoryOptions,
): ReplayMemory {
  const options = { capacity, nStep: { steps: nStep, gamma } };
  return kind === 'prioritized'
    ? new PrioritizedReplayMemory(specs, { ...options, ...priority })
    : new ReplayMemory(specs, options);
}
