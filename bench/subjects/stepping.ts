import { prepareRun, runSettings, train } from '@paragrad/maddpg';
import type { Effort, Timing } from '../timing.js';

/**
 * A training step of simple_spread without updates: to act, to explore, the environment, and the replay memory. `envs` copies
 * of the environment are stepped together. Measures the mean time of a transition, once the code is warm.
 */
export function stepping({ quick }: Effort): Timing[] {
  const copies = 'envs' in runSettings ? [1, 8, 16, 64, 100] : [1]; // an older commit (--against) may not have the setting
  return copies.map((envs) => {
    const warm = quick ? 200 : 1000;
    const episodes = quick ? 400 : 4000;
    const given = { episodes: warm + episodes, warmupSteps: 1e9, ...(envs > 1 && { envs }) };
    let start = 0;
    let before = 0;
    let steps = 0;
    for (const report of train({ ...prepareRun(given), onWarning() {} })) {
      ({ steps } = report);
      if (start === 0 && report.episode >= warm - 1) [start, before] = [performance.now(), steps];
    }
    const value = (performance.now() - start) / (steps - before);
    return { work: `training step outside the updates, envs ${envs}`, value, unit: 'ms' };
  });
}
