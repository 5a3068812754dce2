import { MEAN_RETURN } from '../run/run-returns.js';
import { toMarlEval } from './marl-eval.js';
import type { TableResults } from './table-results.js';

/** The returns of a table in the format of marl-eval: those in training, and at the end. */
export function marlEvalOf({ table, scenario, rows }: TableResults): object {
  return toMarlEval(
    rows.flatMap(({ name, seeds, values, curve }) =>
      seeds.map((seed, k) => ({
        environment: 'mpe',
        task: `${scenario} (${table})`,
        algorithm: name.replaceAll(',', ''), // commas are not allowed there
        seed,
        steps: curve.steps.map((stepCount, at) => ({
          stepCount,
          metrics: { return: [curve.returns[k][at]] },
        })),
        absolute: { return: [values[MEAN_RETURN][k]] },
      })),
    ),
  );
}
