import type { Check } from '@paragrad/check';
import type { Action, Info, Space } from '@paragrad/mpe';

type PerAgent<T> = Readonly<Record<string, T>>;

/**
 * What training needs of an environment: a part of PettingZoo's Parallel API. `makeEnv` of `@paragrad/mpe` returns such
 * environments. You can also write your own; `parallelApiTest` of `@paragrad/mpe/testing` checks it.
 */
export interface Environment {
  /** All agents, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** The live agents: all of them during an episode, none after its end. */
  readonly agents: readonly string[];
  observationSpace(agent: string): { readonly shape: readonly [number] };
  actionSpace(agent: string): Space;
  /** For action spaces from 0 to 1, which hold choices: how many options each choice has. Default: one choice. */
  actionParts?(agent: string): readonly number[];
  reset(options?: { seed?: number }): { observations: PerAgent<ArrayLike<number>> };
  step(actions: PerAgent<Action>): EnvironmentStep;
}

/** Only what a mistaken argument lacks. `parallelApiTest` checks the rest. */
export const anEnvironment: Check<Environment> = {
  inWords: "an environment, such as makeEnv('simple_spread')",
  accepts: (value): value is Environment => {
    const { possibleAgents, reset, step } = (value ?? {}) as Partial<Environment>;
    return Array.isArray(possibleAgents) && typeof reset === 'function' && typeof step === 'function';
  },
};

/** What a step of an environment returns, by agent. */
export interface EnvironmentStep {
  readonly observations: PerAgent<ArrayLike<number>>;
  readonly rewards: PerAgent<number>;
  /** Whether the episode is over because it reached its end. */
  readonly terminations: PerAgent<boolean>;
  /** Whether the episode was cut off, for example by a time limit. */
  readonly truncations: PerAgent<boolean>;
  readonly infos: PerAgent<Info>;
}

/** The actions in the form that the agents' spaces have: for a discrete space, the index of the one-hot choice. */
export function toActionSpaces(env: Environment, actions: PerAgent<Action>): PerAgent<Action> {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => {
      if (typeof action === 'number' || 'shape' in env.actionSpace(name)) return [name, action];
      const choice = Array.from(action).indexOf(1);
      if (choice >= 0) return [name, choice];
      throw new Error(
        `${name}'s action is [${Array.from(action).join(', ')}], but its space is ${env.actionSpace(name)}, which takes one choice; ` +
          'leave straightThrough true, which makes choices one-hot',
      );
    }),
  );
}
