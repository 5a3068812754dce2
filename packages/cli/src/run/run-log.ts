import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EpisodeReport, Evaluation } from '@paragrad/maddpg';
import { CsvLog } from './csv-log.js';
import { EventLog } from './event-log.js';
import { episodeRow, type Row } from './metrics-rows.js';

/** What a run measures while it trains: metrics.csv, evaluations.csv and tensorboard/ in its folder. */
export class RunLog {
  /** A line for each training episode. */
  readonly metrics: CsvLog;
  /** A line for each evaluation in training. */
  readonly evaluations: CsvLog;
  /** The same for TensorBoard, if it was asked for. */
  #events: EventLog | undefined;
  readonly #eventsPath: string;
  /** Episodes without a row. Many rows at once take half of the time: between training steps, the caches have lost this code. */
  readonly #reports: EpisodeReport[] = [];

  /** @param path the run's folder. */
  constructor(path: string) {
    this.metrics = new CsvLog(join(path, 'metrics.csv'));
    this.evaluations = new CsvLog(join(path, 'evaluations.csv'));
    this.#eventsPath = join(path, 'tensorboard');
    if (existsSync(this.#eventsPath)) this.writeEvents();
  }

  /** From now on, event files for TensorBoard are written, too. */
  writeEvents(): void {
    this.#events ??= new EventLog(this.#eventsPath);
  }

  addEpisode(report: EpisodeReport): void {
    this.#reports.push(report);
  }

  /** @param at the last training episode before the evaluation, and the environment steps until then. */
  addEvaluation(evaluation: Evaluation, at: { readonly episode: number; readonly steps: number }): void {
    this.#addRows();
    const row = evaluationRow(evaluation);
    this.evaluations.add({ ...at, ...row });
    this.#events?.add(at.steps, tagged(row, 'evaluation/'));
  }

  /**
   * Keeps only what belongs to the first episodes: training goes on after them. Returns how many of these episodes have no line in
   * metrics.csv, which was changed or deleted then.
   */
  truncate({ episodes, steps }: { readonly episodes: number; readonly steps: number }): number {
    const kept = this.metrics.truncate(episodes);
    this.evaluations.truncate(episodes);
    this.#events?.truncate(steps);
    return episodes - kept;
  }

  /** Writes everything. `sync`: returns when it is on the disk. Throws if it cannot be written, and keeps it. */
  flush(options?: { sync?: boolean }): void {
    this.#addRows();
    this.metrics.flush(options);
    this.evaluations.flush(options);
    this.#events?.flush(options);
  }

  #addRows(): void {
    for (const report of this.#reports.splice(0)) {
      const row = episodeRow(report);
      this.metrics.add(row);
      this.#events?.add(report.steps, tagged(row));
    }
  }
}

function evaluationRow({ meanReturn, standardError, teams = {}, returns, metrics }: Evaluation): Row {
  const ofTeams = Object.entries(teams).flatMap(([team, evaluation]) => [
    [`return:${team}`, evaluation.meanReturn],
    [`standardError:${team}`, evaluation.standardError],
  ]);
  return {
    ...{ meanReturn, standardError, ...Object.fromEntries(ofTeams) },
    ...{ ...named('return', returns), ...named('metric', metrics) },
  };
}

/** The same numbers, with names such as `return:agent_0`. */
function named(prefix: string, numbers: Readonly<Record<string, number>> = {}): Row {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${prefix}:${name}`, value]));
}

/** The numbers by TensorBoard's tag, such as `return/agent_0`. It groups them by what is before the slash. */
function tagged({ episode, steps, meanReturn, ...row }: Row, before = ''): Row {
  const tags = Object.entries(row).map(([column, value]) => [`${before}${column.replace(':', '/')}`, value]);
  return { [`${before}return/mean`]: meanReturn, ...Object.fromEntries(tags) };
}
