import { concat, type Indices, max, narrow, oneHot, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';

// An agent that learns values has one for each thing that it can do as a whole: who moves in one of 5 ways and says one of 10
// words has 50. They are counted as PettingZoo counts its discrete actions, the first choice fastest: move + 5 word. Stored
// they are what they are for every other algorithm: a one-hot vector for each choice, side by side.

/** What an agent chooses from. Throws, in the name of an algorithm, where it does more than choosing, or nothing. */
export function choicesOf({ name, actionSize, choices = [] }: AgentSpec, owner: string): readonly number[] {
  if (choices.length > 0 && choices.reduce((sum, size) => sum + size) === actionSize) return choices;
  throw new Error(
    `${owner}: ${name}'s actions are numbers, of which there is no largest value to pick; ` +
      "let agents choose: actions: 'discrete' in a run (--actions discrete), or specs whose `choices` are the whole action",
  );
}

/** How many things there are to do. */
export function countOf(choices: readonly number[]): number {
  return choices.reduce((product, size) => product * size, 1);
}

/** One-hot vectors side by side [batch, act] -> the number of what was done: [batch, 1] */
export function numbersOf(actions: Tensor, choices: readonly number[]): Indices {
  const numbers = new Int32Array(actions.shape[0]);
  let start = 0;
  let stride = 1;
  for (const size of choices) {
    max(narrow(actions, 1, start, size), 1).indices.data.forEach((chosen, row) => {
      numbers[row] += stride * chosen;
    });
    start += size;
    stride *= size;
  }
  return { data: numbers, shape: [numbers.length, 1] };
}

/** The number of what is to be done, for each row -> one-hot vectors side by side: [batch, act] */
export function actionsOf({ data }: Indices, choices: readonly number[]): Tensor {
  let stride = 1;
  const parts = choices.map((size) => {
    const chosen = Array.from(data, (number) => Math.floor(number / stride) % size);
    stride *= size;
    return oneHot(chosen, size);
  });
  return concat(parts, 1);
}
