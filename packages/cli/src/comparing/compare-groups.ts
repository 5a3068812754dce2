import type { RunConfig } from '@paragrad/maddpg';
import { type ChartRun, comparisonChart } from '../pictures/comparison-chart.js';
import { findSomeRuns } from '../run/find-runs.js';
import { RunFolder } from '../run/run-folder.js';
import {
  curvesOf,
  lastEvaluation,
  type Measures,
  measuresOf,
  type Returns,
  returnsOf,
} from '../run/run-returns.js';
import { differencesOf, type FlatSettings, flatSettings } from './settings-diff.js';
import { mean } from './statistics.js';

/** A run that is compared with others. */
export interface ComparedRun {
  readonly run: string;
  readonly config: RunConfig;
  readonly status: string;
  /** Of the trained policy. Missing if it was not evaluated. */
  readonly returns?: Returns;
}

/** Runs that differ only in their seed. */
export interface RunGroup {
  /** A, B, C, ... */
  readonly letter: string;
  /** Those in which the groups differ. */
  readonly settings: FlatSettings;
  readonly runs: readonly ComparedRun[];
}

export interface Comparison {
  readonly scenario: string;
  readonly measures: Measures;
  readonly groups: readonly RunGroup[];
  /** The same runs as others: of the same settings and the same seed. They are left out. */
  readonly repeated: readonly string[];
}

/** Reads runs and puts them into groups. Throws if one cannot be read, and if they are of different scenarios. */
export function compareRuns(paths: readonly string[]): Comparison {
  const all = findSomeRuns(paths).map(readRun);
  const { scenario } = all[0].config;
  checkSameScenario(all);
  const measures = measuresOf(all[0].config);
  const bySettings = new Map<string, ComparedRun[]>();
  const repeated: string[] = [];
  for (const one of all) {
    const { seed, ...others } = one.config;
    const key = JSON.stringify(flatSettings(others));
    const group = bySettings.get(key) ?? [];
    if (group.some(({ config }) => config.seed === seed)) repeated.push(one.run);
    else bySettings.set(key, [...group, one]);
  }
  const groups = [...bySettings.values()];
  const settings = differencesOf(groups.map(([{ config }]) => config));
  return {
    scenario,
    measures,
    groups: groups.map((runs, k) => ({
      letter: letterOf(k),
      settings: settings[k],
      runs: runs.sort((a, b) => a.config.seed - b.config.seed),
    })),
    repeated,
  };
}

function readRun(run: string): ComparedRun {
  const folder = RunFolder.open(run);
  const config = folder.readConfig();
  const status = folder.describeStatus() ?? 'of an earlier version';
  const trained = lastEvaluation(folder)?.trained;
  return { run, config, status, ...(trained && { returns: returnsOf(trained, measuresOf(config)) }) };
}

function checkSameScenario(runs: readonly ComparedRun[]): void {
  const [first] = runs;
  const other = runs.find(({ config }) => config.scenario !== first.config.scenario);
  if (!other) return;
  const { scenario } = first.config;
  throw new Error(
    `compare: ${first.run} is of ${scenario}, but ${other.run} of ${other.config.scenario}, and returns of different ` +
      `scenarios measure different things; give runs of one of them, such as runs/${scenario}-*`,
  );
}

/** A, ..., Z, AA, AB, ... */
function letterOf(k: number): string {
  return (k < 26 ? '' : letterOf(Math.floor(k / 26) - 1)) + String.fromCharCode(65 + (k % 26));
}

/** Such as "A: algorithm matd3, gamma 0.9". */
export function nameOfGroup({ letter, settings }: RunGroup): string {
  const differing = Object.entries(settings).map(([path, value]) => `${path.split('.').at(-1)} ${value}`);
  return differing.length > 0 ? `${letter}: ${differing.join(', ')}` : letter;
}

/** Learning curves and results of the groups, as an SVG picture. */
export function comparisonPicture({ scenario, measures, groups }: Comparison): string {
  const chartRun = ({ run, returns }: ComparedRun): ChartRun => ({
    curves: curvesOf(RunFolder.open(run), measures),
    ...(returns && { results: returns }),
  });
  return comparisonChart({
    title: scenario,
    measures: Object.keys(measures),
    curveCaption: 'training episodes, exploration noise included',
    groups: groups.map((group) => ({ name: nameOfGroup(group), runs: group.runs.map(chartRun) })),
    summary: { name: 'mean', statistic: mean },
  });
}
