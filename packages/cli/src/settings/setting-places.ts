/** Every setting with its place in a configuration, from the tables of settings: for flags, and for forms. */
import {
  algorithmNames,
  algorithms,
  explorationSettings,
  runSettings,
  type Setting,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';

/** The topics of the settings, with their headings in the help. */
export const topics = {
  run: 'The run:',
  sampling: 'How batches are drawn from the replay memory:',
  exploration: 'How agents explore:',
  learning: 'How the networks learn, in every algorithm and in MADDPG and its variants:',
  algorithms: 'What single algorithms have:',
} as const;
export type Topic = keyof typeof topics;

/** A setting, and where it is in a configuration. */
export interface SettingPlace {
  /** The group that the setting is in. Missing if it is not in a group. */
  readonly group?: 'sampling' | 'exploration' | 'settings';
  readonly name: string;
  readonly setting: Setting<unknown>;
  /** The only algorithms, or the only kind, that have this setting. Missing if it is for every run. */
  readonly owner?: string;
}

/** All settings, in the order of the help. */
export const settingPlaces: readonly SettingPlace[] = [
  ...Object.entries(runSettings).map(([name, setting]) => ({ name, setting })),
  ...placesInGroup('sampling', samplingSettings),
  ...placesInGroup('exploration', explorationSettings),
  ...placesOfAlgorithms(),
];

function placesInGroup(group: 'sampling' | 'exploration', table: SettingsTable): SettingPlace[] {
  return Object.entries(table).map(([name, setting]) => ({
    group,
    name,
    setting,
    ...(setting.only && { owner: setting.only }),
  }));
}

/** The settings of all algorithms. One that several algorithms have is there once. */
function placesOfAlgorithms(): SettingPlace[] {
  const tables = algorithmNames.map(
    (algorithm) => [algorithm, algorithms[algorithm].settings as SettingsTable] as const,
  );
  const names = new Set(tables.flatMap(([, table]) => Object.keys(table)));
  return [...names].map((name) => {
    const owners = tables.filter(([, table]) => name in table);
    // Most settings belong to MADDPG and its variants, or to all algorithms. Only the help of the others names the algorithm.
    const owner = owners.length <= 2 ? { owner: owners.map(([algorithm]) => algorithm).join(', ') } : {};
    return { group: 'settings' as const, name, setting: owners[0][1][name], ...owner };
  });
}

export function topicOf({ group, owner }: SettingPlace): Topic {
  if (group === 'settings') return owner ? 'algorithms' : 'learning';
  return group ?? 'run';
}
