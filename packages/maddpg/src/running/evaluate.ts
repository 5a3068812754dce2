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
import type { BenchmarkStep, Metric } from './metrics.js';

/** How well a policy did in an evaluation. */
export interface Evaluation {
  readonly episodes: number;
  /** Each agent's sum of rewards while it is live, mean over the episodes. */
  readonly returns: Readonly<Record<string, number>>;
  /** The mean of `returns` over the agents. */
  readonly meanReturn: number;
  /** The standard error of `meanReturn`. */
  readonly standardError: number;
  /** Each metric by name, mean over the episodes. */
  readonly metrics: Readonly<Record<string, number>>;
}

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
 * Plays whole episodes with a policy. The policy does not learn from them. Throws on unknown options and on options out of
 * range, on rewards that are not finite, and if there are metrics, but the environment gives no benchmark data.
 */
export function evaluate<OneAction extends SpaceValue, Observation extends SpaceValue>(
  env: Environment,
  policy: Policy<OneAction, Observation>,
  options: EvaluationOptions,
): Evaluation {
  checkArgument('evaluate', 'env', env, anEnvironment);
  checkArgument('evaluate', 'policy', policy, aFunction);
  checkOptions('evaluate', options, checks, ['episodes', 'seed']);
  const { episodes, seed, metrics = [], maxEpisodeSteps = MAX_EPISODE_STEPS } = options;
  const draws = new Generator(seed);
  const agents = env.possibleAgents;
  const returns = Object.fromEntries(agents.map((name) => [name, 0]));
  const totals = Object.fromEntries(metrics.map(({ name }) => [name, 0]));
  const meanReturns: number[] = [];

  for (let episode = 0; episode < episodes; episode++) {
    const played = new Episode(env, {
      owner: 'evaluate',
      ...(episode === 0 && { seed }),
      maxSteps: maxEpisodeSteps,
    });
    policy.startEpisode?.(draws);
    const benchmarks: BenchmarkStep[] = [];
    let total = 0;
    while (played.live.length > 0) {
      const acted = played.live;
      const actions = policy(played.observations as PerAgent<Observation>);
      checkArgument('evaluate', 'what the policy returns', actions, object);
      const step = played.step(actions);
      for (const name of acted) {
        returns[name] += step.rewards[name];
        total += step.rewards[name];
      }
      if (metrics.length > 0) benchmarks.push(benchmarksOf(step));
    }
    meanReturns.push(total / agents.length);
    for (const { name, measure } of metrics) totals[name] += measure(benchmarks);
  }

  const meanReturn = meanReturns.reduce((sum, r) => sum + r, 0) / episodes;
  const variance = meanReturns.reduce((sum, r) => sum + (r - meanReturn) ** 2, 0) / Math.max(1, episodes - 1);
  const overEpisodes = (sums: Record<string, number>) =>
    Object.fromEntries(Object.entries(sums).map(([name, total]) => [name, total / episodes]));
  return {
    episodes,
    returns: overEpisodes(returns),
    meanReturn,
    standardError: Math.sqrt(variance / episodes),
    metrics: overEpisodes(totals),
  };
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
