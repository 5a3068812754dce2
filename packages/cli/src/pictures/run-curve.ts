import type { Evaluation, RunConfig } from '@paragrad/maddpg';
import type { RunFolder } from '../run/run-folder.js';
import { learningCurve, type Series } from './curve.js';

/** The learning curve of a run, from the files of its folder. `evaluations`: those at the end, by policy. */
export function runCurve(
  title: string,
  config: RunConfig,
  folder: RunFolder,
  evaluations: Readonly<Record<string, Evaluation>>,
): string {
  const metrics = folder.log.metrics.read();
  const inTraining = folder.log.evaluations.read();
  const seriesOf = (column: string, returnOf: (evaluation: Evaluation) => number): Series => ({
    returns: metrics[column] ?? [],
    evaluations: (inTraining.episode ?? []).map((episode, k) => [episode + 1, inTraining[column][k]]),
    levels: Object.fromEntries(
      Object.entries(evaluations).map(([policy, evaluation]) => [policy, returnOf(evaluation)]),
    ),
  });
  const teams = Object.keys(Object.values(evaluations)[0]?.teams ?? {});
  const series =
    teams.length === 0
      ? [seriesOf('meanReturn', ({ meanReturn }) => meanReturn)]
      : teams.map((team) => ({
          team,
          ...seriesOf(`return:${team}`, ({ teams = {} }) => teams[team].meanReturn),
        }));
  return learningCurve({ title, series, evaluationEpisodes: config.evaluationEpisodesInTraining });
}
