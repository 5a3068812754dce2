/** What came out of a sweep: a row for each combination of settings. */
import { basename } from 'node:path';
import type { Evaluation } from '@paragrad/maddpg';
import { type Estimate, estimate, interquartileMean } from '../comparing/statistics.js';
import { comparisonChart } from '../pictures/comparison-chart.js';
import { RunFolder } from '../run/run-folder.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { estimateInWords } from '../text/in-words.js';
import { textTable } from '../text/text-table.js';
import type { SweepRun } from './sweep-file.js';
import type { SweepFolder } from './sweep-folder.js';

/** The returns of trained agents, without noise: of each team if there are several, otherwise their mean. */
type Scores = Readonly<Record<string, number>>;

/** The results of all seeds of a combination. */
export interface CombinationResult {
  /** What differs from the others; the scenario if nothing does. */
  readonly combination: string;
  readonly runs: readonly { readonly name: string; readonly seed: number; readonly returns: Scores }[];
  /** The interquartile mean over the seeds, with its interval. */
  readonly returns: Readonly<Record<string, Estimate>>;
}

export function scoresOf({ meanReturn, teams }: Evaluation): Scores {
  if (!teams) return { [MEAN_RETURN]: meanReturn };
  return Object.fromEntries(Object.entries(teams).map(([team, { meanReturn }]) => [team, meanReturn]));
}

/** Only of finished runs. A combination without any is left out. In the order of the file. */
export function resultsOf(folder: SweepFolder, runs: readonly SweepRun[]): CombinationResult[] {
  const finished = runs.filter(({ name }) => folder.stateOf(name) === 'finished');
  return [...new Set(finished.map(({ combination }) => combination))].map((combination) => {
    const own = finished
      .filter((run) => run.combination === combination)
      .map(({ name, config }) => ({
        name,
        seed: config.seed,
        scenario: config.scenario,
        returns: scoresOf(folder.readEvaluation(name).trained),
      }));
    return {
      combination: combination || own[0].scenario,
      runs: own.map(({ name, seed, returns }) => ({ name, seed, returns })),
      returns: Object.fromEntries(
        Object.keys(own[0].returns).map((team) => [
          team,
          estimate([own.map(({ returns }) => returns[team])], interquartileMean),
        ]),
      ),
    };
  });
}

/** The learning curves and results of all combinations, as an SVG picture. */
export function resultsPicture(folder: SweepFolder, results: readonly CombinationResult[]): string {
  return comparisonChart({
    title: basename(folder.path),
    measures: teamsOf(results),
    curveCaption: 'training episodes, exploration noise included',
    groups: results.map(({ combination, runs }) => ({
      name: combination,
      runs: runs.map(({ name, returns }) => ({
        curves: curvesOf(folder.pathOf(name), Object.keys(returns)),
        results: returns,
      })),
    })),
    summary: { name: 'IQM', statistic: interquartileMean },
  });
}

function curvesOf(run: string, measures: readonly string[]) {
  const metrics = RunFolder.open(run).log.metrics.read();
  const pointsOf = (measure: string) =>
    (metrics[measure === MEAN_RETURN ? 'meanReturn' : `return:${measure}`] ?? []).map((value, k) => ({
      episode: metrics.episode[k],
      value,
    }));
  return Object.fromEntries(measures.map((measure) => [measure, pointsOf(measure)]));
}

function teamsOf(results: readonly CombinationResult[]): string[] {
  return [...new Set(results.flatMap(({ returns }) => Object.keys(returns)))];
}

/** A column for each team. Combinations may have different ones, if they differ in the scenario. */
export function resultsTable(results: readonly CombinationResult[]): string {
  const teams = teamsOf(results);
  const rows = [
    ['', 'seeds', ...teams],
    ...results.map(({ combination, runs, returns }) => [
      combination,
      String(runs.length),
      ...teams.map((team) => (returns[team] ? estimateInWords(returns[team]) : '')),
    ]),
  ];
  return textTable(rows, 'lr');
}
