import { prepareRun, runSettings, train } from '@paragrad/maddpg';
import type { Effort, Timing } from '../timing.js';

/**
 * Whole training on simple_spread with the defaults: exploration, environment, replay, and one update of all agents for every
 * 100 transitions, with batch 1024; with one environment, and with 100 at once. Measures the mean time of an episode (25
 * transitions and a quarter of an update), once the memory holds a batch and the code is warm.
 */
export function training(effort: Effort): Timing[] {
  const copies = 'envs' in runSettings ? [1, 100] : [1]; // an older commit (--against) may not have the setting
  return copies.map((envs) => trainingWith(envs, effort));
}

function trainingWith(envs: number, { quick }: Effort): Timing {
  const warm = quick ? 100 : 200;
  const timed = quick ? 100 : 1000;
  let start = 0;
  for (const { episode } of train(prepareRun({ episodes: warm + timed, ...(envs > 1 && { envs }) }))) {
    if (episode === warm - 1) start = performance.now();
  }
  const work = envs === 1 ? 'training, an episode' : `training, an episode, envs ${envs}`;
  return { work, value: (performance.now() - start) / timed, unit: 'ms' };
}
