import { mkdirSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.js';

/** The results of `npm run bench` or `npm run bench:peers`, as JSON. */
export interface Results {
  readonly machine: Machine;
  /** When the run ended: ISO 8601. */
  readonly date: string;
  /** The commit that was measured, with '-dirty' if the files differed from it. */
  readonly commit: string;
  /** The older commit that some work was measured with, too: rows by `BEFORE`. */
  readonly against?: string;
  /** Whether this was a quick run, whose numbers are only a rough hint. */
  readonly quick: boolean;
  readonly rows: readonly Row[];
  /** What could not be measured. */
  readonly missing?: readonly Missing[];
}

export interface Missing {
  readonly name: string;
  readonly error: string;
}

/** `return`: the mean return of agents that were trained. */
export type Unit = 'ms' | 'bytes' | 'return';

/** One work, done by one library on one set-up. */
export interface Row {
  readonly work: string;
  /** 'paragrad', or the library that it is compared with. */
  readonly by: string;
  /** The language and its version: 'Node 20.20.2', 'Python 3.11.2'. */
  readonly runtime: string;
  /** Paragrad's kernel set, or a note about the other library. */
  readonly kernels: string;
  readonly threads: number;
  readonly unit: Unit;
  /** Floating-point operations to do the work once, if they can be counted. */
  readonly flop?: number;
  /** One number for each round. A round measures everything once. */
  readonly values: readonly number[];
}

/** What rows of `--against` are by. */
export const BEFORE = 'paragrad before';

/** Collects the measurements of all rounds: one row for each work, library and set-up. */
export class Rows {
  readonly #rows = new Map<string, Row & { values: number[] }>();

  add({ value, ...row }: Omit<Row, 'values'> & { value: number }): void {
    const key = [row.work, row.by, row.runtime, row.kernels, row.threads].join('\n');
    const known = this.#rows.get(key);
    if (known) known.values.push(value);
    else this.#rows.set(key, { ...row, values: [value] });
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }
}

export function save(results: Results, folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}`, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nWritten: ${folder}/${name}`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
