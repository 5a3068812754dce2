import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  estimate,
  estimateDifference,
  interquartileMean,
  mean,
  probabilityOfImprovement,
  quantile,
} from '../src/comparing/statistics.js';

type Interval = readonly [low: number, high: number];
interface OverTasks {
  mean: number;
  interquartileMean: number;
  meanInterval: Interval;
  interquartileMeanInterval: Interval;
}
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
  atari: { TWM: OverTasks; DIAMOND: OverTasks };
  improvement: { value: number; interval: Interval };
}
interface Game {
  random: number;
  human: number;
  TWM: number[];
  DIAMOND: number[];
}
function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/statistics/${name}`, import.meta.url), 'utf8'));
}
const { lists, difference, stratified, atari, improvement } = read<Recorded>('statistics.json');
const games: Game[] = Object.values(read<Record<string, Game>>('atari-100k.json'));
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

  // Means and interquartile means as the papers print them, which used rliable.
  test.each([
    ['TWM', '0.956', '0.459'],
    ['DIAMOND', '1.459', '0.641'],
  ] as const)('human-normalized scores of %s in 26 games', (algorithm, printedMean, printedIqm) => {
    const tasks = games.map(({ random, human, [algorithm]: scores }) =>
      scores.map((score) => (score - random) / (human - random)),
    );
    const [average, middle] = [mean, interquartileMean].map((statistic) => estimate(tasks, statistic));
    expect(average.value).toBeCloseTo(atari[algorithm].mean, 12);
    expect(middle.value).toBeCloseTo(atari[algorithm].interquartileMean, 12);
    expect([average.value.toFixed(3), middle.value.toFixed(3)]).toEqual([printedMean, printedIqm]);
    expect(middle.n).toBe(130);
    expectInterval(average.interval, atari[algorithm].meanInterval);
    expectInterval(middle.interval, atari[algorithm].interquartileMeanInterval);
  });

  test('the probability of improvement of one over the other, from U of mannwhitneyu', () => {
    const { value, interval, n } = probabilityOfImprovement(
      games.map(({ DIAMOND }) => DIAMOND),
      games.map(({ TWM }) => TWM),
    );
    expect(value).toBeCloseTo(improvement.value, 12);
    expect(n).toBe(260);
    expectInterval(interval, improvement.interval);
  });
});

/** The inputs and the assertions of google-research/rliable (Apache-2.0), turned: a list for each task. */
describe("as rliable's tests", () => {
  test('metrics_test.py', () => {
    const x = [
      [1, 2, 1, 2],
      [2, 2, 1, 1],
    ];
    const y = [
      [1, 2, 3],
      [1, 2, 3],
    ];
    for (const statistic of [mean, interquartileMean]) {
      expect(estimate(x, statistic).value).toBe(1.5);
      expect(estimate(y, statistic).value).toBe(2);
    }
    expect(probabilityOfImprovement(x, y).value).toBeCloseTo(1 / 3, 12);
  });

  test('library_test.py: a value is within its interval', () => {
    const x = Array.from({ length: 16 }, (_, task) => [0, 1, 2, 3, 4].map((run) => 16 * run + task));
    const y = x.map((values) => [...values].reverse());
    const estimates = [mean, interquartileMean].map((statistic) => estimate(x, statistic));
    for (const { value, interval } of [...estimates, probabilityOfImprovement(x, y)]) {
      expect(interval![0]).toBeLessThan(value);
      expect(interval![1]).toBeGreaterThan(value);
    }
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

describe('the probability of improvement, whatever the runs are', () => {
  const of = (x: number[][], y: number[][]) => probabilityOfImprovement(x, y).value;
  const runs = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 6 });
  const tasks = fc
    .array(fc.tuple(runs, runs), { minLength: 1, maxLength: 4 })
    .map((pairs) => ({ x: pairs.map(([x]) => x), y: pairs.map(([, y]) => y) }));

  test('one of two is better, or they tie', () => {
    fc.assert(
      fc.property(tasks, ({ x, y }) => {
        expect(of(x, y) + of(y, x)).toBeCloseTo(1, 12);
        expect(of(x, x)).toBeCloseTo(0.5, 12);
      }),
      { numRuns: 20 },
    );
  });

  test('it and its interval are between 0 and 1, which they are if one always wins', () => {
    fc.assert(
      fc.property(tasks, ({ x, y }) => {
        const { value, interval = [value, value] } = probabilityOfImprovement(x, y);
        const ordered = [0, interval[0], interval[1], 1];
        expect([...ordered].sort((a, b) => a - b)).toEqual(ordered);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const above = y.map((values) => values.map((other) => 20 + other));
        expect([of(above, y), of(y, above)]).toEqual([1, 0]);
      }),
      { numRuns: 20 },
    );
  });

  test('another scale of returns in each task does not change it, nor does its interval', () => {
    const scales = [(v: number) => v ** 3, (v: number) => Math.exp(v), (v: number) => 7 * v - 2, Math.atan];
    const rescaled = (lists: number[][]) => lists.map((values, task) => values.map(scales[task]));
    fc.assert(
      fc.property(tasks, ({ x, y }) => {
        expect(probabilityOfImprovement(rescaled(x), rescaled(y))).toEqual(probabilityOfImprovement(x, y));
      }),
      { numRuns: 20 },
    );
  });

  test('tasks count the same, however many runs they have', () => {
    expect(probabilityOfImprovement([[2], [0, 0, 0]], [[1], [1, 1, 1]])).toEqual({ value: 0.5, n: 8 });
  });
});

test('a single value has no interval, nor has anything with it', () => {
  expect(estimate([[2]], mean)).toEqual({ value: 2, n: 1 });
  expect(estimate([[1, 2, 3], [2]], mean)).toEqual({ value: 2, n: 4 });
  expect(estimateDifference([1, 2, 3], [5], mean)).toEqual({ value: -3, n: 4 });
});

test('the probability of improvement needs runs of both, in the same tasks', () => {
  expect(() => probabilityOfImprovement([[1], [2]], [[1]])).toThrow(
    'probabilityOfImprovement: X has 2 tasks and Y has 1; give runs of the same tasks, in the same order',
  );
  const none = 'probabilityOfImprovement: there are no values; give at least one';
  expect(() => probabilityOfImprovement([[1], [2]], [[1], []])).toThrow(none);
  expect(() => probabilityOfImprovement([], [])).toThrow(none);
});

test('of no values there is no statistic', () => {
  expect(() => mean([])).toThrow('mean: there are no values; give at least one');
  expect(() => interquartileMean([])).toThrow('no values');
  expect(() => quantile([], 0.5)).toThrow('no values');
});
