import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sort, sum, tensor, topk, zeros } from '../../src/index.js';
import { distinctTensors, tensors } from '../../src/testing/index.js';
import { checkGradients, withAxis } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/sort.js')>({
  sort: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(distinctTensors(shape), fc.boolean())
      .map(([x, descending]) => ({ f: (y) => sort(y, { axis, descending }).values, inputs: [x] })),
  ),
  topk: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(distinctTensors(shape), fc.integer({ min: 1, max: shape[axis] }), fc.boolean())
      .map(([x, k, largest]) => ({ f: (y) => topk(y, k, { axis, largest }).values, inputs: [x] })),
  ),
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

test('NaN is the largest number, and equal numbers keep their order', () => {
  const x = tensor([1, nan, -infinity, infinity, 0, -0, nan, 1]);
  const up = sort(x);
  expect([...up.values.data]).toEqual([-infinity, 0, -0, 1, 1, infinity, nan, nan]);
  expect([...up.indices.data]).toEqual([2, 4, 5, 0, 7, 3, 1, 6]);
  const down = sort(x, { descending: true });
  expect([...down.values.data]).toEqual([nan, nan, infinity, 1, 1, 0, -0, -infinity]);
  expect([...down.indices.data]).toEqual([1, 6, 3, 0, 7, 4, 5, 2]);
  expect([...topk(x, 3).indices.data]).toEqual([1, 6, 3]);
  expect([...topk(x, 3, { largest: false }).indices.data]).toEqual([2, 4, 5]);
});

test('every line along the axis is sorted by itself, and topk gives the first of them', () => {
  const cases = withAxis.chain(({ shape, axis }) =>
    fc.tuple(tensors(shape), fc.constant(axis), fc.nat({ max: shape[axis] }), fc.boolean()),
  );
  fc.assert(
    fc.property(cases, ([x, axis, k, descending]) => {
      const { values, indices } = sort(x, { axis, descending });
      const inner = x.shape.slice(axis + 1).reduce((size, length) => size * length, 1);
      const length = x.shape[axis];
      for (let at = 0; at < x.size; at++) {
        const start = Math.floor(at / (length * inner)) * length * inner + (at % inner);
        const line = Array.from({ length }, (_, i) => x.data[start + i * inner]);
        const rank = Math.floor(at / inner) % length;
        const sorted = line.toSorted((a, b) => (descending ? b - a : a - b));
        expect(values.data[at]).toBe(sorted[rank]);
        expect(line[indices.data[at]]).toBe(values.data[at]);
      }
      const first = topk(x, k, { axis, largest: descending });
      expect(first.indices.shape).toEqual(x.shape.with(axis, k));
      expect(first.values.data).toEqual(values.narrow(axis, 0, k).data);
    }),
  );
});

test('empty tensors', () => {
  expect(sort(zeros([0, 3])).values.shape).toEqual([0, 3]);
  expect(sort(zeros([0, 3]), { axis: 0 }).indices).toEqual({ data: new Int32Array(0), shape: [0, 3] });
  expect(topk(zeros([2, 3]), 0).values.shape).toEqual([2, 0]);
  expect(sum(sort(zeros([2, 0], { requiresGrad: true })).values).requiresGrad).toBe(true);
});

test.each<[string, () => unknown, RegExp]>([
  [
    'k too large',
    () => topk(zeros([2, 3]), 4),
    /topk: k is 4 along axis -1 of shape \[2, 3\]; give an integer from 0 to 3/,
  ],
  ['k missing', () => topk(zeros([3]), undefined as unknown as number), /topk: k is undefined/],
  ['a scalar', () => sort(zeros([])), /sort: axis -1 of a tensor with 0 axes; a scalar has no axes/],
  [
    'PyTorch name',
    () => sort(zeros([3]), { dim: 0 } as object),
    /sort: there is no option dim \(did you mean axis\?\)/,
  ],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
