/** A sweep's file: what it may say, and the runs that it stands for. */
import {
  ArgumentError,
  type Check,
  checkArgument,
  checkOptions,
  describe,
  either,
  integerFrom1,
  listOf,
  type OptionChecks,
  object,
  oneOf,
} from '@paragrad/check';
import {
  completeConfig,
  type PresetName,
  parseOptions,
  preset,
  presetNames,
  type RunConfig,
  type RunOptions,
  runSettings,
} from '@paragrad/maddpg';
import { changeConfig } from '../settings/change-config.js';
import { type Axes, axesOf, type Change, combinationsOf, combine, labelOf, optionsOf } from './axes.js';
import { type Draws, drawsOf } from './draws.js';

/** What a sweep's file says. Each entry of `list`, each point of `grid` and each draw are combined, with every seed. */
export interface SweepOptions {
  /** What the runs start from, such as 'tuned'. */
  readonly preset?: PresetName;
  /** What is the same in all runs. */
  readonly run?: RunOptions;
  /** How many seeds, from 1 on, or which ones. */
  readonly seeds?: number | readonly number[];
  /** A list of values for each setting: a configuration with arrays in the places of values. */
  readonly grid?: Axes;
  /** Configurations, each only with what differs from `run`. They may have names. */
  readonly list?: readonly (RunOptions & { readonly name?: string })[];
  readonly random?: Draws;
}

/** One run of a sweep. */
export interface SweepRun {
  /** The combination and the seed, such as `gamma=0.9,seed=2`. It names the folder. */
  readonly name: string;
  /** What differs from other runs, except the seed. Empty if nothing does. */
  readonly combination: string;
  readonly config: RunConfig;
}

const checks: OptionChecks<SweepOptions> = {
  preset: oneOf(...presetNames),
  run: object as Check<RunOptions>,
  seeds: either(integerFrom1, listOf(runSettings.seed.range)),
  grid: object as Check<Axes>,
  list: listOf(object) as Check<readonly RunOptions[]>,
  random: object as Check<Draws>,
};

const MOST_RUNS = 10_000;

/** A sweep file's text, checked as far as the file alone can be: `runsOf` checks the configurations. Errors begin with `source`. */
export function parseSweep(json: string, source: string): SweepOptions {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw new ArgumentError(`${source} is not JSON: ${(error as Error).message}`);
  }
  checkArgument(source, 'the sweep', content, object);
  const { $schema: _, ...options } = content as SweepOptions & { $schema?: string };
  if (Object.keys(options).length === 0) {
    throw new ArgumentError(`${source}: the sweep is empty; give ${Object.keys(checks).join(', ')}`);
  }
  checkOptions(source, options, checks);
  return options;
}

/** All runs, in the order of the file. Throws if a configuration is wrong, or if two runs are the same. */
export function runsOf(options: SweepOptions, source: string): SweepRun[] {
  const { run = {}, list, grid = {}, random } = options;
  // As parseOptions does for a configuration file, with the names of earlier versions.
  const common = options.preset ? run : parseOptions(JSON.stringify(run), `${source}: run`);
  const parts: Change[][] = [
    (list ?? [{}]).map(({ name, ...entry }, k) => changeOfEntry(entry, name, `${source}: list[${k}]`)),
    combinationsOf(axesOf(grid, `${source}: grid`)),
    random ? drawsOf(random, `${source}: random`) : combinationsOf([]),
  ];
  const seeds = seedsOf(options, common);
  const count = parts.reduce((product, part) => product * part.length, seeds.length);
  if (count === 0 || count > MOST_RUNS) {
    throw new ArgumentError(`${source}: these are ${count} runs; give from 1 to ${MOST_RUNS}`);
  }
  const runs = combine(parts).flatMap((one, k) => {
    const change = optionsOf(one, source);
    const combination = labelOf(one.label, `combination-${k + 1}`);
    const base = baseOf(options, common, change);
    return seeds.map((seed) => {
      const name = [combination, `seed=${seed}`].filter(Boolean).join(',');
      const env = { ...base.env, ...change.env };
      const config = changeConfig(base, { ...change, env, seed }, `${source}: ${name}`);
      return { name, combination, config };
    });
  });
  const names = new Set<string>();
  for (const { name } of runs) {
    if (names.has(name))
      throw new ArgumentError(`${source}: there are two runs ${name}; leave one of them out`);
    names.add(name);
  }
  return runs;
}

/** What the runs of a combination start from. The preset `tuned` depends on the scenario. */
function baseOf({ preset: name }: SweepOptions, common: RunOptions, change: RunOptions): RunOptions {
  if (!name) return common;
  const base = preset(name, change.scenario ?? common.scenario);
  return changeConfig(
    base,
    { ...common, env: { ...base.env, ...common.env } },
    `the preset ${name} with run`,
  );
}

function seedsOf({ seeds }: SweepOptions, common: RunOptions): readonly number[] {
  if (typeof seeds === 'number') return Array.from({ length: seeds }, (_, k) => k + 1);
  return seeds ?? [completeConfig(common).seed];
}

/** An entry of the list. Its name, if it has one, stands for all that differs. */
function changeOfEntry(entry: RunOptions, name: unknown, source: string): Change {
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new ArgumentError(`${source}: name is ${describe(name)}; give a text`);
  }
  const inArrays = Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [
      key,
      object.accepts(value)
        ? Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, [one]]))
        : [value],
    ]),
  );
  const [change] = combinationsOf(axesOf(inArrays as Axes, source));
  return name === undefined ? change : { ...change, label: name };
}
