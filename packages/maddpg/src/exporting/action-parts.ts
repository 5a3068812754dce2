/** The actions of an agent, part by part, in the form that its environment takes. */
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import type { ActionSpace, Bound } from '../environments/plain-spaces.js';

/** Numbers from `low` to `high`, or choices. */
export type ActionPart = NumbersPart | ChoicesPart;

export interface NumbersPart {
  /** `action`, or for a part of a Tuple or Dict `action.0`, `action.gear`, ... */
  readonly name: string;
  readonly shape: readonly number[];
  /** The bounds of each number, in row-major order. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface ChoicesPart {
  readonly name: string;
  /** [] for one choice, [n] for n choices. */
  readonly shape: readonly number[];
  /** The smallest value of each choice. */
  readonly first: readonly number[];
}

/** The parts of a spec's action space. Without `actionSpace`: one for its numbers and one for its choices. */
export function actionParts(spec: AgentSpec): ActionPart[] {
  const { maxAction, choices = [], actionSpace } = spec;
  if (actionSpace) return partsOf(actionSpace, 'action');
  const numbers = continuousSize(spec);
  return [
    numbersPart('numbers', [numbers], -maxAction, maxAction),
    { name: 'choices', shape: [choices.length], first: choices.map(() => 0) },
  ];
}

function numbersPart(name: string, shape: readonly number[], low: Bound, high: Bound): NumbersPart {
  const size = shape.reduce((product, length) => product * length, 1);
  const each = (bound: Bound) => (typeof bound === 'number' ? new Array<number>(size).fill(bound) : bound);
  return { name, shape, low: each(low), high: each(high) };
}

function partsOf(space: ActionSpace, name: string): ActionPart[] {
  if ('shape' in space) return [numbersPart(name, space.shape, space.low, space.high)];
  if ('n' in space) return [{ name, shape: [], first: [space.start] }];
  if ('nvec' in space) return [{ name, shape: [space.nvec.length], first: space.nvec.map(() => 0) }];
  return Object.entries(space.spaces).flatMap(([key, part]) => partsOf(part, `${name}.${key}`));
}
