import { completeConfig, prepareRun, type RunOptions, saveCheckpoint, toJson, train } from '@paragrad/maddpg';
import type { RunFiles } from '../src/model/open-run.js';

/** The files of a short run, with small networks. */
export function shortRun({ settings, ...options }: RunOptions = {}): RunFiles {
  const config = completeConfig({
    scenario: 'simple_adversary',
    episodes: 6,
    batchSize: 32,
    stepsPerUpdate: 10,
    warmupSteps: 50,
    ...options,
    settings: { hidden: [16, 16], ...settings },
  });
  const training = prepareRun(config);
  for (const _ of train({ ...training, onWarning: () => {} }));
  return { 'config.json': toJson('config.json', config), ...saveCheckpoint(training.algorithm) };
}
