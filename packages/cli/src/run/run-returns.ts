import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Evaluation, makeRunEnv, type RunConfig, teamsOf } from '@paragrad/maddpg';
import { mean } from '../comparing/statistics.js';
import type { CurvePoint } from '../pictures/comparison-chart.js';
import type { RunFolder } from './run-folder.js';

/** What returns are called if there is one team. */
export const MEAN_RETURN = 'mean return';

/** Returns by team if there are several, because a mean over opponents says nothing; otherwise their mean. */
export type Returns = Readonly<Record<string, number>>;

/** Whose returns are measured: the agents of each team, or all. */
export type Measures = Readonly<Record<string, readonly string[]>>;

export function measuresOf(config: RunConfig): Measures {
  const env = makeRunEnv(config);
  const teams = teamsOf(env);
  return Object.keys(teams).length > 0 ? teams : { [MEAN_RETURN]: env.possibleAgents };
}

export function returnsOf({ returns }: Pick<Evaluation, 'returns'>, measures: Measures): Returns {
  return mapValues(measures, (agents) => mean(agents.map((name) => returns[name])));
}

/** The evaluation of a run's last policy. undefined if there is none, or if training went on after it. */
export function lastEvaluation(folder: RunFolder): Record<string, Evaluation> | undefined {
  if (!folder.has('evaluation.json')) return undefined;
  const newest = folder.checkpoints().at(-1);
  const isOld =
    !folder.isFinished &&
    newest !== undefined &&
    timeOf(folder, 'evaluation.json') < timeOf(folder, join('checkpoints', newest));
  return isOld ? undefined : folder.readJson('evaluation.json');
}

/** A run's learning curve, with a point for each training episode. */
export function curvesOf(folder: RunFolder, measures: Measures): Record<string, CurvePoint[]> {
  const columns = folder.log.metrics.read();
  const episodes = columns.episode ?? [];
  return mapValues(measures, (agents, name) => {
    const parts = name === MEAN_RETURN ? ['meanReturn'] : agents.map((agent) => `return:${agent}`);
    return episodes
      .map((episode, k) => ({ episode, value: mean(parts.map((part) => columns[part]?.[k] ?? Number.NaN)) }))
      .filter(({ value }) => Number.isFinite(value));
  });
}

function timeOf(folder: RunFolder, name: string): number {
  return statSync(join(folder.path, name)).mtimeMs;
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
