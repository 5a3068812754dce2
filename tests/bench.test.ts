/** What the programs of `npm run bench` count and compute. */
import { readFileSync } from 'node:fs';
import { defaultConfig } from '@paragrad/maddpg';
import { Linear } from '@paragrad/nn';
import { currentKernels, Generator, ones, scope } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { computing, flopOf, productsOf } from '../bench/products.js';
import { inWords, spreadOf } from '../bench/statistics.js';
import { LEARNING } from '../bench/subjects/whole.js';

test('the products of some work are counted, forward and backward', () => {
  const layer = new Linear(5, 3, { generator: new Generator(1) });
  const x = ones([4, 5], { requiresGrad: true });
  const work = () => scope(() => layer.forward(x).sum().backward());
  const products = productsOf(work).map(({ form, m, k, n, hasBias }) => [form, m, k, n, hasBias]);
  expect(products).toContainEqual(['nt', 4, 5, 3, true]); // x Wᵀ + b
  expect(products).toContainEqual(['nn', 4, 3, 5, false]); // dx = dy W
  expect(products.length).toBe(3); // and dW = dyᵀ x
  expect(productsOf(work).reduce((sum, product) => sum + flopOf(product), 0)).toBe(3 * 2 * 4 * 5 * 3);
});

test('computing the products alone computes the same ones', () => {
  const layer = new Linear(5, 3, { generator: new Generator(1) });
  const products = productsOf(() => layer.forward(ones([4, 5])));
  expect(productsOf(() => computing(products)())).toEqual(
    products.map((product) => expect.objectContaining(product)),
  );
});

test('the kernels are as before, even if the work throws', () => {
  const before = currentKernels();
  expect(() =>
    productsOf(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(currentKernels()).toBe(before);
});

test('the peer in PyTorch learns with the same settings', () => {
  const source = readFileSync(new URL('../bench/peers/stacked.py', import.meta.url), 'utf8');
  const lines = source.split('\n').filter((line) => /^[A-Z, _]+ = [\d., e-]+$/.test(line));
  const constants = Object.fromEntries(
    lines.flatMap((line) => {
      const [names, values] = line.split(' = ').map((side) => side.split(', '));
      return names.map((name, k) => [name, Number(values[k])]);
    }),
  );
  const { envs, batchSize, stepsPerUpdate, exploration, settings } = LEARNING;
  expect(constants).toMatchObject({
    ...{ COPIES: envs, BATCH: batchSize, STEPS_PER_UPDATE: stepsPerUpdate, NOISE: exploration?.initial },
    ...{ GAMMA: settings?.gamma, ACTOR_RATE: settings?.actorLr, CRITIC_RATE: settings?.criticLr },
    ...{ WARM_UP: defaultConfig.warmupSteps, TAU: defaultConfig.settings.tau },
    ...{ HIDDEN: defaultConfig.settings.hidden[0], MAX_NORM: defaultConfig.settings.maxGradNorm },
  });
});

test('intervals are those of Student', () => {
  const { mean, halfWidth } = spreadOf([1, 2, 3]);
  expect(mean).toBe(2);
  expect(halfWidth).toBeCloseTo(2.484, 3); // 4.303 / sqrt(3)
  expect(inWords([1, 2, 3])).toBe('2.00 ± 2.48 (3 seeds)');
  expect(inWords([1])).toBe('1.00 (1 seed)');
});
