/** What the parity and gradient suites don't see: errors, defaults, and values that only reading can check. */
import { describe, expect, test } from 'vitest';
import {
  add,
  broadcastTo,
  concat,
  formatShape,
  linear,
  matmul,
  mean,
  mseLoss,
  narrow,
  ones,
  permute,
  reshape,
  type Shape,
  sum,
  sumTo,
  Tensor,
  tensor,
  transpose,
  zeros,
} from '../src/index.js';

describe('an error says what was wrong, the shapes, and what to do', () => {
  const x = zeros([2, 3]);
  test.each<[string, () => unknown, RegExp]>([
    ['add', () => add(x, zeros([2])), /add: shapes \[2, 3\] and \[2\] do not broadcast; .*\(here 3 and 2\)/],
    [
      'matmul, inner sizes',
      () => matmul(zeros([32, 5]), zeros([4, 2])),
      /inner sizes differ, \[32, 5\] x \[4, 2\]; the left operand's last/,
    ],
    ['matmul, A B^T', () => matmul(x, zeros([3, 2]), { transposeB: true }), /with the right one transposed/],
    ['matmul, A^T B', () => matmul(x, zeros([3, 2]), { transposeA: true }), /with the left one transposed/],
    [
      'matmul, both',
      () => matmul(x, x, { transposeA: true, transposeB: true }),
      /multiply b by a and transpose the result/,
    ],
    ['matmul, vectors', () => matmul(zeros([3]), x), /both operands must be matrices/],
    [
      'linear, weight',
      () => linear(x, zeros([3, 4])),
      /linear: x \[2, 3\] and weight \[3, 4\]; the weight is \[out, in\]/,
    ],
    ['linear, bias', () => linear(x, zeros([4, 3]), zeros([3])), /bias \[3\] for weight \[4, 3\]/],
    [
      'mseLoss',
      () => mseLoss(zeros([2, 1]), zeros([2])),
      /prediction \[2, 1\] and target \[2\]; give the same shape/,
    ],
    [
      'sum, axis',
      () => sum(x, { axis: 2 }),
      /sum: axis 2 of a tensor with 2 axes; give a whole number from -2 to 1/,
    ],
    ['mean, twice', () => mean(x, { axis: [0, -2] }), /name one axis twice/],
    ['narrow', () => narrow(x, 1, 2, 2), /start 2 and length 2 along axis 1 of shape \[2, 3\]/],
    ['concat', () => concat([x, zeros([3, 3])], 1), /shapes \[2, 3\], \[3, 3\] along axis 1/],
    ['concat of nothing', () => concat([]), /give at least one/],
    ['reshape', () => reshape(x, [4, -1]), /\[2, 3\] has 6 elements, and \[4, -1\]/],
    ['permute', () => permute(x, [0, 0]), /name each axis once/],
    ['broadcastTo', () => broadcastTo(x, [3]), /broadcastTo: shape/],
    ['sumTo', () => sumTo(zeros([3]), [2, 3]), /does not sum to/],
    ['tensor, ragged', () => tensor([[1, 2], [3]]), /the nesting is ragged: .*\[2, 2\]/],
    [
      'Tensor, size',
      () => new Tensor(new Float32Array(5), [2, 3]),
      /5 numbers for shape \[2, 3\], which holds 6/,
    ],
    ['zeros, length', () => zeros([2, -1]), /has length -1/],
    ['item', () => x.item(), /holds 6 numbers, not one/],
  ])('%s', (_, compute, message) => {
    expect(compute).toThrow(message);
  });
});

describe('shapes at the edges', () => {
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

  test('products over an empty axis are zero, or the bias', () => {
    expect([...matmul(zeros([2, 0]), zeros([0, 2])).data]).toEqual([0, 0, 0, 0]);
    expect([...linear(zeros([2, 0]), zeros([2, 0]), tensor([1, 2])).data]).toEqual([1, 2, 1, 2]);
  });

  test('sums and means over nothing, one axis and all', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...sum(x, { axis: [] }).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...mean(x, { axis: 0 }).data]).toEqual([2.5, 3.5, 4.5]);
    expect(mean(x, { axis: 1, keepDim: true }).shape).toEqual([2, 1]);
    expect(mean(x).item()).toBe(3.5);
    expect(mean(zeros([0])).item()).toBeNaN();
  });
});

test('float64 in, float64 out', () => {
  const x = tensor([[0.1]], { dtype: 'float64' });
  expect(x.add(0.2).item()).toBe(0.1 + 0.2);
  expect(transpose(matmul(x, x)).dtype).toBe('float64');
});

test('a long float32 sum does not drift', () => {
  expect(sum(new Tensor(new Float32Array(1e6).fill(0.1), [1e6])).item()).toBeCloseTo(
    1e6 * Math.fround(0.1),
    1,
  );
});

test('a tensor prints its shape, its first numbers and where it comes from', () => {
  expect(String(tensor([1, 2], { requiresGrad: true }).mul(2))).toBe('Tensor [2] (2, 4, from mul)');
  expect(formatShape([])).toBe('[]');
});
