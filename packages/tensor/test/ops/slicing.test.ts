import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  chunk,
  concat,
  flip,
  narrow,
  referenceKernels,
  roll,
  scope,
  simdKernels,
  slice,
  split,
  stack,
  Tensor,
  tensor,
  useKernels,
  zeros,
} from '../../src/index.js';
import { shapes, tensors } from '../../src/testing/index.js';
import { checkGradients, overAxes, withAxis } from './check-gradients.js';

/** A tensor with a window on one of its axes. */
const windows = withAxis.chain(({ shape, axis }) =>
  fc
    .tuple(tensors(shape), fc.nat({ max: shape[axis] }), fc.nat({ max: shape[axis] }))
    .map(([x, from, to]) => ({ x, axis, start: Math.min(from, to), length: Math.abs(to - from) })),
);

const bounds = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined });
const ranges = fc
  .tuple(bounds, bounds, fc.constantFrom(undefined, -3, -2, -1, 1, 2, 3))
  .map(([start, end, step]) => ({
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(step !== undefined && { step }),
  }));

/** The same tensors, each with a weight of its own, in one tensor. */
const joined = (parts: Tensor[], axis: number) =>
  concat(
    parts.map((part, k) => part.mul(k + 1).square()),
    axis,
  );

checkGradients<typeof import('../../src/ops/slicing.js')>({
  narrow: windows.map(({ x, axis, start, length }) => ({
    f: (y) => narrow(y, axis, start, length),
    inputs: [x],
  })),
  slice: withAxis.chain(({ shape, axis }) =>
    fc.tuple(tensors(shape), ranges).map(([x, range]) => ({ f: (y) => slice(y, axis, range), inputs: [x] })),
  ),
  flip: overAxes((x, axis) => flip(x, axis)),
  roll: withAxis.chain(({ shape, axis }) =>
    fc.tuple(tensors(shape), fc.integer({ min: -9, max: 9 }), fc.boolean()).map(([x, shift, flat]) => ({
      f: (y) => (flat ? roll(y, shift) : roll(y, [shift, 1], [axis, -1])),
      inputs: [x],
    })),
  ),
  split: windows.map(({ x, axis, start, length }) => ({
    f: (y) => joined(split(y, [start, length, y.shape[axis] - start - length], axis), axis),
    inputs: [x],
  })),
  chunk: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(tensors(shape), fc.integer({ min: 1, max: 6 }))
      .map(([x, chunks]) => ({ f: (y) => joined(chunk(y, chunks, axis), axis), inputs: [x] })),
  ),
  concat: windows.chain(({ x, axis, length }) =>
    tensors(x.shape.with(axis, length)).map((y) => ({
      f: (...inputs) => concat(inputs, axis),
      inputs: [x, y, x],
    })),
  ),
  stack: shapes().chain((shape) =>
    fc
      .tuple(tensors(shape), tensors(shape), fc.nat({ max: shape.length }))
      .map(([a, b, axis]) => ({ f: (...inputs) => stack(inputs, axis), inputs: [a, b, a] })),
  ),
});

/** The indices of Python's range(length)[start:end:step], element by element. */
function pythonSlice(
  length: number,
  { start, end, step = 1 }: { start?: number; end?: number; step?: number },
) {
  const fromFront = (index: number) => (index < 0 ? index + length : index);
  const found: number[] = [];
  const first = start === undefined ? (step > 0 ? 0 : length - 1) : fromFront(start);
  const last = end === undefined ? (step > 0 ? length : Number.NEGATIVE_INFINITY) : fromFront(end);
  // Starts outside of the axis are clamped to its ends, not moved in steps.
  const clamped = step > 0 ? Math.max(first, 0) : Math.min(first, length - 1);
  for (let k = clamped; step > 0 ? k < Math.min(last, length) : k > Math.max(last, -1); k += step)
    found.push(k);
  return found;
}

test('a slice has the elements of the same slice in Python', () => {
  fc.assert(
    fc.property(fc.nat(7), ranges, (length, range) => {
      expect([...arange(length).slice(0, range).data]).toEqual(pythonSlice(length, range));
    }),
    { numRuns: 500 },
  );
});

/** The SIMD sets that run here: Node 20 has no relaxed SIMD. */
const sets = [false, true].map((relaxed) => simdKernels({ relaxed })).filter((set) => set !== null);

describe.each(sets)('$name', (simd) => {
  test('slices have the same numbers and gradients as with the reference kernels', () => {
    fc.assert(
      fc.property(withAxis, ranges, fc.integer({ min: 1, max: 12 }), ({ shape, axis }, range, last) => {
        const size = [...shape, last].reduce((a, b) => a * b);
        const both = [simd, referenceKernels].map((kernels) => {
          const previous = useKernels(kernels);
          try {
            return scope(() => {
              const numbers = Float32Array.from({ length: size }, (_, k) => k);
              const leaf = new Tensor(numbers, [...shape, last], { requiresGrad: true });
              const y = slice(leaf.clone(), axis, range);
              y.square().sum().backward();
              return [y.tolist(), leaf.grad!.tolist()];
            });
          } finally {
            useKernels(previous);
          }
        });
        expect(both[0]).toEqual(both[1]);
      }),
    );
  });
});

const x = arange(6).reshape([2, 3]);
const lists = (parts: readonly Tensor[]) => parts.map((part) => part.tolist());

test('split and chunk cut as in PyTorch; the last parts are shorter or missing', () => {
  const seven = arange(7);
  expect(lists(split(seven, 3))).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  expect(lists(split(seven, [0, 7]))).toEqual([[], [0, 1, 2, 3, 4, 5, 6]]);
  expect(chunk(seven, 5).map(({ size }) => size)).toEqual([2, 2, 2, 1]);
  expect(chunk(seven, 9)).toHaveLength(7);
  expect(chunk(zeros([0, 2]), 3).map(({ shape }) => shape)).toEqual([
    [0, 2],
    [0, 2],
    [0, 2],
  ]);
  expect(split(zeros([0, 2]), 3).map(({ shape }) => shape)).toEqual([[0, 2]]);
  expect(lists(split(x, 2, -1))).toEqual([
    [
      [0, 1],
      [3, 4],
    ],
    [[2], [5]],
  ]);
});

test('flip and roll', () => {
  const same = flip(x, []);
  same.update((data) => data.fill(9)); // a copy, also if nothing is flipped
  expect(flip(x).tolist()).toEqual([
    [5, 4, 3],
    [2, 1, 0],
  ]);
  expect(flip(x, -1).tolist()).toEqual([
    [2, 1, 0],
    [5, 4, 3],
  ]);
  expect(roll(x, 1).tolist()).toEqual([
    [5, 0, 1],
    [2, 3, 4],
  ]);
  expect(roll(x, -1, 1).tolist()).toEqual([
    [1, 2, 0],
    [4, 5, 3],
  ]);
  expect(roll(x, [1, 4], [0, 1]).tolist()).toEqual([
    [5, 3, 4],
    [2, 0, 1],
  ]);
  expect(roll(zeros([0]), 3).shape).toEqual([0]);
  expect(flip(zeros([2, 0])).shape).toEqual([2, 0]);
  expect(flip(tensor(3)).tolist()).toBe(3);
  expect(roll(tensor(3), 2).tolist()).toBe(3);
});

test('concat and stack of 50,000 parts take no longer for each part than a few', { timeout: 300_000 }, () => {
  const parts = Array.from({ length: 50_000 }, () => zeros([2], { requiresGrad: true }));
  const start = process.cpuUsage(); // not the clock, which a busy machine lets run
  for (const join of [concat, stack]) {
    join(parts).square().add(1).sum().backward(); // took half a minute when each part was counted from the first
  }
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(15);
  expect(parts.every(({ grad }) => grad!.data[0] === 0)).toBe(true);
});

test.each<[string, () => unknown, RegExp]>([
  ['narrow', () => narrow(x, 1, 2, 2), /start 2 and length 2 along axis 1 of shape \[2, 3\]/],
  ['slice, no step', () => slice(x, 1, { step: 0 }), /slice: step is 0; give an integer other than 0/],
  ['slice, half an index', () => slice(x, 1, { start: 0.5 }), /slice: start is 0.5; give an integer/],
  [
    'slice, unknown',
    () => slice(x, 1, { stop: 2 } as never),
    /no option stop \(did you mean end\?\); the options are start, end, step/,
  ],
  ['slice, a number', () => slice(x, 1, 2 as never), /slice: 2 stands where the options do/],
  ['slice, axis', () => slice(x, 2), /slice: axis 2 of a tensor with 2 axes/],
  [
    'roll',
    () => roll(x, [1], [0, 1]),
    /roll: shift \[1\] along axis \[0, 1\]; give one whole number for each/,
  ],
  ['roll, half a shift', () => roll(x, 0.5), /roll: shift is 0.5; give an integer or an array/],
  ['split, sum', () => split(x, [1, 1], 1), /split: lengths \[1, 1\] along axis 1 .*; their sum must be 3/],
  ['split, length', () => split(x, 0), /split: the length is 0; give a whole number from 1, or a list/],
  [
    'split, negative',
    () => split(x, [3, -1]),
    /split: lengths is \[3, -1\]; give an integer of at least 0 or an array/,
  ],
  ['chunk', () => chunk(x, 0), /chunk: chunks is 0; give an integer of at least 1/],
  ['concat', () => concat([x, zeros([3, 3])], 1), /shapes \[2, 3\], \[3, 3\] along axis 1/],
  ['concat of no tensors', () => concat([]), /give at least one/],
  ['stack', () => stack([x, zeros([3])]), /stack: shapes \[2, 3\], \[3\]; give equal shapes/],
  ['stack of no tensors', () => stack([]), /give at least one/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
