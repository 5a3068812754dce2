import { ArgumentError, checkArgument } from '@paragrad/check';
import { flatdim, type SpaceLike } from '@paragrad/mpe';
import { anEnvironment, type Environment } from './environment.js';
import { type ActionSpace, plainActionSpace, plainSpace } from './plain-spaces.js';

/** What an algorithm needs to know about an agent. All of it may differ from agent to agent. */
export interface AgentSpec {
  /** Its name in the environment. */
  readonly name: string;
  /** Length of its observation vector. */
  readonly observationSize: number;
  /** Length of its action vector. */
  readonly actionSize: number;
  /** The components of its action lie in [-maxAction, maxAction], except those of choices. */
  readonly maxAction: number;
  /**
   * How many options each of its choices has: `[5, 3]` for one of 5 moves and one of 3 words. Each choice is a one-hot
   * vector. They are the last components of the action, in this order. Default: no choices.
   */
  readonly choices?: readonly number[];
  /** Its environment's action space, as plain data, if that takes something else than the action vector itself. */
  readonly actionSpace?: ActionSpace;
  /** Its environment's observation space, as plain data, if observations are something else than numbers in an array. */
  readonly observationSpace?: SpaceLike;
}

/** How many components of an agent's action are numbers in [-maxAction, maxAction]. They come before the choices. */
export function continuousSize({ actionSize, choices = [] }: AgentSpec): number {
  return actionSize - choices.reduce((sum, size) => sum + size, 0);
}

/** The length of all agents' observations side by side. */
export function totalObservationSize(specs: readonly AgentSpec[]): number {
  return specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
}

/**
 * The specs of an environment's agents, which an algorithm is made for. What an agent's actions are follows from its
 * action space:
 *
 * - `Box`: numbers, each from its `low` to its `high`;
 * - `Discrete`, `MultiDiscrete`: one choice, several choices;
 * - `Tuple`, `Dict`: numbers and choices;
 * - a `Box` from 0 to 1 for which the environment has `actionParts`: choices, as weights. The particle environments have such
 *   spaces with actionMode 'continuous', for one move and one word.
 *
 * @throws ArgumentError on other spaces, and on action spaces without finite bounds. The message names the agent.
 */
export function agentSpecs(env: Environment): AgentSpec[] {
  checkArgument('agentSpecs', 'env', env, anEnvironment);
  return env.possibleAgents.map((name) => {
    const observed = plainSpace(env.observationSpace(name), `${name}'s observation space`);
    const spec = { name, observationSize: flatdim(observed), ...actionOf(env, name) };
    checkSize(`${name}'s observation space`, spec.observationSize);
    checkSize(`${name}'s action space`, spec.actionSize);
    return 'shape' in observed && observed.shape.length === 1
      ? spec
      : { ...spec, observationSpace: observed };
  });
}

/** More than networks could take, such as a `Discrete` of so many options. */
const MOST_NUMBERS = 1e7;

function checkSize(what: string, size: number): void {
  if (size >= 1 && size <= MOST_NUMBERS) return;
  throw new ArgumentError(
    `agentSpecs: ${what} has ${size} numbers, as a vector for networks; give a space of 1 to ${MOST_NUMBERS}`,
  );
}

type ActionPart = Pick<AgentSpec, 'actionSize' | 'maxAction' | 'choices' | 'actionSpace'>;

function actionOf(env: Environment, name: string): ActionPart {
  const actionSpace = plainActionSpace(env.actionSpace(name), `${name}'s action space`);
  if ('shape' in actionSpace) {
    const { low, high } = actionSpace;
    const actionSize = flatdim(actionSpace);
    const choices = low === 0 && high === 1 ? env.actionParts?.(name) : undefined;
    if (choices) {
      checkParts(name, choices, actionSize);
      return { actionSize, maxAction: 1, choices };
    }
    if (isCentered(low, high)) return { actionSize, maxAction: high as number };
  }
  const choices = choicesOf(actionSpace);
  const numbers = countNumbers(actionSpace);
  const actionSize = choices.reduce((sum, size) => sum + size, numbers);
  return { actionSize, maxAction: 1, ...(choices.length > 0 && { choices }), actionSpace };
}

/** Whether a box is symmetric, and of a size that networks can work with as it is: the others are scaled to [-1, 1]. */
function isCentered(low: unknown, high: unknown): boolean {
  return typeof low === 'number' && low === -(high as number) && low <= -1e-3 && low >= -1e3;
}

function checkParts(name: string, parts: readonly number[], size: number): void {
  if (parts.reduce((sum, part) => sum + part, 0) === size) return;
  throw new ArgumentError(
    `agentSpecs: actionParts('${name}') is [${parts.join(', ')}], but its box has ${size} numbers; give parts that add up to ${size}`,
  );
}

/** The sizes of all choices in a space, in order. */
function choicesOf(space: ActionSpace): readonly number[] {
  if ('shape' in space) return [];
  if ('n' in space) return [space.n];
  if ('nvec' in space) return space.nvec;
  return Object.values(space.spaces).flatMap(choicesOf);
}

/** How many numbers in boxes a space has. */
function countNumbers(space: ActionSpace): number {
  if ('shape' in space) return flatdim(space);
  if (!('spaces' in space)) return 0;
  return Object.values(space.spaces).reduce((sum: number, part) => sum + countNumbers(part), 0);
}
