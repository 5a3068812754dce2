import { type Random, SeededRandom } from '../random.js';
import { isArrayLike } from '../spaces.js';

type PerAgent<T = unknown> = Readonly<Record<string, T>>;

interface ApiSpace {
  sample(random: Random): unknown;
  contains(value: unknown): boolean;
}

/** PettingZoo's Parallel API, as this package has it: what `ParallelEnv` is, and an environment of your own may be. */
export interface ParallelApi {
  /** Every agent that may ever be live, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** Those that are live now, and act in the next step. */
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
  /** The global state; not every environment has one. */
  state?(): ArrayLike<number>;
}

export interface ParallelApiTestOptions {
  /** Default 3. */
  episodes?: number;
  /** An episode that lasts longer than this is left, and the next begun. Default 1000. */
  maxSteps?: number;
  /** Decides the actions, and where the episodes start. Default 0. */
  seed?: number;
}

/**
 * Plays some episodes of random actions, and holds the environment to the promises of the Parallel API. It is the counterpart of
 * PettingZoo's `parallel_api_test` and `parallel_seed_test`, but where those warn, this throws.
 *
 * @throws Error that names the promise that was broken, and by which agent; RangeError if nothing is to be played.
 */
export function parallelApiTest(env: ParallelApi, options: ParallelApiTestOptions = {}): void {
  const { episodes = 3, maxSteps = 1000, seed = 0 } = options;
  for (const [name, value] of Object.entries({ episodes, maxSteps })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`parallelApiTest: ${name} is ${value}; give an integer of at least 1`);
  }
  checkMethods(env);
  checkAgents(env);
  for (let episode = 0; episode < episodes; episode++) {
    const played = playEpisode(env, seed + episode, maxSteps);
    const again = playEpisode(env, seed + episode, maxSteps);
    const at = played.findIndex((result, t) => result !== again[t]);
    demand(
      at < 0 && played.length === again.length,
      `reset({ seed: ${seed + episode} }) and the same actions gave another episode the second time (first at ` +
        `${at === 0 ? 'reset' : `step ${at}`}); everything random must follow from the seed`,
    );
  }
}

function checkMethods(env: ParallelApi): void {
  for (const method of ['observationSpace', 'actionSpace', 'reset', 'step'] as const) {
    demand(typeof env[method] === 'function', `the environment has no method ${method}`);
  }
}

function checkAgents(env: ParallelApi): void {
  const { possibleAgents } = env;
  demand(Array.isArray(possibleAgents), 'possibleAgents is no array; give all names, in a fixed order');
  demand(possibleAgents.length > 0, 'possibleAgents is empty');
  demand(
    new Set(possibleAgents).size === possibleAgents.length,
    `possibleAgents has a name twice: ${possibleAgents}`,
  );
  const reread = env.possibleAgents;
  demand(
    asText(possibleAgents) === asText(reread),
    `possibleAgents was ${possibleAgents} and is ${reread} when read again; the order is part of it`,
  );
  for (const agent of possibleAgents) {
    for (const space of ['observationSpace', 'actionSpace'] as const) {
      const given = env[space](agent);
      demand(
        given === env[space](agent),
        `${space}('${agent}') gives a new space at each call; it must be the same object`,
      );
      demand(
        typeof given?.sample === 'function' && typeof given.contains === 'function',
        `${space}('${agent}') is ${given}; give an object with sample(random) and contains(value)`,
      );
    }
  }
}

/** Everything that the environment gave back, as text: at reset, then step by step. */
function playEpisode(env: ParallelApi, seed: number, maxSteps: number): string[] {
  const random = new SeededRandom(seed);
  const start = env.reset({ seed });
  checkResult('reset', start);
  demand(env.agents.length > 0, 'no agent is live after reset');
  checkLive(env);
  checkKeys('reset', { observations: start.observations, infos: start.infos }, env.agents);
  checkObservations('reset', env, start.observations);
  checkInfos('reset', start.infos);
  const stateLength = checkState('reset', env);
  const results = [asText(start)];

  const dead = new Set<string>();
  let given: unknown = start;
  for (let t = 1; t <= maxSteps && env.agents.length > 0; t++) {
    const at = `step ${t}`;
    const live = [...env.agents];
    const actions = Object.fromEntries(live.map((agent) => [agent, sampleAction(env, agent, random)]));
    const result = env.step(actions);
    checkResult(at, result);
    demand(
      asText(given) === results[t - 1],
      `${at} changed what the call before it had given out; give fresh arrays and records, or copies`,
    );
    given = result;
    results.push(asText(result));

    const { observations, rewards, terminations, truncations, infos } = result;
    checkKeys(at, { observations, rewards, terminations, truncations, infos }, live);
    checkObservations(at, env, observations);
    checkInfos(at, infos);
    for (const agent of live) {
      demand(
        Number.isFinite(rewards[agent]),
        `${at}: the reward of ${agent} is ${rewards[agent]}, not a finite number`,
      );
      for (const [name, flags] of Object.entries({ terminations, truncations })) {
        demand(
          typeof flags[agent] === 'boolean',
          `${at}: ${name} of ${agent} is ${flags[agent]}; give true or false`,
        );
      }
      const isLive = env.agents.includes(agent);
      const ends = terminations[agent] || truncations[agent];
      demand(!(ends && isLive), `${at}: ${agent} was terminated or truncated, and is still among agents`);
      demand(ends || isLive, `${at}: ${agent} left agents without being terminated or truncated`);
      if (ends) dead.add(agent);
    }
    checkLive(env);
    for (const agent of env.agents) demand(!dead.has(agent), `${at}: ${agent} is live again before a reset`);
    const length = checkState(at, env);
    demand(
      length === stateLength,
      `${at}: state() has length ${length}, and had ${stateLength} at reset; it must keep its length`,
    );
  }
  return results;
}

function sampleAction(env: ParallelApi, agent: string, random: Random): unknown {
  const space = env.actionSpace(agent);
  const action = space.sample(random);
  demand(
    space.contains(action),
    `actionSpace('${agent}'), ${space}, does not contain ${asText(action)}, which its own sample() gave`,
  );
  return action;
}

function checkResult(at: string, result: unknown): void {
  demand(
    typeof result === 'object' && result !== null,
    `${at} gave ${result}; give an object of records keyed by agent`,
  );
}

function checkInfos(at: string, infos: PerAgent): void {
  for (const [agent, info] of Object.entries(infos)) {
    demand(
      typeof info === 'object' && info !== null,
      `${at}: the info of ${agent} is ${info}; give an object, empty if there is nothing to tell`,
    );
  }
}

/** The length of the global state, if the environment has one. */
function checkState(at: string, env: ParallelApi): number | undefined {
  if (!env.state) return undefined;
  const state: unknown = env.state();
  demand(isArrayLike(state), `${at}: state() gave ${state}; give an array of numbers`);
  demand(asText(state) === asText(env.state()), `${at}: state() gave something else when asked again`);
  return (state as ArrayLike<number>).length;
}

function checkLive(env: ParallelApi): void {
  demand(new Set(env.agents).size === env.agents.length, `agents has a name twice: ${env.agents.join(', ')}`);
  for (const agent of env.agents) {
    demand(
      env.possibleAgents.includes(agent),
      `${agent} is among agents and not among possibleAgents, ${env.possibleAgents.join(', ')}`,
    );
  }
}

function checkKeys(at: string, records: PerAgent<PerAgent>, live: readonly string[]): void {
  for (const [name, record] of Object.entries(records)) {
    demand(
      typeof record === 'object' && record !== null,
      `${at} gave no ${name}; give a record keyed by agent`,
    );
    const missing = live.find((agent) => !(agent in record));
    demand(missing === undefined, `${at}: ${name} has nothing for ${missing}, which is live`);
    const foreign = Object.keys(record).find((agent) => !live.includes(agent));
    demand(foreign === undefined, `${at}: ${name} has something for ${foreign}, which was not live`);
  }
}

function checkObservations(at: string, env: ParallelApi, observations: PerAgent): void {
  for (const [agent, observation] of Object.entries(observations)) {
    const space = env.observationSpace(agent);
    demand(
      space.contains(observation),
      `${at}: the observation of ${agent} is not in its space ${space}: ${asText(observation)}`,
    );
  }
}

/** JSON in which NaN, the infinities and undefined are not null. */
function asText(value: unknown): string {
  return JSON.stringify(value, (_, x) =>
    (typeof x === 'number' && !Number.isFinite(x)) || x === undefined ? `the value ${x}` : x,
  );
}

function demand(holds: boolean, broken: string): void {
  if (!holds) throw new Error(`parallelApiTest: ${broken}`);
}
