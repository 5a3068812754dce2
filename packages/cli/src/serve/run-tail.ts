import { readFileSync, statSync } from 'node:fs';
import { parseConfig, type RunConfig } from '@paragrad/maddpg';
import { isLocked } from '../run/run-lock.js';
import type { RunStatus } from '../run/run-status.js';
import { CsvTail } from './csv-tail.js';
import type { RunState, RunUpdate } from './messages.js';
import { fileInside } from './run-files.js';
import { Thinned } from './thinned.js';
import { TimeLeft } from './time-left.js';

/** Follows what a training writes to its run's folder. */
export class RunTail {
  readonly #metrics = new CsvTail();
  readonly #timeLeft = new TimeLeft();
  /** What each file was when it was last read. */
  readonly #versions = new Map<string, string>();
  #thinned: Thinned | undefined;
  #status: RunStatus | undefined;
  #config: RunConfig | undefined;
  #problem = '';
  /** All that was told, except the metrics. */
  #known: RunUpdate;

  /** @param run its number on this server. */
  constructor(
    run: number,
    readonly folder: string,
    name: string,
  ) {
    this.#known = { run, name };
  }

  /** Everything that is known. */
  get all(): RunUpdate {
    return this.#thinned ? { ...this.#known, metrics: this.#thinned.from(0) } : this.#known;
  }

  /** Whether it may soon have more to tell. */
  get isRunning(): boolean {
    return this.#known.state === undefined || this.#known.state.state === 'running';
  }

  /** Reads what was written after the last call. Returns undefined if there is nothing new. Never throws. */
  async poll(): Promise<RunUpdate | undefined> {
    const { run } = this.#known;
    const news = { ...this.#readConfig(), ...(await this.#readEvaluations()), ...this.#lookAtCheckpoint() };
    await this.#readMetrics();
    this.#readStatus();
    const state = this.#state();
    const isOther = JSON.stringify(state) !== JSON.stringify(this.#known.state);
    Object.assign(news, isOther && { state });
    this.#known = { ...this.#known, ...news };
    const metrics = this.#thinned?.takeChanges();
    if (!metrics && Object.keys(news).length === 0) return undefined;
    return { run, ...news, ...(metrics && { metrics }) };
  }

  #readConfig(): Pick<RunUpdate, 'config'> {
    const path = this.#changed('config.json');
    if (!path) return {};
    try {
      this.#config = parseConfig(readFileSync(path, 'utf8'), 'config.json');
      this.#problem = '';
      return { config: this.#config };
    } catch (error) {
      this.#problem = (error as Error).message;
      return {};
    }
  }

  #readStatus(): void {
    const path = this.#changed('status.json');
    if (!path) return;
    try {
      this.#status = JSON.parse(readFileSync(path, 'utf8'));
    } catch {} // then it stays what it was
  }

  async #readMetrics(): Promise<void> {
    const path = this.#changed('metrics.csv');
    if (!path) return;
    await this.#metrics
      .read(
        path,
        (columns) => {
          this.#thinned = new Thinned(columns);
        },
        (line) => this.#thinned?.add(line),
      )
      .catch(() => {}); // someone removed it just now
    this.#timeLeft.add(performance.now(), this.#episodes);
  }

  async #readEvaluations(): Promise<Pick<RunUpdate, 'evaluations'>> {
    const path = this.#changed('evaluations.csv');
    if (!path) return {};
    const file = new CsvTail();
    const rows: (number | null)[][] = [];
    await file
      .read(
        path,
        () => {},
        (line) => rows.push(line.map((value) => (Number.isFinite(value) ? value : null))),
      )
      .catch(() => {});
    return { evaluations: { columns: file.columns, rows } };
  }

  #lookAtCheckpoint(): Pick<RunUpdate, 'checkpoint'> {
    const path = this.#changed('checkpoint/algorithm.json') ?? this.#changed('checkpoint/maddpg.json');
    const time = path && statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return time ? { checkpoint: time } : {};
  }

  /** The path of a file, if it is there and was written after the last call. */
  #changed(name: string): string | undefined {
    const path = fileInside(this.folder, name);
    const stat = path && statSync(path, { throwIfNoEntry: false });
    if (!stat) return undefined;
    const version = `${stat.ino} ${stat.birthtimeMs} ${stat.mtimeMs} ${stat.size}`;
    if (this.#versions.get(name) === version) return undefined;
    this.#versions.set(name, version);
    return path;
  }

  /** Episodes that are over. */
  get #episodes(): number {
    return (this.#thinned?.episode ?? -1) + 1;
  }

  /** Runs of earlier versions have no status. */
  get #hasResults(): boolean {
    return fileInside(this.folder, 'evaluation.json') !== undefined;
  }

  #state(): RunState {
    const ofEpisodes = this.#config?.episodes ?? this.#status?.ofEpisodes ?? 0;
    const counts = { episodes: this.#episodes, ofEpisodes };
    if (this.#problem) return { state: 'unreadable', why: this.#problem, ...counts };
    if (!isLocked(this.folder)) {
      const { state = this.#hasResults ? 'finished' : 'running', why } = this.#status ?? {};
      return { state: state === 'running' ? 'killed' : state, ...(why && { why }), ...counts };
    }
    const secondsLeft = this.#timeLeft.of(ofEpisodes - this.#episodes);
    return {
      state: 'running',
      ...counts,
      ...(secondsLeft !== undefined && { secondsLeft: Math.round(secondsLeft) }),
    };
  }
}
