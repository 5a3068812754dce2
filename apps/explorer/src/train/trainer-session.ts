import {
  loadTraining,
  type RunConfig,
  saveTraining,
  type Trainer,
  type TrainingFiles,
  toJson,
  train,
  trainingFileNames,
} from '@paragrad/maddpg';
import type { MetricsUpdate } from 'paragrad/messages';
import { csvLine, episodeRow, linesBefore, numbersOfLine } from 'paragrad/metrics-rows';
import { Thinned } from 'paragrad/thinned';
import { type RunFiles, textOf } from '../model/open-run.js';
import type { Job, Progress } from './messages.js';
import { type Prepare, prepareJob } from './prepare-job.js';

/** Speeds are measured over so many milliseconds. */
const SPEED_WINDOW = 1500;
/** After a break, steps that were due are not caught up for longer than this, in milliseconds. */
const MOST_LATE = 100;

/** A training in slices: between two of them there is time to listen. Computes on the kernels in use. */
export class TrainerSession {
  readonly config: RunConfig;
  readonly trainer: Trainer;
  readonly warnings: string[] = [];
  readonly #now: () => number;
  #pace = 0;
  /** When the next step is due. */
  #due = 0;
  #speeds: { readonly time: number; readonly steps: number; readonly updates: number }[] = [];
  #columns: readonly string[] | undefined;
  /** metrics.csv. */
  #lines: string[] = [];
  #table: Thinned | undefined;

  /** Throws what `prepare` and `loadTraining` throw. `now`: the time in milliseconds. */
  constructor(
    job: Job,
    { prepare = prepareJob, now = () => performance.now() }: { prepare?: Prepare; now?: () => number } = {},
  ) {
    const { config, files, pace } = job;
    this.config = config;
    this.#now = now;
    const onWarning = (warning: string) => this.warnings.push(warning);
    const training = { ...prepare(job), onWarning };
    this.trainer = files ? loadTraining(trainingFilesOf(files), training) : train(training);
    if (files?.['metrics.csv']) this.#readMetrics(textOf(files['metrics.csv']));
    this.pace = pace;
  }

  get isOver(): boolean {
    return this.trainer.isOver;
  }

  /** Environment steps in a second, at most. 0: none. */
  get pace(): number {
    return this.#pace;
  }
  set pace(pace: number) {
    this.#pace = pace;
    this.#due = pace > 0 ? this.#now() : Number.POSITIVE_INFINITY;
    this.#speeds = [];
  }

  /** Trains for so many milliseconds at most. Returns after how many it wants to go on; Infinity: not by itself. */
  advance(milliseconds: number): number {
    const end = this.#now() + milliseconds;
    for (let now = this.#now(); now >= this.#due && now < end && !this.isOver; now = this.#now()) {
      const before = this.trainer.steps;
      for (const report of this.trainer.step()) this.#addRow(episodeRow(report));
      const steps = this.trainer.steps - before; // one of each copy of the environment
      this.#due = Math.max(this.#due + (1000 * steps) / this.#pace, now - MOST_LATE);
    }
    return this.isOver ? Number.POSITIVE_INFINITY : Math.max(0, this.#due - this.#now());
  }

  /** How far it is, with the rows that are new since the last call. */
  progress(): Progress {
    const { episodes, steps, updates, training } = this.trainer;
    const now = { time: this.#now(), steps, updates };
    const [first = now] = this.#speeds;
    this.#speeds = [...this.#speeds.filter(({ time }) => time > now.time - SPEED_WINDOW), now];
    const perSecond = (count: number) => (1000 * count) / Math.max(1, now.time - first.time);
    const metrics: MetricsUpdate | undefined = this.#table?.takeChanges();
    return {
      kind: 'progress',
      ...{ episodes, ofEpisodes: training.episodes, steps, updates },
      stepsPerSecond: perSecond(steps - first.steps),
      updatesPerSecond: perSecond(updates - first.updates),
      ...(metrics && { metrics }),
    };
  }

  /** What `paragrad resume` and a later session need, by name. Throws what `saveTraining` throws. */
  save(): RunFiles {
    const header = this.#columns ? [`${this.#columns.join(',')}\n`] : [];
    return {
      'config.json': toJson('config.json', this.config),
      'metrics.csv': [...header, ...this.#lines].join(''),
      ...saveTraining(this.trainer),
    };
  }

  #readMetrics(csv: string): void {
    const [header, ...lines] = linesBefore(this.trainer.episodes, csv);
    if (header === undefined) return;
    this.#columns = header.split(',');
    this.#lines = lines.map((line) => `${line}\n`);
    this.#table = new Thinned(this.#columns);
    for (const line of lines) this.#table.add(numbersOfLine(line));
  }

  #addRow(row: ReturnType<typeof episodeRow>): void {
    this.#columns ??= Object.keys(row);
    this.#table ??= new Thinned(this.#columns);
    const line = csvLine(this.#columns, row);
    this.#lines.push(line);
    this.#table.add(numbersOfLine(line));
  }
}

function trainingFilesOf(files: RunFiles): TrainingFiles {
  const picked = trainingFileNames.map((name) => {
    const file = files[name];
    return [name, file !== undefined && name.endsWith('.json') ? textOf(file) : file];
  });
  return Object.fromEntries(picked) as TrainingFiles;
}
