/** The flags of `train` that change settings. All of them are made from the tables of settings. */
import { completeConfig, type RunConfig, type RunOptions } from '@paragrad/maddpg';
import { Option } from 'commander';
import { changeConfig } from './change-config.js';
import { type SettingPlace, settingPlaces, topicOf, topics } from './setting-places.js';

/** A setting's flag, and the setting's place in a configuration. */
interface Flag extends SettingPlace {
  /** The flag's name in commander, such as `explorationInitial` for `--exploration-initial`. */
  readonly attribute: string;
}

/** The flags of all settings, in the order of the help. The help of those with an owner begins with it. */
export const flags: readonly Flag[] = settingPlaces.map((place) => ({
  ...place,
  attribute: attributeOf(place),
}));

function attributeOf({ group, name }: SettingPlace): string {
  if (group === undefined || group === 'settings') return name;
  return `${group}${name[0].toUpperCase()}${name.slice(1)}`;
}

/** The flag of a setting, such as `--exploration-initial`. */
export function flagOf(group: Flag['group'], name: string): string {
  return `--${kebabCase(flags.find((flag) => flag.group === group && flag.name === name)!.attribute)}`;
}

/** The attributes of flags that belong to other algorithms, and not to this one. */
export function flagsOfOthers(algorithm: string | undefined): ReadonlySet<string> {
  const others = flags.filter(
    ({ group, owner }) => group === 'settings' && owner && !owner.split(', ').includes(algorithm ?? ''),
  );
  return new Set(others.map(({ attribute }) => attribute));
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flags as options for commander. They have no defaults: a flag that is not given stays undefined. */
export function flagOptions(): Option[] {
  return flags.map((flag) => {
    const { attribute, setting, owner } = flag;
    const { range, meaning } = setting;
    const words =
      'enum' in range.schema ? `; one of ${(range.schema.enum as readonly string[]).join(', ')}` : '';
    return new Option(
      `--${kebabCase(attribute)} ${range.argument}`,
      `${owner ? `${owner}: ` : ''}${meaning}${words}`,
    )
      .argParser((text) => range.parse(text))
      .helpGroup(topics[topicOf(flag)]);
  });
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
