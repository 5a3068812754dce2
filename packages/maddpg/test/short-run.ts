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

/** A short run with small networks, and with the defaults otherwise. */
export const smallConfig: RunConfig = {
  ...defaultConfig,
  episodes: 20,
  batchSize: 32,
  stepsPerUpdate: 10,
  warmupSteps: 50,
  settings: { ...defaultConfig.settings, hidden: [16, 16] },
};

/** MADDPG or a variant after a short run, and a batch from its replay memory. */
export function shortRun<Algorithm extends Maddpg = Maddpg>(
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

/** A copy, so that its steps leave the original as it is. */
export function copyOf<Algorithm extends Maddpg>(maddpg: Algorithm): Algorithm {
  return loadCheckpoint(saveCheckpoint(maddpg)) as Algorithm;
}

/** The numbers of all these tensors, in one list. */
export function numbers(tensors: readonly Tensor[]): number[] {
  return tensors.flatMap(({ data }) => [...data]);
}
