import { median, type Results, type Row } from './results.js';

/** Selects rows. A runtime matches by its beginning, such as 'Node 20.'. */
export interface Selection {
  readonly work: string;
  readonly by: string;
  readonly runtime?: string;
  readonly threads?: 'one' | 'all';
}

/** The selected row with the shortest time: the best kernel set, and the best number of threads. */
export function best(results: Results, { work, by, runtime = '', threads }: Selection): Row | undefined {
  return fastest(
    results.rows
      .filter((row) => row.work === work && row.by === by && row.runtime.startsWith(runtime))
      .filter((row) => !threads || (threads === 'one' ? row.threads === 1 : row.threads > 1)),
  );
}

/** The row with the shortest time. Undefined ones do not count. */
export function fastest(rows: readonly (Row | undefined)[]): Row | undefined {
  return rows
    .filter((row) => row !== undefined)
    .sort((a, b) => median(a.values) - median(b.values))
    .at(0);
}

/** The row of another library for the same work, from the process that measured `ours`. */
export function sameProcess({ rows }: Results, ours: Row, by: string): Row | undefined {
  const { work, runtime, kernels, threads } = ours;
  return rows.find(
    (row) =>
      row.by === by &&
      row.work === work &&
      row.runtime === runtime &&
      row.kernels === kernels &&
      row.threads === threads,
  );
}

/** The median of theirs / ours, round by round: a disturbance in a round affects both. */
export function ratioOf(theirs: Row, ours: Row): number {
  const rounds = Math.min(theirs.values.length, ours.values.length);
  return median(Array.from({ length: rounds }, (_, round) => theirs.values[round] / ours.values[round]));
}

export function milliseconds({ values }: Row): string {
  return `${Number(median(values).toPrecision(3))}`;
}
