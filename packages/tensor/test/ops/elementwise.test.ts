/** Broadcasting of all ops with two operands. */
import { describe, expect, test } from 'vitest';
import { add, broadcastTo, ones, type Shape, tensor, zeros } from '../../src/index.js';
import type { BinaryOp } from '../../src/ops/elementwise.js';
import * as ops from '../../src/ops/index.js';
import { gradcheck } from '../../src/testing/index.js';

type BinaryOps = { [Op in keyof typeof ops as (typeof ops)[Op] extends BinaryOp ? Op : never]: BinaryOp };

const { sub, mul, div, pow, minimum, maximum, wherePositive } = ops;
const { less, lessEqual, greater, greaterEqual, eq, notEqual, logicalAnd, logicalOr, logicalXor } = ops;
const differentiable = { add, sub, mul, div, pow, minimum, maximum, wherePositive };
// If one of the ops with two operands is missing, this does not compile.
const all: BinaryOps = {
  ...differentiable,
  less,
  lessEqual,
  greater,
  greaterEqual,
  eq,
  notEqual,
  logicalAnd,
  logicalOr,
  logicalXor,
};

describe('edge cases of shapes', () => {
  test.each<[Shape, Shape, Shape]>([
    [[2, 1], [3], [2, 3]],
    [
      [2, 3],
      [1, 3],
      [2, 3],
    ],
    [[], [2, 2], [2, 2]],
    [[0, 3], [3], [0, 3]],
    [
      [4, 1, 2],
      [3, 1],
      [4, 3, 2],
    ],
  ])('%j + %j', (a, b, expected) => {
    expect(add(ones(a), ones(b)).shape).toEqual(expected);
    expect(add(ones(a), ones(b)).data.every((value) => value === 2)).toBe(true);
  });
});

const column = tensor([[1], [2]], { dtype: 'float64' });
const row = tensor([3, 1, 2], { dtype: 'float64' });
const matrix = tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { dtype: 'float64' },
);
const operands = [
  [column, row],
  [row, column],
  [matrix, row.reshape([1, 3])],
  [row.reshape([1, 3]), matrix],
];

test.each(Object.entries(all))('%s broadcasts [2,1] with [3] and [2,3] with [1,3]', (_, op) => {
  for (const [a, b] of operands) {
    const z = op(a, b);
    expect(z.shape).toEqual([2, 3]);
    expect(z.data).toEqual(op(broadcastTo(a, [2, 3]), broadcastTo(b, [2, 3])).data);
  }
});

test.each(Object.entries(differentiable))(
  '%s of [2,1] with [3] and of [2,3] with [1,3]: gradients',
  (_, op) => {
    // + 0.25, because some ops have a kink where a = b. wherePositive has no gradient for b.
    for (const [a, b] of operands) gradcheck(op, [a.add(0.25), b], { allowUnused: true });
  },
);

test('shapes that do not broadcast', () => {
  expect(() => add(zeros([2, 3]), zeros([2]))).toThrow(
    /add: shapes \[2, 3\] and \[2\] do not broadcast; .*\(here they are 3 and 2\)/,
  );
});
