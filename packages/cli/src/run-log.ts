import { join } from 'node:path';
import type { EpisodeReport, Evaluation, LearningReport } from '@paragrad/maddpg';
import { CsvLog, type Row } from './csv-log.js';

const LEARNING = [
  'criticLoss',
  'criticGradNorm',
  'actorLoss',
  'actorGradNorm',
] as const satisfies readonly (keyof LearningReport)[];

/** What a run measures while it trains: metrics.csv and evaluations.csv in its folder. */
export class RunLog {
  /** A line for each training episode. */
  readonly metrics: CsvLog;
  /** A line for each evaluation in training. */
  readonly evaluations: CsvLog;

  /** @param path the run's folder. */
  constructor(path: string) {
    this.metrics = new CsvLog(join(path, 'metrics.csv'));
    this.evaluations = new CsvLog(join(path, 'evaluations.csv'));
  }

  addEpisode(report: EpisodeReport): void {
    this.metrics.add(episodeRow(report));
  }

  /** @param at the last training episode before the evaluation, and the environment steps until then. */
  addEvaluation(evaluation: Evaluation, at: { readonly episode: number; readonly steps: number }): void {
    this.evaluations.add({ ...at, ...evaluationRow(evaluation) });
  }

  /** Keeps only what belongs to the first episodes: training goes on after them. */
  truncate(episodes: number): void {
    this.metrics.truncate(episodes);
    this.evaluations.truncate(episodes);
  }

  /** Writes everything. `sync`: returns when it is on the disk. Throws if it cannot be written, and keeps it. */
  flush(options?: { sync?: boolean }): void {
    this.metrics.flush(options);
    this.evaluations.flush(options);
  }
}

function episodeRow(report: EpisodeReport): Row {
  const { episode, steps, updates, strength, meanReturn, returns, teamReturns, latest } = report;
  const ofAgents = Object.entries(returns).flatMap(([agent, value], i) => [
    [`return:${agent}`, value],
    ...LEARNING.map((name) => [`${name}:${agent}`, latest[i]?.[name]]),
  ]);
  const ofTeams = named('return', teamReturns);
  return { episode, steps, updates, strength, meanReturn, ...ofTeams, ...Object.fromEntries(ofAgents) };
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
