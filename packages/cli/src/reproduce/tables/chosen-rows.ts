import type { RunOptions } from '@paragrad/maddpg';

/** Agents that choose, and try choices for as long as the noise of the others lasts. */
const epsilonGreedy: RunOptions = {
  actions: 'discrete',
  exploration: { kind: 'epsilon-greedy', initial: 1, final: 0.05 },
};

/** The algorithms as they are compared, with the settings of the preset `tuned` otherwise. */
export const algorithms: Readonly<Record<string, RunOptions>> = {
  MADDPG: {},
  MATD3: { algorithm: 'matd3', settings: { policyDelay: 1 } },
  'independent DDPG': { settings: { critic: 'independent' } },
  IQL: { algorithm: 'iql', ...epsilonGreedy },
  QMIX: { algorithm: 'qmix', ...epsilonGreedy },
};

/** A discount, and a factor on the learning rates. */
export type Trial = readonly [gamma: number, factor: number];

export const trials: readonly Trial[] = [
  [0.7, 1],
  [0.7, 2],
  [0.85, 1],
  [0.85, 2],
];

/** The trials with the best returns in results/cooperative-navigation-trials.json; a test compares. */
export const chosen: Readonly<Record<string, Trial>> = {
  MADDPG: [0.7, 1],
  MATD3: [0.7, 1],
  'independent DDPG': [0.7, 2],
  IQL: [0.85, 2],
  QMIX: [0.85, 2],
};

/** The run of an algorithm in a trial. */
export function rowOf(algorithm: string, [gamma, factor]: Trial): RunOptions {
  const row = algorithms[algorithm];
  const isQLearner = row.actions === 'discrete';
  const rates = isQLearner ? { lr: 1e-3 * factor } : { actorLr: 6e-4 * factor, criticLr: 2e-3 * factor };
  return { ...row, settings: { ...row.settings, gamma, ...rates } };
}
