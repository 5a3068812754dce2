/** The flags of `train` that change settings: all of them follow from the tables of settings. */
import {
  type AlgorithmName,
  algorithmNames,
  algorithms,
  completeConfig,
  defaultConfig,
  explorationSettings,
  type RunConfig,
  type RunOptions,
  runSettings,
  type Setting,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';
import { Option } from 'commander';

/** A setting that has a flag, and where it is in a configuration. */
interface Flag {
  /** As commander has it: `explorationInitial`. */
  readonly attribute: string;
  readonly group?: 'sampling' | 'exploration' | 'settings';
  readonly name: string;
  readonly setting: Setting<unknown>;
  /** What its help begins with, where it is not for every run. */
  readonly owner?: string;
}

/** Every setting, in the order of the help. */
export const flags: readonly Flag[] = [
  ...Object.entries(runSettings).map(([name, setting]) => ({ attribute: name, name, setting })),
  ...inGroup('sampling', samplingSettings),
  ...inGroup('exploration', explorationSettings),
  ...inAlgorithms(),
];

function inGroup(group: 'sampling' | 'exploration', table: SettingsTable): Flag[] {
  return Object.entries(table).map(([name, setting]) => ({
    attribute: `${group}${name[0].toUpperCase()}${name.slice(1)}`,
    group,
    name,
    setting,
    ...(setting.only && { owner: setting.only }),
  }));
}

/** The settings of all algorithms, each once. */
function inAlgorithms(): Flag[] {
  const tables = algorithmNames.map(
    (algorithm) => [algorithm, algorithms[algorithm].settings as SettingsTable] as const,
  );
  const names = new Set(tables.flatMap(([, table]) => Object.keys(table)));
  return [...names].map((name) => {
    const owners = tables.filter(([, table]) => name in table);
    // Most settings belong to MADDPG and its variants, or to all: only the others say whose they are.
    const few = owners.length <= 2 ? { owner: owners.map(([algorithm]) => algorithm).join(', ') } : {};
    return { attribute: name, group: 'settings' as const, name, setting: owners[0][1][name], ...few };
  });
}

/** The flag of a setting. */
export function flagOf(group: Flag['group'], name: string): string {
  return `--${kebabCase(flags.find((flag) => flag.group === group && flag.name === name)!.attribute)}`;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** As commander's options, without defaults: what is not given stays undefined. */
export function options(): Option[] {
  return flags.map(({ attribute, setting: { kind, meaning }, owner }) => {
    const range =
      'enum' in kind.schema ? `; one of ${(kind.schema.enum as readonly string[]).join(', ')}` : '';
    return new Option(
      `--${kebabCase(attribute)} ${kind.argument}`,
      `${owner ? `${owner}: ` : ''}${meaning}${range}`,
    ).argParser((text) => kind.parse(text));
  });
}

/** A configuration with the given flags in their places. */
export function withFlags(base: RunOptions, given: Readonly<Record<string, unknown>>): RunConfig {
  const of = (group?: Flag['group']) =>
    Object.fromEntries(
      flags
        .filter((flag) => flag.group === group && given[flag.attribute] !== undefined)
        .map((flag) => [flag.name, given[flag.attribute]]),
    );
  const { sampling, exploration, settings, ...run } = base;
  const changed: RunOptions = { ...run, ...of() };
  const options = {
    ...changed,
    sampling: { ...ofKind(samplingSettings, sampling, of('sampling')), ...of('sampling') },
    exploration: { ...ofKind(explorationSettings, exploration, of('exploration')), ...of('exploration') },
    settings: { ...ofAlgorithm(changed.algorithm, settings), ...of('settings') },
  };
  return completeConfig(options, 'the options');
}

/** The group without the settings of another kind, where a flag changes the kind. */
function ofKind(table: SettingsTable, group: object = {}, { kind }: { kind?: unknown }): object {
  const entries = Object.entries(group);
  return Object.fromEntries(
    kind === undefined ? entries : entries.filter(([name]) => [undefined, kind].includes(table[name].only)),
  );
}

/** The settings that an algorithm has, of those of another. */
function ofAlgorithm(algorithm: AlgorithmName = defaultConfig.algorithm, settings: object = {}): object {
  const table = algorithms[algorithm]?.settings ?? {};
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name in table));
}

/** The value that each flag has without being given. */
export function defaultsOfFlags(base: RunOptions): Record<string, unknown> {
  const config = completeConfig(base);
  return Object.fromEntries(
    flags.map(({ attribute, group, name, setting }) => {
      const holder = (group ? config[group] : config) as Readonly<Record<string, unknown>>;
      return [attribute, holder[name] ?? setting.default];
    }),
  );
}
