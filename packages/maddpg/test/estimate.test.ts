import { describe, expect, test } from 'vitest';
import { estimate, prepareRun, ReplayMemory, type RunConfig, train } from '../src/index.js';
import { smallConfig } from './experience.js';

describe('what is predicted is what a run then takes', () => {
  const config: RunConfig = {
    ...smallConfig,
    scenario: 'simple_tag',
    episodes: 300,
    batchSize: 16,
    stepsPerUpdate: 50,
    warmupSteps: 1010,
  };

  test.each<[string, Partial<RunConfig>]>([
    ['a memory that is never full', {}],
    ['one that is', { replayCapacity: 1000 }],
    ['priorities', { sampling: { kind: 'prioritized' } }],
    ['choices', { actions: 'discrete' }],
  ])('with %s', (_, parts) => {
    const predicted = estimate({ ...config, ...parts });
    const training = prepareRun({ ...config, ...parts });
    const last = [...train(training)].at(-1)!;
    expect(predicted).toMatchObject({ steps: last.steps, updates: last.updates });
    expect(predicted.replayBytes).toBeGreaterThanOrEqual(training.memory.byteLength);
    const block = 4096 * (4 * (16 * 3 + 14 + 4 * 7) + 8);
    expect(predicted.replayBytes - training.memory.byteLength).toBeLessThanOrEqual(
      parts.replayCapacity ? block : 0,
    );
  });

  test.each([1e6, 1000])('with the lists of an ensemble, of which a memory holds %d', (replayCapacity) => {
    const parts = {
      algorithm: 'ensemble-maddpg',
      settings: { ...config.settings, ensembleSize: 3 },
    } as const;
    const predicted = estimate({ ...config, ...parts, replayCapacity }).replayBytes;
    const training = prepareRun({ ...config, ...parts, replayCapacity });
    for (const _ of train(training));
    const { specs } = training.algorithm;
    const transitions = new ReplayMemory(specs, { capacity: replayCapacity }).byteLengthAfter(300 * 25, 25);
    const lists = 4096 * 8 * specs.length * 3; // each has begun a block
    const plain = prepareRun({ ...config, replayCapacity, warmupSteps: 1e9 });
    for (const _ of train(plain));
    expect(training.memory.byteLength - plain.memory.byteLength).toBeGreaterThanOrEqual(lists);
    expect(predicted).toBeGreaterThanOrEqual(training.memory.byteLength);
    expect(predicted).toBeLessThanOrEqual(transitions + 2 * lists);
  });

  test('of operations, those of updates in which the actors of MATD3 rest and of those in which they move', () => {
    const rested = [1, 2, 4].map((policyDelay) => {
      const settings = { ...config.settings, policyDelay };
      return estimate({ ...config, algorithm: 'matd3', settings }).operationsPerUpdate;
    });
    const actorSteps = (rested[0] - rested[1]) * 2;
    expect(actorSteps).toBeGreaterThan(0);
    expect(rested[0] - rested[2]).toBeCloseTo((actorSteps * 3) / 4);
  });

  test('of the time, the order of magnitude', () => {
    const busy = { ...config, stepsPerUpdate: 5, warmupSteps: 100, episodes: 100, batchSize: 128 };
    const predicted = estimate(busy).seconds;
    const started = Date.now();
    for (const _ of train(prepareRun(busy)));
    const seconds = (Date.now() - started) / 1000;
    // Machines are shared, and engines warm up: no test can hold a clock to more.
    expect(predicted).toBeGreaterThan(seconds / 10);
    expect(predicted).toBeLessThan(seconds * 10);
  });
});

test('parameters and operations of a run that can be counted by hand', () => {
  const { parameters, operationsPerUpdate } = estimate({
    ...smallConfig,
    env: { N: 1 },
    batchSize: 10,
    settings: { ...smallConfig.settings, hidden: [8] },
  });
  // A lone agent of simple_spread observes 6 numbers and does 2: actor 6-8-2, critic 8-8-1.
  expect(parameters).toBe(6 * 8 + 8 + 8 * 2 + 2 + (8 * 8 + 8 + 8 + 1));
  const [actor, critic] = [6 * 8 + 8 * 2, 8 * 8 + 8];
  const target = actor + critic;
  const criticStep = critic + critic + 8; // forward; back into both weights, and into what the last layer is given
  const actorStep = actor + critic + (8 + 8 * 2) + (8 * 2 + actor); // forward; back to the action; back into the weights
  expect(operationsPerUpdate).toBe(2 * 10 * (target + criticStep + actorStep));
});

test('the memory for a million steps of ten agents', () => {
  const { algorithm, memory } = prepareRun({ ...smallConfig, env: { N: 10 }, replayCapacity: 1e6 });
  expect(algorithm.specs[0].observationSize).toBe(60);
  const megabytes = memory.byteLengthAfter(1e6, 25) / 1e6;
  const once = (26 / 25) * 10 * 60 * 4; // each observation, and the last of every episode
  const rest = 10 * (2 + 1 + 1) * 4 + 8; // actions, rewards, terminations, and the row of the observation
  expect(megabytes).toBeGreaterThan(once + rest);
  expect(megabytes).toBeLessThan(once + rest + 20); // blocks that are not full
});
