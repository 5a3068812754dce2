import { Generator, Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  completeConfig,
  evaluate,
  loadCheckpoint,
  type Maddpg,
  makeRunEnv,
  metrics,
  policyOf,
  prepareRun,
  type RunOptions,
  randomActions,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { shortRun, smallConfig } from './short-run.js';

function run(config: RunOptions = {}) {
  const training = prepareRun({ ...smallConfig, ...config });
  const reports = [...train(training)];
  return { training, reports, files: saveCheckpoint(training.algorithm) };
}

describe('the same seed gives the same run, bit for bit', () => {
  test.each(['simple_spread', 'simple_tag', 'simple_adversary'] as const)('%s', (scenario) => {
    const first = run({ scenario });
    const second = run({ scenario });
    expect(first.reports.at(-1)!.updates).toBeGreaterThan(30);
    expect(second.reports).toEqual(first.reports);
    expect(second.files).toEqual(first.files);
  });

  test('another seed gives another run', () => {
    expect(run({ seed: 2 }).reports).not.toEqual(run({ seed: 3 }).reports);
  });
});

test('the strength of the noise follows the episodes: each step explores with its own episode', () => {
  const exploration = { initial: 0.5, final: 0.1, episodes: 3 };
  const training = prepareRun({ ...smallConfig, episodes: 5, exploration });
  const { perturb } = training.exploration;
  const strengths: number[] = [];
  const noise: number[][] = [[], [], [], [], []];
  training.exploration.perturb = (action, spec, episode) => {
    const changed = perturb.call(training.exploration, action, spec, episode);
    if (noise[episode].length === 0) strengths.push(training.exploration.strength(episode));
    noise[episode].push(...changed.map((a, k) => a - action[k]));
    return changed;
  };
  const reported = [...train(training)].map(({ strength }) => strength);
  const expected = [0.5, 0.5 - 0.4 / 3, 0.5 - 0.8 / 3, 0.1, 0.1];
  for (const [episode, strength] of expected.entries()) {
    expect(reported[episode]).toBeCloseTo(strength, 12);
    expect(strengths[episode]).toBeCloseTo(strength, 12);
    expect(noise[episode].length).toBe(noise[0].length); // every step of each episode
  }
  const deviation = (x: number[]) => Math.sqrt(x.reduce((sum, e) => sum + e * e, 0) / x.length);
  expect(deviation(noise[4])).toBeLessThan(0.5 * deviation(noise[0]));
});

test('reports count episodes, steps and updates, and sum rewards', () => {
  const { reports } = run({
    episodes: 4,
    warmupSteps: 60,
    stepsPerUpdate: 10,
    exploration: { initial: 0.2, decay: 0.5 },
  });
  expect(reports.map(({ episode }) => episode)).toEqual([0, 1, 2, 3]);
  expect(reports.map(({ steps }) => steps)).toEqual([25, 50, 75, 100]);
  expect(reports.map(({ updates }) => updates)).toEqual([0, 0, 2, 5]); // at steps 60, 70; 80, 90, 100
  expect(reports.map(({ strength }) => strength)).toEqual([0.2, 0.1, 0.05, 0.025]);
  expect(reports[0].latest).toEqual([]);
  expect(reports[3].latest).toHaveLength(3);
  for (const { returns, meanReturn } of reports) {
    expect(meanReturn).toBeCloseTo(Object.values(returns).reduce((sum, r) => sum + r) / 3);
  }
});

test('an episode that the time limit ends is stored as not terminated', () => {
  const { training } = run({ episodes: 6 });
  const { terminations } = training.memory.sample(300, new Generator(0));
  for (const { data } of terminations) expect(Math.max(...data)).toBe(0);
});

test.each<[string, RunOptions]>([
  ['with the defaults', {}],
  ['with 3-step returns', { nStep: 3 }],
  ['with prioritized replay', { sampling: { kind: 'prioritized' } }],
  ['with Ornstein-Uhlenbeck noise', { exploration: { kind: 'ornstein-uhlenbeck', initial: 0.3 } }],
  [
    'with epsilon-greedy exploration',
    { exploration: { kind: 'epsilon-greedy', initial: 0.5, final: 0.05, episodes: 100 } },
  ],
])('a single agent learns to go to its landmark, %s', (_, parts) => {
  const config = completeConfig({
    ...smallConfig,
    ...parts,
    env: { N: 1 },
    episodes: 200,
    batchSize: 128,
    stepsPerUpdate: 5,
    warmupSteps: 500,
    settings: { ...smallConfig.settings, hidden: [32, 32], gamma: 0.95 },
  });
  const { training } = run(config);
  const env = makeRunEnv(config);
  const options = { episodes: 200, seed: 99, metrics: metrics.simple_spread };
  const trained = evaluate(env, policyOf(training.algorithm), options);
  const random = evaluate(env, randomActions(env, new Generator(5)), options);
  expect(trained.metrics.distance).toBeLessThan(0.5 * random.metrics.distance);
  expect(trained.meanReturn).toBeGreaterThan(0.7 * random.meanReturn);
});

describe('checkpoints', () => {
  const { maddpg, batch } = shortRun({ scenario: 'simple_adversary' }, 32);
  const files = saveCheckpoint(maddpg);

  test('a loaded algorithm is the saved one, and goes on learning the same way', () => {
    const loaded = loadCheckpoint(files);
    expect(saveCheckpoint(loaded)).toEqual(files);
    expect(loaded.update(batch)).toEqual(loadCheckpoint(files).update(batch));
    const { maddpg: original } = shortRun({ scenario: 'simple_adversary' }, 32);
    expect(original.update(batch)).toEqual(loadCheckpoint(files).update(batch));
  });

  test('a changed learning rate is stored', () => {
    const changed = loadCheckpoint(files) as Maddpg;
    changed.agents[1].critic.optimizer.lr = 0.123;
    const loaded = loadCheckpoint(saveCheckpoint(changed)) as Maddpg;
    expect(loaded.agents.map(({ critic }) => critic.optimizer.lr)).toEqual([1e-3, 0.123, 1e-3]);
  });

  test('optimizers of other networks are refused', () => {
    const { maddpg: other } = shortRun({ scenario: 'simple_spread', episodes: 1 }, 1);
    const mixed = { ...files, 'optimizers.safetensors': saveCheckpoint(other)['optimizers.safetensors'] };
    expect(() => loadCheckpoint(mixed)).toThrow(
      /^checkpoint: optimizers.safetensors: the algorithm has other tensors: missing \[adversary_0/,
    );
  });

  test.each(['networks.safetensors', 'optimizers.safetensors'] as const)(
    'a truncated %s is refused',
    (name) => {
      for (const length of [0, 5, 100, files[name].length - 1]) {
        const truncated = { ...files, [name]: files[name].subarray(0, length) };
        expect(() => loadCheckpoint(truncated)).toThrow(new RegExp(`^checkpoint: ${name}: safetensors: `));
      }
    },
  );

  test('a truncated or foreign description is refused', () => {
    expect(() =>
      loadCheckpoint({ ...files, 'algorithm.json': files['algorithm.json'].slice(0, 50) }),
    ).toThrow(/^checkpoint: algorithm.json: /);
    expect(() => loadCheckpoint({ ...files, 'algorithm.json': '{"format":"other"}' })).toThrow(
      /the format is "other", but this version reads "paragrad-2"/,
    );
  });

  test('weights of other networks are refused', () => {
    const { maddpg: other } = shortRun({ scenario: 'simple_spread', episodes: 1 }, 1);
    const mixed = { ...files, 'networks.safetensors': saveCheckpoint(other)['networks.safetensors'] };
    expect(() => loadCheckpoint(mixed)).toThrow(
      /^checkpoint: networks.safetensors: the algorithm has other tensors: missing \[adversary_0/,
    );
  });
});

describe('a bad batch is refused, and changes nothing', () => {
  const { maddpg, batch } = shortRun({}, 32);
  const before = saveCheckpoint(maddpg);
  const spoiled = (value: number) => {
    const rewards = batch.rewards.map(({ data, shape }) => new Tensor(data.slice(), shape));
    rewards[2].data[5] = value;
    return { ...batch, rewards };
  };

  test.each([
    [
      'a NaN',
      spoiled(Number.NaN),
      /agent_2's rewards contain NaN in row 5; give finite numbers \(nothing was learned/,
    ],
    ['an infinity', spoiled(Number.POSITIVE_INFINITY), /agent_2's rewards contain Infinity in row 5/],
    [
      'a wrong shape',
      { ...batch, actions: batch.actions.map((a) => a.narrow(1, 0, 1)) },
      /agent_0's actions have shape \[32, 1\]; give shape \[32, 2\]/,
    ],
    [
      'a missing agent',
      { ...batch, nextObservations: batch.nextObservations.slice(0, 2) },
      /agent_2's nextObservations are missing; give one tensor for each agent/,
    ],
  ])('%s', (_, bad, message) => {
    expect(() => maddpg.update(bad)).toThrow(message);
    expect(saveCheckpoint(maddpg)).toEqual(before);
  });
});
