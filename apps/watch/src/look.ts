/** Which line has which color and dashes. */
import { type HexColor, makeEnv, palette } from '@paragrad/mpe';
import { DASHES, GROUP_COLORS, isDark, readable } from './colors.js';
import type { Group, Run } from './runs.js';

export interface Look {
  readonly color: string;
  readonly dash: readonly number[];
}

const cached = new Map<string, ReadonlyMap<string, HexColor>>();

/** The agents' colors in the pictures, by name. */
function colorsOf({ config }: Run): ReadonlyMap<string, HexColor> {
  const key = JSON.stringify([config?.scenario, config?.env]);
  const known = cached.get(key);
  if (known || !config) return known ?? new Map();
  const env = makeEnv(config.scenario, { ...config.env, actionMode: 'force' });
  env.reset({ seed: 1 });
  const shapes = env
    .scene()
    .shapes.filter(({ kind, fill }) => kind === 'agent' && fill)
    .reverse();
  const colors = new Map(shapes.map(({ name, fill }) => [name!, fill as HexColor])); // the disc comes before its triangle
  cached.set(key, colors);
  return colors;
}

/** A single group: agents have the colors of the pictures. Several: a group has a color, and an agent has dashes. */
export function lookOf(groups: readonly Group[], group: Group, who: string, names: readonly string[]): Look {
  const at = Math.max(0, names.indexOf(who));
  if (groups.length > 1) {
    const k = groups.indexOf(group);
    return { color: groupColor(k), dash: DASHES[(at + Math.floor(k / GROUP_COLORS.length)) % DASHES.length] };
  }
  const colors = colorsOf(group.runs[0]);
  const color = colors.get(who) ?? (who === 'adversaries' ? palette.adversaries[0] : palette.good[0]);
  const before = names.slice(0, at).filter((other) => colors.get(other) === color).length;
  return { color: readable(color, isDark()), dash: DASHES[before % DASHES.length] };
}

export function groupColor(index: number): string {
  return readable(GROUP_COLORS[index % GROUP_COLORS.length], isDark());
}
