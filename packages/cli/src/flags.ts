/** The flags of `train` that change settings. All of them are made from the tables of settings. */
import {
  algorithmNames,
  algorithms,
  completeConfig,
  explorationSettings,
  type RunConfig,
  type RunOptions,
  runSettings,
  type Setting,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';
import { Option } from 'commander';
import { changeConfig } from './change-config.js';

/** The topics of the flags, with their headings in the help. */
export const topics = {
  run: 'The run:',
  sampling: 'How batches are drawn from the replay memory:',
  exploration: 'How agents explore:',
  learning: 'How the networks learn, in every algorithm and in MADDPG and its variants:',
  algorithms: 'What single algorithms have:',
} as const;
export type Topic = keyof typeof topics;

/** A setting's flag, and the setting's place in a configuration. */
interface Flag {
  /** The flag's name in commander, such as `explorationInitial` for `--exploration-initial`. */
  readonly attribute: string;
  /** The group that the setting is in. Missing if it is not in a group. */
  readonly group?: 'sampling' | 'exploration' | 'settings';
  readonly name: string;
  readonly setting: Setting<unknown>;
  /** The help of the flag begins with this. Missing if the setting is for every run. */
  readonly owner?: string;
}

/** The flags of all settings, in the order of the help. */
export const flags: readonly Flag[] = [
  ...Object.entries(runSettings).map(([name, setting]) => ({ attribute: name, name, setting })),
  ...flagsOfGroup('sampling', samplingSettings),
  ...flagsOfGroup('exploration', explorationSettings),
  ...flagsOfAlgorithms(),
];

function flagsOfGroup(group: 'sampling' | 'exploration', table: SettingsTable): Flag[] {
  return Object.entries(table).map(([name, setting]) => ({
    attribute: `${group}${name[0].toUpperCase()}${name.slice(1)}`,
    group,
    name,
    setting,
    ...(setting.only && { owner: setting.only }),
  }));
}

/** The flags of all algorithms' settings. A setting that several algorithms have is there once. */
function flagsOfAlgorithms(): Flag[] {
  const tables = algorithmNames.map(
    (algorithm) => [algorithm, algorithms[algorithm].settings as SettingsTable] as const,
  );
  const names = new Set(tables.flatMap(([, table]) => Object.keys(table)));
  return [...names].map((name) => {
    const owners = tables.filter(([, table]) => name in table);
    // Most settings belong to MADDPG and its variants, or to all algorithms. Only the help of the others names the algorithm.
    const owner = owners.length <= 2 ? { owner: owners.map(([algorithm]) => algorithm).join(', ') } : {};
    return { attribute: name, group: 'settings' as const, name, setting: owners[0][1][name], ...owner };
  });
}

/** The flag of a setting, such as `--exploration-initial`. */
export function flagOf(group: Flag['group'], name: string): string {
  return `--${kebabCase(flags.find((flag) => flag.group === group && flag.name === name)!.attribute)}`;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flags as options for commander. They have no defaults: a flag that is not given stays undefined. */
export function flagOptions(): Option[] {
  return flags.map(({ attribute, group, setting: { range, meaning }, owner }) => {
    const words =
      'enum' in range.schema ? `; one of ${(range.schema.enum as readonly string[]).join(', ')}` : '';
    return new Option(
      `--${kebabCase(attribute)} ${range.argument}`,
      `${owner ? `${owner}: ` : ''}${meaning}${words}`,
    )
      .argParser((text) => range.parse(text))
      .helpGroup(topics[topicOf(group, owner)]);
  });
}

function topicOf(group: Flag['group'], owner: string | undefined): Topic {
  if (group === 'settings') return owner ? 'algorithms' : 'learning';
  return group ?? 'run';
}

/**
 * The configuration `base`, changed by the given flags. If a flag changes the algorithm or a range, the settings that
 * only the old one has are dropped. Throws on values out of range.
 */
export function withFlags(base: RunOptions, given: Readonly<Record<string, unknown>>): RunConfig {
  const givenIn = (group?: Flag['group']) =>
    Object.fromEntries(
      flags
        .filter((flag) => flag.group === group && given[flag.attribute] !== undefined)
        .map((flag) => [flag.name, given[flag.attribute]]),
    );
  const changes = {
    ...givenIn(),
    sampling: givenIn('sampling'),
    exploration: givenIn('exploration'),
    settings: givenIn('settings'),
  };
  return changeConfig(base, changes, 'the options');
}

/** Each flag's value if it is not given, by attribute. */
export function defaultsOfFlags(base: RunOptions): Record<string, unknown> {
  const config = completeConfig(base);
  return Object.fromEntries(
    flags.map(({ attribute, group, name, setting }) => {
      const values = (group ? config[group] : config) as Readonly<Record<string, unknown>>;
      return [attribute, values[name] ?? setting.default];
    }),
  );
}
