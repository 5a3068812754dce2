import { describe, expect, test } from 'vitest';
import { estimate, prepareRun, ReplayMemory, type RunConfig, train } from '../src/index.js';
import { smallConfig } from './short-run.js';

/** Counts, and does not measure the time well. */
const AT_ONCE = { trialSeconds: 0 };

describe('an estimate agrees with the run', () => {
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
    ['a memory that gets full', { replayCapacity: 1000 }],
    ['prioritized replay', { sampling: { kind: 'prioritized' } }],
    ['discrete actions', { actions: 'discrete' }],
  ])('on steps, updates and memory, with %s', (_, parts) => {
    const predicted = estimate({ ...config, ...parts }, AT_ONCE);
    const training = prepareRun({ ...config, ...parts });
    const last = [...train(training)].at(-1)!;
    expect(predicted).toMatchObject({ steps: last.steps, updates: last.updates });
    expect(predicted.replayBytes).toBeGreaterThanOrEqual(training.memory.byteLength);
    const block = 4096 * (4 * (16 * 3 + 14 + 4 * 7) + 8);
    expect(predicted.replayBytes - training.memory.byteLength).toBeLessThanOrEqual(
      parts.replayCapacity ? block : 0,
    );
  });

  test.each([1e6, 1000])('on the memory of an ensemble with capacity %d', (replayCapacity) => {
    const parts = {
      algorithm: 'ensemble-maddpg',
      settings: { ...config.settings, ensembleSize: 3 },
    } as const;
    const predicted = estimate({ ...config, ...parts, replayCapacity }, AT_ONCE).replayBytes;
    const training = prepareRun({ ...config, ...parts, replayCapacity });
    for (const _ of train(training));
    const { specs } = training.algorithm;
    const transitions = new ReplayMemory(specs, { capacity: replayCapacity }).byteLengthAfter(300 * 25, 25);
    const lists = 4096 * 8 * specs.length * 3; // one block for each list
    const plain = prepareRun({ ...config, replayCapacity, warmupSteps: 1e9 });
    for (const _ of train(plain));
    expect(training.memory.byteLength - plain.memory.byteLength).toBeGreaterThanOrEqual(lists);
    expect(predicted).toBeGreaterThanOrEqual(training.memory.byteLength);
    expect(predicted).toBeLessThanOrEqual(transitions + 2 * lists);
  });

  test('on operations, as the mean over updates of MATD3 with and without actor steps', () => {
    const operations = [1, 2, 4].map((policyDelay) => {
      const settings = { ...config.settings, policyDelay };
      return estimate({ ...config, algorithm: 'matd3', settings }, AT_ONCE).operationsPerUpdate;
    });
    const actorSteps = (operations[0] - operations[1]) * 2;
    expect(actorSteps).toBeGreaterThan(0);
    expect(operations[0] - operations[2]).toBeCloseTo((actorSteps * 3) / 4);
  });

  test('on the time, within a factor of ten', () => {
    const busy = { ...config, stepsPerUpdate: 5, warmupSteps: 100, episodes: 100, batchSize: 128 };
    const predicted = estimate(busy).seconds;
    const started = Date.now();
    for (const _ of train(prepareRun(busy)));
    const seconds = (Date.now() - started) / 1000;
    // Other programs run on the machine, and the engine warms up: a test cannot ask for more.
    expect(predicted).toBeGreaterThan(seconds / 10);
    expect(predicted).toBeLessThan(seconds * 10);
  });
});

test('the parameters and operations of a small run are those counted by hand', () => {
  const small = {
    ...smallConfig,
    env: { N: 1 },
    batchSize: 10,
    settings: { ...smallConfig.settings, hidden: [8] },
  };
  const { parameters, operationsPerUpdate } = estimate(small, AT_ONCE);
  // A single agent of simple_spread observes 6 numbers, and its action has 2: actor 6-8-2, critic 8-8-1.
  expect(parameters).toBe(6 * 8 + 8 + 8 * 2 + 2 + (8 * 8 + 8 + 8 + 1));
  const [actor, critic] = [6 * 8 + 8 * 2, 8 * 8 + 8];
  const target = actor + critic;
  const criticStep = critic + critic + 8; // forward; gradients of both weights, and of the last layer's input
  const actorStep = actor + critic + (8 + 8 * 2) + (8 * 2 + actor); // forward; gradient of the action; gradients of the weights
  expect(operationsPerUpdate).toBe(2 * 10 * (target + criticStep + actorStep));
});

test('a million steps of ten agents take the memory of their numbers, and little more', () => {
  const { algorithm, memory } = prepareRun({ ...smallConfig, env: { N: 10 }, replayCapacity: 1e6 });
  expect(algorithm.specs[0].observationSize).toBe(60);
  const megabytes = memory.byteLengthAfter(1e6, 25) / 1e6;
  const once = (26 / 25) * 10 * 60 * 4; // each observation once, and the last one of every episode
  const rest = 10 * (2 + 1 + 1) * 4 + 8; // actions, rewards, terminations, and the row of its observation
  expect(megabytes).toBeGreaterThan(once + rest);
  expect(megabytes).toBeLessThan(once + rest + 20); // blocks that are partly empty
});
