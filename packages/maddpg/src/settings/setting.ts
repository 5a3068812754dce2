/** What a setting is: a default, a kind with its range, a meaning. Everything else about it follows from these. */
import type { Generator } from '@paragrad/tensor';
import { type Kind, object } from './kinds.js';

export interface Setting<T> {
  readonly default: T;
  readonly kind: Kind<Exclude<T, undefined>>;
  readonly meaning: string;
  /** The value of the table's own `kind` that this setting belongs to: with another one it is refused. */
  readonly only?: string;
}

/** Settings by name. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** The values that a table describes. What may be left out is optional. */
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
type ValueOf<One> = One extends Setting<infer T> ? T : never;

export function setting<T>(initial: T, kind: Kind<T>, meaning: string): Setting<T> {
  return { default: initial, kind: kind as Setting<T>['kind'], meaning };
}

/** A setting that may be left out for good. */
export function optional<T>(kind: Kind<T>, meaning: string): Setting<T | undefined> {
  return setting<T | undefined>(undefined, kind as Kind<T | undefined>, meaning);
}

/** A setting that exists only where the table's `kind` has this value. */
export function only<T>(kind: string, { kind: range, ...rest }: Setting<T>): Setting<T | undefined> {
  return { ...rest, kind: range as Setting<T | undefined>['kind'], only: kind };
}

/** The same settings, some of them with another default. */
export function withDefaults<Table extends SettingsTable>(
  table: Table,
  defaults: Partial<SettingsOf<Table>>,
): Table {
  const changed = Object.entries(defaults).map(([name, value]) => [name, { ...table[name], default: value }]);
  return { ...table, ...Object.fromEntries(changed) };
}

export function defaultsOf<Table extends SettingsTable>(table: Table): SettingsOf<Table> {
  return complete(table, {}).settings;
}

/**
 * The given settings, and the defaults of those that are missing or undefined. Throws, in the name of `owner`, on an unknown
 * setting and on a value outside its range.
 */
export function completeSettings<Table extends SettingsTable>(
  owner: string,
  table: Table,
  given: object,
): SettingsOf<Table> {
  const { settings, problems } = complete(table, given, { owner: 'this algorithm' });
  if (problems.length > 0) throw new Error(`${owner}: ${problems.join('; ')}`);
  return settings;
}

/** The same, with the problems as a list. They name a setting with the `group` that it is in, and `owner` as who has it. */
export function complete<Table extends SettingsTable>(
  table: Table,
  given: unknown,
  { group, owner = 'a run' }: { group?: string; owner?: string } = {},
): { settings: SettingsOf<Table>; problems: string[] } {
  if (!object.accepts(given)) {
    const { settings } = complete(table, {});
    return { settings, problems: [`${group ?? 'it'} ${shown(given)}; give ${object.range}`] };
  }
  const prefix = group === undefined ? '' : `${group}.`;
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  const unknown = defined.filter(([name]) => !Object.hasOwn(table, name));
  const problems = unknown.map(
    ([name]) => `${owner} has no setting ${prefix}${name}; it has ${Object.keys(table).join(', ')}`,
  );
  const values: Record<string, unknown> = Object.fromEntries(defined);
  const kind = values.kind ?? table.kind?.default;
  const settings: Record<string, unknown> = {};
  for (const [name, { default: initial, kind: range, only }] of Object.entries(table)) {
    const applies = only === undefined || only === kind;
    const value = Object.hasOwn(values, name) ? values[name] : applies ? initial : undefined;
    if (value === undefined) continue;
    if (!applies) problems.push(`${prefix}${name} with '${kind}'; only '${only}' has it`);
    else if (!range.accepts(value)) problems.push(`${prefix}${name} ${shown(value)}; give ${range.range}`);
    settings[name] = value;
  }
  return { settings: settings as SettingsOf<Table>, problems };
}

/** JSON would write NaN and Infinity as null. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}

/** What an algorithm's constructor takes: settings, each optional, and where the weights are drawn from. */
export type Options<Settings> = Partial<Settings> & { generator: Generator };
