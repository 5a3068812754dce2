import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  broadcastTo,
  concat,
  narrow,
  permute,
  reshape,
  type Shape,
  stack,
  sumToSize,
  transpose,
  zeros,
} from '../../src/index.js';
import { broadcastableShapes, shapes, tensors } from '../../src/testing/index.js';
import { checkGradients, withAxis } from './check-gradients.js';

/** A tensor with a window on one of its axes. */
const windows = withAxis.chain(({ shape, axis }) =>
  fc
    .tuple(tensors(shape), fc.nat({ max: shape[axis] }), fc.nat({ max: shape[axis] }))
    .map(([x, from, to]) => ({ x, axis, start: Math.min(from, to), length: Math.abs(to - from) })),
);

const shapeOfBoth = (a: Shape, b: Shape): Shape => add(zeros(a), zeros(b)).shape;

checkGradients<typeof import('../../src/ops/view.js')>({
  broadcastTo: broadcastableShapes().chain(([a, b]) =>
    tensors(a).map((x) => ({ f: (y) => broadcastTo(y, shapeOfBoth(a, b)), inputs: [x] })),
  ),
  sumToSize: broadcastableShapes().chain(([a, b]) =>
    tensors(shapeOfBoth(a, b)).map((x) => ({ f: (y) => sumToSize(y, a), inputs: [x] })),
  ),
  narrow: windows.map(({ x, axis, start, length }) => ({
    f: (y) => narrow(y, axis, start, length),
    inputs: [x],
  })),
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
  reshape: shapes().chain((shape) =>
    tensors(shape).map((x) => ({ f: (y) => reshape(y, [1, -1]), inputs: [x] })),
  ),
  permute: shapes().chain((shape) =>
    fc
      .tuple(
        tensors(shape),
        fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        ),
      )
      .map(([x, axes]) => ({ f: (y) => permute(y, axes), inputs: [x] })),
  ),
  transpose: shapes({ minRank: 2 }).chain((shape) =>
    tensors(shape).map((x) => ({ f: (y) => transpose(y), inputs: [x] })),
  ),
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  ['narrow', () => narrow(x, 1, 2, 2), /start 2 and length 2 along axis 1 of shape \[2, 3\]/],
  ['concat', () => concat([x, zeros([3, 3])], 1), /shapes \[2, 3\], \[3, 3\] along axis 1/],
  ['concat of no tensors', () => concat([]), /give at least one/],
  ['stack', () => stack([x, zeros([3])]), /stack: shapes \[2, 3\], \[3\]; give equal shapes/],
  ['stack of no tensors', () => stack([]), /give at least one/],
  ['reshape', () => reshape(x, [4, -1]), /\[2, 3\] has 6 elements, which do not fit \[4, -1\]/],
  ['permute', () => permute(x, [0, 0]), /name each axis once/],
  ['broadcastTo', () => broadcastTo(x, [3]), /broadcastTo: shape/],
  ['sumToSize', () => sumToSize(zeros([3]), [2, 3]), /does not sum to/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('concat and stack of 50,000 parts take no longer for each part than a few', { timeout: 15_000 }, () => {
  const parts = Array.from({ length: 50_000 }, () => zeros([2], { requiresGrad: true }));
  for (const join of [concat, stack]) {
    join(parts).square().add(1).sum().backward(); // took half a minute when each part was counted from the first
  }
  expect(parts.every(({ grad }) => grad!.data[0] === 0)).toBe(true);
});
