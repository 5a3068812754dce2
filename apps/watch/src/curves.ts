/** Curves from the rows of runs. */
import type { Row } from 'paragrad/messages';
import type { Run } from './runs.js';

type Values = readonly (number | null)[];

export interface Curve {
  readonly x: readonly number[];
  readonly y: Values;
  /** The lowest and the highest of several runs. Missing if there is only one. */
  readonly low?: Values;
  readonly high?: Values;
}

/** A number of a row of a run. */
export type Reading = (row: Row, run: Run) => number | null;

export const column =
  (name: string): Reading =>
  (row, { columns }) =>
    row[columns.indexOf(name)] ?? null;

/** What clipping left of a gradient: 1 is all of it. Of a norm that was measured before. */
export const clipRatio =
  (normName: string): Reading =>
  (row, run) => {
    const norm = column(normName)(row, run);
    const most = settingOf(run, 'maxGradNorm');
    const clipsEachAlone = run.config?.algorithm === 'openai-maddpg'; // each parameter by its own norm
    return norm === null || most === undefined || clipsEachAlone ? null : Math.min(1, most / norm);
  };

/**
 * What the critic expects of the actor's own actions. In every algorithm with actors, that is what they ascend: the loss is minus
 * Q, plus a small penalty on the logits of choices; in an ensemble, the part of one of its members.
 */
export const qValue =
  (agent: string): Reading =>
  (row, run) => {
    const loss = column(`actorLoss:${agent}`)(row, run);
    return loss === null ? null : -loss * (settingOf(run, 'ensembleSize') ?? 1);
  };

function settingOf({ config }: Run, name: string): number | undefined {
  return (config?.settings as Readonly<Record<string, number>> | undefined)?.[name];
}

/**
 * The mean over the runs, after smoothing each, where at least half of them have got to. `smoothing`: the part of the curve that
 * is averaged around each point.
 */
export function curveOf(runs: readonly Run[], reading: Reading, smoothing: number): Curve {
  const size = Math.max(1, ...runs.map((run) => run.size));
  const tables = runs.map((run) => {
    const factor = size / run.size;
    const x = joined(
      run.rows.map((row) => row[0] ?? null),
      factor,
    );
    const y = joined(
      run.rows.map((row) => reading(row, run)),
      factor,
    );
    return { x, y: smoothed(y, smoothing) };
  });
  const length = Math.max(0, ...tables.map(({ y }) => y.length));
  const curve = { x: [] as number[], y: [] as number[], low: [] as number[], high: [] as number[] };
  for (let i = 0; i < length; i++) {
    const values = tables.flatMap(({ y }) => y[i] ?? []);
    const xs = tables.flatMap(({ x }) => x[i] ?? []);
    if (xs.length === 0 || values.length === 0 || values.length < runs.length / 2) continue;
    curve.x.push(Math.max(...xs)); // the last row of a run may not be full
    curve.y.push(mean(values));
    curve.low.push(Math.min(...values));
    curve.high.push(Math.max(...values));
  }
  return runs.length > 1 ? curve : { x: curve.x, y: curve.y };
}

/** The mean over the runs of the evaluations after the same episode. */
export function evaluationsOf(runs: readonly Run[], name: string): Curve {
  const at = new Map<number, number[]>();
  for (const { evaluations } of runs) {
    const [episodes, values] = ['episode', name].map((one) => evaluations.columns.indexOf(one));
    for (const row of evaluations.rows) {
      const [x, y] = [row[episodes], row[values]];
      if (typeof x === 'number' && typeof y === 'number') at.set(x, [...(at.get(x) ?? []), y]);
    }
  }
  const points = [...at].sort(([a], [b]) => a - b);
  return { x: points.map(([x]) => x), y: points.map(([, values]) => mean(values)) };
}

/** Means of `factor` neighbors. */
function joined(values: Values, factor: number): Values {
  if (factor === 1) return values;
  return Array.from({ length: Math.ceil(values.length / factor) }, (_, i) => {
    const known = values.slice(i * factor, (i + 1) * factor).filter((value) => value !== null);
    return known.length > 0 ? mean(known) : null;
  });
}

/** Each value becomes the mean of itself and its neighbors. At the ends, there are neighbors on one side only. */
export function smoothed(values: Values, part: number): Values {
  const half = Math.floor((values.length * part) / 2);
  if (half === 0) return values;
  // Sums up to each place, so that a window costs one subtraction.
  const sums = [0];
  const counts = [0];
  for (const value of values) {
    sums.push(sums.at(-1)! + (value ?? 0));
    counts.push(counts.at(-1)! + (value === null ? 0 : 1));
  }
  return values.map((value, i) => {
    if (value === null) return null;
    const [from, to] = [Math.max(0, i - half), Math.min(values.length, i + half + 1)];
    return (sums[to] - sums[from]) / (counts[to] - counts[from]);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
