import {
  checkArgument,
  checkOptions,
  describe,
  integerFrom0,
  integerFrom1,
  type OptionChecks,
  object,
} from '@paragrad/check';
import { type Random, SeededRandom } from '../random.js';
import { isArrayLike } from '../spaces.js';
import { asText, check, checkKind, checkObservations, checkParts, isUsable } from './check-values.js';
import type { ParallelApi, PerAgent } from './parallel-api.js';

/** How long `parallelApiTest` plays, and with which seed. */
export interface ParallelApiTestOptions {
  /** Default 3. */
  episodes?: number;
  /**
   * The test leaves an episode that is longer than this and starts the next one. Without it, an episode of more than 10,000
   * steps counts as one that never ends, which is an error.
   */
  maxSteps?: number;
  /** Decides the actions and the starts of the episodes. Default 0. */
  seed?: number;
}

const optionChecks: OptionChecks<ParallelApiTestOptions> = {
  episodes: integerFrom1,
  maxSteps: integerFrom1,
  seed: integerFrom0,
};

/**
 * Plays some episodes with random actions and checks what the Parallel API promises, and what training needs: spaces that it
 * knows, finite numbers, arrays that stay as they are, agents that leave when they end, episodes that end. It is the counterpart
 * of PettingZoo's `parallel_api_test` and `parallel_seed_test`. Where those warn, this throws. It does not call `close`, so that
 * you can use the environment afterwards.
 *
 * @throws CheckError that names the broken promise and the agent; ArgumentError if an option leaves nothing to play.
 */
export function parallelApiTest(env: ParallelApi, options: ParallelApiTestOptions = {}): void {
  checkArgument('parallelApiTest', 'env', env, object);
  checkOptions('parallelApiTest', options, optionChecks);
  const { episodes = 3, maxSteps = LONGEST, seed = 0 } = options;
  const mustEnd = options.maxSteps === undefined;
  checkMembers(env);
  checkPossibleAgents(env);
  for (let episode = 0; episode < episodes; episode++) {
    const first = playEpisode(env, seed + episode, maxSteps);
    check(
      !mustEnd || env.agents.length === 0,
      `an episode had not ended after ${maxSteps} steps; set truncations at a time limit, and empty agents then; ` +
        'if your episodes are longer, give maxSteps, where the test leaves them',
    );
    const second = playEpisode(env, seed + episode, maxSteps);
    const at = first.findIndex((result, t) => result !== second[t]);
    check(
      at < 0 && first.length === second.length,
      `reset({ seed: ${seed + episode} }) and the same actions gave a different episode the second time (first difference at ` +
        `${at === 0 ? 'reset' : `step ${at}`}); everything random must follow from the seed`,
    );
  }
  checkResult('reset without a seed', env.reset({}));
  check(env.agents.length > 0, 'no agent is live after reset without a seed');
}

/** The steps after which an episode counts as endless. */
const LONGEST = 10_000;

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
        `${method}('${agent}') is ${describe(space)}; return an object with sample(random) and contains(value)`,
      );
      checkKind(`${method}('${agent}')`, space, method === 'actionSpace');
    }
    checkParts(env, agent);
  }
}

/** Everything that the environment returns in an episode, as text: at reset, then step by step. */
function playEpisode(env: ParallelApi, seed: number, maxSteps: number): string[] {
  const random = new SeededRandom(seed);
  const start = env.reset({ seed });
  checkResult('reset', start);
  checkAgents('reset', env);
  check(env.agents.length > 0, 'no agent is live after reset');
  checkKeys('reset', { observations: start.observations, infos: start.infos }, env.agents);
  checkObservations('reset', env, start.observations);
  checkInfos('reset', start.infos);
  const stateLength = checkState('reset', env);
  const results = [asText(start)];

  const dead = new Set<string>();
  let previous: unknown = start;
  let lastActions: unknown;
  let lastGiven = asText(undefined);
  for (let t = 1; t <= maxSteps && env.agents.length > 0; t++) {
    const at = `step ${t}`;
    const live = [...env.agents];
    const actions = Object.fromEntries(live.map((agent) => [agent, sampleAction(env, agent, random)]));
    const given = asText(actions);
    const result = env.step(actions);
    checkResult(at, result);
    checkAgents(at, env);
    check(
      asText(actions) === given,
      `${at} changed the actions that it was given, from ${given} to ${asText(actions)}; copy them before you change them`,
    );
    check(
      asText(lastActions) === lastGiven,
      `${at} changed the actions that the step before it was given; copy them if you keep them`,
    );
    [lastActions, lastGiven] = [actions, given];
    check(
      asText(previous) === results[t - 1],
      `${at} changed what the call before it had returned; return new arrays and records, or copies`,
    );
    previous = result;
    results.push(asText(result));

    for (const agent of env.agents) {
      check(
        !dead.has(agent),
        `${at}: ${agent} is live again before a reset; leave agents out of agents after their end`,
      );
    }
    const { observations, rewards, terminations, truncations, infos } = result;
    const appeared = env.agents.filter((agent) => !live.includes(agent));
    checkKeys(at, { observations, infos }, [...live, ...appeared]);
    checkKeys(at, { rewards, terminations, truncations }, live, appeared);
    checkObservations(at, env, observations);
    checkInfos(at, infos);
    for (const agent of live) {
      check(
        isUsable(rewards[agent]),
        `${at}: the reward of ${agent} is ${describe(rewards[agent])}, which is not a finite number; give one that float32 can hold`,
      );
      for (const [name, flags] of Object.entries({ terminations, truncations })) {
        check(
          typeof flags[agent] === 'boolean',
          `${at}: ${name} of ${agent} is ${describe(flags[agent])}; return true or false`,
        );
      }
      const isLive = env.agents.includes(agent);
      const ends = terminations[agent] || truncations[agent];
      check(
        !(ends && isLive),
        `${at}: ${agent} was terminated or truncated, but is still in agents; take it out in the same step`,
      );
      check(
        ends || isLive,
        `${at}: ${agent} left agents without being terminated or truncated; set one of them in its last step`,
      );
      if (ends) dead.add(agent);
    }
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
  const records = at.startsWith('step')
    ? 'observations, rewards, terminations, truncations, infos'
    : 'observations, infos';
  check(
    typeof result === 'object' && result !== null && !Array.isArray(result) && !(result instanceof Promise),
    `${at} returned ${describe(result)}; return an object with ${records}, each a record by agent`,
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
  check(
    Array.isArray(agents),
    `${at}: agents is ${describe(agents)}; give an array with the names of the live agents`,
  );
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

/** @param optional agents for which there may be something. */
function checkKeys(
  at: string,
  records: PerAgent<PerAgent>,
  live: readonly string[],
  optional: readonly string[] = [],
): void {
  for (const [name, record] of Object.entries(records)) {
    check(
      typeof record === 'object' && record !== null,
      `${at} returned no ${name}; return a record keyed by agent`,
    );
    const missing = live.find((agent) => !(agent in record));
    check(
      missing === undefined,
      `${at}: ${name} has nothing for ${missing}, which is live; give one for every live agent, also in its last step`,
    );
    const extra = Object.keys(record).find((agent) => !live.includes(agent) && !optional.includes(agent));
    check(
      extra === undefined,
      `${at}: ${name} has something for ${extra}, which was not live; leave out agents that have ended or not appeared yet`,
    );
  }
}
