import type { RunOptions } from '@paragrad/maddpg';

/** An eighth of the episodes of the preset `tuned` for cooperative scenarios, with more updates for each. */
export const shortRun: RunOptions = {
  episodes: 1500,
  stepsPerUpdate: 10,
  warmupSteps: 2000,
  exploration: { episodes: 1000, randomEpisodes: 80 },
  settings: { lrDecayStart: 1750, lrDecayEnd: 3500 },
};
