import { existsSync, readFileSync, statSync } from 'node:fs';
import { csvLine, linesBefore, type Row } from './metrics-rows.js';
import { appendToFile, replaceFile } from './write-files.js';

/** A CSV file to which a run adds lines. Its first column is `episode`. Lines that cannot be written are kept until they can. */
export class CsvLog {
  readonly #path: string;
  #columns: readonly string[] | undefined;
  #pending = '';

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Keeps only the lines of the first episodes, and returns how many there are. Later ones are of a training that was stopped
   * after its last checkpoint. Nothing is kept of a file that does not begin with the names of its columns.
   */
  truncate(episodes: number): number {
    if (!existsSync(this.#path)) return 0;
    const [header, ...lines] = linesBefore(episodes, readFileSync(this.#path, 'utf8'));
    const kept = header?.startsWith('episode,') ? [header, ...lines] : [];
    replaceFile(this.#path, kept.map((line) => `${line}\n`).join(''));
    return Math.max(0, kept.length - 1);
  }

  /** Adds a line. It is written at the next `flush`. A file that has lines already keeps its columns. */
  add(row: Row): void {
    if (this.#pending === '' && this.#isEmpty) {
      this.#columns = Object.keys(row);
      this.#pending = `${this.#columns.join(',')}\n`;
    }
    this.#columns ??= this.#lines()[0].split(',');
    this.#pending += csvLine(this.#columns, row);
  }

  /** Writes all lines. `sync`: returns when they are on the disk. Throws if they cannot be written, and keeps them. */
  flush({ sync = false } = {}): void {
    if (this.#pending === '' && !(sync && existsSync(this.#path))) return;
    appendToFile(this.#path, this.#pending, { sync });
    this.#pending = '';
  }

  /** All numbers in the file, by column. An empty cell is NaN. */
  read(): Readonly<Record<string, readonly number[]>> {
    const [header, ...lines] = this.#lines();
    if (header === undefined) return {};
    const rows = lines.map((line) => line.split(','));
    const numbersIn = (column: number) => rows.map((cells) => Number.parseFloat(cells[column]));
    return Object.fromEntries(header.split(',').map((name, column) => [name, numbersIn(column)]));
  }

  get #isEmpty(): boolean {
    return !statSync(this.#path, { throwIfNoEntry: false })?.size;
  }

  /** The complete lines; the last one may be cut off. */
  #lines(): string[] {
    return existsSync(this.#path) ? readFileSync(this.#path, 'utf8').split('\n').slice(0, -1) : [];
  }
}
