import { type Random, SeededRandom } from '../random.js';

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
 * @throws Error that names the promise that was broken, and by which agent.
 */
export function parallelApiTest(env: ParallelApi, options: ParallelApiTestOptions = {}): void {
  const { episodes = 3, seed = 0 } = options;
  checkAgents(env);
  for (let episode = 0; episode < episodes; episode++) {
    const played = playEpisode(env, seed + episode, options);
    const again = playEpisode(env, seed + episode, options);
    const at = played.findIndex((result, t) => result !== again[t]);
    demand(
      at < 0 && played.length === again.length,
      `reset({ seed: ${seed + episode} }) and the same actions gave another episode the second time (first at ` +
        `${at === 0 ? 'reset' : `step ${at}`}); everything random must follow from the seed`,
    );
  }
}

function checkAgents(env: ParallelApi): void {
  const { possibleAgents } = env;
  demand(possibleAgents.length > 0, 'possibleAgents is empty');
  demand(
    new Set(possibleAgents).size === possibleAgents.length,
    `possibleAgents has a name twice: ${possibleAgents}`,
  );
  for (const agent of possibleAgents) {
    for (const space of ['observationSpace', 'actionSpace'] as const) {
      const given = env[space](agent);
      demand(
        given === env[space](agent),
        `${space}('${agent}') gives a new space at each call; it must be the same object`,
      );
    }
  }
}

/** Everything that the environment gave back, as text: at reset, then step by step. */
function playEpisode(env: ParallelApi, seed: number, { maxSteps = 1000 }: ParallelApiTestOptions): string[] {
  const random = new SeededRandom(seed);
  const start = env.reset({ seed });
  demand(env.agents.length > 0, 'no agent is live after reset');
  checkLive(env);
  checkKeys('reset', { observations: start.observations, infos: start.infos }, env.agents);
  checkObservations('reset', env, start.observations);
  const results = [JSON.stringify(start)];

  const dead = new Set<string>();
  let given: unknown = start;
  for (let t = 1; t <= maxSteps && env.agents.length > 0; t++) {
    const at = `step ${t}`;
    const live = [...env.agents];
    const actions = Object.fromEntries(live.map((agent) => [agent, env.actionSpace(agent).sample(random)]));
    const result = env.step(actions);
    demand(
      JSON.stringify(given) === results[t - 1],
      `${at} changed what the call before it had given out; give fresh arrays and records, or copies`,
    );
    given = result;
    results.push(JSON.stringify(result));

    const { observations, rewards, terminations, truncations, infos } = result;
    checkKeys(at, { observations, rewards, terminations, truncations, infos }, live);
    checkObservations(at, env, observations);
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
    if (env.state) {
      const state = JSON.stringify(env.state());
      demand(state === JSON.stringify(env.state()), `${at}: state() gave something else when asked again`);
    }
  }
  return results;
}

function checkLive(env: ParallelApi): void {
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
      `${at}: the observation of ${agent} is not in its space ${space}: ${JSON.stringify(observation)}`,
    );
  }
}

function demand(holds: boolean, broken: string): void {
  if (!holds) throw new Error(`parallelApiTest: ${broken}`);
}
