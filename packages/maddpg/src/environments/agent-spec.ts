/** What an algorithm needs to know of an agent. Agents may differ in all of it. */
export interface AgentSpec {
  readonly name: string;
  /** Length of its observation vector. */
  readonly observationSize: number;
  /** Length of its action vector. */
  readonly actionSize: number;
  /** Every component of its action lies in [-maxAction, maxAction], but for those of choices. */
  readonly maxAction: number;
  /**
   * What it chooses from, such as one of 5 moves and one of 3 words: `[5, 3]`. Each choice is one-hot, and they are the last
   * components of the action, in this order. Default none.
   */
  readonly choices?: readonly number[];
}

/** How many components of an agent's action are numbers in [-maxAction, maxAction]: those before its choices. */
export function continuousSize({ actionSize, choices = [] }: AgentSpec): number {
  return actionSize - choices.reduce((sum, size) => sum + size, 0);
}
