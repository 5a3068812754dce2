import { type Check, from0To1, integerFrom0, integerFrom1, type OptionChecks, object } from '@paragrad/check';
import type { LinksState } from './links.js';
import type { RowQueueState } from './row-queue.js';

/** Options of every replay memory. */
export interface ReplayMemoryOptions {
  /** The largest number of transitions that it holds; each further one replaces the oldest. Default 1e6. */
  capacity?: number;
  /**
   * N-step returns. A sample from step t has the reward r_t + γ r_t+1 + ... + γ^(m-1) r_t+m-1, and o_t+m instead of
   * o_t+1. The number of steps m is `steps`, or fewer if the episode has fewer steps from t on, because it ended or
   * because its later steps are not in the memory yet. The value of o_t+m needs the factor γ^m, but a critic's target
   * multiplies it by γ (1 - done). So done is 1 - γ^(m-1), unless the episode terminated: then it is 1. Default: 1
   * step.
   */
  nStep?: {
    /** The largest number of steps in a return, n. */
    readonly steps: number;
    /** The discount factor γ of the rewards. */
    readonly gamma: number;
  };
}

/** What a replay memory holds, as plain data. */
export interface ReplayMemoryState {
  /** What must be the same when it is loaded. */
  readonly options: Required<ReplayMemoryOptions>;
  /** Each row: o_1 ... o_n */
  readonly observations: RowQueueState<Float32Array>;
  /** Each row: a_1 ... a_n, r_1 ... r_n, and what the step was to each agent. */
  readonly steps: RowQueueState<Float32Array>;
  /** Which rows hold the observations of each step, and which step follows it. */
  readonly links: LinksState;
  /** Whether any transition said who was live. */
  readonly knowsWhoIsLive: boolean;
}

/** More rows than anybody's memory holds would end the process. */
export const aBatchSize: Check<number> = {
  inWords: 'an integer from 1 to 2^24',
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= 2 ** 24,
};

export type NStep = NonNullable<ReplayMemoryOptions['nStep']>;

/** What each option can be. */
export const replayChecks: OptionChecks<ReplayMemoryOptions> = {
  capacity: integerFrom1,
  nStep: object as Check<NStep>,
};
export const nStepChecks: OptionChecks<NStep> = { steps: integerFrom1, gamma: from0To1 };

/** A copy of the environment. */
export const aCopy: Check<number> = {
  inWords: 'the index of a copy, an integer from 0 to 999,999',
  accepts: (value): value is number => integerFrom0.accepts(value) && value < 1e6,
};
