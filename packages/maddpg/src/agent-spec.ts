/** What an algorithm needs to know of an agent. Agents may differ in all of it. */
export interface AgentSpec {
  readonly name: string;
  /** Length of its observation vector. */
  readonly observationSize: number;
  /** Length of its action vector. */
  readonly actionSize: number;
  /** Every component of its action lies in [-maxAction, maxAction]. */
  readonly maxAction: number;
}
