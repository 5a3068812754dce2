import type { AlgorithmName, RunOptions } from '../src/index.js';

const discrete = { actions: 'discrete' } as const;
const greedy = { ...discrete, exploration: { kind: 'epsilon-greedy', initial: 0.2 } } as const;
/** Configurations of every algorithm that differ in what a training has to remember. */
export const everyAlgorithm: Readonly<Record<AlgorithmName, readonly RunOptions[]>> = {
  maddpg: [
    {},
    discrete,
    { nStep: 3, sampling: { kind: 'prioritized' } },
    { exploration: { kind: 'ornstein-uhlenbeck' }, scenario: 'simple_speaker_listener' },
    { settings: { observationNorm: 'running', rewardNorm: 'return' } },
    { settings: { observationNorm: 'batch' }, replayCapacity: 60, nStep: 2 },
    { settings: { parameterSharing: true }, replayCapacity: 70, sampling: { kind: 'prioritized' } },
    { scenario: 'simple_crypto', ...discrete },
    { settings: { updates: 'together', parameterSharing: true, valueRescaling: 100 } },
  ],
  matd3: [
    {},
    discrete,
    { settings: { updates: 'together' } },
    { settings: { policyDelay: 3, rewardNorm: 'return' } },
  ],
  'attention-maddpg': [{}, discrete],
  'ensemble-maddpg': [
    {},
    discrete,
    { nStep: 2, replayCapacity: 65, settings: { observationNorm: 'running' } },
  ],
  'communicating-maddpg': [{}, discrete],
  'inferring-maddpg': [{}, discrete],
  'openai-maddpg': [{}, discrete],
  iql: [greedy],
  qmix: [greedy, { ...greedy, sampling: { kind: 'prioritized' } }],
};
