import { Box, Discrete, isArrayLike, type Space } from './spaces.js';
import type { Agent } from './world.js';

/**
 * How an action is written:
 *
 * - `'discrete'`: an integer, 0 no action, 1 left, 2 right, 3 down, 4 up (the reference's default);
 * - `'continuous'`: 5 numbers [no action, left, right, down, up], clipped to [0, 1]; the force is
 *   (right - left, up - down), and the first is ignored (the reference's `continuous_actions=True`);
 * - `'force'`: 2 numbers (x to the right, y up), clipped to [-1, 1]: the force itself, which is what a policy with a tanh
 *   output gives. The reference has no such mode; it equals `'continuous'` with each sign in its own component.
 *
 * The force is then multiplied by the agent's `accel`, or by 5 where it has none.
 */
export type ActionMode = 'discrete' | 'continuous' | 'force';

export const actionModes = ['discrete', 'continuous', 'force'] as const satisfies readonly ActionMode[];

/** An integer in mode `'discrete'`, else 5 or 2 numbers. */
export type Action = number | ArrayLike<number>;

const MOVES = [
  [0, 0],
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;

const DEFAULT_SENSITIVITY = 5;

const expected: Record<ActionMode, string> = {
  discrete: 'an integer from 0 to 4 (no action, left, right, down, up)',
  continuous: '5 numbers [no action, left, right, down, up] in [0, 1]',
  force: '2 numbers (x to the right, y up) in [-1, 1]',
};

export function actionSpace(mode: ActionMode): Space {
  if (mode === 'discrete') return new Discrete(MOVES.length);
  return mode === 'continuous' ? new Box(0, 1, [5]) : new Box(-1, 1, [2]);
}

/** @throws TypeError if the action is not of the mode's form. Numbers outside a continuous mode's range are fine. */
export function checkAction(name: string, action: unknown, mode: ActionMode): asserts action is Action {
  const valid =
    mode === 'discrete'
      ? Number.isInteger(action) && (action as number) >= 0 && (action as number) < MOVES.length
      : isNumbers(action, mode === 'continuous' ? 5 : 2);
  if (valid) return;
  const got = isArrayLike(action) ? `[${Array.from(action).join(', ')}]` : String(action);
  throw new TypeError(`step: the action of ${name} is ${got}; actionMode '${mode}' takes ${expected[mode]}`);
}

function isNumbers(value: unknown, length: number): boolean {
  if (!isArrayLike(value) || value.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const x = value[i];
    if (typeof x !== 'number' || Number.isNaN(x)) return false;
  }
  return true;
}

/** Sets the agent's force to that of its (checked) action. */
export function applyAction(agent: Agent, action: Action, mode: ActionMode): void {
  const sensitivity = agent.accel ?? DEFAULT_SENSITIVITY;
  if (mode === 'discrete') {
    const [x, y] = MOVES[action as number] as (typeof MOVES)[number];
    agent.fx = x * sensitivity;
    agent.fy = y * sensitivity;
    return;
  }
  const values = action as ArrayLike<number>;
  const clipped = (i: number, low: number) => Math.min(Math.max(values[i] as number, low), 1);
  if (mode === 'continuous') {
    agent.fx = (clipped(2, 0) - clipped(1, 0)) * sensitivity;
    agent.fy = (clipped(4, 0) - clipped(3, 0)) * sensitivity;
  } else {
    agent.fx = clipped(0, -1) * sensitivity;
    agent.fy = clipped(1, -1) * sensitivity;
  }
}
