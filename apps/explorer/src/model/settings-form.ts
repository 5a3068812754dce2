/** A form for every setting of a run, from the tables of settings. */
import { algorithms, type RunConfig, type RunOptions } from '@paragrad/maddpg';
import { changeConfig } from 'paragrad/change-config';
import { type SettingPlace, settingPlaces, type Topic, topicOf, topics } from 'paragrad/setting-places';

/** A setting as a form shows it. */
export interface Field {
  /** Such as `settings.gamma`. */
  readonly path: string;
  readonly name: string;
  readonly topic: Topic;
  /** What it means. */
  readonly meaning: string;
  /** Which values there are, in words. */
  readonly range: string;
  /** The words to choose from; missing if the value is typed. */
  readonly words?: readonly string[];
  readonly isSwitch: boolean;
  readonly isNumber: boolean;
  /** The value as text; '' if there is none. */
  readonly text: string;
}

/** The heading of each topic. */
export const headings = Object.fromEntries(
  Object.entries(topics).map(([topic, heading]) => [topic, heading.slice(0, -1)]),
) as Readonly<Record<Topic, string>>;

/** The settings that this configuration has, in the order of the help. */
export function fieldsOf(config: RunConfig): Field[] {
  return settingPlaces
    .filter((place) => exists(config, place))
    .map((place) => {
      const { inWords, schema } = place.setting.range;
      const words = 'enum' in schema ? { words: schema.enum as readonly string[] } : {};
      const type = 'type' in schema ? schema.type : undefined;
      return {
        path: pathOf(place),
        name: place.name,
        topic: topicOf(place),
        meaning: place.setting.meaning,
        range: inWords,
        ...words,
        isSwitch: type === 'boolean',
        isNumber: type === 'number' || type === 'integer',
        text: textOf(valueIn(config, place)),
      };
    });
}

/** The configuration with this setting changed to what the text means. Throws if it means no possible value. */
export function withField(config: RunConfig, path: string, text: string): RunConfig {
  const place = settingPlaces.find((one) => pathOf(one) === path);
  if (!place) throw new Error(`There is no setting ${path}.`);
  const { range, default: initial } = place.setting;
  const value = text === '' && initial === undefined ? undefined : range.parse(text);
  const change = { [place.name]: value };
  const changes = (place.group ? { [place.group]: change } : change) as RunOptions;
  return changeConfig(config, changes, 'the settings');
}

/** The settings that differ: their paths and texts. */
export function changedFields(
  config: RunConfig,
  from: RunConfig,
): readonly (readonly [path: string, text: string])[] {
  return settingPlaces
    .filter((place) => textOf(valueIn(config, place)) !== textOf(valueIn(from, place)))
    .map((place) => [pathOf(place), textOf(valueIn(config, place))] as const);
}

function exists(config: RunConfig, { group, name, owner }: SettingPlace): boolean {
  if (group === 'settings') return name in algorithms[config.algorithm].settings;
  return owner === undefined || group === undefined || (config[group] as { kind?: string }).kind === owner;
}

function valueIn(config: RunConfig, { group, name }: SettingPlace): unknown {
  return ((group ? config[group] : config) as Readonly<Record<string, unknown>>)[name];
}

function pathOf({ group, name }: SettingPlace): string {
  return group ? `${group}.${name}` : name;
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
