import type { Action, Info, Space } from '@paragrad/mpe';

type PerAgent<T> = Readonly<Record<string, T>>;

/**
 * What training needs of an environment: the part of PettingZoo's Parallel API that it calls. Those of `makeEnv` are of this kind,
 * and one of your own may be; `parallelApiTest` of `@paragrad/mpe/testing` says whether it keeps the promises.
 */
export interface Environment {
  /** All agents, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** Those that are live: all of them in an episode, none after its end. */
  readonly agents: readonly string[];
  observationSpace(agent: string): { readonly shape: readonly [number] };
  actionSpace(agent: string): Space;
  /** Where actions are weights of choices: the sizes of the choices that they are made of. Default one choice. */
  actionParts?(agent: string): readonly number[];
  reset(options?: { seed?: number }): { observations: PerAgent<ArrayLike<number>> };
  step(actions: PerAgent<Action>): EnvironmentStep;
}

/** What a step of an environment returns, by agent. */
export interface EnvironmentStep {
  readonly observations: PerAgent<ArrayLike<number>>;
  readonly rewards: PerAgent<number>;
  /** Whether the episode is over for good: nothing comes after it. */
  readonly terminations: PerAgent<boolean>;
  /** Whether it was only cut off here, as by a time limit. */
  readonly truncations: PerAgent<boolean>;
  readonly infos: PerAgent<Info>;
}

/** What agents do as their spaces take it: where a space is discrete, the index of the one-hot choice. */
export function inActionSpaces(env: Environment, actions: PerAgent<Action>): PerAgent<Action> {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => {
      if (typeof action === 'number' || 'shape' in env.actionSpace(name)) return [name, action];
      const choice = Array.from(action).indexOf(1);
      if (choice >= 0) return [name, choice];
      throw new Error(
        `${name}'s action is [${Array.from(action).join(', ')}], but its space is ${env.actionSpace(name)}, which takes one choice: ` +
          'leave straightThrough true, which makes choices one-hot',
      );
    }),
  );
}
