import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { EpisodeReport } from '@paragrad/maddpg';
import { makeFolder, replaceFile } from './write-files.js';

const METRICS = ['return', 'criticLoss', 'criticGradNorm', 'actorLoss', 'actorGradNorm'] as const;

/** A run's metrics.csv, with a line for each training episode. Lines that cannot be written are kept until they can. */
export class MetricsLog {
  readonly #path: string;
  #pending = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Keeps only the lines of the first episodes. Later ones are of a training that was stopped after its last checkpoint. */
  truncate(episodes: number): void {
    if (!existsSync(this.#path)) return;
    const lines = readFileSync(this.#path, 'utf8').split('\n').slice(0, -1); // the last one may be cut off
    const kept = lines.filter((line, k) => k === 0 || Number.parseInt(line, 10) < episodes);
    replaceFile(this.#path, kept.map((line) => `${line}\n`).join(''));
  }

  /** Adds a line. It is written at the next `flush`. */
  add({ episode, steps, updates, strength, meanReturn, returns, latest }: EpisodeReport): void {
    const perAgent = Object.entries(returns).flatMap(([, value], i) =>
      METRICS.map((metric) => (metric === 'return' ? value : (latest[i]?.[metric] ?? ''))),
    );
    if (this.#pending === '' && this.#isEmpty) this.#pending = headerOf(Object.keys(returns));
    this.#pending += lineOf([episode, steps, updates, strength, meanReturn, ...perAgent]);
  }

  get #isEmpty(): boolean {
    return !statSync(this.#path, { throwIfNoEntry: false })?.size;
  }

  /** Writes all lines. `sync`: returns when they are on the disk. Throws if they cannot be written, and keeps them. */
  flush({ sync = false } = {}): void {
    makeFolder(dirname(this.#path)); // someone may have removed it
    const file = openSync(this.#path, 'a');
    const bytes = Buffer.from(this.#pending);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(file, bytes, written);
      if (sync) fsyncSync(file);
      this.#pending = '';
    } catch (error) {
      // What was written of a line would be joined with the next one.
      ftruncateSync(file, fstatSync(file).size - written);
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** The mean return of each episode. */
  meanReturns(): number[] {
    const [header, ...lines] = readFileSync(this.#path, 'utf8').trimEnd().split('\n');
    const column = header.split(',').indexOf('meanReturn');
    return lines.map((line) => Number(line.split(',')[column]));
  }
}

function headerOf(agents: readonly string[]): string {
  const perAgent = agents.flatMap((name) => METRICS.map((metric) => `${metric}:${name}`));
  return lineOf(['episode', 'steps', 'updates', 'strength', 'meanReturn', ...perAgent]);
}

/** A number that is not known yet stays empty, such as the loss of an actor that has taken no step. */
function lineOf(cells: readonly (string | number)[]): string {
  const texts = cells.map((cell) => {
    if (typeof cell === 'string') return cell;
    return Number.isFinite(cell) ? Number(cell.toPrecision(7)) : '';
  });
  return `${texts.join(',')}\n`;
}
