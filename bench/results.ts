import { mkdirSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.js';

/** What a run of `npm run bench` or `npm run bench:peers` leaves, as JSON. */
export interface Results {
  readonly machine: Machine;
  /** When the run ended: ISO 8601. */
  readonly date: string;
  /** What was measured; '-dirty' after it means that the files differed from that commit. */
  readonly commit: string;
  /** Measured in a hurry: no more than a hint. */
  readonly quick: boolean;
  readonly rows: readonly Row[];
  /** What could not be measured. */
  readonly missing?: readonly Missing[];
}

export interface Missing {
  readonly name: string;
  readonly error: string;
}

/** One piece of work, done by somebody on something. */
export interface Row {
  readonly work: string;
  /** 'paragrad', or what it is compared with. */
  readonly by: string;
  /** The language's version: 'Node 20.20.2', 'Python 3.11.2'. */
  readonly runtime: string;
  /** Paragrad's kernel set, or anything worth knowing of the other's. */
  readonly kernels: string;
  readonly threads: number;
  readonly unit: 'ms' | 'bytes';
  /** Floating-point operations of the work once, where counting them makes sense. */
  readonly flop?: number;
  /** One for each round; in a round everybody is measured once. */
  readonly values: readonly number[];
}

/** Collects what the rounds measure; the same work done by the same on the same is one row. */
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
