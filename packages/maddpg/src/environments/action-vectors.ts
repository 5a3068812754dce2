/**
 * Between an environment's spaces and the vectors that algorithms work with. An observation becomes one vector (`flatten`). An
 * action is a vector with its numbers first, in [-maxAction, maxAction], and then its choices, one-hot.
 */
import { ActionError, NumericalError } from '@paragrad/check';
import type { SpaceValue } from '@paragrad/mpe';
import { type AgentSpec, continuousSize } from './agent-spec.js';
import type { ActionSpace, Bound } from './plain-spaces.js';

/**
 * An agent's action vector in the form of its action space: numbers from `low` to `high`, the index of a choice, and so on.
 * Without `actionSpace` in the spec, the vector itself. Numbers outside the bounds are clipped. Throws on NaN and on choices
 * that are not one-hot; the message names the agent.
 */
export function toActionSpace(spec: AgentSpec, action: ArrayLike<number>): SpaceValue {
  const numbers = continuousSize(spec);
  const { maxAction, actionSpace } = spec;
  const bounded: number[] = [];
  let nan = -1;
  for (let k = 0; k < action.length; k++) {
    bounded.push(k < numbers ? clip(action[k], -maxAction, maxAction) : action[k]);
    if (nan < 0 && Number.isNaN(bounded[k])) nan = k;
  }
  if (nan >= 0)
    throw new NumericalError(`${spec.name}'s action is NaN at index ${nan}; look for NaN in its network`);
  if (!actionSpace) return bounded;
  return new Reader(spec, bounded, numbers).read(actionSpace);
}

/** Reads an action vector part by part, in the order of the space. */
class Reader {
  /** The next number, from 0 to 1. */
  #number = 0;
  #choice: number;

  constructor(
    readonly spec: AgentSpec,
    readonly action: readonly number[],
    numbers: number,
  ) {
    this.#choice = numbers;
  }

  read(space: ActionSpace): SpaceValue {
    if ('shape' in space) {
      const size = space.shape.reduce((product, length) => product * length, 1);
      return Float64Array.from({ length: size }, (_, k) =>
        this.#readNumber(at(space.low, k), at(space.high, k)),
      );
    }
    if ('n' in space) return space.start + this.#readChoice(space.n);
    if ('nvec' in space) return space.nvec.map((n) => this.#readChoice(n));
    const { spaces } = space;
    if (Array.isArray(spaces)) return spaces.map((part: ActionSpace) => this.read(part));
    return Object.fromEntries(Object.entries(spaces).map(([name, part]) => [name, this.read(part)]));
  }

  /** -maxAction becomes low and maxAction becomes high, exactly. */
  #readNumber(low: number, high: number): number {
    const t = (this.action[this.#number] / this.spec.maxAction + 1) / 2;
    this.#number += 1;
    return clip(low * (1 - t) + high * t, low, high);
  }

  #readChoice(n: number): number {
    const chosen = this.action.slice(this.#choice, this.#choice + n);
    this.#choice += n;
    return indexOfChoice(this.spec.name, chosen, n);
  }
}

/** The index of an agent's one-hot choice of n options. Throws on soft choices. */
export function indexOfChoice(name: string, choice: readonly number[], n: number): number {
  if (choice.length !== n) {
    throw new ActionError(
      `${name}'s action has ${choice.length} numbers, but its action space here takes one of ${n} options; ` +
        'was the policy made for an environment with another actionMode?',
    );
  }
  const index = choice.indexOf(1);
  if (index >= 0) return index;
  throw new ActionError(
    `${name}'s action has the choice [${choice.join(', ')}], but its action space takes one option; ` +
      'set straightThrough: true, which makes choices one-hot',
  );
}

function at(bound: Bound, k: number): number {
  return typeof bound === 'number' ? bound : bound[k];
}

function clip(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
