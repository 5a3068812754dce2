/** What holds for every algorithm: it learns with agents of different kinds, and where they make choices. */
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
  return { reports: [...train(training)], maddpg: training.maddpg };
};

describe.each(algorithmNames)('%s', (algorithm) => {
  test.each(['continuous', 'discrete'] as const)('trains with %s actions, twice the same way', (actions) => {
    if (algorithm === 'inferring-maddpg' && actions === 'discrete') {
      expect(() => run({ algorithm, actions })).toThrow(/^InferringMaddpg: .* makes choices/);
      return;
    }
    const { reports, maddpg } = run({ algorithm, actions });
    expect(reports.at(-1)!.updates).toBeGreaterThan(3);
    for (const { criticLoss, actorLoss } of reports.at(-1)!.latest) {
      expect(criticLoss).toBeGreaterThan(0);
      expect(actorLoss).not.toBeNaN();
    }
    expect(run({ algorithm, actions }).reports).toEqual(reports);
    expect(saveCheckpoint(loadCheckpoint(saveCheckpoint(maddpg)))).toEqual(saveCheckpoint(maddpg));
  });
});
