/** Compares the reference kernels with their definitions in float64. Other kernel sets are compared with them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MatmulForm, referenceKernels } from '../src/index.js';

const size = fc.integer({ min: 0, max: 13 });

test('matmul is the sum of products, in all forms, with and without bias', () => {
  const forms = fc.constantFrom<MatmulForm>('nn', 'nt', 'tn');
  fc.assert(
    fc.property(forms, size, size, size, fc.boolean(), fc.integer(), (form, m, k, n, biased, seed) => {
      const a = pseudo(m * k, seed);
      const b = pseudo(k * n, seed + 1);
      const bias = biased ? pseudo(n, seed + 2) : undefined;
      const c = new Float32Array(m * n).fill(Number.NaN);
      referenceKernels.matmul({ form, m, k, n, ...(bias && { bias }) }, a, b, c);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = bias?.[j] ?? 0;
          for (let p = 0; p < k; p++) {
            sum +=
              (form === 'tn' ? a[p * m + i] : a[i * k + p]) * (form === 'nt' ? b[j * k + p] : b[p * n + j]);
          }
          expect(c[i * n + j]).toBeCloseTo(sum, 5);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('NaN and infinities are passed on', () => {
  const c = new Float32Array(8);
  const a = Float32Array.of(Number.NaN, 1, 1, 1, 1, 1, 1, Number.POSITIVE_INFINITY);
  referenceKernels.matmul({ form: 'nn', m: 4, k: 2, n: 2 }, a, Float32Array.of(1, 0, 1, 1), c);
  expect([...c]).toEqual([
    Number.NaN,
    Number.NaN,
    2,
    1,
    2,
    1,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  const y = new Float32Array(3);
  for (const kernel of Object.values(referenceKernels.unary)) {
    kernel(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), y);
    expect(y[0]).toBeNaN();
  }
});

test('a view reads, writes and sums at its positions', () => {
  const view = { shape: [2, 2], strides: [3, 2], offset: 1 }; // 1, 3, 4, 6
  const y = new Float32Array(4);
  referenceKernels.readView(Float32Array.of(0, 10, 20, 30, 40, 50, 60), view, y);
  expect([...y]).toEqual([10, 30, 40, 60]);

  const written = new Float32Array(7).fill(9);
  referenceKernels.writeView(Float32Array.of(1, 2, 3, 4), view, written);
  expect([...written]).toEqual([9, 1, 9, 2, 3, 9, 4]);

  const rows = new Float32Array(2);
  referenceKernels.sumView(
    Float32Array.of(1, 2, 3, 4, 5, 6),
    { shape: [2, 3], strides: [1, 0], offset: 0 },
    rows,
  );
  expect([...rows]).toEqual([6, 15]);
});

test('take reads at positions, putAdd adds up at positions', () => {
  const positions = Int32Array.of(2, 0, 2);
  const y = new Float32Array(3);
  referenceKernels.take(Float32Array.of(10, 20, 30), positions, y);
  expect([...y]).toEqual([30, 10, 30]);
  referenceKernels.putAdd(Float32Array.of(1, 2, 4), positions, y);
  expect([...y]).toEqual([2, 0, 5]);
});

test('argmax gives the first maximum along an axis, maxView the maximum; NaN counts as the maximum', () => {
  const x = Float32Array.of(1, 5, 7, 5, 7, Number.NaN); // [3, 2]
  const indices = new Int32Array(2);
  referenceKernels.argmax(x, 3, 2, indices);
  expect([...indices]).toEqual([1, 2]);
  const columns = new Float32Array(2);
  referenceKernels.maxView(x, { shape: [3, 2], strides: [0, 1], offset: 0 }, columns);
  expect([...columns]).toEqual([7, Number.NaN]);
});

test('argsort orders each line along an axis, ties in place, NaN last; a short result gets the first indices', () => {
  const x = Float32Array.of(3, 1, Number.NaN, 1, 1, 0, 3, -1); // [4, 2]
  const all = new Int32Array(8);
  referenceKernels.argsort(x, 4, 2, false, all);
  expect([...all]).toEqual([2, 3, 0, 2, 3, 0, 1, 1]);
  const two = new Int32Array(4);
  referenceKernels.argsort(x, 4, 2, true, two);
  expect([...two]).toEqual([1, 0, 0, 1]);
});

test('cumsum adds up along an axis, from either end', () => {
  const x = Float32Array.of(1, 10, 2, 20, 3, 30); // [3, 2]
  const y = new Float32Array(6);
  referenceKernels.cumsum(x, 3, 2, false, y);
  expect([...y]).toEqual([1, 10, 3, 30, 6, 60]);
  referenceKernels.cumsum(x, 3, 2, true, y);
  expect([...y]).toEqual([6, 60, 5, 50, 3, 30]);
});

test('select takes the first operand where the condition is not 0', () => {
  const z = new Float32Array(3);
  referenceKernels.select(Float32Array.of(1, 0, -2), Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6), z);
  expect([...z]).toEqual([1, 5, 3]);
});

test('kernels of whole parameters compute what they say', () => {
  const [p, g, m, v] = [[2], [0.5], [0.1], [0.04]].map((x) => Float64Array.from(x));
  const step = {
    beta1: 0.9,
    beta2: 0.99,
    eps: 0.01,
    stepSize: 0.3,
    correction: 0.5,
    weightDecay: 0.1,
    factor: 0.75,
  };
  referenceKernels.adam(step, p, g, m, v);
  const gradient = 0.5 + 0.1 * 1.5;
  expect(m[0]).toBeCloseTo(0.9 * 0.1 + 0.1 * gradient, 12);
  expect(v[0]).toBeCloseTo(0.99 * 0.04 + 0.01 * gradient ** 2, 12);
  expect(p[0]).toBeCloseTo(1.5 - (0.3 * m[0]) / (Math.sqrt(v[0]) / 0.5 + 0.01), 12);

  const y = Float32Array.of(1, 2);
  referenceKernels.average(Float32Array.of(5, -2), y, 0.25);
  expect([...y]).toEqual([2, 1]);
  referenceKernels.scale(y, 3);
  expect([...y]).toEqual([6, 3]);
  expect(referenceKernels.addSquares(y, 5)).toBe(50);
});

function pseudo(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => Math.sin(seed + k * 12.9898) * 2);
}
