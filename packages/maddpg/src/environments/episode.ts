import { ArgumentError, type Check, checkArgument, describe, object } from '@paragrad/check';
import type { SpaceValue } from '@paragrad/mpe';
import { indexOfChoice } from './action-vectors.js';
import type { Environment, EnvironmentStep, PerAgent } from './environment.js';

/** How many steps an episode may have if nothing else is said. */
export const MAX_EPISODE_STEPS = 100_000;

export const stepLimit: Check<number> = {
  inWords: 'a number of at least 1, or Infinity',
  accepts: (value): value is number => typeof value === 'number' && value >= 1,
};

/** Options of `Episode`. */
export interface EpisodeOptions {
  /** Begins the messages of errors. */
  owner: string;
  /** The seed of the episode. */
  seed?: number;
  /** An episode with more steps is an error. */
  maxSteps: number;
  /** The environment is within an episode, after so many steps: go on with it. Default: reset the environment. */
  after?: number;
}

/**
 * One episode of an environment. Each step checks what the environment does, because training could not go on from a mistake,
 * or would learn it: agents that nobody declared, missing results, rewards that are not finite, agents that ended but are
 * still live, and an episode without end. Errors name the agent and say what to change.
 */
export class Episode {
  /** The live agents, which act in the next step. Empty when the episode is over. */
  live: readonly string[];
  /** What the live agents observe. Empty before the first step of an episode that goes on. */
  observations: PerAgent<SpaceValue> = {};
  steps = 0;
  readonly #env: Environment;
  readonly #owner: string;
  readonly #maxSteps: number;

  /** Starts the episode, or goes on with it. */
  constructor(env: Environment, { owner, seed, maxSteps, after }: EpisodeOptions) {
    this.#env = env;
    this.#owner = owner;
    this.#maxSteps = maxSteps;
    checkArgument(owner, 'maxEpisodeSteps', maxSteps, stepLimit);
    if (after !== undefined) {
      this.steps = after;
      this.live = this.#liveAgents();
      return;
    }
    const result = env.reset(seed === undefined ? {} : { seed });
    this.#checkRecords('reset', result, ['observations']);
    this.live = this.#liveAgents();
    if (this.live.length === 0) throw this.#error('agents is empty; list the agents that begin the episode');
    this.observations = this.#ofLiveAgents(result.observations, 'observation');
  }

  /** One step. Of the actions, only those of the live agents reach the environment. */
  step(actions: PerAgent<SpaceValue>): EnvironmentStep {
    const acted = this.live;
    const result = this.#env.step(this.#inSpaces(this.#ofLiveAgents(actions, 'action')));
    this.steps += 1;
    this.#checkRecords('step', result, ['observations', 'rewards', 'terminations', 'truncations']);
    this.live = this.#liveAgents();
    const live = new Set(this.live);
    for (const name of acted) this.#checkResults(name, result, live.has(name));
    this.observations = this.#ofLiveAgents(result.observations, 'observation');
    if (live.size > 0 && this.steps >= this.#maxSteps) {
      throw this.#error(
        `the episode is not over, and maxEpisodeSteps is ${this.#maxSteps}; set truncations at a time limit and empty agents ` +
          'then, or set a larger maxEpisodeSteps',
      );
    }
    return result;
  }

  /** Where it is. Begins the messages of errors: "train: in step 3 of an episode,". */
  get at(): string {
    return `${this.#owner}: ${this.steps === 0 ? 'after reset' : `in step ${this.steps}`} of an episode,`;
  }

  #checkRecords(method: string, result: unknown, names: readonly string[]): void {
    const records = (result ?? {}) as Readonly<Record<string, unknown>>;
    const missing = names.find((name) => !object.accepts(records[name]));
    if (missing === undefined) return;
    const problem =
      object.accepts(result) && !(result instanceof Promise)
        ? `${missing} is ${describe(records[missing])} in what ${method} returned, which has ${Object.keys(result).join(', ')}`
        : `${method} returned ${describe(result)}`;
    throw this.#error(`${problem}; return an object with ${names.join(', ')}, each a record by agent`);
  }

  #checkResults(
    name: string,
    { rewards, terminations, truncations, observations }: EnvironmentStep,
    isLive: boolean,
  ) {
    const reward = rewards[name];
    if (!Number.isFinite(reward)) {
      throw this.#error(
        `${name}'s reward is ${describe(reward)}; give a finite number for each agent that acted`,
      );
    }
    const terminated = terminations[name];
    const truncated = truncations[name];
    // Any text is as good as true, also 'False'.
    if (typeof terminated === 'string' || typeof truncated === 'string') {
      const [what, flag] =
        typeof terminated === 'string' ? ['termination', terminated] : ['truncation', truncated];
      throw this.#error(`${name}'s ${what} is ${describe(flag)}; give true or false`);
    }
    if (isLive && (terminated || truncated)) {
      throw this.#error(
        `${name} was ${terminated ? 'terminated' : 'truncated'}, but is still in agents; take it out of agents in its last step`,
      );
    }
    if (!isLive && !terminated && !truncated) {
      throw this.#error(
        `${name} left agents without an end; set its termination or truncation in its last step`,
      );
    }
    if (!isLive && !terminated && observations[name] === undefined) {
      throw this.#error(
        `${name} was truncated, but has no observation; give its last one, which its value follows from`,
      );
    }
  }

  /** A copy, because an environment may change its list. */
  #liveAgents(): string[] {
    const { agents, possibleAgents } = this.#env;
    if (!Array.isArray(agents)) {
      throw this.#error(`agents is ${describe(agents)}; give an array with the names of the live agents`);
    }
    const twice = agents.find((name, i) => agents.indexOf(name) < i);
    if (twice !== undefined) throw this.#error(`${twice} is in agents twice; list each live agent once`);
    const undeclared = agents.find((name) => !possibleAgents.includes(name));
    if (undeclared === undefined) return [...agents];
    throw this.#error(
      `${undeclared} is in agents, but not in possibleAgents, which are ${possibleAgents.join(', ')}; declare every agent there`,
    );
  }

  /** The same record if it has nothing else. */
  #ofLiveAgents<T>(values: PerAgent<T>, what: string): PerAgent<T> {
    const missing = this.live.find((name) => values[name] === undefined);
    if (missing !== undefined) {
      throw this.#error(
        `there is no ${what} for ${missing}, which is live; give one for each of ${this.live.join(', ')}`,
      );
    }
    if (Object.keys(values).length === this.live.length) return values;
    return Object.fromEntries(this.live.map((name) => [name, values[name]]));
  }

  /** One-hot vectors as indices where the space is discrete: the choices of specs without an action space. */
  #inSpaces(actions: PerAgent<SpaceValue>): PerAgent<SpaceValue> {
    const toIndex = (name: string, action: SpaceValue): SpaceValue => {
      const space = this.#env.actionSpace(name);
      if (typeof action !== 'object' || !('n' in space)) return action;
      return (space.start ?? 0) + indexOfChoice(name, Array.from(action as ArrayLike<number>), space.n);
    };
    if (this.live.every((name) => typeof actions[name] === 'number' || !this.#takesIndex(name)))
      return actions;
    return Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, toIndex(name, action)]));
  }

  #takesIndex(name: string): boolean {
    return 'n' in this.#env.actionSpace(name);
  }

  #error(problem: string): Error {
    return new ArgumentError(`${this.at} ${problem}`);
  }
}
