import type { ResultTable } from '../result-table.js';
import { algorithms, chosen, rowOf } from './chosen-rows.js';
import { shortRun } from './short-run.js';

/**
 * Rows of both scenarios in which agents tell each other where to go. The actor-critics have the settings of the preset, and the
 * Q-learners those that were best in cooperative navigation.
 */
const rows = [
  { ...algorithms.MATD3, name: 'MATD3' },
  { ...algorithms['independent DDPG'], name: 'independent DDPG' },
  ...['IQL', 'QMIX'].map((name) => ({ ...rowOf(name, chosen[name]), name })),
];

export const communication: ResultTable = {
  name: 'communication',
  title: 'Cooperative communication',
  about: `simple_speaker_listener: a speaker sees which of three landmarks is the goal, and a listener has to go there. _Target reach_ is the
share of episodes in which the listener touches the goal at the last step: its center is nearer than 0.115. The distance is that of the
last step. What [value rescaling](value-rescaling.md) gives is in the second row.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_speaker_listener' },
    list: [
      { name: 'MADDPG' },
      { settings: { valueRescaling: 0 }, name: 'MADDPG without value rescaling' },
      ...rows,
    ],
    seeds: 5,
  },
  measures: ['target reach', 'distance'],
  kept: ['MADDPG'],
  quick: { run: shortRun, measure: 'way', atLeast: { MADDPG: 50 } },
};

export const reference: ResultTable = {
  name: 'reference',
  title: 'Reference',
  about: `simple_reference: two agents. Each knows to which of three landmarks the other has to go. _Target reach_ is the share of
agents that touch their landmark at the last step: their center is nearer than 0.1. Here [value rescaling](value-rescaling.md) does not help.`,
  sweep: {
    preset: 'tuned',
    run: { scenario: 'simple_reference' },
    list: [
      { name: 'MADDPG' },
      { settings: { valueRescaling: 100 }, name: 'MADDPG with value rescaling' },
      ...rows,
    ],
    seeds: 5,
  },
  measures: ['target reach', 'distance'],
  kept: ['MADDPG'],
};
