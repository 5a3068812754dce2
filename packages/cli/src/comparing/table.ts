import type { Evaluation, Metric } from '@paragrad/maddpg';
import { textTable } from '../text/text-table.js';

/**
 * A table with a line for each policy: its mean return with the standard error, and the scenario's metrics without details. With several teams it
 * has the return of each.
 */
export function evaluationTable(
  rows: readonly [policy: string, Evaluation][],
  metrics: readonly Metric[],
): string {
  const teams = Object.keys(rows[0]?.[1].teams ?? {});
  const returnsOf = (evaluation: Evaluation) =>
    (teams.length > 0 ? teams.map((team) => evaluation.teams![team]) : [evaluation]).map(
      ({ meanReturn, standardError }) => `${meanReturn.toFixed(2)} ± ${standardError.toFixed(2)}`,
    );
  const returnNames = teams.length > 0 ? teams.map((team) => `return of ${team}`) : ['mean return'];
  // Files of earlier versions lack what was not measured then.
  const measured = metrics.filter(
    ({ name, isDetail }) => !isDetail && rows.every(([, { metrics }]) => metrics[name] !== undefined),
  );
  const header = ['', ...returnNames, ...measured.map(({ name }) => name)];
  const body = rows.map(([policy, evaluation]) => [
    policy,
    ...returnsOf(evaluation),
    ...measured.map(({ name, unit }) => evaluation.metrics[name].toFixed(2) + (unit && ` ${unit}`)),
  ]);
  return textTable([header, ...body], 'lr');
}
