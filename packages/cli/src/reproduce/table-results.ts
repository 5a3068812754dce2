/** What came out of a table's runs, as plain data: results/<table>.json. */
import type { Evaluation, RunConfig } from '@paragrad/maddpg';
import { RunFolder } from '../run/run-folder.js';
import { lastEvaluation, MEAN_RETURN } from '../run/run-returns.js';
import { labelOf } from '../sweep/axes.js';
import type { TrainedSweep } from '../sweep/train-sweep.js';
import type { ResultTable } from './result-table.js';

/** For each measure, such as `mean return`, a value of each seed, in the order of the seeds. */
export type Values = Readonly<Record<string, readonly number[]>>;

/** Runs that differ only in their seed. */
export interface RowResults {
  readonly name: string;
  /** Without the seed. */
  readonly config: Omit<RunConfig, 'seed'>;
  readonly seeds: readonly number[];
  /** Environment steps of a run. */
  readonly steps: number;
  /** How long each run trained. */
  readonly minutes: readonly number[];
  readonly values: Values;
  /** The evaluations in training: after so many steps, the mean return of each seed. */
  readonly curve: { readonly steps: readonly number[]; readonly returns: readonly (readonly number[])[] };
}

export interface TableResults {
  readonly table: string;
  readonly scenario: string;
  /** The command that wrote this. */
  readonly command: string;
  /** Of each evaluation. */
  readonly episodes: number;
  readonly rows: readonly RowResults[];
  /** The same measures of random actions and of scripted players, on the same episodes as the first row. */
  readonly yardsticks: Readonly<Record<(typeof yardsticks)[number], Values>>;
  readonly crossPlay?: CrossPlay;
}

/** What came out when the teams of all rows played against those of all others. */
export interface CrossPlay {
  /** A digest of the policies that played, and of what was measured. Files of earlier versions have none. */
  readonly digest?: string;
  /** The rows, then scripted players, then random actions. */
  readonly players: readonly string[];
  /** The first team, then the second one. */
  readonly teams: readonly string[];
  /** By team and player: a value of each seed, the mean over all opponents but those with random actions. */
  readonly results: Readonly<Record<string, Readonly<Record<string, Values>>>>;
  /** By measure: a row for each player as the first team, a column for each as the second; means over the seeds. */
  readonly matrices: Readonly<Record<string, readonly (readonly number[])[]>>;
}

export const yardsticks = ['random actions', 'scripted players'] as const;

/** Reads the runs of a table. Rows without a finished run are left out. */
export function resultsOfTable({ name, sweep }: ResultTable, { folder, runs }: TrainedSweep): TableResults {
  const finished = runs.filter((run) => folder.stateOf(run.name) === 'finished');
  const rows = sweep.list.flatMap((row) => {
    if (!runs.some((run) => run.name === runName(row.name, run.config.seed))) {
      throw new Error(`reproduce ${name}: no run belongs to the row ${row.name}; give it a shorter name`);
    }
    const own = finished.filter((run) => run.name === runName(row.name, run.config.seed));
    return own.length > 0 ? [{ row, own: own.map((run) => readRun(folder.pathOf(run.name))) }] : [];
  });
  const [first] = rows;
  if (!first) throw new Error(`reproduce ${name}: no run is finished`);
  return {
    table: name,
    scenario: first.own[0].config.scenario,
    command: `paragrad reproduce ${name}`,
    episodes: first.own[0].config.evaluationEpisodes,
    rows: rows.map(({ row, own }) => rowOf(row.name, own)),
    yardsticks: {
      'random actions': valuesOf(first.own.map(({ evaluations }) => evaluations['random actions'])),
      'scripted players': valuesOf(first.own.map(({ evaluations }) => evaluations['scripted players'])),
    },
  };
}

/** The run of a row with this seed, as a sweep names it. */
export function runName(row: string, seed: number): string {
  return `${labelOf(row, row)},seed=${seed}`;
}

interface ReadRun {
  readonly config: RunConfig;
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  readonly steps: number;
  readonly seconds: number;
  readonly curve: readonly (readonly [steps: number, meanReturn: number])[];
}

function readRun(path: string): ReadRun {
  const folder = RunFolder.open(path);
  const { steps, seconds = 0 } = folder.readStatus()!;
  const { steps: at = [], meanReturn = [] } = folder.log.evaluations.read();
  return {
    config: folder.readConfig(),
    evaluations: lastEvaluation(folder)!,
    steps,
    seconds,
    curve: at.map((step, k) => [step, meanReturn[k]]),
  };
}

function rowOf(name: string, runs: readonly ReadRun[]): RowResults {
  const [{ config, steps }] = runs;
  const { seed: _, ...others } = config;
  const points = Math.min(...runs.map(({ curve }) => curve.length));
  return {
    name,
    config: others,
    seeds: runs.map((run) => run.config.seed),
    steps,
    minutes: runs.map(({ seconds }) => round(seconds / 60)),
    values: valuesOf(runs.map(({ evaluations }) => evaluations.trained)),
    curve: {
      steps: runs[0].curve.slice(0, points).map(([step]) => step),
      returns: runs.map(({ curve }) => curve.slice(0, points).map(([, value]) => round(value))),
    },
  };
}

/** The measures of each evaluation. */
export function valuesOf(evaluations: readonly Evaluation[]): Values {
  const measures = evaluations.map(
    ({ meanReturn, teams = {}, metrics }): Record<string, number> => ({
      [MEAN_RETURN]: meanReturn,
      ...Object.fromEntries(
        Object.entries(teams).map(([team, one]) => [`return of ${team}`, one.meanReturn]),
      ),
      ...metrics,
    }),
  );
  return Object.fromEntries(
    Object.keys(measures[0]).map((measure) => [measure, measures.map((one) => round(one[measure]))]),
  );
}

/** Six digits are enough for any table, and keep the files small. */
export function round(value: number): number {
  return Number(value.toPrecision(6));
}
