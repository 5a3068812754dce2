import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  estimate,
  estimateDifference,
  interquartileMean,
  mean,
  quantile,
} from '../src/comparing/statistics.js';

type Interval = readonly [low: number, high: number];
interface Recorded {
  lists: {
    values: number[];
    mean: number;
    interquartileMean: number;
    quantiles: number[];
    meanInterval: Interval;
    interquartileMeanInterval: Interval;
  }[];
  difference: Interval;
  stratified: { value: number; interval: Interval };
}
const { lists, difference, stratified }: Recorded = JSON.parse(
  readFileSync(new URL('../../../fixtures/statistics/statistics.json', import.meta.url), 'utf8'),
);
const listOf = (n: number) => lists.find(({ values }) => values.length === n)!.values;

const aValue = fc.double({ min: -1000, max: 1000, noNaN: true });
const someValues = fc.array(aValue, { minLength: 2, maxLength: 12 });

/** Each end has a standard error of about 1.5 % of the interval's length, because it is a quantile of 2000 draws. */
function expectInterval(interval: Interval | undefined, expected: Interval): void {
  const tolerance = 0.06 * (expected[1] - expected[0]);
  for (const end of [0, 1]) expect(Math.abs(interval![end] - expected[end])).toBeLessThanOrEqual(tolerance);
}

describe('as SciPy and NumPy', () => {
  test.each(lists)('$values', ({ values, ...expected }) => {
    expect(mean(values)).toBeCloseTo(expected.mean, 12);
    expect(interquartileMean(values)).toBeCloseTo(expected.interquartileMean, 12);
    [0, 0.025, 0.3, 0.5, 0.975, 1].forEach((q, k) => {
      expect(quantile(values, q)).toBeCloseTo(expected.quantiles[k], 12);
    });
    expectInterval(estimate([values], mean).interval, expected.meanInterval);
    expectInterval(estimate([values], interquartileMean).interval, expected.interquartileMeanInterval);
  });

  test('the difference of two', () => {
    const [a, b] = [listOf(10), listOf(13)];
    const { value, interval, n } = estimateDifference(a, b, mean);
    expect(value).toBeCloseTo(mean(a) - mean(b), 12);
    expect(n).toBe(23);
    expectInterval(interval, difference);
  });

  test('strata', () => {
    const { value, interval, n } = estimate([listOf(8), listOf(30)], interquartileMean);
    expect(value).toBeCloseTo(stratified.value, 12);
    expect(n).toBe(38);
    expectInterval(interval, stratified.interval);
  });
});

describe('whatever the values are', () => {
  test('the order of values does not change a statistic', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        expect(interquartileMean([...values].reverse())).toBeCloseTo(interquartileMean(values), 9);
        expect(mean([...values].reverse())).toBeCloseTo(mean(values), 9);
      }),
    );
  });

  test('the interquartile mean lies between the quartiles, and is the mean of three values', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const cut = Math.floor(values.length / 4);
        expect(interquartileMean(values)).toBeGreaterThanOrEqual(sorted[cut] - 1e-9);
        expect(interquartileMean(values)).toBeLessThanOrEqual(sorted[values.length - 1 - cut] + 1e-9);
        expect(interquartileMean(values.slice(0, 3))).toBeCloseTo(mean(values.slice(0, 3)), 9);
      }),
    );
  });

  test.each([mean, interquartileMean])('%o: intervals move and grow with the values', (statistic) => {
    fc.assert(
      fc.property(
        someValues,
        aValue,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (values, shift, scale) => {
          const { interval } = estimate([values], statistic);
          const moved = estimate([values.map((value) => shift + scale * value)], statistic).interval!;
          expect(moved[0]).toBeCloseTo(shift + scale * interval![0], 6);
          expect(moved[1]).toBeCloseTo(shift + scale * interval![1], 6);
          expect(interval![0]).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(interval![1]).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          expect(interval![0]).toBeLessThanOrEqual(interval![1]);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('the same values give the same interval', () => {
    expect(estimate([[3, 1, 2]], mean)).toEqual(estimate([[3, 1, 2]], mean));
  });

  test('equal values have an interval without length, and differ by nothing', () => {
    expect(estimate([[2, 2, 2]], mean)).toEqual({ value: 2, interval: [2, 2], n: 3 });
    expect(estimateDifference([2, 2], [2, 2, 2], mean)).toEqual({ value: 0, interval: [0, 0], n: 5 });
  });
});

test('a single value has no interval, nor has anything with it', () => {
  expect(estimate([[2]], mean)).toEqual({ value: 2, n: 1 });
  expect(estimate([[1, 2, 3], [2]], mean)).toEqual({ value: 2, n: 4 });
  expect(estimateDifference([1, 2, 3], [5], mean)).toEqual({ value: -3, n: 4 });
});

test('of no values there is no statistic', () => {
  expect(() => mean([])).toThrow('mean: there are no values; give at least one');
  expect(() => interquartileMean([])).toThrow('no values');
  expect(() => quantile([], 0.5)).toThrow('no values');
});
