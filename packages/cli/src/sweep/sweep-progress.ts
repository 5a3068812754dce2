import { MultiBar, type SingleBar } from 'cli-progress';
import { formatDuration } from '../training/estimate.js';
import type { RunEvent } from './runner.js';
import type { SweepRun } from './sweep-file.js';

const WIDTH = 12;
/** Columns of a terminal that a bar and its text take. */
const BESIDE = 60;
/** Seconds between two lines about the whole, if the output is not a terminal. */
const PAUSE = 60;

/** How a sweep goes: on a terminal a bar for each run that trains, and one for all; elsewhere a line for each event. */
export class SweepProgress {
  /** The reason of each run that failed. */
  readonly failed = new Map<string, string>();
  readonly finished = new Set<string>();
  readonly #out: NodeJS.WriteStream;
  readonly #resultOf: (run: string) => string;
  readonly #totals: ReadonlyMap<string, number>;
  /** Episodes of each run so far. */
  readonly #episodes = new Map<string, number>();
  readonly #started = performance.now();
  /** Episodes that were there before this process. */
  #before = 0;
  readonly #bars: MultiBar | undefined;
  readonly #barOf = new Map<string, SingleBar>();
  #total: SingleBar | undefined;
  readonly #timer: NodeJS.Timeout;

  /** @param done those of the runs that were finished before. @param resultOf a finished run's result, in words. */
  constructor(
    runs: readonly SweepRun[],
    done: readonly SweepRun[],
    out: NodeJS.WriteStream,
    resultOf: (run: string) => string,
  ) {
    this.#out = out;
    this.#resultOf = resultOf;
    this.#totals = new Map(runs.map(({ name, config }) => [name, config.episodes]));
    for (const { name, config } of done) {
      this.finished.add(name);
      this.#episodes.set(name, config.episodes);
      this.#before += config.episodes;
    }
    if (out.isTTY) {
      const room = Math.max(20, (out.columns ?? 80) - BESIDE);
      const width = Math.min(room, Math.max(...runs.map(({ name }) => name.length)));
      this.#bars = new MultiBar({
        format: (_, { progress }, { run, text }) => {
          const full = Math.round(progress * WIDTH);
          const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
          return `  ${String(run).slice(0, width).padEnd(width)} ${bar} ${text}`;
        },
        stream: out,
        hideCursor: true,
        gracefulExit: false,
      });
      this.#total = this.#bars.create(1, 0, { run: 'in all', text: '' });
    }
    this.#timer = setInterval(() => this.#bars ?? this.#write(`  ${this.#whole()}`), PAUSE * 1000);
    this.#timer.unref();
  }

  onEvent(event: RunEvent): void {
    if (event.type === 'note') {
      this.#write(`  ${event.run ? `${event.run}: ` : ''}${event.text}`);
      return;
    }
    const { run } = event;
    if (event.type === 'episodes') this.#set(run, event.episodes);
    if (event.type === 'began') this.#begin(run, event.episodes, event.where);
    if (event.type === 'interrupted') this.#end(run, event.why && `${run} waits again: ${event.why}`);
    if (event.type === 'finished') {
      this.#set(run, this.#totals.get(run) ?? 0);
      this.finished.add(run);
      this.failed.delete(run);
      this.#end(run, `${run} finished: ${this.#resultOf(run)}${this.#bars ? '' : ` (${this.#whole()})`}`);
    }
    if (event.type === 'failed') {
      this.failed.set(run, event.why);
      this.#end(run, `${run} failed: ${event.why}${event.again ? '. It is tried once more' : ''}`);
    }
    this.#total?.update(this.#fraction, { run: 'in all', text: this.#whole() });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#bars?.update(); // writes the last lines
    this.#bars?.stop();
  }

  #begin(run: string, episodes: number, where?: string): void {
    this.#before += episodes - (this.#episodes.get(run) ?? 0);
    this.#episodes.set(run, episodes);
    const total = this.#totals.get(run) ?? 0;
    if (this.#bars) {
      // The bar of all runs stays the last one.
      if (this.#total) this.#bars.remove(this.#total);
      this.#barOf.set(run, this.#bars.create(total, episodes, { run, text: this.#count(run) }));
      this.#total = this.#bars.create(1, this.#fraction, { run: 'in all', text: this.#whole() });
      return;
    }
    const after = episodes > 0 ? `goes on after ${episodes} of ${total} episodes` : 'begins';
    this.#write(`  ${run} ${after}${where ? ` on ${where}` : ''}`);
  }

  #set(run: string, episodes: number): void {
    this.#episodes.set(run, episodes);
    this.#barOf.get(run)?.update(episodes, { run, text: this.#count(run) });
  }

  #end(run: string, line: string | undefined): void {
    if (line) this.#write(`  ${line}`); // first: removing a bar draws all again, with this line above
    const bar = this.#barOf.get(run);
    if (bar) this.#bars?.remove(bar);
    this.#barOf.delete(run);
  }

  #write(line: string): void {
    if (this.#bars) this.#bars.log(`${line}\n`);
    else this.#out.write(`${line}\n`);
  }

  #count(run: string): string {
    return `${this.#episodes.get(run)}/${this.#totals.get(run)} episodes`;
  }

  get #done(): number {
    return [...this.#episodes.values()].reduce((sum, episodes) => sum + episodes, 0);
  }

  get #fraction(): number {
    const all = [...this.#totals.values()].reduce((sum, episodes) => sum + episodes, 0);
    return this.#done / all;
  }

  /** How far all runs are. The time left comes from the episodes so far: they need not all take the same time. */
  #whole(): string {
    const runs = `${this.finished.size} of ${this.#totals.size} runs`;
    const trained = this.#done - this.#before;
    if (this.finished.size === this.#totals.size) return runs;
    if (trained <= 0) return `${runs}, ${Math.floor(100 * this.#fraction)} %`;
    const seconds = (performance.now() - this.#started) / 1000;
    const left = (seconds / trained) * (this.#done / this.#fraction - this.#done);
    return `${runs}, ${Math.floor(100 * this.#fraction)} %, about ${formatDuration(left)} left`;
  }
}
