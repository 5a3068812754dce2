import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';

const CROSS_PLAY = `The settings are those of the preset [\`tuned\`](presets.md), which were chosen for MADDPG. The others take them over, and nothing was tuned
for them: that favors MADDPG. MATD3 has no delay of the actors. IQL chooses its moves, with a learning rate of 0.001. QMIX has one value for
all agents, so it is not here.

Every team plays against the other team of every trained row and against scripted players, never against those with whom it was
trained. Each number is the mean over these opponents. There are no learning curves: in training, each team meets one that learns, too.`;

/** A table of a scenario with two teams. Both teams of a run have the same algorithm; seed k meets those of seed k + 1. */
function against(
  scenario: NonNullable<RunOptions['scenario']>,
  { about, ...table }: Omit<ResultTable, 'sweep'>,
): ResultTable {
  return {
    ...table,
    about: `${about}\n\n${CROSS_PLAY}`,
    sweep: {
      preset: 'tuned',
      run: { scenario },
      list: [
        { name: 'MADDPG' },
        { name: 'MATD3', algorithm: 'matd3', settings: { policyDelay: 1 } }, // no delay, as in cooperative navigation
        { name: 'independent DDPG', settings: { critic: 'independent' } },
        {
          name: 'IQL',
          algorithm: 'iql',
          actions: 'discrete',
          exploration: { kind: 'epsilon-greedy', initial: 1, final: 0.05, episodes: 2500 },
        },
      ],
      seeds: 5,
    },
  };
}

export const predatorPrey = against('simple_tag', {
  name: 'predator-prey',
  title: 'Predators and prey',
  about: `simple_tag: three slow predators hunt one fast prey between two obstacles. _Touched_ is the share of episodes with at least one touch,
and _touches_ counts predators at the prey, summed over the steps. For predators more touches are better, for the prey fewer.`,
  measures: ['touched', 'touched three times', 'touches'],
  kept: ['MADDPG'],
  crossPlay: { drawn: ['touched'] },
});

export const deception = against('simple_adversary', {
  name: 'deception',
  title: 'Physical deception',
  about: `simple_adversary: two good agents know which of two landmarks is the goal. The adversary wants to go there, too, and sees only the
agents. _Good within 0.4_ is the share of episodes in which a good agent is nearer to the goal than 0.4 at the last step, and so on. The
good team wants to be there without the adversary.`,
  measures: [
    ...['good within 0.1', 'good within 0.2', 'good within 0.4'],
    ...['adversary within 0.1', 'adversary within 0.2', 'adversary within 0.4'],
    ...['both within 0.4', 'neither within 0.4'],
  ],
  kept: ['MADDPG'],
  crossPlay: { drawn: ['good within 0.4', 'adversary within 0.4'] },
});

export const keepAway = against('simple_push', {
  name: 'keep-away',
  title: 'Keep-away',
  about: `simple_push: an agent goes to its goal. The adversary does not know the goal, and wants to push the agent away from it. The
distances are those of the last step.`,
  measures: ['agent to goal', 'adversary to goal'],
  crossPlay: { drawn: ['agent to goal'] },
});

export const worldComm = against('simple_world_comm', {
  name: 'world-comm',
  title: 'Predators with a leader',
  about: `simple_world_comm: four predators hunt two prey. One predator sees everything and can speak. The prey want to eat, and can
hide in forests.`,
  measures: ['touched', 'touched three times', 'touches'],
  crossPlay: { drawn: ['touched'] },
});

export const covertCommunication = against('simple_crypto', {
  name: 'covert-communication',
  title: 'Covert communication',
  about: `simple_crypto: Alice tells Bob one of two messages. Both have a key, and Eve listens without it. _Understood_ is the share of
steps in which the listener says the right message. A guess between the two messages is right in half of the steps, and a random word, one of
four, in a quarter. The scripted Eve repeats what she hears, and the words that others have learned are not the messages. Bob does not
hear Eve, so she changes nothing for him.`,
  measures: ['Bob understood', 'Eve understood'],
  crossPlay: { drawn: ['Bob understood', 'Eve understood'] },
});
