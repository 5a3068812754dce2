import type { MetricsUpdate, Row } from './messages.js';

/** More rows than a screen has room for are joined. */
const MOST_ROWS = 512;

interface Sum {
  readonly sums: number[];
  readonly counts: number[];
}

/**
 * A table that grows line by line, thinned: each row has the means of `size` neighboring episodes. When there are too many rows,
 * pairs are joined, and `size` doubles. So two runs with the same size have the same episodes in a row.
 */
export class Thinned {
  readonly columns: readonly string[];
  #size = 1;
  #rows: Sum[] = [];
  #newest: Row = [];
  /** The first row that changed after the last `takeChanges`. */
  #changedFrom = 0;
  #isChanged = true;

  /** @param columns their names. The first is the episode, counted from 0. */
  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  /** The episode of the last line; -1 if there is none. */
  get episode(): number {
    return this.#newest[0] ?? -1;
  }

  /** Adds a line of numbers. NaN: there is none. Lines without an episode are left out. */
  add(line: readonly number[]): void {
    const [episode] = line;
    if (!Number.isSafeInteger(episode) || episode < 0) return;
    while (episode >= this.#size * MOST_ROWS) this.#join();
    const index = Math.floor(episode / this.#size);
    while (this.#rows.length <= index) this.#rows.push(emptySum(this.columns.length));
    const { sums, counts } = this.#rows[index];
    for (let i = 0; i < sums.length; i++) {
      if (!Number.isFinite(line[i])) continue;
      sums[i] += line[i];
      counts[i] += 1;
    }
    this.#newest = this.columns.map((_, i) => (Number.isFinite(line[i]) ? line[i] : null));
    this.#changedFrom = Math.min(this.#changedFrom, index);
    this.#isChanged = true;
  }

  /** All rows from one on. */
  from(first: number): MetricsUpdate {
    const rows = this.#rows.slice(first).map(meansOf);
    return { columns: this.columns, size: this.#size, from: first, rows, newest: this.#newest };
  }

  /** The rows that changed after the last call. */
  takeChanges(): MetricsUpdate | undefined {
    if (!this.#isChanged) return undefined;
    const changes = this.from(this.#changedFrom);
    this.#changedFrom = this.#rows.length;
    this.#isChanged = false;
    return changes;
  }

  #join(): void {
    this.#size *= 2;
    const joined = this.#rows.slice(0, Math.ceil(this.#rows.length / 2));
    this.#rows = joined.map((_, i) => addedUp(this.#rows[2 * i], this.#rows[2 * i + 1]));
    this.#changedFrom = 0;
  }
}

function emptySum(width: number): Sum {
  return { sums: new Array(width).fill(0), counts: new Array(width).fill(0) };
}

function addedUp(a: Sum, b: Sum | undefined): Sum {
  if (!b) return a;
  return {
    sums: a.sums.map((value, i) => value + b.sums[i]),
    counts: a.counts.map((value, i) => value + b.counts[i]),
  };
}

/** With seven digits, as in the file. */
function meansOf({ sums, counts }: Sum): Row {
  return sums.map((sum, i) => (counts[i] > 0 ? Number((sum / counts[i]).toPrecision(7)) : null));
}
