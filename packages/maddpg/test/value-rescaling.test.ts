import { tensor, zeros } from '@paragrad/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AlgorithmName,
  AttentionMaddpg,
  type Batch,
  bellmanTarget,
  EnsembleMaddpg,
} from '../src/index.js';
import { rescale, unscale } from '../src/learning/value-rescaling.js';
import { shortRun, smallConfig } from './short-run.js';

/** h and its inverse with signs, as in the paper, on numbers of JavaScript. */
const h = (z: number, k: number) => Math.sign(z) * (Math.sqrt(k * Math.abs(z) + 1) - 1);
const inverse = (y: number, k: number) => (Math.sign(y) * ((Math.abs(y) + 1) ** 2 - 1)) / k;

const aScale = fc.constantFrom(0.01, 1, 3, 100, 1e4);
const aValue = fc.double({ min: -1000, max: 1000, noNaN: true });
const inFloat64 = (z: number) => tensor([z], { dtype: 'float64' });

test('the two functions are those of the paper, each the inverse of the other', () => {
  fc.assert(
    fc.property(aScale, aValue, (k, z) => {
      const tolerance = 1e-9 * (1 + Math.abs(z));
      const rescaled = rescale(inFloat64(z), k);
      expect(Math.abs(rescaled.item() - h(z, k))).toBeLessThan(tolerance);
      expect(Math.abs(unscale(inFloat64(z), k).item() - inverse(z, k))).toBeLessThan(
        tolerance * (1 + Math.abs(z) / k),
      );
      expect(Math.abs(unscale(rescaled, k).item() - z)).toBeLessThan(tolerance);
    }),
  );
});

test('a scale of 0 changes no bit', () => {
  const x = tensor([-3.3, 0, 7e-9]);
  expect(rescale(x, 0)).toBe(x);
  expect(unscale(x, 0)).toBe(x);
});

test('targets settle at the rescaled value of getting the same reward for ever', () => {
  fc.assert(
    fc.property(aScale, fc.double({ min: -10, max: 10, noNaN: true }), (k, reward) => {
      const settings = { gamma: 0.9, valueRescaling: k };
      const [r, done] = [inFloat64(reward), zeros([1], { dtype: 'float64' })];
      let y = inFloat64(0);
      for (let step = 0; step < 300; step++) y = bellmanTarget(r, done, settings, () => y);
      expect(y.item()).toBeCloseTo(h(reward / (1 - 0.9), k), 6);
    }),
  );
});

const actorCritics: readonly AlgorithmName[] = [
  ...(['maddpg', 'matd3', 'attention-maddpg', 'ensemble-maddpg'] as const),
  ...(['communicating-maddpg', 'inferring-maddpg', 'openai-maddpg'] as const),
];

test.each(actorCritics)(
  '%s learns rescaled values, with a next value only where there is one',
  (algorithm) => {
    const [k, gamma] = [30, 0.9];
    const settings = { ...smallConfig.settings, gamma, valueRescaling: k };
    const { maddpg, batch: drawn } = shortRun({ algorithm, settings }, 4);
    const terminations = drawn.terminations.map(() => tensor([[0], [1], [0], [1]]));
    const batch: Batch = { ...drawn, terminations };
    if (maddpg instanceof EnsembleMaddpg) maddpg.choose([0, 0, 0]);
    const nextActions = maddpg.nextActions(batch);
    const targets = maddpg instanceof AttentionMaddpg ? maddpg.targets(batch) : undefined;
    for (const i of [0, 1, 2]) {
      const next = maddpg.nextValue(i, batch, nextActions).data;
      const y = targets ? targets.narrow(1, i, 1) : maddpg.target(i, batch, nextActions);
      const rewards = batch.rewards[i].data;
      const expected = [0, 1, 2, 3].map((row) =>
        h(rewards[row] + (row % 2 === 0 ? gamma * inverse(next[row], k) : 0), k),
      );
      expected.forEach((value, row) => {
        expect(y.data[row]).toBeCloseTo(value, 4);
      });
      expect(Math.abs(h(rewards[0], k) - rewards[0])).toBeGreaterThan(0.1); // otherwise nothing was shown
    }
  },
);
