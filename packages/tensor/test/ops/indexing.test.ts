import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  arange,
  embedding,
  gather,
  indexSelect,
  max,
  oneHot,
  scatterAdd,
  tensor,
  zeros,
} from '../../src/index.js';
import { indices, tensors } from '../../src/testing/index.js';
import { checkGradients, lengths, withAxis } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/indexing.js')>({
  gather: withAxis.chain(({ shape, axis }) =>
    lengths.chain((count) => {
      return fc.tuple(tensors(shape), indices(shape.with(axis, count), shape[axis])).map(([x, picked]) => ({
        f: (y) => gather(y, axis, picked),
        inputs: [x],
      }));
    }),
  ),
  scatterAdd: withAxis.chain(({ shape, axis }) =>
    lengths.chain((total) =>
      fc.tuple(tensors(shape), indices(shape, total)).map(([x, picked]) => ({
        f: (y) => scatterAdd(y, axis, picked, total),
        inputs: [x],
      })),
    ),
  ),
  indexSelect: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(
        tensors(shape),
        lengths.chain((count) => indices([count], shape[axis])),
      )
      .map(([x, selected]) => ({ f: (y) => indexSelect(y, axis, selected), inputs: [x] })),
  ),
  embedding: fc.tuple(lengths, lengths, fc.nat(6)).chain(([rows, width, count]) =>
    fc.tuple(tensors([rows, width]), indices([count, 2], rows)).map(([weight, picked]) => ({
      f: (w) => embedding(picked, w),
      inputs: [weight],
    })),
  ),
  oneHot: { constant: (x) => oneHot([2], 3, { dtype: x.dtype }) },
});

const x = arange(6).reshape([2, 3]);

test('indices can be nested arrays, typed arrays, or what max returns', () => {
  const picked = [[2], [4]];
  expect(gather(x, 1, [[2], [1]]).tolist()).toEqual(picked);
  expect(gather(x, 1, [new Int32Array([2]), new Int32Array([1])]).tolist()).toEqual(picked);
  expect(gather(x, 1, { data: [2, 1], shape: [2, 1] }).tolist()).toEqual(picked);
  expect(gather(x, 1, max(x, 1, { keepDim: true }).indices).tolist()).toEqual([[2], [5]]);
  expect(
    scatterAdd(
      x,
      1,
      [
        [0, 0, 1],
        [1, 1, 1],
      ],
      2,
    ).tolist(),
  ).toEqual([
    [1, 2],
    [0, 12],
  ]);
  expect(indexSelect(x, 0, [1, 1]).tolist()).toEqual([
    [3, 4, 5],
    [3, 4, 5],
  ]);
  expect(indexSelect(x, 1, max(x, 1).indices).tolist()).toEqual([
    [2, 2],
    [5, 5],
  ]);
  expect(oneHot([[1], [0]], 2).tolist()).toEqual([[[0, 1]], [[1, 0]]]);
  expect(oneHot(new Uint8Array([1]), 2).tolist()).toEqual([[0, 1]]);
  expect(
    embedding(
      [
        [1, 0],
        [1, 1],
      ],
      x,
    ).shape,
  ).toEqual([2, 2, 3]);
  expect(embedding(1, x).tolist()).toEqual([3, 4, 5]);
  expect(embedding([], x).shape).toEqual([0, 3]);
});

test('the row of paddingIdx is read, but gets no gradient; other rows get one for each time they occur', () => {
  for (const paddingIdx of [0, -2]) {
    const weight = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const rows = embedding([0, 1, 0, 1], weight, { paddingIdx });
    expect(rows.tolist()).toEqual([
      [1, 2],
      [3, 4],
      [1, 2],
      [3, 4],
    ]);
    rows.sum().backward();
    expect(weight.grad!.tolist()).toEqual([
      [0, 0],
      [2, 2],
    ]);
  }
});

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
  ['gather, ragged', () => gather(x, 1, [[0], [1, 2]]), /gather: the nesting is ragged/],
  ['gather, text', () => gather(x, 1, [['0']] as never), /gather: "0" is not a number/],
  ['gather, nothing', () => gather(x, 1, undefined as never), /gather: undefined is not a number/],
  ['gather, a list', () => gather(x, 1, [0, 1]), /gather: indices of shape \[2\] for x \[2, 3\]/],
  [
    'indexSelect, nested',
    () => indexSelect(x, 0, [[0]]),
    /indexSelect: indices of shape \[1, 1\]; give a list/,
  ],
  [
    'embedding, count',
    () => embedding({ data: [0], shape: [2] }, x),
    /embedding: 1 indices for shape \[2\], which holds 2/,
  ],
  [
    'oneHot, data',
    () => oneHot({ data: 1, shape: [1] } as never, 2),
    /oneHot: the data of the indices is 1; give an array of indices/,
  ],
  [
    'gather, shape of indices',
    () => gather(x, 1, { data: [0], shape: 1 } as never),
    /gather: the shape is 1/,
  ],
  ['gather, x', () => gather([[1]] as never, 1, [[0]]), /gather: x is \[\[1\]\]; give a tensor/],
  [
    'scatterAdd, length',
    () =>
      scatterAdd(
        x,
        1,
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
        -1,
      ),
    /length is -1; give an integer of at l/,
  ],
  ['oneHot, classes', () => oneHot([0], 1.5), /oneHot: classes is 1.5; give an integer/],
  ['oneHot, option', () => oneHot([0], 2, { type: 'float64' } as never), /there is no option type .*dtype/],
  ['embedding, index', () => embedding([2], x), /embedding: index 2 along axis 0 of shape \[2, 3\]/],
  ['embedding, weight', () => embedding([0], zeros([3])), /embedding: weight \[3\]; give a matrix/],
  [
    'embedding, padding',
    () => embedding([0], x, { paddingIdx: 2 }),
    /paddingIdx 2 for 2 rows; .* from -2 to 1/,
  ],
  [
    'embedding, option',
    () => embedding([0], x, { padding: 0 } as never),
    /no option padding \(did you mean paddingIdx\?\); the options are paddingIdx/,
  ],
  ['oneHot, index', () => oneHot([4], 4), /oneHot: index 4 for 4 classes/],
  [
    'scatterAdd',
    () => scatterAdd(x, 1, { data: [0, 0], shape: [2, 1] }, 4),
    /scatterAdd: indices of shape \[2, 1\] for x \[2, 3\]; give one index for each number/,
  ],
  [
    'scatterAdd, a list of indices',
    () => scatterAdd(x, 1, [0, 1], 4),
    /scatterAdd: indices of shape \[2\] for x \[2, 3\]; all axes except axis 1 must have equal lengths/,
  ],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
