/** One step of several copies of the environment, as flat arrays with a row for each copy. */
export interface StepRows {
  /** The copies that played, in order. The other rows do not count. */
  readonly copies: readonly number[];
  /** `[copies, sum of obs_i]`: o_1 ... o_n */
  readonly observations: Float32Array;
  /** `[copies, sum of act_i + 2 n]`: a_1 ... a_n, r_1 ... r_n, and what the step was to each agent: see fate.ts */
  readonly steps: Float32Array;
  /** `[copies, sum of obs_i]`: o'_1 ... o'_n */
  readonly nextObservations: Float32Array;
  /** `[copies]`: 1 where the episode goes on after this step, else 0. */
  readonly goesOn: Uint8Array;
}
