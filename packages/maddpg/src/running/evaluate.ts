import {
  ArgumentError,
  aFunction,
  type Check,
  checkArgument,
  checkOptions,
  integerBelow2To32,
  integerFrom1,
  listOf,
  type OptionChecks,
  object,
} from '@paragrad/check';
import type { SpaceValue, WorldState } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import {
  anEnvironment,
  type Environment,
  type EnvironmentStep,
  type PerAgent,
} from '../environments/environment.js';
import { Episode, MAX_EPISODE_STEPS, stepLimit } from '../environments/episode.js';
import type { Policy } from '../environments/policies.js';
import { teamsOf } from '../environments/teams.js';
import type { BenchmarkStep, Metric } from './metrics.js';

/** How well a policy did in an evaluation. */
export interface Evaluation {
  /** Episodes that were played. */
  readonly episodes: number;
  /** Each agent's sum of rewards while it is live, mean over the episodes. */
  readonly returns: Readonly<Record<string, number>>;
  /** The mean of `returns` over the agents. With several teams it says little: see `teams`. */
  readonly meanReturn: number;
  /** The standard error of `meanReturn`. */
  readonly standardError: number;
  /** The same for each team's agents. Missing if there is only one team. */
  readonly teams?: Readonly<Record<string, TeamEvaluation>>;
  /** Each metric by name, mean over the episodes. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How well a team did. */
export type TeamEvaluation = Pick<Evaluation, 'meanReturn' | 'standardError'>;

/** Which episodes a policy plays, and what to measure. */
export interface EvaluationOptions {
  /** How many episodes to play. */
  episodes: number;
  /** The seed of the first episode; the others follow from it. With the same seed every policy plays the same episodes. */
  seed: number;
  /** What to measure besides returns. Needs an environment that was made with `benchmarkData: true`. Default none. */
  metrics?: readonly Metric[];
  /** An episode with more steps is an error, because its environment may never end one. Default 100,000. */
  maxEpisodeSteps?: number;
}

const checks: OptionChecks<EvaluationOptions> = {
  episodes: integerFrom1,
  seed: integerBelow2To32,
  metrics: listOf(object as Check<Metric>),
  maxEpisodeSteps: stepLimit,
};

/**
 * Plays whole episodes with a policy. The policy does not learn from them, and between two episodes of a training this changes
 * no number of the training, if `env` is not its environment.
 *
 * Many episodes are played at once if the policy can act in all of them (`actInAll`) and the environment has `sideBySide`, or is
 * given as a list of copies. With a list, each episode has a seed of its own. Without, `seed` starts the first one.
 *
 * @throws ArgumentError on unknown options and on options out of range, on rewards that are not finite, and if there are metrics,
 * but the environment gives no benchmark data.
 */
export function evaluate<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment | readonly Environment[],
  policy: Policy<OneAction, Observation>,
  options: EvaluationOptions,
): Evaluation {
  const steps = evaluateStepwise(env, policy, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Like `evaluate`, but step by step: each `next()` plays one step of the environment, or of all copies, and the last one returns the
 * evaluation. For programs that must do something else in between.
 */
export function evaluateStepwise<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment | readonly Environment[],
  policy: Policy<OneAction, Observation>,
  options: EvaluationOptions,
): IterableIterator<void, Evaluation> {
  checkArgument('evaluate', 'env', env, anEnvironmentOrCopies);
  checkArgument('evaluate', 'policy', policy, aFunction);
  checkOptions('evaluate', options, checks, ['episodes', 'seed']);
  return play(env, policy, options);
}

const anEnvironmentOrCopies: Check<Environment | readonly Environment[]> = {
  inWords: anEnvironment.inWords,
  accepts: (value): value is Environment =>
    Array.isArray(value)
      ? value.length > 0 && value.every((one) => anEnvironment.accepts(one))
      : anEnvironment.accepts(value),
};

/** More are no faster. */
const AT_ONCE = 32;

/** What happened in an episode. */
interface Played {
  readonly episode: Episode;
  /** In each step, the agents that acted, and their rewards. */
  readonly steps: { readonly acted: readonly string[]; readonly rewards: readonly number[] }[];
  readonly benchmarks: BenchmarkStep[];
  readonly states: WorldState[];
}

function* play<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment | readonly Environment[],
  policy: Policy<OneAction, Observation>,
  { episodes, seed, metrics = [], maxEpisodeSteps = MAX_EPISODE_STEPS }: EvaluationOptions,
): IterableIterator<void, Evaluation> {
  const atOnce = policy.actInAll ? Math.min(episodes, AT_ONCE) : 1;
  const isList = !('reset' in env);
  const envs: readonly Environment[] = isList ? env.slice(0, atOnce) : (env.sideBySide?.(atOnce) ?? [env]);
  const draws = new Generator(seed);
  const seeds = draws.fork('episodes');
  const seedOf = (episode: number) => (isList ? seeds.next() : episode === 0 ? seed : undefined);
  const tally = new Tally(envs[0], metrics);
  const usesStates = metrics.some((metric) => metric.usesStates);
  /** By copy. */
  const playing: (Played | undefined)[] = envs.map(() => undefined);
  /** Episodes that have begun, and are not in the tally yet, in order. */
  const begun: Played[] = [];
  let count = 0;

  while (tally.episodes < episodes) {
    envs.forEach((one, copy) => {
      if (playing[copy] || count === episodes) return;
      const ofEpisode = seedOf(count++);
      const episode = new Episode(one, {
        owner: 'evaluate',
        ...(ofEpisode !== undefined && { seed: ofEpisode }),
        maxSteps: maxEpisodeSteps,
      });
      policy.startEpisode?.(draws, ...(envs.length > 1 ? [copy] : []));
      playing[copy] = { episode, steps: [], benchmarks: [], states: [] };
      begun.push(playing[copy]);
    });
    const copies = [...playing.keys()].filter((copy) => playing[copy]);
    const observed = copies.map((copy) => playing[copy]!.episode.observations as PerAgent<Observation>);
    const actions = envs.length > 1 ? policy.actInAll!(observed, copies) : observed.map((one) => policy(one));
    copies.forEach((copy, row) => {
      const { episode, steps, benchmarks, states } = playing[copy]!;
      checkArgument('evaluate', 'what the policy returns', actions[row], object);
      const acted = episode.live;
      const step = episode.step(actions[row]);
      steps.push({ acted, rewards: acted.map((name) => step.rewards[name]) });
      if (metrics.length > 0) benchmarks.push(benchmarksOf(step));
      if (usesStates) states.push(stateOf(envs[copy]));
      if (episode.live.length === 0) playing[copy] = undefined;
    });
    yield;
    while (begun.length > 0 && begun[0].episode.live.length === 0) tally.add(begun.shift()!);
  }
  return tally.evaluation();
}

/** Sums over episodes, in the order in which they began. */
class Tally {
  episodes = 0;
  readonly #metrics: readonly Metric[];
  readonly #returns: Record<string, number>;
  readonly #totals: Record<string, number>;
  readonly #everyone: Group;
  readonly #teams: readonly (readonly [name: string, team: Group])[];

  constructor(env: Environment, metrics: readonly Metric[]) {
    const agents = env.possibleAgents;
    this.#metrics = metrics;
    this.#returns = Object.fromEntries(agents.map((name) => [name, 0]));
    this.#totals = Object.fromEntries(metrics.map(({ name }) => [name, 0]));
    this.#everyone = new Group(agents);
    this.#teams = Object.entries(teamsOf(env)).map(([name, members]) => [name, new Group(members)] as const);
  }

  add({ steps, benchmarks, states }: Played): void {
    const groups = [this.#everyone, ...this.#teams.map(([, team]) => team)];
    for (const { acted, rewards } of steps) {
      acted.forEach((name, i) => {
        this.#returns[name] += rewards[i];
        for (const group of groups) group.add(name, rewards[i]);
      });
    }
    for (const group of groups) group.endEpisode();
    for (const { name, measure } of this.#metrics) this.#totals[name] += measure(benchmarks, states);
    this.episodes += 1;
  }

  evaluation(): Evaluation {
    const { episodes } = this;
    const overEpisodes = (sums: Record<string, number>) =>
      Object.fromEntries(Object.entries(sums).map(([name, total]) => [name, total / episodes]));
    const teams = this.#teams.map(([name, team]) => [name, team.summary()]);
    return {
      episodes,
      returns: overEpisodes(this.#returns),
      ...this.#everyone.summary(),
      ...(teams.length > 0 && { teams: Object.fromEntries(teams) }),
      metrics: overEpisodes(this.#totals),
    };
  }
}

/** Some agents, and their mean return in each episode. */
class Group {
  readonly #agents: ReadonlySet<string>;
  readonly #means: number[] = [];
  #total = 0;

  constructor(agents: readonly string[]) {
    this.#agents = new Set(agents);
  }

  add(agent: string, reward: number): void {
    if (this.#agents.has(agent)) this.#total += reward;
  }

  endEpisode(): void {
    this.#means.push(this.#total / this.#agents.size);
    this.#total = 0;
  }

  summary(): TeamEvaluation {
    const { length } = this.#means;
    const meanReturn = this.#means.reduce((sum, r) => sum + r, 0) / length;
    const variance = this.#means.reduce((sum, r) => sum + (r - meanReturn) ** 2, 0) / Math.max(1, length - 1);
    return { meanReturn, standardError: Math.sqrt(variance / length) };
  }
}

/** The world after a step. */
function stateOf(env: Environment): WorldState {
  if (env.getState) return env.getState() as WorldState;
  throw new ArgumentError(
    'evaluate: a metric uses the states of the world, but this environment has no getState; leave such metrics out',
  );
}

/** The benchmark data of one step. */
function benchmarksOf({ infos, rewards }: EnvironmentStep): BenchmarkStep {
  return Object.fromEntries(
    Object.keys(rewards).map((name) => {
      const benchmarkData = infos?.[name]?.benchmarkData;
      if (benchmarkData === undefined) {
        throw new ArgumentError(
          'evaluate: metrics need benchmark data, but this environment does not give any; ' +
            'make it with benchmarkData: true',
        );
      }
      return [name, benchmarkData];
    }),
  );
}
