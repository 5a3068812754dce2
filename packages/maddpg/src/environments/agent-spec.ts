import type { Environment } from './environment.js';

/** What an algorithm needs to know about an agent. All of it may differ from agent to agent. */
export interface AgentSpec {
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
 * - a box around 0, such as from -1 to 1: numbers;
 * - a discrete space: one choice;
 * - a box from 0 to 1: the choices that `actionParts` names, or one choice. The particle environments have such spaces with
 *   actionMode 'continuous', for one move and one word.
 *
 * Throws on other action spaces.
 */
export function agentSpecs(env: Environment): AgentSpec[] {
  return env.possibleAgents.map((name) => {
    const space = env.actionSpace(name);
    const observationSize = env.observationSpace(name).shape[0];
    if (!('shape' in space)) {
      return { name, observationSize, actionSize: space.n, maxAction: 1, choices: [space.n] };
    }
    const { low, high } = space;
    const actionSize = space.shape[0];
    if (low === 0 && high === 1) {
      const choices = env.actionParts?.(name) ?? [actionSize];
      return { name, observationSize, actionSize, maxAction: 1, choices };
    }
    if (low !== -high) {
      throw new Error(
        `agentSpecs: ${name}'s action space is a box from ${low} to ${high}, but actors return numbers around 0, such as ` +
          'from -1 to 1, or choices, from 0 to 1; scale the actions in the environment',
      );
    }
    return { name, observationSize, actionSize, maxAction: high };
  });
}
