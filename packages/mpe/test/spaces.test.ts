import { describe, expect, it } from 'vitest';
import {
  Box,
  Dict,
  Discrete,
  flatdim,
  flatten,
  MultiDiscrete,
  SeededRandom,
  type Space,
  Tuple,
} from '../src/index.js';

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

it.each([new Discrete(5), new Box(0, 1, [2]), new MultiDiscrete([2, 3]), new Tuple([new Discrete(2)])])(
  '%s needs a generator to sample',
  (space) => {
    expect(() => space.sample(undefined as never)).toThrow(
      'sample: the generator is undefined; make one with new SeededRandom(seed), and pass it to every call',
    );
  },
);

describe('bounds of each component', () => {
  const space = new Box([0, -5, 2], [1, 5, 2]);

  it('samples and contains numbers within them, whatever the shape', () => {
    const random = new SeededRandom(1);
    const drawn = Array.from({ length: 100 }, () => space.sample(random));
    expect(drawn.every((x) => space.contains(x) && x[2] === 2)).toBe(true);
    expect(Math.max(...drawn.map((x) => x[1]))).toBeGreaterThan(4);
    expect(space.contains([0, -5, 2])).toBe(true);
    expect(space.contains([-0.1, 0, 2])).toBe(false);
    expect(space.contains([0, 0, 2.1])).toBe(false);
    expect(String(space)).toBe('Box([0, -5, 2], [1, 5, 2], [3])');
  });

  it('samples a box as wide as all float64 numbers', () => {
    const wide = new Box(-Number.MAX_VALUE, Number.MAX_VALUE, [20]);
    const drawn = wide.sample(new SeededRandom(1));
    expect(wide.contains(drawn)).toBe(true);
    expect(new Set(drawn).size).toBe(20);
  });

  it.each<[string, () => unknown, string]>([
    ['turned around', () => new Box(1, 0, [2]), 'Box: component 0 goes from 1 to 0; give low <= high'],
    ['of NaN', () => new Box([0, Number.NaN], 1), 'Box: component 1 goes from NaN to 1; give low <= high'],
    ['without a shape', () => new Box(0, 1), 'Box: the shape is undefined; give a list of whole numbers'],
    ['of a wrong shape', () => new Box(0, 1, [1.5]), 'Box: the shape is [1.5]; give a list of whole numbers'],
    ['of a wrong length', () => new Box([0, 0], 1, [3]), 'Box: low has 2 numbers, but shape [3] has 3'],
    ['that differ in length', () => new Box([0, 0], [1]), 'Box: high has 1 numbers, but shape [2] has 2'],
  ])('are refused if they are %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it.each([0, -1, 1.5, Number.NaN])('%s options are refused', (n) => {
    expect(() => new Discrete(n)).toThrow(`Discrete: n is ${n}; give a whole number of at least 1`);
    expect(() => new MultiDiscrete([2, n])).toThrow(`MultiDiscrete: nvec[1] is ${n}; give`);
  });
});

it('a box of any shape takes flat and nested arrays of that shape, and nothing else', () => {
  const space = new Box(0, 1, [2, 3]);
  expect(space.sample(new SeededRandom(1))).toHaveLength(6);
  expect(space.contains(new Float32Array(6))).toBe(true);
  expect(
    space.contains([
      [0, 0, 0],
      [0, 0, 1],
    ]),
  ).toBe(true);
  expect(space.contains([new Float32Array(3), new Float32Array(3)])).toBe(true);
  for (const x of [
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    [0, 0, 0],
    [
      [0, 0, 0],
      [0, 0],
    ],
    [
      [[0], [0], [0]],
      [0, 0, 0],
    ],
    0,
  ]) {
    expect(space.contains(x)).toBe(false);
  }
  expect(new Box(0, 1, []).contains(0.5)).toBe(true);
});

const hand: [Space, unknown, number[]][] = [
  [new Box(-9, 9, [2]), [3, 4], [3, 4]],
  [
    new Box(-9, 9, [2, 2]),
    [
      [1, 2],
      [3, 4],
    ],
    [1, 2, 3, 4],
  ],
  [new Box(-9, 9, [2, 2]), Float64Array.of(1, 2, 3, 4), [1, 2, 3, 4]],
  [new Box(-9, 9, []), 7, [7]],
  [new Discrete(3), 1, [0, 1, 0]],
  [new Discrete(3, -1), -1, [1, 0, 0]],
  [new MultiDiscrete([2, 3]), [1, 2], [0, 1, 0, 0, 1]],
  [new Tuple([new Discrete(2), new Box(-9, 9, [2])]), [1, [5, 6]], [0, 1, 5, 6]],
  [
    new Dict({ gear: new Discrete(2), throttle: new Box(0, 1, [1]) }),
    { throttle: [0.5], gear: 0 },
    [1, 0, 0.5],
  ],
];

it.each(hand)('%s flattens %j to %j', (space, value, flat) => {
  expect(space.contains(value)).toBe(true);
  expect(flatdim(space)).toBe(flat.length);
  expect([...flatten(space, value)]).toEqual(flat);
  const drawn = space.sample(new SeededRandom(3));
  expect(space.contains(drawn)).toBe(true);
  expect(flatten(space, drawn)).toHaveLength(flat.length);
  expect(space.contains(undefined)).toBe(false);
  expect(space.contains([[[]]])).toBe(false);
});

it.each<[Space, unknown, string]>([
  [new Box(-9, 9, [3]), [1, 2], 'o has shape [2]; give an array of shape [3], flat or nested'],
  [
    new Box(-9, 9, [2, 3]),
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    'o has shape [3, 2]; give an array of shape [2, 3], flat or nested',
  ],
  [
    new Box(-9, 9, [2, 2]),
    [[1, 2], [3]],
    'o has parts of several lengths, or other things than numbers: [[1, 2], [3]]; give an array of shape [2, 2]',
  ],
  [
    new Box(-9, 9, [2]),
    ['1', 2],
    'o has parts of several lengths, or other things than numbers: ["1", 2]; give an array',
  ],
  [new Box(-9, 9, [3]), undefined, 'o is undefined; give an array of shape [3], flat or nested'],
  [new Discrete(3), 3, 'o is 3; give a whole number from 0 to 2'],
  [new MultiDiscrete([2, 3]), [0], 'o has shape [1]; give a list of 2'],
  [new MultiDiscrete([2, 3]), [0, 3], 'o[1] is 3; give a whole number from 0 to 2'],
  [new Dict({ gear: new Discrete(2) }), 1, 'o is 1; give a record of gear'],
  [new Dict({ gear: new Discrete(2) }), {}, 'o.gear is undefined; give a whole number from 0 to 1'],
])('%s refuses to flatten %j', (space, value, message) => {
  expect(() => flatten(space, value, 'o')).toThrow(message);
});
