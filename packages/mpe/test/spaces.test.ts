import { describe, expect, it } from 'vitest';
import { Box, Discrete, SeededRandom } from '../src/index.js';

describe('Discrete', () => {
  const space = new Discrete(5);

  it('samples all of its members, and nothing else', () => {
    const random = new SeededRandom(1);
    const drawn = new Set(Array.from({ length: 200 }, () => space.sample(random)));
    expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('contains the integers 0 to n - 1', () => {
    expect([0, 4].every((x) => space.contains(x))).toBe(true);
    expect([-1, 5, 1.5, Number.NaN, '1', null, [1]].some((x) => space.contains(x))).toBe(false);
  });
});

describe('Box', () => {
  const space = new Box(-1, 1, [3]);

  it('samples vectors that it contains, the same for the same seed, over its whole width', () => {
    const random = new SeededRandom(1);
    const drawn = Array.from({ length: 200 }, () => space.sample(random));
    expect(drawn.every((x) => x instanceof Float64Array && space.contains(x))).toBe(true);
    expect(space.sample(new SeededRandom(1))).toEqual(drawn[0]);
    const values = drawn.flatMap((x) => [...x]);
    expect(Math.min(...values)).toBeLessThan(-0.95);
    expect(Math.max(...values)).toBeGreaterThan(0.95);
  });

  it('contains vectors of its length, with its bounds included', () => {
    expect(space.contains([-1, 0, 1])).toBe(true);
    expect(space.contains(new Float32Array(3))).toBe(true);
    for (const x of [[0, 0], [0, 0, 1.01], [0, 0, Number.NaN], ['0', 0, 0], 0, null, undefined]) {
      expect(space.contains(x)).toBe(false);
    }
  });

  it('cannot be sampled without bounds', () => {
    const unbounded = new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [2]);
    expect(unbounded.contains([1e300, -1e300])).toBe(true);
    expect(() => unbounded.sample(new SeededRandom(1))).toThrow(
      'sample: the bounds are -Infinity and Infinity; only a Box with finite bounds can be sampled',
    );
  });
});

it.each([new Discrete(5), new Box(0, 1, [2])])('%s needs a generator to sample', (space) => {
  expect(() => space.sample(undefined as never)).toThrow(
    'sample: the generator is undefined; make one with new SeededRandom(seed), and pass it to every call',
  );
});
