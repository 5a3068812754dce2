import { type Random, SeededRandom } from '../random.js';
import { isArrayLike } from '../spaces.js';

type PerAgent<T = unknown> = Readonly<Record<string, T>>;

interface ApiSpace {
  sample(random: Random): unknown;
  contains(value: unknown): boolean;
}

/** PettingZoo's Parallel API in TypeScript. `ParallelEnv` has it, and an environment of your own can have it. */
export interface ParallelApi {
  /** All agents that can ever be live, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** The live agents, which act in the next step. */
  readonly agents: readonly string[];
  observationSpace(agent: string): ApiSpace;
  actionSpace(agent: string): ApiSpace;
  reset(options?: { seed?: number }): { observations: PerAgent; infos: PerAgent };
  step(actions: PerAgent): {
    observations: PerAgent;
    rewards: PerAgent<number>;
    terminations: PerAgent<boolean>;
    truncations: PerAgent<boolean>;
    infos: PerAgent;
  };
  /** Optional: the global state. */
  state?(): ArrayLike<number>;
  /** Optional: `agents.length`. */
  readonly numAgents?: number;
  /** Optional: `possibleAgents.length`. */
  readonly maxNumAgents?: number;
  /** Optional: facts about the environment that never change. */
  readonly metadata?: object;
  /** Optional: releases what the environment holds. */
  close?(): void;
}

export interface ParallelApiTestOptions {
  /** Default 3. */
  episodes?: number;
  /** The test leaves an episode that is longer than this and starts the next one. Default 1000. */
  maxSteps?: number;
  /** Decides the actions and the starts of the episodes. Default 0. */
  seed?: number;
}

/**
 * Plays some episodes with random actions and checks what the Parallel API promises. It is the counterpart of
 * PettingZoo's `parallel_api_test` and `parallel_seed_test`. Where those warn, this throws. It does not call `close`, so
 * that you can use the environment afterwards.
 *
 * @throws Error that names the broken promise and the agent; RangeError if an option leaves nothing to play.
 */
export function parallelApiTest(env: ParallelApi, options: ParallelApiTestOptions = {}): void {
  const { episodes = 3, maxSteps = 1000, seed = 0 } = options;
  for (const [name, value] of Object.entries({ episodes, maxSteps })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`parallelApiTest: ${name} is ${value}; give an integer of at least 1`);
  }
  checkMembers(env);
  checkPossibleAgents(env);
  for (let episode = 0; episode < episodes; episode++) {
    const first = playEpisode(env, seed + episode, maxSteps);
    const second = playEpisode(env, seed + episode, maxSteps);
    const at = first.findIndex((result, t) => result !== second[t]);
    check(
      at < 0 && first.length === second.length,
      `reset({ seed: ${seed + episode} }) and the same actions gave a different episode the second time (first difference at ` +
        `${at === 0 ? 'reset' : `step ${at}`}); everything random must follow from the seed`,
    );
  }
}

function checkMembers(env: ParallelApi): void {
  for (const method of ['observationSpace', 'actionSpace', 'reset', 'step'] as const) {
    check(typeof env[method] === 'function', `the environment has no method ${method}`);
  }
  const { close, metadata } = env;
  check(close === undefined || typeof close === 'function', `close is ${close}; make it a method`);
  check(
    metadata === undefined || (typeof metadata === 'object' && metadata !== null),
    `metadata is ${metadata}; give an object`,
  );
}

function checkPossibleAgents(env: ParallelApi): void {
  const { possibleAgents, maxNumAgents } = env;
  check(Array.isArray(possibleAgents), 'possibleAgents is not an array; give all names, in a fixed order');
  check(possibleAgents.length > 0, 'possibleAgents is empty');
  check(
    new Set(possibleAgents).size === possibleAgents.length,
    `possibleAgents has a name twice: ${possibleAgents}`,
  );
  check(
    maxNumAgents === undefined || maxNumAgents === possibleAgents.length,
    `maxNumAgents is ${maxNumAgents}, but possibleAgents has ${possibleAgents.length} names`,
  );
  const reread = env.possibleAgents;
  check(
    asText(possibleAgents) === asText(reread),
    `possibleAgents was ${possibleAgents}, and is ${reread} when read again; the names and their order must not change`,
  );
  for (const agent of possibleAgents) {
    for (const method of ['observationSpace', 'actionSpace'] as const) {
      const space = env[method](agent);
      check(
        space === env[method](agent),
        `${method}('${agent}') returns a new space at each call; it must always return the same object`,
      );
      check(
        typeof space?.sample === 'function' && typeof space.contains === 'function',
        `${method}('${agent}') is ${space}; return an object with sample(random) and contains(value)`,
      );
    }
  }
}

/** Everything that the environment returns in an episode, as text: at reset, then step by step. */
function playEpisode(env: ParallelApi, seed: number, maxSteps: number): string[] {
  const random = new SeededRandom(seed);
  const start = env.reset({ seed });
  checkResult('reset', start);
  check(env.agents.length > 0, 'no agent is live after reset');
  checkAgents('reset', env);
  checkKeys('reset', { observations: start.observations, infos: start.infos }, env.agents);
  checkObservations('reset', env, start.observations);
  checkInfos('reset', start.infos);
  const stateLength = checkState('reset', env);
  const results = [asText(start)];

  const dead = new Set<string>();
  let previous: unknown = start;
  for (let t = 1; t <= maxSteps && env.agents.length > 0; t++) {
    const at = `step ${t}`;
    const live = [...env.agents];
    const actions = Object.fromEntries(live.map((agent) => [agent, sampleAction(env, agent, random)]));
    const result = env.step(actions);
    checkResult(at, result);
    check(
      asText(previous) === results[t - 1],
      `${at} changed what the call before it had returned; return new arrays and records, or copies`,
    );
    previous = result;
    results.push(asText(result));

    const { observations, rewards, terminations, truncations, infos } = result;
    checkKeys(at, { observations, rewards, terminations, truncations, infos }, live);
    checkObservations(at, env, observations);
    checkInfos(at, infos);
    for (const agent of live) {
      check(
        Number.isFinite(rewards[agent]),
        `${at}: the reward of ${agent} is ${rewards[agent]}, which is not a finite number`,
      );
      for (const [name, flags] of Object.entries({ terminations, truncations })) {
        check(
          typeof flags[agent] === 'boolean',
          `${at}: ${name} of ${agent} is ${flags[agent]}; return true or false`,
        );
      }
      const isLive = env.agents.includes(agent);
      const ends = terminations[agent] || truncations[agent];
      check(!(ends && isLive), `${at}: ${agent} was terminated or truncated, but is still in agents`);
      check(ends || isLive, `${at}: ${agent} left agents without being terminated or truncated`);
      if (ends) dead.add(agent);
    }
    checkAgents(at, env);
    for (const agent of env.agents) check(!dead.has(agent), `${at}: ${agent} is live again before a reset`);
    const length = checkState(at, env);
    check(
      length === stateLength,
      `${at}: state() has length ${length}, but had ${stateLength} at reset; the length must not change`,
    );
  }
  return results;
}

function sampleAction(env: ParallelApi, agent: string, random: Random): unknown {
  const space = env.actionSpace(agent);
  const action = space.sample(random);
  check(
    space.contains(action),
    `actionSpace('${agent}'), ${space}, does not contain ${asText(action)}, which its own sample() returned`,
  );
  return action;
}

function checkResult(at: string, result: unknown): void {
  check(
    typeof result === 'object' && result !== null,
    `${at} returned ${result}; return an object of records, keyed by agent`,
  );
}

function checkInfos(at: string, infos: PerAgent): void {
  for (const [agent, info] of Object.entries(infos)) {
    check(
      typeof info === 'object' && info !== null,
      `${at}: the info of ${agent} is ${info}; return an object, which may be empty`,
    );
  }
}

/** The length of the global state, if the environment has one. */
function checkState(at: string, env: ParallelApi): number | undefined {
  if (!env.state) return undefined;
  const state: unknown = env.state();
  check(isArrayLike(state), `${at}: state() returned ${state}; return an array of numbers`);
  check(asText(state) === asText(env.state()), `${at}: state() returned something else when called again`);
  return (state as ArrayLike<number>).length;
}

function checkAgents(at: string, env: ParallelApi): void {
  const { agents, numAgents, possibleAgents } = env;
  check(new Set(agents).size === agents.length, `${at}: agents has a name twice: ${agents.join(', ')}`);
  check(
    numAgents === undefined || numAgents === agents.length,
    `${at}: numAgents is ${numAgents}, but agents has ${agents.length} names`,
  );
  for (const agent of agents) {
    check(
      possibleAgents.includes(agent),
      `${at}: ${agent} is in agents, but not in possibleAgents: ${possibleAgents.join(', ')}`,
    );
  }
}

function checkKeys(at: string, records: PerAgent<PerAgent>, live: readonly string[]): void {
  for (const [name, record] of Object.entries(records)) {
    check(
      typeof record === 'object' && record !== null,
      `${at} returned no ${name}; return a record keyed by agent`,
    );
    const missing = live.find((agent) => !(agent in record));
    check(missing === undefined, `${at}: ${name} has nothing for ${missing}, which is live`);
    const extra = Object.keys(record).find((agent) => !live.includes(agent));
    check(extra === undefined, `${at}: ${name} has something for ${extra}, which was not live`);
  }
}

function checkObservations(at: string, env: ParallelApi, observations: PerAgent): void {
  for (const [agent, observation] of Object.entries(observations)) {
    const space = env.observationSpace(agent);
    check(
      space.contains(observation),
      `${at}: the observation of ${agent} is not in its space ${space}: ${asText(observation)}`,
    );
  }
}

/** JSON that distinguishes NaN, the infinities and undefined from null. */
function asText(value: unknown): string {
  return JSON.stringify(value, (_, x) =>
    (typeof x === 'number' && !Number.isFinite(x)) || x === undefined ? `the value ${x}` : x,
  );
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw new Error(`parallelApiTest: ${problem}`);
}
