import { Generator } from '@paragrad/tensor';
import { type Batch, defaultConfig, type Maddpg, prepareRun, type RunConfig, train } from '../src/index.js';

/** Small enough for a test, and otherwise a run like any other. */
export const smallConfig: RunConfig = {
  ...defaultConfig,
  episodes: 20,
  batchSize: 32,
  stepsPerUpdate: 10,
  warmupSteps: 50,
  maddpg: { ...defaultConfig.maddpg, hidden: [16, 16] },
};

/** MADDPG, or a variant, that has played and learned a little, and a batch of what it met. */
export function experience(config: Partial<RunConfig>, batchSize: number): { maddpg: Maddpg; batch: Batch } {
  const training = prepareRun({ ...smallConfig, ...config });
  for (const _ of train(training));
  return { maddpg: training.maddpg as Maddpg, batch: training.memory.sample(batchSize, new Generator(7)) };
}
