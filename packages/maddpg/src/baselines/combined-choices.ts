import { ArgumentError } from '@paragrad/check';
import { argmax, concat, type Indices, narrow, oneHot, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';

// A network of Q-values has one output for every combination of an agent's choices: an agent with one of 5 moves and one of 10
// words has 50. Combinations are numbered as PettingZoo numbers discrete actions, with the first choice changing fastest:
// move + 5 * word. In batches and replay memories actions are one-hot vectors side by side, as for every other algorithm.

/** A network with more outputs has gigabytes of weights. */
const MOST_COMBINATIONS = 1e6;

/**
 * The sizes of an agent's choices. Throws if its actions also contain numbers, or nothing, and if there are too many
 * combinations; the message begins with `owner`.
 */
export function requireChoices(
  { name, actionSize, choices = [] }: AgentSpec,
  owner: string,
): readonly number[] {
  if (choices.length > 0 && choices.reduce((sum, size) => sum + size) === actionSize) {
    const combinations = countCombinations(choices);
    if (combinations <= MOST_COMBINATIONS) return choices;
    throw new ArgumentError(
      `${owner}: ${name}'s choices have ${combinations} combinations, and this algorithm learns a value of each; ` +
        `give at most ${MOST_COMBINATIONS}, or take an algorithm with actors, such as maddpg`,
    );
  }
  throw new ArgumentError(
    `${owner}: ${name}'s actions are numbers, but this algorithm compares the values of a few options; ` +
      "set actions: 'discrete' in a run (--actions discrete --exploration-kind epsilon-greedy), or give specs in which `choices` are the whole action",
  );
}

/** How many combinations of these choices there are. */
export function countCombinations(choices: readonly number[]): number {
  return choices.reduce((product, size) => product * size, 1);
}

/** One-hot vectors side by side [batch, act] -> the index of the combination: [batch, 1] */
export function toCombinations(actions: Tensor, choices: readonly number[]): Indices {
  const combinations = new Int32Array(actions.shape[0]);
  let start = 0;
  let stride = 1;
  for (const size of choices) {
    argmax(narrow(actions, 1, start, size), { axis: 1 }).data.forEach((chosen, row) => {
      combinations[row] += stride * chosen;
    });
    start += size;
    stride *= size;
  }
  return { data: combinations, shape: [combinations.length, 1] };
}

/** The index of the combination, for each row -> one-hot vectors side by side: [batch, act] */
export function fromCombinations({ data }: Indices, choices: readonly number[]): Tensor {
  let stride = 1;
  const parts = choices.map((size) => {
    const chosen = Array.from(data, (combination) => Math.floor(combination / stride) % size);
    stride *= size;
    return oneHot(chosen, size);
  });
  return concat(parts, 1);
}
