import { tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  type LRScheduler,
  SGD,
  StepLR,
} from '../src/index.js';

const optimizer = (lr = 0.8) => new SGD([tensor([1], { requiresGrad: true })], { lr });

// The expected numbers are computed by hand from PyTorch's definitions.
describe.each<[string, (of: SGD) => LRScheduler, number[]]>([
  ['StepLR', (of) => new StepLR(of, { stepSize: 2, gamma: 0.5 }), [0.8, 0.8, 0.4, 0.4, 0.2]],
  ['StepLR with the default gamma of 0.1', (of) => new StepLR(of, { stepSize: 1 }), [0.8, 0.08, 0.008]],
  ['ExponentialLR', (of) => new ExponentialLR(of, { gamma: 0.5 }), [0.8, 0.4, 0.2, 0.1]],
  [
    'LinearLR',
    (of) => new LinearLR(of, { startFactor: 0.25, endFactor: 0.75, totalIters: 4 }),
    [0.2, 0.3, 0.4, 0.5, 0.6, 0.6],
  ],
  [
    'LinearLR with defaults: from 1/3 in 5 steps',
    (of) => new LinearLR(of),
    [5, 7, 9, 11, 13, 15, 15].map((fifteenths) => (0.8 * fifteenths) / 15),
  ],
  [
    'CosineAnnealingLR',
    (of) => new CosineAnnealingLR(of, { tMax: 4 }),
    [0.8, 0.4 + 0.4 * Math.SQRT1_2, 0.4, 0.4 - 0.4 * Math.SQRT1_2, 0, 0.4 - 0.4 * Math.SQRT1_2, 0.4],
  ],
  [
    'CosineAnnealingLR to etaMin',
    (of) => new CosineAnnealingLR(of, { tMax: 2, etaMin: 0.2 }),
    [0.8, 0.5, 0.2, 0.5, 0.8],
  ],
  ['LambdaLR', (of) => new LambdaLR(of, (t) => 1 / (1 + t)), [0.8, 0.4, 0.8 / 3, 0.2]],
])('%s', (_, make, expected) => {
  test('gives the expected learning rates, from the constructor on', () => {
    const scheduled = optimizer();
    const schedule = make(scheduled);
    expected.forEach((lr, t) => {
      expect(schedule.lastEpoch).toBe(t);
      expect(scheduled.lr, `epoch ${t}`).toBeCloseTo(lr, 12);
      schedule.step();
    });
  });

  test('continues from a restored state, no matter which learning rate the optimizer has', () => {
    const scheduled = optimizer();
    const schedule = make(scheduled);
    schedule.step();
    const other = optimizer(0.123);
    const resumed = make(other);
    resumed.loadStateDict(JSON.parse(JSON.stringify(schedule.stateDict())));
    expect(other.lr).toBe(scheduled.lr);
    schedule.step();
    resumed.step();
    expect(other.lr).toBe(scheduled.lr);
  });
});

test('invalid options and states are rejected', () => {
  expect(() => new StepLR(optimizer(), { stepSize: 0 })).toThrow(
    'StepLR: stepSize is 0; give an integer of at least 1',
  );
  expect(() => new LinearLR(optimizer(), { totalIters: 0.5 })).toThrow(/totalIters is 0.5/);
  expect(() => new CosineAnnealingLR(optimizer(), { tMax: -1 })).toThrow(/tMax is -1/);
  expect(() => new LambdaLR(optimizer(), () => Number.NaN)).toThrow(/lr is NaN/);
  for (const wrong of [1n, Symbol('s'), undefined]) {
    expect(() => new LambdaLR(optimizer(), () => wrong as never)).toThrow(
      /^LambdaLR: factor\(0\) is .*; give a number$/,
    );
  }
  const schedule = new ExponentialLR(optimizer(), { gamma: 0.5 });
  expect(() => schedule.loadStateDict({ baseLr: 1, lastEpoch: -1 })).toThrow(/lastEpoch is -1/);
});
