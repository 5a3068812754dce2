import { Generator, mseLoss, tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  type Batch,
  PrioritizedReplayMemory,
  type PriorityOptions,
  prepareRun,
  type ReplayMemoryOptions,
  tdLoss,
  train,
} from '../../src/index.js';
import { smallConfig } from '../short-run.js';

const SPECS: AgentSpec[] = ['a', 'b'].map((name) => ({
  name,
  observationSize: 1,
  actionSize: 1,
  maxAction: 1,
}));

/** A memory of `size` transitions. The actions of transition k are k. */
function memoryOf(size: number, options: ReplayMemoryOptions & PriorityOptions): PrioritizedReplayMemory {
  const memory = new PrioritizedReplayMemory(SPECS, options);
  for (let k = 0; k < size; k++) {
    memory.add({
      observations: [[k], [k]],
      actions: [[k], [k]],
      rewards: [0, 0],
      nextObservations: [[k + 1], [k + 1]],
      terminations: [false, false],
    });
  }
  return memory;
}

const indicesOf = (batch: Batch): number[] => [...batch.actions[0].data];

/** Reports the errors of both agents, until every transition has been in a batch. */
function reportErrors(memory: PrioritizedReplayMemory, errorOf: (k: number) => [number, number]): void {
  const generator = new Generator(9);
  const missing = new Set(Array.from({ length: memory.size }, (_, k) => k));
  while (missing.size > 0) {
    const batch = memory.sample(64, generator);
    for (const i of [0, 1]) batch.priority!.report(indicesOf(batch).map((k) => errorOf(k)[i] ** 2));
    for (const k of indicesOf(batch)) missing.delete(k);
  }
}

describe('after all errors are reported', () => {
  const size = 20;
  const errorOf = (k: number): [number, number] => [k + 1, 0.5 * (20 - k)];
  const options = { alpha: 0.7, beta: 0.4, betaBatches: 1e9 };
  const memory = memoryOf(size, options);
  reportErrors(memory, errorOf);
  const priorities = Array.from({ length: size }, (_, k) => ((errorOf(k)[0] + errorOf(k)[1]) / 2) ** 0.7);
  const total = priorities.reduce((sum, p) => sum + p);

  test('each transition is drawn in proportion to its priority (chi-squared test)', () => {
    const draws = 20_000;
    const counts = Array<number>(size).fill(0);
    const generator = new Generator(3);
    for (let draw = 0; draw < draws; draw++) counts[indicesOf(memory.sample(1, generator))[0]] += 1;
    const chiSquared = counts.reduce((sum, count, k) => {
      const expected = (draws * priorities[k]) / total;
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    expect(chiSquared).toBeLessThan(43.8); // 19 degrees of freedom: larger by chance once in 1000 times
    expect(chiSquared).toBeGreaterThan(4.9); // smaller as rarely: the draws would not be independent
  });

  test('a batch takes one transition from each part of the sum, so counts are within 2 of the expected ones', () => {
    const counts = Array<number>(size).fill(0);
    for (const k of indicesOf(memory.sample(200, new Generator(3)))) counts[k] += 1;
    counts.forEach((count, k) => {
      expect(Math.abs(count - (200 * priorities[k]) / total)).toBeLessThan(2);
    });
  });

  test('the weights correct for the priorities by beta, and the largest is 1', () => {
    const batch = memory.sample(32, new Generator(4));
    const raw = indicesOf(batch).map((k) => ((size * priorities[k]) / total) ** -0.4);
    const weights = [...batch.priority!.weights.data];
    expect(Math.max(...weights)).toBe(1);
    weights.forEach((weight, row) => {
      expect(weight).toBeCloseTo(raw[row] / Math.max(...raw), 5);
    });
  });

  test('the loss uses the weights, and reports the squared errors', () => {
    const reported: number[][] = [];
    const batch = memory.sample(3, new Generator(4));
    const priority = {
      weights: tensor([[1], [0.5], [0.25]]),
      report: (squares: ArrayLike<number>) => reported.push(Array.from(squares)),
    };
    const [q, y] = [tensor([[1], [2], [3]]), tensor([[0], [4], [3]])];
    expect(tdLoss(q, y, { ...batch, priority }).item()).toBeCloseTo((1 + 0.5 * 4 + 0) / 3);
    expect(reported).toEqual([[1, 4, 0]]);
    const { priority: _, ...uniform } = batch;
    expect(tdLoss(q, y, uniform).item()).toBe(mseLoss(q, y).item());
  });
});

test('with beta 1 the weighted mean over draws is the mean over the memory', () => {
  const memory = memoryOf(10, { alpha: 1, beta: 1 });
  reportErrors(memory, (k) => [k + 1, k + 1]);
  const generator = new Generator(5);
  let [weighted, weights] = [0, 0];
  for (let n = 0; n < 200; n++) {
    const batch = memory.sample(100, generator);
    indicesOf(batch).forEach((k, row) => {
      weighted += batch.priority!.weights.data[row] * k;
      weights += batch.priority!.weights.data[row];
    });
  }
  expect(weighted / weights).toBeCloseTo(4.5, 1);
});

test('beta rises to 1 in a straight line, and stays there', () => {
  const memory = memoryOf(5, { beta: 0.5, betaBatches: 4 });
  const betas = Array.from({ length: 6 }, () => {
    const { beta } = memory;
    memory.sample(2, new Generator(1));
    return beta;
  });
  expect(betas).toEqual([0.5, 0.625, 0.75, 0.875, 1, 1]);
});

test('a new transition is drawn soon, and a displaced one never again', () => {
  const memory = memoryOf(12, { capacity: 8, alpha: 1 });
  expect(new Set(indicesOf(memory.sample(100, new Generator(1))))).toEqual(
    new Set([4, 5, 6, 7, 8, 9, 10, 11]),
  );
  const batch = memory.sample(100, new Generator(2));
  for (const _ of SPECS) batch.priority!.report(indicesOf(batch).map(() => 1e-8));
  memory.add({
    observations: [[12], [12]],
    actions: [[12], [12]],
    rewards: [0, 0],
    nextObservations: [[13], [13]],
    terminations: [false, false],
  });
  const drawn = indicesOf(memory.sample(100, new Generator(3)));
  expect(drawn.filter((k) => k === 12).length).toBeGreaterThan(90);
  expect(drawn).not.toContain(4);
});

test('latest() is not a draw: it gives no weights, and beta stays', () => {
  const memory = memoryOf(8, { betaBatches: 10 });
  expect(memory.latest(4)).not.toHaveProperty('priority');
  expect(memory.beta).toBe(0.4);
  expect(memory.sample(4, new Generator(1))).toHaveProperty('priority');
  expect(memory.beta).toBeCloseTo(0.46);
});

test.each<[PriorityOptions, string]>([
  [{ alpha: 2 }, 'PrioritizedReplayMemory: alpha is 2; give a number from 0 to 1'],
  [{ beta: -1 }, 'PrioritizedReplayMemory: beta is -1; give a number from 0 to 1'],
  [{ betaBatches: 0 }, 'PrioritizedReplayMemory: betaBatches is 0; give an integer of at least 1'],
])('%o is refused', (options, message) => {
  expect(() => new PrioritizedReplayMemory(SPECS, options)).toThrow(message);
});

test('a run draws by priority, and the same seed gives the same run', () => {
  const run = () => {
    const training = prepareRun({ ...smallConfig, nStep: 3, sampling: { kind: 'prioritized' } });
    const reports = [...train(training)];
    return { reports, weights: training.memory.sample(8, new Generator(1)).priority!.weights.data };
  };
  const { reports, weights } = run();
  expect(run()).toEqual({ reports, weights });
  expect(new Set(weights).size).toBeGreaterThan(4); // the critics have reported their errors
});
