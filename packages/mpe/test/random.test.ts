import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeededRandom } from '../src/index.js';

it('gives the same numbers for the same seed on every machine', () => {
  const random = new SeededRandom(1);
  expect([random.uniform(0, 1), random.uniform(-1, 1), random.integer(1000)]).toMatchInlineSnapshot(`
    [
      0.10286284344689667,
      -0.2342998565916945,
      251,
    ]
  `);
});

it('gives different numbers for seeds that differ in any bit', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(51), (seed, bit) => {
      const other = seed % 2 ** (bit + 1) < 2 ** bit ? seed + 2 ** bit : seed - 2 ** bit;
      expect(new SeededRandom(seed).uniform(0, 1)).not.toBe(new SeededRandom(other).uniform(0, 1));
    }),
  );
});

it('draws uniformly: a tenth of the numbers is in each tenth of the range', () => {
  const random = new SeededRandom(2);
  const draws = 100_000;
  const histogram = new Array<number>(10).fill(0);
  for (let i = 0; i < draws; i++) {
    const tenth = Math.floor((random.uniform(-3, 2) + 3) * 2);
    histogram[tenth] = (histogram[tenth] ?? 0) + 1;
  }
  expect(histogram).toHaveLength(10);
  for (const count of histogram) expect(count / draws).toBeCloseTo(0.1, 2);
});

it('draws nothing outside of a range, also where the next number is its end, and refuses a range that goes backwards', () => {
  const random = new SeededRandom(3);
  for (let i = 0; i < 100; i++) expect(random.uniform(1, 1 + 2 ** -52)).toBe(1);
  expect(random.uniform(2, 2)).toBe(2);
  expect(() => random.uniform(5, 3)).toThrow('uniform: low is 5 and high is 3; give low <= high');
  expect(() => random.uniform(...([0, 1, 2] as unknown as [number, number]))).toThrow(/further argument, 2/);
});
