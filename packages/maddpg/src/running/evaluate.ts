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
import type { SpaceValue } from '@paragrad/mpe';
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
 * no number of the training, if `env` is not its environment. Throws on unknown options and on options out of range, on rewards
 * that are not finite, and if there are metrics, but the environment gives no benchmark data.
 */
export function evaluate<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment,
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
 * Like `evaluate`, but step by step: each `next()` plays one step of the environment, and the last one returns the evaluation.
 * For programs that must do something else in between.
 */
export function evaluateStepwise<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment,
  policy: Policy<OneAction, Observation>,
  options: EvaluationOptions,
): IterableIterator<void, Evaluation> {
  checkArgument('evaluate', 'env', env, anEnvironment);
  checkArgument('evaluate', 'policy', policy, aFunction);
  checkOptions('evaluate', options, checks, ['episodes', 'seed']);
  return play(env, policy, options);
}

function* play<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment,
  policy: Policy<OneAction, Observation>,
  { episodes, seed, metrics = [], maxEpisodeSteps = MAX_EPISODE_STEPS }: EvaluationOptions,
): IterableIterator<void, Evaluation> {
  const draws = new Generator(seed);
  const agents = env.possibleAgents;
  const returns = Object.fromEntries(agents.map((name) => [name, 0]));
  const totals = Object.fromEntries(metrics.map(({ name }) => [name, 0]));
  const everyone = new Group(agents);
  const teams = Object.entries(teamsOf(env)).map(([name, members]) => [name, new Group(members)] as const);
  const groups = [everyone, ...teams.map(([, team]) => team)];

  for (let episode = 0; episode < episodes; episode++) {
    const played = new Episode(env, {
      owner: 'evaluate',
      ...(episode === 0 && { seed }),
      maxSteps: maxEpisodeSteps,
    });
    policy.startEpisode?.(draws);
    const benchmarks: BenchmarkStep[] = [];
    while (played.live.length > 0) {
      const acted = played.live;
      const actions = policy(played.observations as PerAgent<Observation>);
      checkArgument('evaluate', 'what the policy returns', actions, object);
      const step = played.step(actions);
      for (const name of acted) {
        returns[name] += step.rewards[name];
        for (const group of groups) group.add(name, step.rewards[name]);
      }
      if (metrics.length > 0) benchmarks.push(benchmarksOf(step));
      yield;
    }
    for (const group of groups) group.endEpisode();
    for (const { name, measure } of metrics) totals[name] += measure(benchmarks);
  }

  const overEpisodes = (sums: Record<string, number>) =>
    Object.fromEntries(Object.entries(sums).map(([name, total]) => [name, total / episodes]));
  return {
    episodes,
    returns: overEpisodes(returns),
    ...everyone.summary(),
    ...(teams.length > 0 && {
      teams: Object.fromEntries(teams.map(([name, team]) => [name, team.summary()])),
    }),
    metrics: overEpisodes(totals),
  };
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
