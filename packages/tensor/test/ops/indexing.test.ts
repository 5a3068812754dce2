import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gather, indexSelect, oneHot, scatterAdd, zeros } from '../../src/index.js';
import { sizeOf } from '../../src/shape.js';
import { tensors } from '../../src/testing/index.js';
import { checkGradients, indices, lengths, withAxis } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/indexing.js')>({
  gather: withAxis.chain(({ shape, axis }) =>
    lengths.chain((count) => {
      const picked = shape.with(axis, count);
      return fc.tuple(tensors(shape), indices(sizeOf(picked), shape[axis])).map(([x, data]) => ({
        f: (y) => gather(y, axis, { data, shape: picked }),
        inputs: [x],
      }));
    }),
  ),
  scatterAdd: withAxis.chain(({ shape, axis }) =>
    lengths.chain((total) =>
      fc.tuple(tensors(shape), indices(sizeOf(shape), total)).map(([x, data]) => ({
        f: (y) => scatterAdd(y, axis, { data, shape }, total),
        inputs: [x],
      })),
    ),
  ),
  indexSelect: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(
        tensors(shape),
        lengths.chain((count) => indices(count, shape[axis])),
      )
      .map(([x, selected]) => ({ f: (y) => indexSelect(y, axis, selected), inputs: [x] })),
  ),
  oneHot: { constant: (x) => oneHot([2], 3, { dtype: x.dtype }) },
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  [
    'gather, shape',
    () => gather(x, 1, { data: [0, 1, 2], shape: [3, 1] }),
    /gather: indices of shape \[3, 1\] for x \[2, 3\]; all axes except axis 1 must have equal lengths/,
  ],
  ['gather, count', () => gather(x, 1, { data: [0], shape: [2, 1] }), /1 indices for shape \[2, 1\]/],
  [
    'gather, index',
    () => gather(x, 1, { data: [0, 3], shape: [2, 1] }),
    /gather: index 3 along axis 1 of shape \[2, 3\]; give whole numbers from 0 to 2/,
  ],
  ['indexSelect, index', () => indexSelect(x, 0, [0.5]), /indexSelect: index 0.5 along axis 0/],
  ['oneHot, index', () => oneHot([4], 4), /oneHot: index 4 for 4 classes/],
  [
    'scatterAdd',
    () => scatterAdd(x, 1, { data: [0, 0], shape: [2, 1] }, 4),
    /scatterAdd: indices of shape \[2, 1\] for x \[2, 3\]; give one index for each number/,
  ],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
