import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';
import { algorithms, chosen, rowOf } from './chosen-rows.js';
import { shortRun } from './short-run.js';

const ROWS = `The settings were searched for with MADDPG, in [single runs](presets.md#tried-for-communication). MATD3, which has no delay of the actors, and
independent DDPG take them over. IQL and QMIX have the discount and the rate that were best for them in cooperative navigation. Nothing was
tuned for these four: that favors MADDPG.`;

/** A table in which agents tell each other where to go. `changed` is MADDPG with another setting than the preset's. */
function communicating(
  scenario: NonNullable<RunOptions['scenario']>,
  changed: RunOptions & { readonly name: string },
  { about, ...table }: Omit<ResultTable, 'sweep' | 'measures' | 'kept'>,
): ResultTable {
  return {
    ...table,
    about: `${about}\n\n${ROWS}`,
    sweep: {
      preset: 'tuned',
      run: { scenario },
      list: [
        { name: 'MADDPG' },
        changed,
        { ...algorithms.MATD3, name: 'MATD3' },
        { ...algorithms['independent DDPG'], name: 'independent DDPG' },
        ...['IQL', 'QMIX'].map((name) => ({ ...rowOf(name, chosen[name]), name })),
      ],
      seeds: 5,
    },
    measures: ['target reach', 'distance'],
    kept: ['MADDPG'],
  };
}

const without = { settings: { valueRescaling: 0 }, name: 'MADDPG without value rescaling' };

export const communication = communicating('simple_speaker_listener', without, {
  name: 'communication',
  title: 'Cooperative communication',
  about: `simple_speaker_listener: a speaker sees which of three landmarks is the goal, and a listener has to go there. _Target reach_ is the
share of episodes in which the listener touches the goal at the last step: its center is nearer than 0.115. The distance is that of the
last step. All but the Q-learners have [value rescaling](value-rescaling.md); the second row is MADDPG without it. A listener that ignores the
speaker, and waits between the landmarks, already gets most of the way: the target reach shows whether they talk.`,
  quick: { run: shortRun, measure: 'way', atLeast: { MADDPG: 50 } },
});

const withRescaling = { settings: { valueRescaling: 100 }, name: 'MADDPG with value rescaling' };

export const reference = communicating('simple_reference', withRescaling, {
  name: 'reference',
  title: 'Reference',
  about: `simple_reference: two agents. Each knows to which of three landmarks the other has to go. _Target reach_ is the share of
agents that touch their landmark at the last step: their center is nearer than 0.1. Here [value rescaling](value-rescaling.md) does not help.`,
});
