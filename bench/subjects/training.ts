import { prepareRun, train } from '@paragrad/maddpg';
import type { Effort, Timing } from '../timing.js';

/**
 * Whole training on simple_spread with the defaults: exploration, environment, replay, and one update of all agents for every
 * 100 transitions, with batch 1024. Measures the mean time of an episode (25 transitions and a quarter of an update), once the
 * memory holds a batch and the code is warm.
 */
export async function training({ quick }: Effort): Promise<Timing[]> {
  const warm = quick ? 60 : 200;
  const timed = quick ? 100 : 1000;
  let start = 0;
  for (const { episode } of train(prepareRun({ episodes: warm + timed }))) {
    if (episode === warm - 1) start = performance.now();
  }
  return [{ work: 'training, an episode', value: (performance.now() - start) / timed, unit: 'ms' }];
}
