import type { Evaluation, Metric } from '@paragrad/maddpg';

/** A table with a line for each policy: its mean return with the standard error, and the scenario's metrics. */
export function evaluationTable(
  rows: readonly [policy: string, Evaluation][],
  metrics: readonly Metric[],
): string {
  const header = ['', 'mean return', ...metrics.map(({ name }) => name)];
  const body = rows.map(([policy, evaluation]) => [
    policy,
    `${evaluation.meanReturn.toFixed(2)} ± ${evaluation.standardError.toFixed(2)}`,
    ...metrics.map(({ name, unit }) => evaluation.metrics[name].toFixed(2) + (unit && ` ${unit}`)),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...body].map((row) => row[column].length)));
  return [header, ...body]
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('   '),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
