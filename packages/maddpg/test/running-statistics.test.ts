import { Tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunningStatistics } from '../src/index.js';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
/** Rows of equal width, divided into chunks. */
const chunks = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(
      fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 9 }),
      { minLength: 1, maxLength: 9 },
    ),
  );

/** Computed in two passes. */
function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

test('mean and variance are those of all rows, however the rows are split into calls', () => {
  fc.assert(
    fc.property(chunks, (chunks) => {
      const width = chunks[0][0].length;
      const statistics = new RunningStatistics(width);
      for (const rows of chunks) statistics.add(rows.flat());
      const all = chunks.flat();
      expect(statistics.count).toBe(all.length);
      for (let column = 0; column < width; column++) {
        const values = all.map((row) => row[column]);
        const { mean, variance } = momentsOf(values);
        const largest = Math.max(...values.map(Math.abs));
        expect(Math.abs(statistics.mean[column] - mean)).toBeLessThanOrEqual(1e-13 * largest);
        // Squares of numbers below 1e-154 are subnormal, with few bits.
        const tolerance = 1e-13 * largest ** 2 + 1e-320;
        expect(Math.abs(statistics.variance[column] - variance)).toBeLessThanOrEqual(tolerance);
      }
    }),
    { examples: [[[[[0]], [[-5.4e-161], [0], [0]], [[0], [0]]]]] },
  );
});

test('a small variance of large numbers is kept; sums of squares would lose it', () => {
  const statistics = new RunningStatistics(1);
  for (let k = 0; k < 1000; k++) statistics.add([1e9 + (k % 2)]);
  expect(statistics.mean[0]).toBeCloseTo(1e9 + 0.5, 6);
  expect(statistics.variance[0]).toBeCloseTo(0.25, 6);
});

test('each column is normalized by its own mean and deviation, and clipped to ±10', () => {
  const statistics = new RunningStatistics(2);
  const x = new Tensor(Float32Array.of(3, 30, -99, 999), [2, 2]);
  expect([...statistics.forward(x).data]).toEqual([3, 10, -10, 10]); // before the first row: mean 0, variance 1
  statistics.add([1, 10, 3, 30]); // means 2 and 20, deviations 1 and 10
  const y = statistics.forward(x);
  expect([...y.data]).toEqual([1, 1, -10, 10]);
  expect(y.shape).toEqual([2, 2]);
  expect(statistics.forward(new Tensor(Float64Array.of(3, 30), [1, 2])).dtype).toBe('float64');
});

test('bad rows are refused, and change nothing', () => {
  const statistics = new RunningStatistics(2);
  statistics.add([1, 2]);
  expect(() => statistics.add([1, 2, 3])).toThrow(
    'RunningStatistics: got 3 numbers; give complete rows of 2',
  );
  expect(() => statistics.add([])).toThrow('RunningStatistics: got 0 numbers; give complete rows of 2');
  expect(() => statistics.add([1, Number.NaN])).toThrow(/^RunningStatistics: numbers are NaN, infinite/);
  expect([statistics.count, statistics.mean, statistics.variance]).toEqual([1, [1, 2], [0, 0]]);
});
