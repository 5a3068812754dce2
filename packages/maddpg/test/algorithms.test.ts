/** What holds for every algorithm: it learns with agents of different kinds, and where they make choices. */
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  algorithmNames,
  loadCheckpoint,
  prepareRun,
  type RunConfig,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { smallConfig } from './experience.js';

const run = (config: Partial<RunConfig>) => {
  const training = prepareRun({ ...smallConfig, scenario: 'simple_world_comm', episodes: 4, ...config });
  return { reports: [...train(training)], ...training };
};

describe.each(algorithmNames)('%s', (algorithm) => {
  test.each(['continuous', 'discrete'] as const)('trains with %s actions, twice the same way', (actions) => {
    const { reports, maddpg, memory } = run({ algorithm, actions });
    expect(reports.at(-1)!.updates).toBeGreaterThan(3);
    for (const { criticLoss, actorLoss } of reports.at(-1)!.latest) {
      expect(criticLoss).toBeGreaterThan(0);
      expect(actorLoss).not.toBeNaN();
    }
    expect(run({ algorithm, actions }).reports).toEqual(reports);
    const files = saveCheckpoint(maddpg);
    const loaded = [1, 2].map(() => loadCheckpoint(files));
    expect(saveCheckpoint(loaded[0])).toEqual(files);
    const [first, second] = loaded.map((maddpg) => maddpg.learn(memory, 32, new Generator(1)));
    expect(first).toEqual(second);
  });
});
