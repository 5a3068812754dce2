import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  arange,
  broadcastTo,
  clone,
  type DType,
  flatten,
  grad,
  permute,
  reshape,
  type Shape,
  squeeze,
  sumToSize,
  tensor,
  to,
  transpose,
  unsqueeze,
  zeros,
} from '../../src/index.js';
import { broadcastableShapes, distinctTensors, shapes, tensors } from '../../src/testing/index.js';
import { checkGradients, overAxes, unary, withAxis } from './check-gradients.js';

const shapeOfBoth = (a: Shape, b: Shape): Shape => add(zeros(a), zeros(b)).shape;

checkGradients<typeof import('../../src/ops/view.js')>({
  broadcastTo: broadcastableShapes().chain(([a, b]) =>
    tensors(a).map((x) => ({ f: (y) => broadcastTo(y, shapeOfBoth(a, b)), inputs: [x] })),
  ),
  sumToSize: broadcastableShapes().chain(([a, b]) =>
    tensors(shapeOfBoth(a, b)).map((x) => ({ f: (y) => sumToSize(y, a), inputs: [x] })),
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
  squeeze: overAxes((x, axis) => squeeze(x, axis)),
  unsqueeze: shapes().chain((shape) =>
    fc
      .tuple(tensors(shape), fc.nat({ max: shape.length }))
      .map(([x, axis]) => ({ f: (y) => unsqueeze(y, axis), inputs: [x] })),
  ),
  flatten: withAxis.chain(({ shape, axis }) =>
    tensors(shape).map((x) => ({ f: (y) => flatten(y, 0, axis), inputs: [x] })),
  ),
  clone: unary(clone),
  // Multiples of 1/16 and the first step of gradcheck are exact in float32; the gradient of the output is not.
  to: {
    options: { float32: false, secondOrder: false },
    samples: shapes().chain((shape) =>
      distinctTensors(shape).map((x) => ({
        f: (y) => to(to(y, 'float32'), 'float64'),
        inputs: [x],
      })),
    ),
  },
});

const x = arange(6).reshape([2, 3]);

test('second derivatives pass through a change of type', () => {
  const x = tensor([[[1]], [[-2]]], { requiresGrad: true });
  const [dx] = grad(x.to('float64').square().sum(), [x], { createGraph: true });
  expect(grad(dx.sum(), [x])[0].tolist()).toEqual([[[2]], [[2]]]);
});

test('squeeze, unsqueeze and flatten change only the shape', () => {
  const wide = reshape(x, [1, 2, 1, 3]);
  expect(squeeze(wide).shape).toEqual([2, 3]);
  expect(squeeze(wide, -2).shape).toEqual([1, 2, 3]);
  expect(squeeze(wide, [0, 1]).shape).toEqual([2, 1, 3]);
  expect(squeeze(tensor(1)).shape).toEqual([]);
  expect(unsqueeze(x, -1).shape).toEqual([2, 3, 1]);
  expect(unsqueeze(tensor(1), 0).shape).toEqual([1]);
  expect(flatten(wide).shape).toEqual([6]);
  expect(flatten(wide, 1).shape).toEqual([1, 6]);
  expect(flatten(wide, -3, -2).shape).toEqual([1, 2, 3]);
  expect(flatten(tensor(1)).shape).toEqual([1]);
  expect(flatten(zeros([2, 0, 3]), 1).shape).toEqual([2, 0]);
  expect(wide.squeeze().unsqueeze(1).flatten(1).tolist()).toEqual(x.tolist());
});

test('clone has memory of its own', () => {
  const copy = x.clone();
  copy.update((data) => data.fill(9));
  expect(x.tolist()).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
});

test('to converts the numbers, and the gradient back to the type of x', () => {
  const precise = tensor([0.1, 1e40], { dtype: 'float64', requiresGrad: true });
  const rounded = precise.to('float32');
  expect([rounded.dtype, ...rounded.data]).toEqual(['float32', Math.fround(0.1), Number.POSITIVE_INFINITY]);
  const gradOutput = tensor([0.2, 3]);
  const [dx] = grad(rounded, [precise], { gradOutput });
  expect([dx.dtype, ...dx.data]).toEqual(['float64', Math.fround(0.2), 3]);
  expect(precise.to('float64')).toBe(precise);
  expect(tensor([0.1]).to('float64').item()).toBe(Math.fround(0.1));
});

test.each<[string, () => unknown, RegExp]>([
  ['reshape', () => reshape(x, [4, -1]), /\[2, 3\] has 6 elements, which do not fit \[4, -1\]/],
  ['permute', () => permute(x, [0, 0]), /name each axis once/],
  ['broadcastTo', () => broadcastTo(x, [3]), /broadcastTo: shape/],
  ['sumToSize', () => sumToSize(zeros([3]), [2, 3]), /does not sum to/],
  ['unsqueeze', () => unsqueeze(x, 3), /unsqueeze: axis 3 of a tensor with 3 axes/],
  ['squeeze', () => squeeze(x, 2), /squeeze: axis 2 of a tensor with 2 axes/],
  ['flatten', () => flatten(x, 1, 0), /flatten: from axis 1 to axis 0 of shape \[2, 3\]/],
  ['to', () => to(x, 'int64' as DType), /to: dtype is "int64"; give one of float32, float64/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
