import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { amax, grad, max, mean, norm, type Shape, sum, Tensor, tensor, zeros } from '../../src/index.js';
import { sizeOf } from '../../src/shape.js';
import { tensors } from '../../src/testing/index.js';
import { checkGradients, overAxes, withAxis } from './check-gradients.js';

/** Distinct numbers, for ops with a kink at ties. */
const distinct = (shape: Shape): Arbitrary<Tensor> => {
  const ranks = Array.from({ length: sizeOf(shape) }, (_, k) => k);
  return fc.shuffledSubarray(ranks, { minLength: ranks.length }).map(
    (order) =>
      new Tensor(
        Float64Array.from(order, (rank) => rank / 4 - 1),
        shape,
      ),
  );
};

checkGradients<typeof import('../../src/ops/reduce.js')>({
  sum: overAxes((x, axis, keepDim) => sum(x, { axis, keepDim })),
  mean: overAxes((x, axis, keepDim) => mean(x, { axis, keepDim })),
  amax: overAxes((x, axis, keepDim) => amax(x, { axis, keepDim }), distinct),
  norm: overAxes(
    (x, axis, keepDim) => norm(x, { axis, keepDim }),
    (shape) => tensors(shape, { awayFromZero: 0.1 }),
  ),
  max: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(distinct(shape), fc.boolean())
      .map(([x, keepDim]) => ({ f: (y) => max(y, axis, { keepDim }).values, inputs: [x] })),
  ),
});

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

test.each<[string, () => unknown, RegExp]>([
  [
    'sum, axis',
    () => sum(x, { axis: 2 }),
    /sum: axis 2 of a tensor with 2 axes; give a whole number from -2 to 1/,
  ],
  ['mean, twice', () => mean(x, { axis: [0, -2] }), /name the same axis twice/],
  ['amax of an empty tensor', () => amax(zeros([0])), /amax: shape \[0\] is empty/],
  ['max of an empty axis', () => max(zeros([2, 0]), 1), /max: axis 1 of shape \[2, 0\] is empty/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('sums and means over no axis, one axis and all axes', () => {
  expect([...sum(x, { axis: [] }).data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...mean(x, { axis: 0 }).data]).toEqual([2.5, 3.5, 4.5]);
  expect(mean(x, { axis: 1, keepDim: true }).shape).toEqual([2, 1]);
  expect(mean(x).item()).toBe(3.5);
  expect(mean(zeros([0])).item()).toBeNaN();
});

test('a long float32 sum does not drift', () => {
  const total = sum(new Tensor(new Float32Array(1e6).fill(0.1), [1e6])).item();
  expect(total).toBeCloseTo(1e6 * Math.fround(0.1), 1);
});

test('the first and second derivatives of a norm at 0 are 0, not NaN', () => {
  const x = zeros([2, 3], { requiresGrad: true });
  const [dx] = grad(norm(x), [x], { createGraph: true });
  expect([...dx.data]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(grad(dx.sum(), [x])[0].data.every((value) => value === 0)).toBe(true);
  expect(norm(tensor([3, Number.NaN])).item()).toBeNaN();
});

test('NaN counts as the maximum', () => {
  const x = tensor([[1, Number.NaN, 3]]);
  expect(amax(x).item()).toBeNaN();
  expect([...max(x, 1).indices.data]).toEqual([1]);
});
