import { checkCount, Generator } from '@paragrad/tensor';
import { type Environment, type EnvironmentStep, inActionSpaces } from '../environments/environment.js';
import type { Policy } from '../environments/policies.js';
import type { BenchmarkStep, Metric } from './metrics.js';

/** How well a policy did. */
export interface Evaluation {
  readonly episodes: number;
  /** Mean over the episodes of each agent's sum of rewards. */
  readonly returns: Readonly<Record<string, number>>;
  /** Mean of `returns` over the agents. */
  readonly meanReturn: number;
  /** Standard error of `meanReturn`. */
  readonly standardError: number;
  /** Mean over the episodes of each metric, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Which episodes a policy plays, and what is measured. */
export interface EvaluationOptions {
  episodes: number;
  /** Of the first episode; the others follow from it. The same seed gives every policy the same episodes. */
  seed: number;
  /** Needs an environment made with `benchmarkData: true`. Default none. */
  metrics?: readonly Metric[];
}

/** Plays whole episodes with a policy, which learns nothing from it. */
export function evaluate(env: Environment, policy: Policy, options: EvaluationOptions): Evaluation {
  const { episodes, seed, metrics = [] } = options;
  checkCount('evaluate', 'episodes', episodes);
  const draws = new Generator(seed);
  const agents = env.possibleAgents;
  const returns = Object.fromEntries(agents.map((name) => [name, 0]));
  const totals = Object.fromEntries(metrics.map(({ name }) => [name, 0]));
  const meanReturns: number[] = [];

  for (let episode = 0; episode < episodes; episode++) {
    let { observations } = env.reset(episode === 0 ? { seed } : {});
    policy.startEpisode?.(draws);
    const benchmarks: BenchmarkStep[] = [];
    let total = 0;
    while (env.agents.length > 0) {
      const step = env.step(inActionSpaces(env, policy(observations)));
      observations = step.observations;
      for (const name of agents) {
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

function benchmarksOf({ infos }: EnvironmentStep): BenchmarkStep {
  return Object.fromEntries(
    Object.entries(infos).map(([name, { benchmarkData }]) => {
      if (benchmarkData === undefined) {
        throw new Error(
          'evaluate: metrics are measured by benchmark data, which this environment does not give; ' +
            'make it with benchmarkData: true',
        );
      }
      return [name, benchmarkData];
    }),
  );
}
