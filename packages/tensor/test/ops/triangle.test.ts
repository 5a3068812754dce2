import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { ones, type Tensor, tensor, tril, triu, zeros } from '../../src/index.js';
import { shapes, tensors } from '../../src/testing/index.js';
import { checkGradients, type Sample } from './check-gradients.js';

const triangles = (op: (x: Tensor, diagonal: number) => Tensor): Arbitrary<Sample> =>
  shapes({ minRank: 2 }).chain((shape) =>
    fc
      .tuple(tensors(shape), fc.integer({ min: -4, max: 4 }))
      .map(([x, diagonal]) => ({ f: (y) => op(y, diagonal), inputs: [x] })),
  );

checkGradients<typeof import('../../src/ops/triangle.js')>({
  tril: triangles(tril),
  triu: triangles(triu),
});

test('each keeps its triangle', () => {
  const x = ones([2, 3]);
  expect(x.tril().tolist()).toEqual([
    [1, 0, 0],
    [1, 1, 0],
  ]);
  expect(x.tril(1).tolist()).toEqual([
    [1, 1, 0],
    [1, 1, 1],
  ]);
  expect(x.tril(-1).tolist()).toEqual([
    [0, 0, 0],
    [1, 0, 0],
  ]);
  expect(x.triu().tolist()).toEqual([
    [1, 1, 1],
    [0, 1, 1],
  ]);
  expect(x.triu(1).tolist()).toEqual([
    [0, 1, 1],
    [0, 0, 1],
  ]);
  expect(x.triu(-1).tolist()).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ]);
  expect(zeros([2, 0, 3]).tril().shape).toEqual([2, 0, 3]);
});

test('what is left out is 0, also where x is not finite', () => {
  const nan = Number.NaN;
  expect(
    tensor([
      [1, nan],
      [2, 3],
    ])
      .tril()
      .tolist(),
  ).toEqual([
    [1, 0],
    [2, 3],
  ]);
});

test('one triangle and the other without the diagonal add up to x', () => {
  fc.assert(
    fc.property(
      shapes({ minRank: 2 }).chain((shape) => tensors(shape)),
      fc.integer({ min: -5, max: 5 }),
      (x, diagonal) => {
        expect(tril(x, diagonal).add(triu(x, diagonal + 1)).data).toEqual(x.data.map((value) => value + 0));
      },
    ),
  );
});

test.each<[string, () => unknown, RegExp]>([
  ['tril, vector', () => tril(zeros([3])), /tril: shape \[3\]; give a matrix/],
  ['triu, diagonal', () => triu(zeros([3, 3]), 0.5), /triu: diagonal is 0.5; give an integer/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
