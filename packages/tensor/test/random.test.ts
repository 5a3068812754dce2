import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Generator, normal, uniform } from '../src/index.js';

const draws = (generator: Generator, n = 5) => Array.from({ length: n }, () => generator.next());

describe('Generator', () => {
  test('the seed decides every draw', () => {
    expect(draws(new Generator(7))).toEqual(draws(new Generator(7)));
    expect(draws(new Generator(7))).not.toEqual(draws(new Generator(8)));
  });

  test('gives the same numbers on every machine', () => {
    expect(draws(new Generator(1), 3)).toEqual([792534090, 3215351813, 160231488]);
  });

  test('a fork depends only on the seed and the purpose, not on earlier draws', () => {
    const root = new Generator(7);
    const early = draws(root.fork('noise'));
    draws(root);
    expect(draws(root.fork('noise'))).toEqual(early);
    expect(draws(root.fork('weights'))).not.toEqual(early);
    expect(draws(new Generator(8).fork('noise'))).not.toEqual(early);
  });

  test('goes on from a saved state, also in the middle of a pair of normal numbers', () => {
    const generator = new Generator(7);
    for (const draw of [() => generator.normal(), () => generator.uniform(), () => generator.integer(5)]) {
      draw();
      const other = new Generator(7);
      other.setState(JSON.parse(JSON.stringify(generator.getState())));
      const next = (from: Generator) => [
        from.normal(),
        from.normal(),
        from.next(),
        from.normal(),
        from.next(),
      ];
      expect(next(other)).toEqual(next(generator));
    }
  });

  test('refuses a state of another seed, and one that is none', () => {
    const generator = new Generator(7);
    const state = generator.getState();
    expect(() => new Generator(8).setState(state)).toThrow(/seed 7, but this one's is 8/);
    expect(() => generator.setState({ ...state, words: [1, 2, 3] })).toThrow(
      /words is \[1, 2, 3\]; give four/,
    );
    expect(() => generator.setState({ ...state, spare: 1 } as never)).toThrow(/spareNormal/);
  });

  test('no draw is above or at the end of its range, also where numbers are coarse', () => {
    const low = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(low, fc.integer({ min: 1, max: 4 }), fc.nat(), (low, steps, seed) => {
        const high = low + (steps * Math.max(Math.abs(low), 1e-3)) / 2 ** 52; // a few float64 numbers above
        fc.pre(high > low);
        const generator = new Generator(seed);
        for (let k = 0; k < 10; k++) {
          const drawn = generator.uniform(low, high);
          expect(drawn >= low && drawn < high).toBe(true);
        }
      }),
    );
    const many = uniform([100_000], new Generator(1), { low: 1000, high: 1001 }).data;
    expect(Math.max(...many.subarray(0, 50_000), ...many.subarray(50_000))).toBeLessThan(1001);
    expect(uniform([2], new Generator(1), { low: 3, high: 3 }).tolist()).toEqual([3, 3]);
    const backwards = 'uniform: low is 5 and high is 3; give low <= high';
    expect(() => new Generator(1).uniform(5, 3)).toThrow(backwards);
    expect(() => uniform([1], new Generator(1), { low: 5, high: 3 })).toThrow(backwards);
  });

  test('uniform, integer and normal have their distributions', () => {
    const generator = new Generator(3);
    const n = 50_000;
    const u = uniform([n], generator, { low: -2, high: 4 }).data;
    expect(Math.min(...u)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...u)).toBeLessThan(4);
    expect(mean(u)).toBeCloseTo(1, 1);

    const z = normal([n], generator).data;
    expect(mean(z)).toBeCloseTo(0, 1);
    expect(mean(z.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(z.map((x) => x ** 4))).toBeCloseTo(3, 0);

    const counts = [0, 0, 0];
    for (let i = 0; i < n; i++) counts[generator.integer(3)]++;
    for (const count of counts) expect(count / n).toBeCloseTo(1 / 3, 2);
  });

  test('rejects invalid seeds', () => {
    for (const seed of [-1, 0.5, 2 ** 32, Number.NaN])
      expect(() => new Generator(seed)).toThrow(/Generator: seed/);
  });
});

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
}

test('a range that is too wide for a number is an error', () => {
  expect(() => new Generator(1).uniform(-1e308, 1e308)).toThrow(
    'uniform: high - low is Infinity; give a finite number',
  );
});

test('a fork without a purpose, and more integers than it can draw, are errors', () => {
  const generator = new Generator(1);
  expect(() => generator.fork('')).toThrow('fork: purpose is ""; give a string, such as "weights"');
  expect(() => generator.integer(2 ** 32 + 1)).toThrow(
    'integer: n is 4294967297; give an integer from 1 to 2^32',
  );
  expect(generator.integer(2 ** 32)).toBeLessThan(2 ** 32);
});
