import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';
import { algorithms, chosen, rowOf, type Trial, trials } from './chosen-rows.js';
import { shortRun } from './short-run.js';

const trialName = (algorithm: string, [gamma, factor]: Trial) =>
  `${algorithm}, gamma ${gamma}, rates x ${factor}`;

const about = `simple_spread: three agents have to cover three landmarks without bumping into each other. _All covered_ is the share of episodes in which
every landmark has an agent nearer than 0.1 at the last step, the radius of the reference. Within 0.2 an agent's disc touches the
landmark. _All held_ asks for an agent of its own at each landmark, within 0.1, in each of the last five steps. Collisions are
pairs of agents that touch, summed over the steps.`;

const measures = ['all covered', 'all within 0.2', 'all within 0.4', 'all held', 'collisions'];

export const cooperativeNavigation: ResultTable = {
  name: 'cooperative-navigation',
  title: 'Cooperative navigation',
  about: `${about}

All agents share their networks. MATD3 has no delay of the actors. IQL and QMIX choose one of five moves, and the others push with any
force. (Scripted players who have only these moves reach -7.6, and cover all landmarks in 90 % of 1,000 episodes: every run of IQL prints it.)
Every algorithm had [four trials](#trials-for-cooperative-navigation), and this is the best of each. But what all have in common was
found with MADDPG, on seed 1, which is one of the ten: that favors MADDPG.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread' },
    list: Object.entries(chosen).map(([name, trial]) => ({ ...rowOf(name, trial), name })),
    seeds: 10,
  },
  measures,
  kept: ['MADDPG', 'MATD3'],
  quick: {
    run: shortRun,
    measure: 'way',
    atLeast: { MADDPG: 40, MATD3: 40, 'independent DDPG': 40, IQL: 28, QMIX: 28 },
  },
};

/** All that the three agents see, in the order of its distance. */
const nearestFirst = { env: { numAgentNeighbors: 2, numLandmarkNeighbors: 3 } } satisfies RunOptions;

export const cooperativeNavigationNearest: ResultTable = {
  name: 'cooperative-navigation-nearest',
  title: 'Cooperative navigation, nearest first',
  about: `The same rows with observations in another order: the nearest landmark comes first, and the nearest of the other agents. With
\`env.numLandmarkNeighbors\` 3 and \`env.numAgentNeighbors\` 2 an agent still sees all of them. In the reference, and in the table above, they
have a fixed order, and a network has to learn for each place in it what the nearest one means. Nothing was tuned again.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread', ...nearestFirst },
    list: Object.entries(chosen).map(([name, trial]) => ({ ...rowOf(name, trial), name })),
    seeds: 10,
  },
  measures,
  kept: ['MADDPG'],
};

export const cooperativeNavigationThreeSteps: ResultTable = {
  name: 'cooperative-navigation-three-steps',
  title: 'Cooperative navigation, nearest first, returns of three steps',
  about: `The same rows once more, the nearest first, with [returns of three steps](replay.md#n-step-returns), \`nStep\` 3. A critic then learns
from the rewards of three steps, and guesses only what comes after. This was found with MADDPG, as a row of
[what each part gives](#what-each-part-of-the-settings-gives): that favors MADDPG. Nothing was tuned again.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread', ...nearestFirst, nStep: 3 },
    list: Object.entries(chosen).map(([name, trial]) => ({ ...rowOf(name, trial), name })),
    seeds: 10,
  },
  measures,
  kept: ['MADDPG'],
};

/** MATD3 for more episodes. Noise and learning rates fall over the same parts of the training as in the preset. */
const longRun = (episodes: number, run: RunOptions): RunOptions => ({
  ...rowOf('MATD3', chosen.MATD3),
  ...run,
  episodes,
  settings: {
    ...rowOf('MATD3', chosen.MATD3).settings,
    ...run.settings,
    lrDecayStart: 0.475 * episodes,
    lrDecayEnd: 0.95 * episodes,
  },
  exploration: { episodes: 0.7 * episodes },
});

export const cooperativeNavigationLong: ResultTable = {
  name: 'cooperative-navigation-long',
  title: 'Cooperative navigation, trained for longer',
  about: `MATD3 for 20,000 episodes instead of 12,000. The first row has the observations of the reference, and batches of 512 instead of 128.
The second row has the settings of the table above, the nearest first and returns of three steps, with layers of 128 instead of 64.
Noise falls for 70 % of the episodes, and learning rates from 47.5 to 95 % of the updates.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread' },
    list: [
      { ...longRun(20_000, { batchSize: 512 }), name: 'MATD3' },
      {
        ...longRun(20_000, { ...nearestFirst, nStep: 3, settings: { hidden: [128, 128] } }),
        name: 'MATD3, nearest first, three steps',
      },
    ],
    seeds: 10,
  },
  measures,
  kept: ['MATD3', 'MATD3, nearest first, three steps'],
};

export const cooperativeNavigationOpenai: ResultTable = {
  name: 'cooperative-navigation-openai',
  title: 'Cooperative navigation in the original physics',
  about: `The same scenario with [the physics and rewards of the original](physics.md), \`env.physics: 'openai'\`: agents react one step earlier, and
a return is 6 m - 75. Most published numbers have this physics: [the comparison](#against-published-numbers) is below. The settings are
those of MADDPG in [cooperative navigation](#cooperative-navigation); nothing was tuned again.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread', env: { physics: 'openai' } },
    list: [{ ...rowOf('MADDPG', chosen.MADDPG), name: 'MADDPG' }],
    seeds: 5,
  },
  measures,
};

export const cooperativeNavigationTrials: ResultTable = {
  name: 'cooperative-navigation-trials',
  title: 'Trials for cooperative navigation',
  about: `What the settings of cooperative navigation were chosen from: four trials of each algorithm, on a seed that the table does not
have. Rates x 2 are twice those of the preset \`tuned\` (of the Q-learners: 0.002 instead of 0.001). In common they have 25 copies of the
environment, random actions at first, exploration and learning rates that fall, small batches and shared networks; MADDPG, MATD3 and
independent DDPG also have the penalty on numbers before tanh.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread' },
    list: Object.keys(algorithms).flatMap((name) =>
      trials.map((trial) => ({ ...rowOf(name, trial), name: trialName(name, trial) })),
    ),
    seeds: [101],
  },
  measures: ['all covered', 'all within 0.4'],
};

/** What differs from the settings of cooperative navigation, one thing in each row. */
const changes: Readonly<Record<string, RunOptions>> = {
  unchanged: {},
  'no penalty on numbers before tanh': { settings: { actionPenalty: 0 } },
  'no random actions at first': { exploration: { randomEpisodes: 0 } },
  'learning rates stay': { settings: { lrDecay: 1 } },
  'noise stays at 0.1': { exploration: { initial: 0.1, final: 0.1 } },
  'no shared networks': { settings: { parameterSharing: false } },
  'all agents learn together': { settings: { updates: 'together' } },
  "others' actions from the replay memory": { settings: { othersActions: 'replay' } },
  'returns of three steps': { nStep: 3 },
  'gamma 0.95': { settings: { gamma: 0.95 } },
  'targets half as fast': { settings: { tau: 0.005 } },
  'prioritized replay': { sampling: { kind: 'prioritized' } },
  'normalized observations': { settings: { observationNorm: 'running' } },
  'normalized rewards': { settings: { rewardNorm: 'return' } },
  'half as many updates': { stepsPerUpdate: 50, settings: { lrDecayStart: 2900, lrDecayEnd: 5800 } },
  'batches of 512': { batchSize: 512 },
  'layers of 128': { settings: { hidden: [128, 128] } },
  'one copy of the environment': { envs: 1 },
  'attention over the others': { algorithm: 'attention-maddpg' },
};

export const cooperativeNavigationChanges: ResultTable = {
  name: 'cooperative-navigation-changes',
  title: 'What each part of the settings gives',
  about: `MADDPG in cooperative navigation, once more. The first row has the settings of the first table, those of \`npm start\`. Each
other row changes one thing.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_spread' },
    list: Object.entries(changes).map(([name, change]) => ({ ...change, name })),
    seeds: 5,
  },
  base: 'unchanged',
  measures: ['all covered', 'all within 0.2', 'all within 0.4'],
};
