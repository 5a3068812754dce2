import { Generator, type Tensor } from '@paragrad/tensor';
import {
  type Batch,
  defaultConfig,
  loadCheckpoint,
  type Maddpg,
  prepareRun,
  type RunConfig,
  type RunOptions,
  saveCheckpoint,
  train,
} from '../src/index.js';

/** Small enough for a test, and otherwise a run like any other. */
export const smallConfig: RunConfig = {
  ...defaultConfig,
  episodes: 20,
  batchSize: 32,
  stepsPerUpdate: 10,
  warmupSteps: 50,
  settings: { ...defaultConfig.settings, hidden: [16, 16] },
};

/** MADDPG, or a variant, that has played and learned a little, and a batch of what it met. */
export function experience<Algorithm extends Maddpg = Maddpg>(
  config: RunOptions,
  batchSize: number,
): { maddpg: Algorithm; batch: Batch } {
  const training = prepareRun({ ...smallConfig, ...config });
  for (const _ of train(training));
  return {
    maddpg: training.algorithm as Algorithm,
    batch: training.memory.sample(batchSize, new Generator(7)),
  };
}

/** For steps that are not to be seen elsewhere. */
export function copyOf<Algorithm extends Maddpg>(maddpg: Algorithm): Algorithm {
  return loadCheckpoint(saveCheckpoint(maddpg)) as Algorithm;
}

export function numbers(tensors: readonly Tensor[]): number[] {
  return tensors.flatMap(({ data }) => [...data]);
}
