/** Policy ensembles: how sub-policies are drawn, what each one learns from, and that all of them learn. */
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  EnsembleMaddpg,
  EnsembleMemory,
  evaluate,
  makeRunEnv,
  metrics,
  policyOf,
  prepareRun,
  ReplayMemory,
  type RunConfig,
  randomActions,
  train,
} from '../../src/index.js';
import { identityGame } from '../games.js';
import { namedNetworks } from '../networks-of.js';
import { copyOf, numbers, smallConfig } from '../short-run.js';

const config: RunConfig = { ...smallConfig, algorithm: 'ensemble-maddpg', scenario: 'simple_tag' };
const training = prepareRun(config);
for (const _ of train(training));
const maddpg = training.algorithm as EnsembleMaddpg;
const memory = training.memory as EnsembleMemory;
const batch = memory.sampleOf(1, 2, 64, new Generator(1));
const agents = [0, 1, 2, 3];
const copy = () => copyOf(maddpg);

test('each agent draws its own sub-policy, uniformly', () => {
  const counts = new Map<string, number>();
  for (let episode = 0; episode < 3000; episode++) {
    maddpg.startEpisode();
    const pair = maddpg.chosen.slice(0, 2).join();
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  expect(counts.size).toBe(9);
  // 333 of each pair are expected, and sigma is 17.
  for (const count of counts.values()) expect(Math.abs(count - 333)).toBeLessThan(85);
});

describe('the memories', () => {
  test('of an agent hold each transition once', () => {
    for (const i of agents) {
      expect([0, 1, 2].reduce((sum, k) => sum + memory.sizeOf(i, k), 0)).toBe(memory.size);
    }
  });

  test('hold the transitions of their own sub-policy, without the displaced ones', () => {
    const { specs } = identityGame(2);
    const ensemble = new EnsembleMaddpg(specs, { generator: new Generator(1), ensembleSize: 2 });
    const small = new EnsembleMemory(ensemble, { capacity: 6 });
    for (let episode = 0; episode < 10; episode++) {
      ensemble.choose([episode % 2, Number(episode > 6)]);
      small.add({
        observations: [[episode], [0]],
        actions: [[0], [0]],
        rewards: [0, 0],
        nextObservations: [[-1], [0]],
        terminations: [true, true],
      });
    }
    const episodesOf = (i: number, k: number) =>
      [...new Set(small.sampleOf(i, k, 200, new Generator(1)).observations[0].data)].sort();
    expect(episodesOf(0, 0)).toEqual([4, 6, 8]);
    expect(episodesOf(0, 1)).toEqual([5, 7, 9]);
    expect(episodesOf(1, 0)).toEqual([4, 5, 6]);
    expect(episodesOf(1, 1)).toEqual([7, 8, 9]);
    expect(() => new EnsembleMemory(ensemble).sampleOf(0, 1, 5, new Generator(1))).toThrow(
      'EnsembleMemory: there is no transition of agent 0 with sub-policy 1; add one first',
    );
  });
});

test('learning changes every sub-policy, the shared critics, and all targets', () => {
  const maddpg = copy();
  const memory = new EnsembleMemory(maddpg);
  for (let k = 0; k < 3; k++) {
    maddpg.choose([k, k, k, k]);
    memory.add({
      observations: maddpg.specs.map(({ observationSize }) => new Array(observationSize).fill(0.1 + k)),
      actions: maddpg.specs.map(() => [0.1, -0.1]),
      rewards: [1, 2, 3, 4],
      nextObservations: maddpg.specs.map(({ observationSize }) => new Array(observationSize).fill(k)),
      terminations: [false, false, false, false],
    });
  }
  const networks = () => namedNetworks(maddpg).map(({ network }) => numbers(network.parameters()));
  const before = networks();
  expect(before).toHaveLength(4 * (3 + 1) * 2);
  maddpg.choose([1, 0, 2, 1]);
  maddpg.learn(memory, 8, new Generator(1));
  expect(maddpg.chosen).toEqual([1, 0, 2, 1]); // an episode keeps the sub-policies that it began with
  networks().forEach((network, index) => {
    expect(network).not.toEqual(before[index]);
  });
});

test('the actor loss is divided by the size of the ensemble', () => {
  const [one, three] = [1, 3].map((ensembleSize) => {
    const options = { generator: new Generator(5), ensembleSize };
    return new EnsembleMaddpg(maddpg.specs, options).actorLoss(0, batch).item();
  });
  expect(three).toBeCloseTo(one / 3, 6);
});

test('an evaluation draws the same sub-policies each time', () => {
  const env = makeRunEnv(config);
  const options = { episodes: 5, seed: 3 };
  const first = evaluate(env, policyOf(maddpg), options);
  maddpg.startEpisode();
  expect(evaluate(env, policyOf(maddpg), options)).toEqual(first);
  expect(evaluate(env, policyOf(copy()), options)).toEqual(first);
});

test('a single agent learns to go to its landmark with every sub-policy', () => {
  const single: RunConfig = {
    ...smallConfig,
    algorithm: 'ensemble-maddpg',
    env: { N: 1 },
    episodes: 250,
    batchSize: 128,
    stepsPerUpdate: 5,
    warmupSteps: 500,
    settings: { ...smallConfig.settings, hidden: [32, 32], gamma: 0.95, ensembleSize: 2 },
  };
  const training = prepareRun(single);
  for (const _ of train(training));
  const learned = training.algorithm as EnsembleMaddpg;
  const env = makeRunEnv(single);
  const options = { episodes: 100, seed: 99, metrics: metrics.simple_spread };
  const random = evaluate(env, randomActions(env, new Generator(5)), options).metrics.distance;
  for (const k of [0, 1]) {
    learned.choose([k]);
    const act = policyOf(learned);
    const { distance } = evaluate(env, (observations) => act(observations), options).metrics;
    expect(distance).toBeLessThan(0.5 * random);
  }
});

test.each<[string, () => unknown, RegExp]>([
  [
    'an ensemble of size 0',
    () => prepareRun({ ...config, settings: { ...config.settings, ensembleSize: 0 } }),
    /ensembleSize is 0/,
  ],
  [
    'a replay memory that mixes sub-policies',
    () => maddpg.learn(new ReplayMemory(maddpg.specs), 8, new Generator(1)),
    /^EnsembleMaddpg: .*give an EnsembleMemory/,
  ],
  [
    'prioritized replay',
    () => prepareRun({ ...config, sampling: { kind: 'prioritized' } }),
    /^sampling: kind is 'prioritized', but ensemble-maddpg/,
  ],
])('%s is refused', (_, act, message) => {
  expect(act).toThrow(message);
});
