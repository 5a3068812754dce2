import { MEAN_RETURN } from '../run/run-returns.js';
import { toMarlEval } from './marl-eval.js';
import type { TableResults } from './table-results.js';

/** The results of a table in the format of marl-eval. */
export function marlEvalOf({ table, scenario, rows }: TableResults): object {
  return toMarlEval(
    rows.flatMap(({ name, seeds, steps, minutes, values, curve }) =>
      seeds.map((seed, k) => ({
        environment: 'mpe',
        task: `${scenario} (${table})`,
        algorithm: name,
        seed,
        steps: curve.steps.map((stepCount, at) => ({
          stepCount,
          elapsedSeconds: Math.round((60 * minutes[k] * stepCount) / steps),
          metrics: { [MEAN_RETURN]: [curve.returns[k][at]] },
        })),
        absolute: Object.fromEntries(Object.entries(values).map(([measure, all]) => [measure, [all[k]]])),
      })),
    ),
  );
}
