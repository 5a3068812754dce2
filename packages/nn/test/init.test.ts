import { full, Generator, type Tensor, zeros } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { init, Linear } from '../src/index.js';

const generator = new Generator(1);
const OUT = 150;
const IN = 250;

function filled(initialize: (weight: Tensor) => void, shape = [OUT, IN]): Tensor {
  const weight = full(shape, Number.NaN);
  initialize(weight);
  return weight;
}

function momentsOf({ data }: Tensor) {
  const values = Array.from(data);
  const mean = values.reduce((sum, x) => sum + x) / values.length;
  const central = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / values.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2, bound: Math.max(...values) };
}

const UNIFORM = 9 / 5; // kurtosis of a uniform distribution
const GAUSSIAN = 3;

describe.each<[string, (weight: Tensor) => void, variance: number, kurtosis: number]>([
  ['uniform', (w) => init.uniform(w, { low: -2, high: 2, generator }), 4 / 3, UNIFORM],
  ['normal', (w) => init.normal(w, { std: 3, generator }), 9, GAUSSIAN],
  ['linearDefault', (w) => init.linearDefault(w, { generator }), 1 / IN / 3, UNIFORM],
  ['xavierUniform', (w) => init.xavierUniform(w, { generator }), 2 / (IN + OUT), UNIFORM],
  ['xavierUniform, gain', (w) => init.xavierUniform(w, { gain: 3, generator }), 18 / (IN + OUT), UNIFORM],
  ['xavierNormal', (w) => init.xavierNormal(w, { generator }), 2 / (IN + OUT), GAUSSIAN],
  ['xavierNormal, gain', (w) => init.xavierNormal(w, { gain: 3, generator }), 18 / (IN + OUT), GAUSSIAN],
  ['kaimingUniform', (w) => init.kaimingUniform(w, { generator }), 2 / IN, UNIFORM],
  [
    'kaimingUniform, fanOut, gain',
    (w) => init.kaimingUniform(w, { mode: 'fanOut', gain: 3, generator }),
    9 / OUT,
    UNIFORM,
  ],
  ['kaimingNormal', (w) => init.kaimingNormal(w, { generator }), 2 / IN, GAUSSIAN],
  [
    'kaimingNormal, fanOut, gain',
    (w) => init.kaimingNormal(w, { mode: 'fanOut', gain: 3, generator }),
    9 / OUT,
    GAUSSIAN,
  ],
])('%s', (_, initialize, variance, kurtosis) => {
  // Over 37,500 numbers. The bounds are 5 standard errors of a Gaussian.
  const got = momentsOf(filled(initialize));
  test('the mean is 0', () => {
    expect(Math.abs(got.mean)).toBeLessThan(5 * Math.sqrt(variance / OUT / IN));
  });
  test('the variance is right', () => {
    expect(got.variance / variance).toBeGreaterThan(1 - 5 * Math.sqrt(2 / OUT / IN));
    expect(got.variance / variance).toBeLessThan(1 + 5 * Math.sqrt(2 / OUT / IN));
  });
  test('the distribution is right', () => {
    expect(Math.abs(got.kurtosis - kurtosis)).toBeLessThan(5 * Math.sqrt(24 / OUT / IN));
    if (kurtosis === UNIFORM) expect(got.bound).toBeLessThanOrEqual(Math.fround(Math.sqrt(3 * variance)));
  });
});

test('normal with a mean, constant, and zeros', () => {
  expect(momentsOf(filled((w) => init.normal(w, { mean: 7, std: 0.1, generator }))).mean).toBeCloseTo(7, 2);
  expect([...filled((w) => init.constant(w, 3), [2]).data]).toEqual([3, 3]);
  expect([...filled(init.zeros, [2]).data]).toEqual([0, 0]);
});

test('the kernel size multiplies both fans', () => {
  const { variance } = momentsOf(filled((w) => init.kaimingNormal(w, { generator }), [50, 40, 5, 5]));
  expect(variance / (2 / (40 * 25))).toBeCloseTo(1, 1);
  const out = momentsOf(filled((w) => init.kaimingNormal(w, { mode: 'fanOut', generator }), [50, 40, 5, 5]));
  expect(out.variance / (2 / (50 * 25))).toBeCloseTo(1, 1);
});

describe('orthogonal', () => {
  test('rows or columns, whichever are fewer, have length `gain` and are at right angles', () => {
    const sizes = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(sizes, sizes, fc.constantFrom(0.01, 1, 3), fc.nat(), (rows, columns, gain, seed) => {
        const weight = zeros([rows, columns], { dtype: 'float64' });
        init.orthogonal(weight, { gain, generator: new Generator(seed) });
        const product =
          rows <= columns ? weight.matmul(weight.transpose()) : weight.transpose().matmul(weight);
        const size = Math.min(rows, columns);
        product.data.forEach((value: number, k: number) => {
          const expected = Math.floor(k / size) === k % size ? gain ** 2 : 0;
          expect(Math.abs(value - expected)).toBeLessThan(1e-9 * gain ** 2);
        });
      }),
    );
  });

  test('all axes except the first count as one', () => {
    const weight = filled((w) => init.orthogonal(w, { generator }), [4, 3, 2]).reshape([4, 6]);
    const product = weight.matmul(weight.transpose());
    product.data.forEach((value: number, k: number) => {
      expect(value).toBeCloseTo(k % 5 === 0 ? 1 : 0, 6);
    });
  });

  test('is uniform: both signs are equally likely, even on the diagonal', () => {
    const diagonal = [0, 0, 0];
    for (let draw = 0; draw < 2000; draw++) {
      const weight = filled((w) => init.orthogonal(w, { generator }), [3, 3]);
      for (const k of [0, 1, 2]) diagonal[k] += weight.data[4 * k] / 2000;
    }
    // An element of a uniform 3 x 3 orthogonal matrix has variance 1/3.
    for (const mean of diagonal) expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 3 / 2000));
  });

  test('a vector that is linearly dependent on the others is drawn again', () => {
    const rigged = new Generator(1);
    const draws = [1, 2, 2, 4]; // the second vector is twice the first
    rigged.normal = () => draws.shift() ?? generator.normal();
    const { data } = filled((w) => init.orthogonal(w, { generator: rigged }), [2, 2]);
    expect(data[0] * data[2] + data[1] * data[3]).toBeCloseTo(0, 6);
    expect(data[2] ** 2 + data[3] ** 2).toBeCloseTo(1, 6);
  });

  test('an empty weight is no error', () => {
    init.orthogonal(zeros([0, 3]), { generator });
    init.orthogonal(zeros([3, 0]), { generator });
  });
});

const WEIGHT_INITIALIZERS = [
  'linearDefault',
  'xavierUniform',
  'xavierNormal',
  'kaimingUniform',
  'kaimingNormal',
  'orthogonal',
] as const;

test.each(WEIGHT_INITIALIZERS)('%s: the seed decides the weight, and a bias is rejected', (name) => {
  const [one, two, three] = [1, 1, 2].map(
    (seed) => filled((w) => init[name](w, { generator: new Generator(seed) }), [3, 4]).data,
  );
  expect(two).toEqual(one);
  expect(three).not.toEqual(one);
  expect(() => init[name](zeros([3]), { generator })).toThrow(`${name}: shape [3] is not a weight [out, in]`);
});

test.each(['uniform', 'normal', ...WEIGHT_INITIALIZERS] as const)(
  '%s: throws without a generator',
  (name) => {
    for (const options of [undefined, {}])
      expect(() => init[name](zeros([2, 2]), options as never)).toThrow(
        `${name}: generator is missing; give`,
      );
  },
);

test('the gains are those of PyTorch', () => {
  expect(init.calculateGain('linear')).toBe(1);
  expect(init.calculateGain('sigmoid')).toBe(1);
  expect(init.calculateGain('tanh')).toBe(5 / 3);
  expect(init.calculateGain('relu')).toBe(Math.SQRT2);
  expect(init.calculateGain('leakyRelu')).toBeCloseTo(1.4141428569978354, 15); // slope 0.01
  expect(init.calculateGain('leakyRelu', 1)).toBe(1);
});

test('Linear accepts an initializer for its weight', () => {
  const plain = new Linear(4, 3, { generator, initialize: init.zeros });
  expect([...plain.weight.data]).toEqual(new Array(12).fill(0));
  expect(plain.bias!.data.some((b: number) => b !== 0)).toBe(true);
  const initialize: init.Initializer = (weight, options) =>
    init.orthogonal(weight, { gain: 0.01, ...options });
  const { weight } = new Linear(4, 3, { generator: new Generator(5), initialize });
  const alone = filled((w) => init.orthogonal(w, { gain: 0.01, generator: new Generator(5) }), [3, 4]);
  expect(weight.data).toEqual(alone.data);
  expect(weight.requiresGrad).toBe(true);
});

test('no uniform draw is at the end of its range, where float32 would round it', () => {
  const w = zeros([100_000]);
  init.uniform(w, { low: 1000, high: 1001, generator: new Generator(1) });
  expect(w.amax().item()).toBeLessThan(1001);
});
