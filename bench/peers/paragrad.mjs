import { useEngine } from '../dist/engine.js';
import { mlpStep } from '../dist/subjects/mlp.js';

/** @param threads 'one' or 'all' */
export async function prepare(problem, threads) {
  const engine = await useEngine('default', threads);
  return engine && { step: mlpStep(problem), ...engine };
}
