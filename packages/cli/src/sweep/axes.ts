/** Settings that vary: from nested lists of values, as in a configuration, to what a run changes. */
import { ArgumentError, describe, object } from '@paragrad/check';
import {
  algorithmNames,
  algorithms,
  explorationSettings,
  type RunOptions,
  runSettings,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';

/** A list for each setting, in the form of a configuration. */
export type Axes = Readonly<Record<string, unknown>>;

/** A setting that varies. */
export interface Axis<Values> {
  readonly group?: Group;
  readonly name: string;
  readonly values: Values;
}

/** What a run changes, and how that is named, such as `gamma=0.9,tau=0.1`. */
export interface Change {
  readonly values: readonly Axis<unknown>[];
  readonly label: string;
}

const groups = ['env', 'sampling', 'exploration', 'settings'] as const;
type Group = (typeof groups)[number];
const isGroup = (name: string): name is Group => (groups as readonly string[]).includes(name);

/** The settings in an object that has the form of a configuration. Their names are checked later, with the whole configuration. */
export function leavesOf(nested: Axes, source: string): Axis<unknown>[] {
  return Object.entries(nested).flatMap(([name, values]) => {
    if (name === 'seed') throw new ArgumentError(`${source}: seed is given; give seeds, beside run`);
    if (!isGroup(name)) {
      const group = Object.hasOwn(runSettings, name) ? undefined : groupOf(name);
      if (group) {
        throw new ArgumentError(
          `${source}: ${name} belongs to ${group}; give { "${group}": { "${name}": ... } }`,
        );
      }
      return [{ name, values }];
    }
    if (!object.accepts(values)) {
      throw new ArgumentError(`${source}.${name} is ${describe(values)}; give an object of settings`);
    }
    return Object.entries(values).map(([inner, one]) => ({ group: name, name: inner, values: one }));
  });
}

/** The table of a group's setting; that of the first algorithm that has it. undefined if there is no such setting. */
export function tableOf(group: Group | undefined, name: string): SettingsTable | undefined {
  const tables: readonly SettingsTable[] = {
    env: [],
    sampling: [samplingSettings],
    exploration: [explorationSettings],
    settings: algorithmNames.map((algorithm) => algorithms[algorithm].settings),
    none: [runSettings],
  }[group ?? 'none'];
  return tables.find((table) => Object.hasOwn(table, name));
}

const groupOf = (name: string) => groups.find((group) => tableOf(group, name));

/** The settings of a grid. Throws if one has no list of values. */
export function axesOf(grid: Axes, source: string): Axis<readonly unknown[]>[] {
  return leavesOf(grid, source).map(({ group, name, values }) => {
    if (Array.isArray(values) && values.length > 0) return { ...(group && { group }), name, values };
    const path = [source, group, name].filter(Boolean).join('.');
    throw new ArgumentError(`${path} is ${describe(values)}; give an array of values, such as [1, 2]`);
  });
}

/** Every way to give each setting one of its values. */
export function combinationsOf(axes: readonly Axis<readonly unknown[]>[]): Change[] {
  return combine(axes.map((axis) => axis.values.map((value) => changeOf([{ ...axis, values: value }]))));
}

/** Every way to take one change of each part. */
export function combine(parts: readonly (readonly Change[])[]): Change[] {
  return parts.reduce<Change[]>(
    (before, part) =>
      before.flatMap((first) =>
        part.map((next) => ({
          values: [...first.values, ...next.values],
          label: [first.label, next.label].filter(Boolean).join(','),
        })),
      ),
    [{ values: [], label: '' }],
  );
}

/** A change that is named by its values. */
export function changeOf(values: readonly Axis<unknown>[]): Change {
  const label = values
    .map(
      ({ group, name, values: value }) =>
        `${group && group !== 'settings' ? `${group}.` : ''}${name}=${inName(value)}`,
    )
    .join(',');
  return { values, label };
}

/** The change as a configuration. Throws if a setting is changed twice. */
export function optionsOf({ values }: Change, source: string): RunOptions {
  const options: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const { group, name, values: value } of values) {
    const path = group ? `${group}.${name}` : name;
    if (seen.has(path)) {
      throw new ArgumentError(`${source}: ${path} varies twice; give it in one of list, grid and random`);
    }
    seen.add(path);
    if (group) options[group] = { ...(options[group] as object), [name]: value };
    else options[name] = value;
  }
  return options;
}

/** Longer names would be cut off by some file systems, with the seed. */
const LONGEST = 150;

/** A label as part of a folder's name. */
export function labelOf(label: string, short: string): string {
  const safe = label.replace(/[^\w.,=+-]+/g, '-').replace(/^\.+/, '');
  return safe.length > LONGEST ? short : safe;
}

/** A value as part of a name: 64x64 for [64, 64]. */
function inName(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? value.map(inName).join('x') : 'none';
  return object.accepts(value) ? JSON.stringify(value) : String(value);
}
