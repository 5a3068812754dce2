import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broadcastTo, matmul, type Shape, sum, type Tensor } from '../../src/index.js';
import { broadcastShapes } from '../../src/shape.js';
import {
  axes,
  broadcastableShapes,
  broadcastableTensors,
  distinctTensors,
  indices,
  matrixPairs,
  type NumberConstraints,
  oneHots,
  orthogonalMatrices,
  positiveDefiniteMatrices,
  probabilities,
  shapes,
  tensors,
  tensorsApart,
} from '../../src/testing/index.js';

const draws = 40_000;
const numbersOf = (constraints?: NumberConstraints): Float64Array =>
  Float64Array.from(
    fc.sample(tensors([50], constraints), { numRuns: draws / 50, seed: 1 }).flatMap(({ data }) => [...data]),
  );
const share = (numbers: Float64Array, isCounted: (x: number) => boolean) =>
  numbers.filter(isCounted).length / numbers.length;

describe('tensors', () => {
  test('numbers stay in their range, away from 0 and away from kinks', () => {
    const range = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(
        range.chain(([min, width]) => {
          const max = min + width;
          const awayFromZero = Math.max(max, -min) / 2;
          const kinks = [min + width / 3];
          const gap = width / 8 + 1e-3;
          const wide = { min: min - 2 * gap, max: max + 2 * gap, awayFromZero, kinks, gap };
          return tensors([5], wide).map(({ data }) => ({ data, wide }));
        }),
        ({ data, wide: { min, max, awayFromZero, kinks, gap } }) => {
          for (const x of data) {
            expect(x).toBeGreaterThanOrEqual(min);
            expect(x).toBeLessThanOrEqual(max);
            expect(Math.abs(x)).toBeGreaterThanOrEqual(awayFromZero);
            expect(Math.abs(x - kinks[0])).toBeGreaterThanOrEqual(gap);
          }
        },
      ),
    );
  });

  test('most numbers lie inside of the range, on a grid of 1/64', () => {
    const numbers = numbersOf();
    expect(share(numbers, (x) => Number.isInteger(64 * x))).toBeGreaterThan(0.85);
    for (let from = -2; from < 2; from += 0.25) {
      const inside = share(numbers, (x) => x > from && x < from + 0.25);
      expect(inside, `between ${from} and ${from + 0.25}`).toBeGreaterThan(0.025);
      expect(inside).toBeLessThan(0.1);
    }
  });

  test.each([0, 1, -1, 0.5, -0.5, 1e-3, -1e-3, 1e-5, -1e-5, 2, -2])('%d is drawn on purpose', (special) => {
    expect(share(numbersOf(), (x) => x === special)).toBeGreaterThan(0.01);
  });

  test('in a wide range, the middle and the outside are both frequent', () => {
    const numbers = numbersOf({ min: -1000, max: 1000 });
    expect(share(numbers, (x) => Math.abs(x) < 2)).toBeGreaterThan(0.25);
    expect(share(numbers, (x) => Math.abs(x) > 100)).toBeGreaterThan(0.25);
  });

  test('one tensor of four has at most three different numbers', () => {
    const sampled = fc.sample(tensors([20]), { numRuns: 2000, seed: 1 });
    const few = sampled.filter(({ data }) => new Set(data).size <= 3).length / sampled.length;
    expect(few).toBeCloseTo(1 / 4, 1);
  });

  test('takes random shapes, and prints as code', () => {
    const [x] = fc.sample(tensors(shapes({ minRank: 2, maxRank: 2, maxLength: 1 })), { numRuns: 1, seed: 3 });
    expect(fc.stringify([x])).toBe(`[tensor([[${x.item()}]], { dtype: 'float64' })]`);
  });

  test('shrinks to short numbers, but not to special ones', () => {
    const shrunk = (constraints: NumberConstraints, fails: (x: Tensor) => boolean) =>
      fc.check(
        fc.property(tensors([2, 2], constraints), (x) => !fails(x)),
        { seed: 5, numRuns: 1000 },
      ).counterexample?.[0].data;
    expect(shrunk({}, () => true)).toEqual(Float64Array.of(1.5, 1.5, 1.5, 1.5));
    expect(shrunk({}, ({ data }) => data[2] > 1.6)).toEqual(Float64Array.of(1.5, 1.5, 1.75, 1.5));
    expect(shrunk({}, ({ data }) => data[0] === 0)).toEqual(Float64Array.of(0, 1.5, 1.5, 1.5));
  });

  test('shrinks to the part that fails, in shapes that the arbitrary of shapes knows', () => {
    const isLarge = ({ data }: Tensor) => data.some((x) => Math.abs(x) > 1.9);
    const shrunk = (drawn: Arbitrary<Tensor>, seed: number) =>
      fc.check(
        fc.property(drawn, (x) => !isLarge(x)),
        { seed, numRuns: 1000 },
      ).counterexample![0].shape;
    for (let seed = 1; seed <= 20; seed++) {
      expect(shrunk(tensors(shapes()), seed)).toEqual([]);
      expect(shrunk(tensors(shapes({ minRank: 2 })), seed)).toEqual([1, 1]);
      const even = shapes({ minRank: 1 }).map((shape) => shape.map((length) => 2 * length));
      expect(shrunk(tensors(even), seed).every((length) => length % 2 === 0)).toBe(true);
    }
  });

  test.each<[NumberConstraints & { low?: number }, RegExp]>([
    [{ min: -0.1, max: 0.1, awayFromZero: 1 }, /no number from -0.1 to 0.1 has an absolute value .* widen/],
    [{ min: 0, max: 1, kinks: [0.5], gap: 3 }, /no number from 0 to 1 is 3 or more away from 0.5; widen/],
    [{ min: 1, max: 0 }, /tensors: min 1 and max 0; min must be at most max/],
    [{ min: Number.NaN }, /tensors: min is NaN; give a finite number/],
    [{ low: 1 }, /tensors: there is no option low/],
  ])('%j throws', (constraints, message) => {
    expect(() => tensors([1], constraints)).toThrow(message);
  });
});

test('broadcastableTensors shrink to the parts that fail', () => {
  const shrunk = (fails: (a: Tensor, b: Tensor) => boolean, seed: number, minRank: number) =>
    fc
      .check(
        fc.property(broadcastableTensors({ minRank }), ([a, b]) => !fails(a, b)),
        { seed, numRuns: 1000 },
      )
      .counterexample![0].map(({ shape }) => shape);
  for (let seed = 1; seed <= 10; seed++) {
    const isLarge = (x: Tensor) => x.data.some((value) => Math.abs(value) > 1.9);
    expect(shrunk((a) => isLarge(a), seed, 0)).toEqual([[], []]);
    expect(shrunk((_, b) => isLarge(b), seed, 2)).toContainEqual([1, 1]);
    const isStretched = (a: Tensor, b: Tensor) => b.size < a.add(b).size;
    expect(shrunk(isStretched, seed, 0)).toEqual(expect.arrayContaining([[2]]));
  }
});

describe('shapes', () => {
  test('the rank that was asked for', () => {
    fc.assert(fc.property(shapes({ minRank: 4 }), (shape) => shape.length === 4));
    fc.assert(fc.property(shapes({ minRank: 1, maxRank: 2 }), ({ length }) => length === 1 || length === 2));
    expect(() => shapes({ minRank: 4, maxRank: 3 })).toThrow(
      /shapes: minRank 4 and maxRank 3; give a maxRank of at least 4/,
    );
    expect(() => shapes({ maxLength: 0 })).toThrow(/shapes: maxLength is 0; give an integer of at least 1/);
    expect(() => tensors(3 as unknown as Shape)).toThrow(/tensors: the shape is 3; give an array/);
  });

  test('pairs broadcast, each side is stretched sometimes, and some shapes are equal', () => {
    const pairs = fc.sample(broadcastableShapes(), { numRuns: 500, seed: 1 });
    const stretched = pairs.map(([a, b]) => {
      const both = JSON.stringify(broadcastShapes('test', a, b));
      return [JSON.stringify(a) !== both, JSON.stringify(b) !== both].join();
    });
    for (const kind of ['true,true', 'true,false', 'false,true', 'false,false']) {
      expect(stretched.filter((one) => one === kind).length, kind).toBeGreaterThan(30);
    }
  });
});

test('broadcastableTensors draws pairs that broadcast', () => {
  fc.assert(fc.property(broadcastableTensors({ maxRank: 2 }), ([a, b]) => a.add(b).rank <= 2));
});

/** The smallest difference between elements that meet. */
function smallestGap(a: Tensor, b: Tensor): number {
  const shape = broadcastShapes('test', a.shape, b.shape);
  const difference = broadcastTo(a, shape).sub(broadcastTo(b, shape)).abs();
  return Math.min(...difference.data);
}

test('tensorsApart differ wherever they meet, in both directions', () => {
  const signs = new Set<number>();
  fc.assert(
    fc.property(tensorsApart(), ([a, b]) => {
      signs.add(Math.sign(a.sub(b).data[0]));
      return smallestGap(a, b) >= 1 / 16;
    }),
  );
  expect(signs).toEqual(new Set([1, -1]));
  const three = tensorsApart([[2], [2], []], { gap: 0.25, min: 0, max: 1 });
  fc.assert(
    fc.property(
      three,
      ([a, b, c]) => Math.min(smallestGap(a, b), smallestGap(b, c), smallestGap(a, c)) >= 0.25,
    ),
  );
  expect(() => fc.sample(tensorsApart([[], []], { min: 0, max: 0.01, gap: 0.1 }))).toThrow(/widen the range/);
});

test('distinctTensors have no ties', () => {
  fc.assert(
    fc.property(distinctTensors(shapes({ minRank: 1 })), ({ data }) => {
      const sorted = [...data].sort((a, b) => a - b);
      return sorted.slice(1).every((x, k) => x - sorted[k] >= 1 / 16);
    }),
  );
  expect(() => distinctTensors([100])).toThrow(
    /no 100 numbers from -2 to 2 differ by 0.0625 or more; widen the range or give a smaller gap/,
  );
});

const identity = (size: number) =>
  Array.from({ length: size ** 2 }, (_, k) => (k % (size + 1) === 0 ? 1 : 0));
const holds = <T>(arbitrary: Arbitrary<T>, check: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, (value) => check(value)));

test.each([1, 2, 4])('orthogonal matrices of size %i', (size) => {
  holds(orthogonalMatrices(size), (q) => {
    matmul(q, q, { transposeB: true }).data.forEach((x, k) => {
      expect(x).toBeCloseTo(identity(size)[k], 12);
    });
  });
});

test.each([1, 2, 4])('positive definite matrices of size %i', (size) => {
  holds(positiveDefiniteMatrices(size), (a) => {
    expect([...a.data]).toEqual([...a.transpose().data]);
    const vectors = fc.sample(tensors([size, 1], { awayFromZero: 0.5 }), { numRuns: 5, seed: 1 });
    for (const v of vectors) expect(matmul(matmul(v, a, { transposeA: true }), v).item()).toBeGreaterThan(0);
  });
});

test('matrixPairs can be multiplied, and some are square', () => {
  const pairs = fc.sample(matrixPairs(), { numRuns: 200, seed: 1 });
  const isSquare = ([a, b]: Tensor[]) => new Set([...a.shape, ...b.shape]).size === 1 && a.size > 1;
  expect(pairs.filter(isSquare).length).toBeGreaterThan(20);
  for (const [a, b] of pairs) expect(matmul(a, b).shape).toEqual([a.shape[0], b.shape[1]]);
});

test('axes: every choice, in order', () => {
  const chosen = fc.sample(axes(3), { numRuns: 400, seed: 1 }).map((list) => list.join());
  for (const list of ['', '0', '1', '2', '0,1', '0,2', '1,2', '0,1,2']) {
    expect(chosen.filter((one) => one === list).length, list).toBeGreaterThan(20);
  }
});

test('rows of probabilities and one-hots sum to 1', () => {
  const rows = shapes({ minRank: 1 });
  const totals = (x: Tensor) => sum(x, { axis: -1 }).data;
  holds(probabilities(rows), (x) => {
    expect(x.data.every((p) => p > 0)).toBe(true);
    for (const total of totals(x)) expect(total).toBeCloseTo(1, 12);
  });
  holds(oneHots(rows), (x) => {
    expect(x.data.every((p) => p === 0 || p === 1)).toBe(true);
    expect(totals(x).every((total) => total === 1)).toBe(true);
  });
  expect(() => oneHots([])).toThrow(/oneHots: shape \[\] has no last axis to choose from/);
});

test('indices are in range, and often repeat', () => {
  const sampled = fc.sample(indices([4], 100), { numRuns: 500, seed: 1 });
  const repeating = sampled.filter(({ data }) => new Set(data).size < data.length).length;
  expect(repeating).toBeGreaterThan(150);
  holds(indices([2, 3], 4), ({ data, shape }) => {
    expect(shape).toEqual([2, 3]);
    expect([...data].every((index) => Number.isInteger(index) && index >= 0 && index < 4)).toBe(true);
  });
  expect(() => indices([2], 0)).toThrow(/indices: length is 0; give an integer of at least 1/);
});
