import { ActionError, type ArgumentError, describe } from '@paragrad/check';
import type { Physics } from './physics.js';
import { Box, Discrete, isArrayLike } from './spaces.js';
import type { Agent } from './world.js';

/**
 * How an action is written. The action of an agent that can move has a move in it. The action of an agent that speaks has
 * a word in it, or a weight for each word.
 *
 * - `'discrete'` (the reference's default): an integer, `move + 5 * word`. The moves are 0 no action, 1 left, 2 right, 3
 *   down, 4 up. An agent that cannot move gives `word` alone.
 * - `'continuous'` (the reference's `continuous_actions=True`): weights in [0, 1], 5 for the moves, then `dimC` for the
 *   words. The force is (right - left, up - down), and the first weight is ignored. With `physics: 'openai'` the force is
 *   (left - right, down - up), as in the original, and nothing is clipped.
 * - `'force'`: numbers in [-1, 1], what a policy that ends in tanh returns. First 2 for the force (x to the right, y up),
 *   then one for each word: a value v says the word with weight (v + 1) / 2. Numbers outside are clipped. The reference
 *   has no such mode. It is equal to `'continuous'` with a positive x as the weight of right, a negative x as the weight
 *   of left, and the same for y.
 *
 * The force is then multiplied by the agent's `accel`, by default 5.
 */
export type ActionMode = 'discrete' | 'continuous' | 'force';

/** The modes in which actions can be written; see {@link ActionMode}. */
export const actionModes = ['discrete', 'continuous', 'force'] as const satisfies readonly ActionMode[];

/** An integer in mode `'discrete'`, otherwise a vector. */
export type Action = number | ArrayLike<number>;

const MOVES_X = [0, -1, 1, 0, 0];
const MOVES_Y = [0, 0, 0, -1, 1];

/** Checks the actions of one agent, and turns them into the agent's force and utterance. */
export class ActionReader {
  readonly space: Box | Discrete;
  /** How many numbers an action has. */
  readonly size: number;
  /**
   * How many numbers (or choices, in mode `'discrete'`) the move and the words have. A part that the action lacks is left
   * out.
   */
  readonly parts: readonly number[];
  readonly #agent: Agent;
  readonly #mode: ActionMode;
  readonly #physics: Physics;
  readonly #moves: number;
  readonly #words: number;

  constructor(agent: Agent, mode: ActionMode, physics: Physics) {
    this.#agent = agent;
    this.#mode = mode;
    this.#physics = physics;
    this.#moves = agent.movable ? (mode === 'force' ? 2 : 5) : 0;
    this.#words = agent.silent ? 0 : agent.utterance.length;
    this.parts = [this.#moves, this.#words].filter((size) => size > 0);
    this.size = mode === 'discrete' ? 1 : this.#moves + this.#words;
    if (mode === 'discrete') this.space = new Discrete((this.#moves || 1) * (this.#words || 1));
    else this.space = new Box(mode === 'force' ? -1 : 0, 1, [this.size]);
  }

  /**
   * @throws ActionError if the action does not have the mode's form. Numbers outside a box are no errors, because the
   *   reference clips them.
   */
  check(action: unknown): void {
    if (this.#mode === 'discrete') {
      if (!this.space.contains(action)) throw this.#error(action);
      return;
    }
    if (!isArrayLike(action) || action.length !== this.size) throw this.#error(action);
    this.checkAt(action as ArrayLike<number>, 0);
  }

  /** Like `check`, for the action that starts at `values[at]`. `copy` is for the message, if there are several copies. */
  checkAt(values: ArrayLike<number>, at: number, copy?: number): void {
    if (this.#mode === 'discrete') {
      if (!this.space.contains(values[at])) throw this.#error(values[at], copy);
      return;
    }
    const clips = this.#mode === 'force' || this.#physics === 'farama';
    for (let i = at; i < at + this.size; i++) {
      const value = values[i];
      if (typeof value === 'number' && (clips ? !Number.isNaN(value) : Number.isFinite(value))) continue;
      throw this.#error(Array.from(values).slice(at, at + this.size), copy);
    }
  }

  /** Sets the agent's force and utterance from the (checked) action that starts at `values[at]`. */
  apply(values: ArrayLike<number>, at: number): void {
    const agent = this.#agent;
    if (this.#mode === 'discrete') this.#applyDiscrete(values[at]);
    else if (this.#mode === 'force') this.#applyForce(values, at);
    else this.#applyContinuous(values, at);
    // setState may have given a silent agent an utterance.
    if (agent.silent) for (let i = 0; i < agent.utterance.length; i++) agent.utterance[i] = 0;
  }

  #applyDiscrete(choice: number): void {
    const { movable, silent, utterance } = this.#agent;
    const move = movable ? choice % 5 : 0;
    this.#setForce(MOVES_X[move], MOVES_Y[move]);
    if (silent) return;
    utterance.fill(0);
    utterance[movable ? (choice - move) / 5 : choice] = 1;
  }

  #applyContinuous(values: ArrayLike<number>, at: number): void {
    const { movable, silent, utterance } = this.#agent;
    const clips = this.#physics === 'farama';
    const weight = (i: number) => (clips ? clip(values[i], 0) : values[i]);
    if (movable) {
      const sign = clips ? 1 : -1;
      this.#setForce(sign * (weight(at + 2) - weight(at + 1)), sign * (weight(at + 4) - weight(at + 3)));
    }
    if (silent) return;
    for (let i = 0; i < utterance.length; i++) utterance[i] = weight(at + this.#moves + i);
  }

  #applyForce(values: ArrayLike<number>, at: number): void {
    const { movable, silent, utterance } = this.#agent;
    if (movable) this.#setForce(clip(values[at], -1), clip(values[at + 1], -1));
    if (silent) return;
    for (let i = 0; i < utterance.length; i++) {
      utterance[i] = (clip(values[at + this.#moves + i], -1) + 1) / 2;
    }
  }

  #setForce(x: number, y: number): void {
    const agent = this.#agent;
    agent.fx = x * agent.accel;
    agent.fy = y * agent.accel;
  }

  #error(action: unknown, copy?: number): ArgumentError {
    const who = this.#agent.name + (copy === undefined ? '' : ` in copy ${copy}`);
    return new ActionError(
      `step: the action of ${who} is ${describe(action)}; its space is ${this.space}: ${this.#meaning()}`,
    );
  }

  /** The form of an action in words. */
  #meaning(): string {
    const parts: string[] = [];
    if (this.#mode === 'discrete') {
      if (this.#moves) parts.push('a move (0 no action, 1 left, 2 right, 3 down, 4 up)');
      if (this.#words) parts.push(`${this.#moves ? '5 times ' : ''}a word from 0 to ${this.#words - 1}`);
      return parts.join(' plus ') || 'the only choice, 0';
    }
    if (this.#moves) {
      const [left, right, down, up] =
        this.#physics === 'farama' ? ['left', 'right', 'down', 'up'] : ['right', 'left', 'up', 'down'];
      parts.push(
        this.#mode === 'force'
          ? 'a force (x to the right, y up)'
          : `weights of [no action, ${left}, ${right}, ${down}, ${up}]`,
      );
    }
    if (this.#words) parts.push(`${this.#words} weights of words`);
    return `${this.size} numbers, ${parts.join(' and ') || 'none'}`;
  }
}

function clip(x: number, low: number): number {
  return Math.min(Math.max(x, low), 1);
}
