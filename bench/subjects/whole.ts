import {
  completeConfig,
  evaluate,
  makeRunEnv,
  policyOf,
  prepareRun,
  type RunOptions,
  train,
} from '@paragrad/maddpg';
import type { Effort, Measurement } from '../timing.js';

/** How agents learn: as in the preset `tuned` of scenarios in which agents move. */
export const LEARNING: RunOptions = {
  batchSize: 128,
  stepsPerUpdate: 25,
  exploration: { initial: 0.3 },
  envs: 100,
  settings: { gamma: 0.8, actorLr: 0.0003, criticLr: 0.002 },
};

/**
 * Whole trainings of simple_spread: 100 environments at once, batch 128, and an update of all agents for every 25 transitions.
 * bench/peers/stacked.py trains in the same way. Also evaluates what was learned, without noise.
 *
 * @param only how agents take their steps: 'in turn' or 'together'
 */
export function whole({ quick, only, seed = 1 }: Effort): Measurement[] {
  const episodes = quick ? 1000 : 25_000;
  const updates = only === 'together' ? only : 'in turn';
  const settings = { ...LEARNING.settings, updates } as const;
  const config: RunOptions = { ...LEARNING, episodes, seed, settings };
  const start = performance.now();
  const training = prepareRun(config);
  for (const _ of train(training));
  const ms = performance.now() - start;
  const { meanReturn } = evaluate(makeRunEnv(completeConfig(config)), policyOf(training.algorithm), {
    episodes: 1000,
    seed: 1,
  });
  const work = `training of simple_spread, ${episodes.toLocaleString('en')} episodes`;
  const by = `paragrad, ${updates}`;
  return [
    { work, by, value: ms, unit: 'ms' },
    { work: `return after ${work}`, by, value: meanReturn, unit: 'return' },
  ];
}
