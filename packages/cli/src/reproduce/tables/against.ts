import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';

/** Rows of the scenarios with two teams. Both teams of a run have the same algorithm. */
const list: ResultTable['sweep']['list'] = [
  { name: 'MADDPG' },
  { name: 'MATD3', algorithm: 'matd3', settings: { policyDelay: 1 } },
  { name: 'independent DDPG', settings: { critic: 'independent' } },
  {
    name: 'IQL',
    algorithm: 'iql',
    actions: 'discrete',
    exploration: { kind: 'epsilon-greedy', initial: 1, final: 0.05, episodes: 5000 },
  },
];

const sweepOf = (scenario: NonNullable<RunOptions['scenario']>) => ({
  preset: 'tuned' as const,
  run: { scenario },
  list,
  seeds: 5,
});

export const predatorPrey: ResultTable = {
  name: 'predator-prey',
  title: 'Predators and prey',
  about: `simple_tag: three slow predators hunt one fast prey between two obstacles. _Touched_ is the share of episodes with at least one touch,
and _touches_ counts predators at the prey, summed over the steps. Every team plays against the other team of every row and against scripted
players, never against those with whom it was trained. For predators more touches are better, for the prey fewer.`,
  sweep: sweepOf('simple_tag'),
  measures: ['touched', 'touched three times', 'touches'],
  crossPlay: { drawn: ['touched'] },
};

export const deception: ResultTable = {
  name: 'deception',
  title: 'Physical deception',
  about: `simple_adversary: two good agents know which of two landmarks is the goal. The adversary wants to go there, and sees only them.
_Good within 0.4_ is the share of episodes in which a good agent is nearer to the goal than 0.4 at the last step, and so on. For the good
team a small share of the adversary is good, too. Every team plays against the other team of every row and against scripted players, never
against those with whom it was trained.`,
  sweep: sweepOf('simple_adversary'),
  measures: [
    ...['good within 0.1', 'good within 0.2', 'good within 0.4', 'adversary within 0.4'],
    ...['both within 0.4', 'neither within 0.4'],
  ],
  crossPlay: { drawn: ['good within 0.4', 'adversary within 0.4'] },
};
