/**
 * Every algorithm and setting trains as it did when its digest was recorded, bit for bit: returns, losses, weights and optimizer
 * state after 26 updates. A digest contains no names, so files and fields may be renamed. If you mean to change the numbers,
 * record them with `RECORD=1 npx vitest run same-training`, and say so in the commit message.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readSafetensors } from '@paragrad/nn';
import { simdKernels, useKernels } from '@paragrad/tensor';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AlgorithmName,
  algorithms,
  prepareRun,
  type RunOptions,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

const FILE = new URL('./same-training.json', import.meta.url);
const recorded: Record<string, string> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
const RECORD = process.env.RECORD !== undefined;

type Case = Partial<Omit<RunOptions, 'settings'>> & { settings?: object };

const discrete = { actions: 'discrete' } as const;
const shared = { settings: { parameterSharing: true } };
const greedy = { ...discrete, exploration: { kind: 'epsilon-greedy', initial: 0.2 } } as const;

const cases: Record<string, Case> = {};
const actorCritics = Object.keys(algorithms).filter(
  (name) => name !== 'iql' && name !== 'qmix',
) as AlgorithmName[];
for (const algorithm of actorCritics) {
  const shares = !['ensemble-maddpg', 'inferring-maddpg', 'openai-maddpg'].includes(algorithm);
  const others: Record<string, Case> = {
    continuous: {},
    discrete,
    ...(shares && { 'continuous, shared': shared, 'discrete, shared': { ...discrete, ...shared } }),
    'batch norm': { settings: { observationNorm: 'batch' } },
    'running norm, return norm': { settings: { observationNorm: 'running', rewardNorm: 'return' } },
    'n-step': { nStep: 3 },
    ...(algorithm !== 'ensemble-maddpg' && { prioritized: { sampling: { kind: 'prioritized' } } }),
  };
  for (const [name, one] of Object.entries(others)) cases[`${algorithm}: ${name}`] = { algorithm, ...one };
}
for (const algorithm of ['maddpg', 'matd3', 'ensemble-maddpg', 'communicating-maddpg'] as const) {
  cases[`${algorithm}: independent`] = { algorithm, settings: { critic: 'independent' } };
  cases[`${algorithm}: others from replay`] = { algorithm, settings: { othersActions: 'replay' } };
}
for (const algorithm of ['maddpg', 'matd3'] as const) {
  cases[`${algorithm}: independent, shared`] = {
    algorithm,
    settings: { critic: 'independent', parameterSharing: true },
  };
}
Object.assign(cases, {
  'maddpg: soft choices': { ...discrete, settings: { straightThrough: false, temperature: 0.7 } },
  'maddpg: no penalty': { ...discrete, settings: { logitsPenalty: 0 } },
  'maddpg: all at once': {
    ...discrete,
    nStep: 2,
    sampling: { kind: 'prioritized', alpha: 0.5, beta: 0.3, betaBatches: 20 },
    settings: { parameterSharing: true, observationNorm: 'batch', rewardNorm: 'return' },
  },
  'maddpg: clipped often': { settings: { maxGradNorm: 0.01 } },
  'maddpg: Ornstein-Uhlenbeck': {
    exploration: { kind: 'ornstein-uhlenbeck', initial: 0.3, final: 0.1, episodes: 5 },
  },
  'maddpg: epsilon-greedy': greedy,
  'maddpg: simple_spread': { scenario: 'simple_spread', settings: { parameterSharing: true } },
  'matd3: every third': {
    algorithm: 'matd3',
    settings: { policyDelay: 3, policyNoise: 0.3, noiseClip: 0.4 },
  },
  'iql: alone': { algorithm: 'iql', ...greedy },
  'iql: shared': { algorithm: 'iql', ...greedy, ...shared },
  'iql: prioritized': { algorithm: 'iql', ...greedy, sampling: { kind: 'prioritized' } },
  'qmix: alone': { algorithm: 'qmix', ...greedy },
  'qmix: shared': { algorithm: 'qmix', ...greedy, ...shared },
  'qmix: prioritized, n-step': { algorithm: 'qmix', ...greedy, nStep: 2, sampling: { kind: 'prioritized' } },
  'maddpg: other numbers': {
    settings: { gamma: 0.8, tau: 0.05, actorLr: 3e-4, criticLr: 2e-3, hidden: [8, 12] },
  },
  'attention-maddpg: two heads': { algorithm: 'attention-maddpg', settings: { attentionHeads: 2 } },
  'communicating-maddpg: two numbers': { algorithm: 'communicating-maddpg', settings: { messageSize: 2 } },
  'ensemble-maddpg: two sub-policies': { algorithm: 'ensemble-maddpg', settings: { ensembleSize: 2 } },
  'inferring-maddpg: more entropy': { algorithm: 'inferring-maddpg', settings: { entropyWeight: 0.1 } },
  'iql: other numbers': { algorithm: 'iql', ...greedy, settings: { lr: 3e-3, tau: 0.05 } },
  'qmix: other numbers': { algorithm: 'qmix', ...greedy, settings: { lr: 3e-3, mixingSize: 8 } },
  'maddpg: together': { settings: { updates: 'together' } },
  'maddpg: together, shared': { settings: { updates: 'together', parameterSharing: true } },
  'matd3: together, discrete': { algorithm: 'matd3', ...discrete, settings: { updates: 'together' } },
  'maddpg: random episodes, falling rates, penalty': {
    exploration: { initial: 0.3, final: 0.1, episodes: 5, randomEpisodes: 2 },
    settings: { actionPenalty: 0.01, lrDecay: 0.05, lrDecayStart: 5, lrDecayEnd: 20 },
  },
  'maddpg: small memory, OpenAI physics': { env: { physics: 'openai' }, replayCapacity: 60 },
} satisfies Record<string, Case>);

function configOf({ settings, ...run }: Case): RunOptions {
  return {
    ...smallConfig,
    scenario: 'simple_world_comm',
    episodes: 7,
    stepsPerUpdate: 5,
    ...run,
    settings: { hidden: [16, 16], ...settings },
  };
}

function digestOf(config: RunOptions): string {
  const training = prepareRun(config);
  const reports = [...train(training)].map(({ updates, meanReturn, latest }) => ({
    updates,
    meanReturn,
    losses: latest.map(({ criticLoss, criticGradNorm, actorLoss, actorGradNorm }) => [
      criticLoss,
      criticGradNorm,
      actorLoss,
      actorGradNorm,
    ]),
  }));
  expect(reports.at(-1)!.updates).toBe(26);
  const tensors = Object.values(saveCheckpoint(training.algorithm))
    .filter((file) => file instanceof Uint8Array)
    .flatMap((file) => Object.values(readSafetensors(file)))
    .map(({ data }) => sha(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  // Sorted, and each content once: neither the order nor a part that is stored twice matters.
  return sha([...new Set(tensors)].sort().join() + JSON.stringify(reports)).slice(0, 16);
}

function sha(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

const inUse = useKernels(simdKernels({ relaxed: false })!);
beforeAll(() => void useKernels(simdKernels({ relaxed: false })!));
afterAll(() => {
  useKernels(inUse);
  if (RECORD) writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
});

test('every algorithm has a case', () => {
  const named = new Set(Object.values(cases).map(({ algorithm = 'maddpg' }) => algorithm));
  expect([...named].sort()).toEqual(Object.keys(algorithms).sort());
});

test.each(Object.keys(cases))('%s trains as recorded', (name) => {
  const digest = digestOf(configOf(cases[name]));
  if (RECORD) recorded[name] = digest;
  expect(digest).toBe(recorded[name]);
});
