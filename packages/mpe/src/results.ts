import type { Benchmark } from './scenario.js';

/** What an agent is told besides its observation: the benchmark with the option `benchmarkData`, otherwise nothing. */
export interface Info {
  /** What the scenario measured, with the option `benchmarkData`. */
  benchmarkData?: Benchmark;
}

/** What `reset` returns. */
export interface ResetResult {
  /** What each agent sees. */
  observations: Record<string, Float64Array>;
  /** What each agent is told besides. */
  infos: Record<string, Info>;
}

/** What `step` returns, for each agent that was live in the step. */
export interface StepResult extends ResetResult {
  /** The reward of each agent. */
  rewards: Record<string, number>;
  /** Whether the task is done, for each agent. */
  terminations: Record<string, boolean>;
  /** Whether the time is over, for each agent. */
  truncations: Record<string, boolean>;
}
