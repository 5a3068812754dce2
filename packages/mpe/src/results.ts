import type { Benchmark } from './scenario.js';

/** What an agent is told besides its observation: the benchmark with the option `benchmarkData`, otherwise nothing. */
export interface Info {
  benchmarkData?: Benchmark;
}

export interface ResetResult {
  observations: Record<string, Float64Array>;
  infos: Record<string, Info>;
}

export interface StepResult extends ResetResult {
  rewards: Record<string, number>;
  terminations: Record<string, boolean>;
  truncations: Record<string, boolean>;
}
