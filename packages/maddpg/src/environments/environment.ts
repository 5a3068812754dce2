import { aFunction, type Check, describe } from '@paragrad/check';
import type { Info, Space, SpaceLike, SpaceValue } from '@paragrad/mpe';

/** One value for each agent, by name. */
export type PerAgent<T> = Readonly<Record<string, T>>;

/**
 * What training needs of an environment: a part of PettingZoo's Parallel API. `makeEnv` of `@paragrad/mpe` returns such
 * environments. You can also write your own; `parallelApiTest` of `@paragrad/mpe/testing` checks it.
 */
export interface Environment {
  /** All agents that can ever be live, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** The live agents, which act in the next step. Agents may end early or appear late. Empty after the end of an episode. */
  readonly agents: readonly string[];
  /** What the agent observes. */
  observationSpace(agent: string): SpaceLike;
  /** What the agent can do. */
  actionSpace(agent: string): Space;
  /**
   * Only for a box from 0 to 1 that holds choices, as weights: how many options each choice has. Without it, or if it is
   * undefined, what a box holds are numbers.
   */
  actionParts?(agent: string): readonly number[] | undefined;
  /** The name of the agent's team, if there are opponents. Then returns are also reported for each team. */
  team?(agent: string): string;
  /** Starts an episode, with a seed always the same one. */
  reset(options?: { seed?: number }): {
    /** What the live agents observe, each a value of its space. */
    observations: PerAgent<SpaceValue>;
  };
  /** One step. Actions and results are those of the live agents; an agent's last step has results, too. */
  step(actions: PerAgent<SpaceValue>): EnvironmentStep;
  /**
   * This environment and others like it, `count` in all: whichever is reset next without a seed begins the episode that this one
   * would have begun. With it, `evaluate` plays many episodes at once.
   */
  sideBySide?(count: number): readonly Environment[];
  /**
   * Everything that later steps depend on, as plain data. `saveTraining` needs both methods to save within an episode. Between
   * episodes it does not: `reset` with a seed has to start the same episode each time.
   */
  getState?(): object;
  /** Goes on from such a state: the same agents are live as then. */
  setState?(state: never): void;
}

const METHODS = ['observationSpace', 'actionSpace', 'reset', 'step'];

/** The parts of an environment that the value lacks. */
function missingIn(value: unknown): string[] {
  const parts = (value ?? {}) as Readonly<Record<string, unknown>>;
  const methods = METHODS.filter((name) => !aFunction.accepts(parts[name]));
  return Array.isArray(parts.possibleAgents) ? methods : ['possibleAgents', ...methods];
}

/** Only what a mistaken argument lacks. `parallelApiTest` checks the rest. */
export const anEnvironment: Check<Environment> = {
  inWords:
    "an environment, such as makeEnv('simple_spread'): an object with possibleAgents, agents, observationSpace(agent), " +
    'actionSpace(agent), reset and step',
  accepts: (value): value is Environment => missingIn(value).length === 0,
  explain(value) {
    const missing = missingIn(value);
    // Another object has nothing to do with environments.
    if (typeof value !== 'object' || missing.length > METHODS.length) return undefined;
    return `is ${describe(value)} without ${missing.join(', ')}; give ${this.inWords}`;
  },
};

/** What a step of an environment returns, by agent. */
export interface EnvironmentStep {
  /** What the agents observe after the step. */
  readonly observations: PerAgent<SpaceValue>;
  /** The agents' rewards for the step. */
  readonly rewards: PerAgent<number>;
  /** Whether this step was the agent's last, because it reached its end. */
  readonly terminations: PerAgent<boolean>;
  /** Whether it was cut off here, for example by a time limit. */
  readonly truncations: PerAgent<boolean>;
  /** Further information, which no agent observes. `evaluate` finds benchmark data here. */
  readonly infos: PerAgent<Info>;
}
