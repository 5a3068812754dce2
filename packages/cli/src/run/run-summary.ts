import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunConfig } from '@paragrad/maddpg';
import { mean } from '../comparing/statistics.js';
import { RunFolder } from './run-folder.js';
import { curvesOf, lastEvaluation, measuresOf, type Returns, returnsOf } from './run-returns.js';

/** What a list says of a run. It is printed as JSON, too. */
export interface RunSummary {
  /** Its folder. */
  readonly run: string;
  readonly scenario: string;
  readonly algorithm: string;
  readonly seed: number;
  /** In one word: running, killed, stopped, failed, finished; unknown for a run of an earlier version. */
  readonly state: string;
  /** In words. */
  readonly status: string;
  /** Training episodes until the last save. */
  readonly episodes: number;
  /** By team, if there are several. Missing if there are no episodes yet. */
  readonly returns?: Returns;
  /** Whether they are those of the trained policy in the evaluation, or the mean of the last training episodes, with exploration. */
  readonly returnsFrom?: 'evaluation' | 'training';
  /** When something in the folder changed, as ISO 8601. */
  readonly changed: string;
}

/** Training episodes whose mean stands for a run that was not evaluated. */
const LAST_EPISODES = 100;

/** Throws if the folder is broken, and says what is wrong with it. */
export function summaryOf(path: string): RunSummary {
  const folder = RunFolder.open(path);
  const config = folder.readConfig();
  const { scenario, algorithm, seed } = config;
  const returns = latestReturns(folder, config);
  return {
    ...{ run: path, scenario, algorithm, seed },
    state: folder.state ?? 'unknown',
    status: folder.describeStatus() ?? 'unknown: of an earlier version',
    episodes: folder.readStatus()?.episodes ?? folder.log.metrics.read().episode?.length ?? 0,
    ...returns,
    changed: timeOfChange(folder).toISOString(),
  };
}

function latestReturns(folder: RunFolder, config: RunConfig): Pick<RunSummary, 'returns' | 'returnsFrom'> {
  const measures = measuresOf(config);
  const trained = lastEvaluation(folder)?.trained;
  if (trained) return { returns: returnsOf(trained, measures), returnsFrom: 'evaluation' };
  const curves = Object.entries(curvesOf(folder, measures));
  if (curves.some(([, points]) => points.length === 0)) return {};
  const last = curves.map(([name, points]) => [
    name,
    mean(points.slice(-LAST_EPISODES).map(({ value }) => value)),
  ]);
  return { returns: Object.fromEntries(last), returnsFrom: 'training' };
}

function timeOfChange(folder: RunFolder): Date {
  const times = ['config.json', 'status.json', 'metrics.csv', 'evaluation.json']
    .filter((name) => folder.has(name))
    .map((name) => statSync(join(folder.path, name)).mtimeMs);
  return new Date(Math.max(...times));
}
