import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';

type Row = RunOptions & { readonly name: string };

/** Agents that choose, and try choices for as long as the noise of the others lasts. */
const epsilonGreedy: RunOptions = {
  actions: 'discrete',
  exploration: { kind: 'epsilon-greedy', initial: 1, final: 0.05 },
};

/** The algorithms as they are compared, with the settings of the preset `tuned` otherwise. */
const algorithms = {
  MADDPG: {},
  MATD3: { algorithm: 'matd3', settings: { policyDelay: 1 } },
  'independent DDPG': { settings: { critic: 'independent' } },
  IQL: { algorithm: 'iql', ...epsilonGreedy },
  QMIX: { algorithm: 'qmix', ...epsilonGreedy },
} satisfies Record<string, RunOptions>;

/** Four trials of each, on a seed that no other table has: two discounts, two learning rates. */
const trials = (Object.entries(algorithms) as [string, RunOptions][]).flatMap(([name, row]) =>
  [0.7, 0.85].flatMap((gamma) =>
    [1, 2].map((factor): Row => {
      const isQLearner = row.actions === 'discrete';
      const rates = isQLearner ? { lr: 1e-3 * factor } : { actorLr: 6e-4 * factor, criticLr: 2e-3 * factor };
      const rate = Object.values(rates)[0];
      return {
        ...row,
        name: `${name}, gamma ${gamma}, ${isQLearner ? 'lr' : 'actorLr'} ${rate}`,
        settings: { ...row.settings, gamma, ...rates },
      };
    }),
  ),
);

/** What the trials chose. */
const tuned: readonly Row[] = Object.entries(algorithms).map(([name, row]) => ({ ...row, name }));

const about = `simple_spread: three agents have to cover three landmarks without bumping into each other. _All covered_ is the share of episodes in which
every landmark has an agent nearer than 0.1 at the last step, the radius of the reference. _All within 0.2_ asks that an agent's disc
touches each landmark. _Held_ asks for an agent of its own at each landmark, within 0.1, in each of the last five steps. Collisions are
pairs of agents that touch, summed over the steps.`;

const measures = ['all covered', 'all within 0.2', 'all within 0.4', 'all held', 'collisions'];

export const cooperativeNavigation: ResultTable = {
  name: 'cooperative-navigation',
  title: 'Cooperative navigation',
  about: `${about}

All agents share their networks. Every algorithm had [four trials](#trials-for-cooperative-navigation), and this is the best of each.`,
  sweep: { preset: 'tuned', run: { scenario: 'simple_spread' }, list: tuned, seeds: 10 },
  measures,
  kept: ['MADDPG', 'MATD3'],
  quick: {
    run: {
      episodes: 2500,
      exploration: { episodes: 1750 },
      settings: { lrDecayStart: 1050, lrDecayEnd: 2100 },
    },
    measure: 'way',
    atLeast: { MADDPG: 50, MATD3: 50, 'independent DDPG': 50, IQL: 30, QMIX: 30 },
  },
};

export const cooperativeNavigationTrials: ResultTable = {
  name: 'cooperative-navigation-trials',
  title: 'Trials for cooperative navigation',
  about: `What the settings of the table above were chosen from: four trials of each algorithm, on a seed that the table
does not have. What all have in common was found in earlier trials with MADDPG: random actions at first, noise and learning
rates that fall, 25 copies of the environment, small batches, shared networks, the penalty on numbers before tanh.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread' },
    list: trials,
    seeds: [101],
  },
  measures: ['all covered', 'all within 0.4'],
};
