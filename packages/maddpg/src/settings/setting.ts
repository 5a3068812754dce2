/** Tables of settings, and what follows from them: the types, the defaults, and the check of given settings. */

import {
  ArgumentError,
  type Check,
  checkArgument,
  noSuch,
  object,
  type Range,
  text,
  wrongValueInWords,
} from '@paragrad/check';
import type { Generator } from '@paragrad/tensor';

/** A setting. Its type, its check, its flag, its row in the docs and its JSON schema follow from this. */
export interface Setting<T> {
  /** Its value if none is given. Undefined: it is optional. */
  readonly default: T;
  /** Which values it can have. */
  readonly range: Range<Exclude<T, undefined>>;
  /** A short phrase that stands alone, for help and docs. */
  readonly meaning: string;
  /** This setting exists only if the table's setting `kind` has this value. */
  readonly only?: string;
}

/** Settings by name. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** The values that a table describes. A setting without a default is optional. */
export type SettingsOf<Table> = {
  readonly [Name in keyof Table as undefined extends ValueOf<Table[Name]> ? never : Name]: ValueOf<
    Table[Name]
  >;
} & {
  readonly [Name in keyof Table as undefined extends ValueOf<Table[Name]> ? Name : never]?: Exclude<
    ValueOf<Table[Name]>,
    undefined
  >;
};
/** The type of the value that a setting describes. */
export type ValueOf<OneSetting> = OneSetting extends Setting<infer T> ? T : never;

const aRange: Check<Range<unknown>> = {
  inWords: 'a range, such as those of @paragrad/check',
  accepts: (value): value is Range<unknown> =>
    typeof (value as Range<unknown> | null | undefined)?.accepts === 'function',
};

/**
 * One setting of a table: `gamma: setting(0.99, from0To1, 'discount factor γ')`.
 *
 * @param initial the default.
 * @param range the values that it can have, such as those of `@paragrad/check`.
 * @param meaning a short phrase that stands alone, for help and docs.
 * @throws ArgumentError if the default is out of range.
 */
export function setting<T>(initial: T, range: Range<T>, meaning: string): Setting<T> {
  checkArgument('setting', 'range', range, aRange);
  if (initial !== undefined) checkArgument('setting', 'the default', initial, range);
  checkArgument('setting', 'meaning', meaning, text);
  return { default: initial, range: range as Setting<T>['range'], meaning };
}

/** A setting without a default: it may stay undefined. */
export function optional<T>(range: Range<T>, meaning: string): Setting<T | undefined> {
  return setting<T | undefined>(undefined, range as Range<T | undefined>, meaning);
}

/** A setting that exists only if the table's setting `kind` has this value. */
export function onlyForKind<T>(value: string, given: Setting<T>): Setting<T | undefined> {
  return { ...given, only: value } as Setting<T | undefined>;
}

/** The same table with other defaults for some settings. */
export function withDefaults<Table extends SettingsTable>(
  table: Table,
  defaults: Partial<SettingsOf<Table>>,
): Table {
  const changed = Object.entries(defaults).map(([name, value]) => [name, { ...table[name], default: value }]);
  return { ...table, ...Object.fromEntries(changed) };
}

/** The default of every setting in the table. */
export function defaultsOf<Table extends SettingsTable>(table: Table): SettingsOf<Table> {
  checkArgument('defaultsOf', 'table', table, object);
  for (const [name, one] of Object.entries(table)) checkArgument('defaultsOf', name, one, object);
  return tryCompleteSettings(table, {}).settings;
}

/**
 * The given settings, with defaults for those that are missing or undefined.
 * `further` says where else an unknown one may belong, as `noSuch` of check takes it.
 *
 * @throws ArgumentError on unknown settings and on values out of range; the message begins with `owner`.
 */
export function completeSettings<Table extends SettingsTable>(
  owner: string,
  table: Table,
  given: object,
  further: ErrorTexts['further'] = {},
): SettingsOf<Table> {
  checkArgument(owner, 'the settings', given, object);
  const { settings, problems } = tryCompleteSettings(table, given, { further });
  if (problems.length > 0) throw new ArgumentError(`${owner}: ${problems.join('; ')}`);
  return settings;
}

/** What the problems of `tryCompleteSettings` say besides the settings' names. */
interface ErrorTexts {
  /** It comes before each setting's name. */
  prefix?: string;
  /** What does not have an unknown setting. */
  owner?: string | undefined;
  /** Where else an unknown setting may belong, as `noSuch` of check takes it. */
  further?: Readonly<Record<string, readonly string[]>>;
}

/** Like `completeSettings`, but returns the problems instead of throwing. */
export function tryCompleteSettings<Table extends SettingsTable>(
  table: Table,
  given: object,
  { prefix = '', owner, further }: ErrorTexts = {},
): { settings: SettingsOf<Table>; problems: string[] } {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  const problems = defined
    .filter(([name]) => !Object.hasOwn(table, name))
    .map(
      ([name]) =>
        `${owner ? `${owner} has` : 'there is'} ${noSuch('setting', name, Object.keys(table), prefix, further)}`,
    );
  const values: Record<string, unknown> = Object.fromEntries(defined);
  const tableKind = values.kind ?? table.kind?.default;
  const settings: Record<string, unknown> = {};
  for (const [name, { default: initial, range, only }] of Object.entries(table)) {
    const applies = only === undefined || only === tableKind;
    const value = Object.hasOwn(values, name) ? values[name] : applies ? initial : undefined;
    if (value === undefined) continue;
    if (!applies) {
      problems.push(
        `${prefix}${name} is given, but ${prefix}kind is '${tableKind}'; only '${only}' has this setting`,
      );
    } else if (!range.accepts(value)) {
      problems.push(wrongValueInWords(`${prefix}${name}`, value, range));
    }
    settings[name] = value;
  }
  return { settings: settings as SettingsOf<Table>, problems };
}

/** What an algorithm's constructor takes: any of its settings, and the generator that draws the initial weights. */
export type AlgorithmOptions<Settings> = Partial<Settings> & {
  /** Draws the initial weights, and later whatever is random in acting and in updates: a seed decides everything. */
  generator: Generator;
};
