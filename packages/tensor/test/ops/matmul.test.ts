import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import {
  concat,
  detectAnomaly,
  Generator,
  grad,
  linear,
  matmul,
  normal,
  ones,
  Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { inspect, toText } from '../../src/inspect/index.js';
import { broadcastableShapes, tensors } from '../../src/testing/index.js';
import { checkGradients, lengths, type Sample } from './check-gradients.js';

/** Products of matrices and of batches. The batch axes of either operand may broadcast or be missing. */
const products = (op: (a: Tensor, b: Tensor) => Tensor, form: 'nn' | 'nt' | 'tn'): Arbitrary<Sample> =>
  fc
    .tuple(lengths, lengths, lengths, broadcastableShapes({ maxRank: 2, maxLength: 2 }))
    .chain(([m, k, n, [batchOfA, batchOfB]]) =>
      fc
        .tuple(
          tensors([...batchOfA, ...(form === 'tn' ? [k, m] : [m, k])]),
          tensors([...batchOfB, ...(form === 'nt' ? [n, k] : [k, n])]),
        )
        .map((inputs) => ({ f: op, inputs })),
    );

/** A vector on the left, on the right, or on both sides. */
const withVectors: Arbitrary<Sample> = fc
  .tuple(lengths, lengths, lengths, fc.constantFrom('left', 'right', 'both'))
  .chain(([batch, m, k, side]) =>
    fc
      .tuple(tensors(side === 'right' ? [batch, m, k] : [k]), tensors(side === 'left' ? [batch, k, m] : [k]))
      .map((inputs) => ({ f: (a: Tensor, b: Tensor) => matmul(a, b), inputs })),
  );

/** Longer than `lengths`, because the bias is only a row of this length. */
const widths = fc.integer({ min: 1, max: 10 });

checkGradients<typeof import('../../src/ops/matmul.js')>({
  matmul: fc.oneof(
    products((a, b) => matmul(a, b), 'nn'),
    products((a, b) => matmul(a, b, { transposeB: true }), 'nt'),
    products((a, b) => matmul(a, b, { transposeA: true }), 'tn'),
    withVectors,
  ),
  linear: fc
    .tuple(lengths, lengths, widths, fc.boolean(), fc.constantFrom(undefined, 'tanh' as const))
    .chain(([batch, from, to, bias, activation]) =>
      fc.tuple(tensors([batch, from]), tensors([to, from]), tensors([to])).map(([x, w, b]) => ({
        f: (x: Tensor, w: Tensor, b?: Tensor) => linear(x, w, b, activation && { activation }),
        inputs: bias ? [x, w, b] : [x, w],
      })),
    ),
});

test('an activation in the same pass has the same numbers, gradients and graph as a separate one', () => {
  const inputs = fc
    .tuple(lengths, lengths, lengths)
    .chain(([batch, from, to]) =>
      fc.tuple(tensors([batch, from]), tensors([to, from]), tensors([to]), fc.boolean()),
    );
  fc.assert(
    fc.property(inputs, fc.constantFrom('relu', 'tanh'), ([x, w, b, biased], activation) => {
      const operands = [x, w, b].map(({ data, shape }) => new Tensor(data, shape, { requiresGrad: true }));
      const [leaves, bias] = biased ? [operands, operands[2]] : [operands.slice(0, 2), undefined];
      const fused = linear(operands[0], operands[1], bias, { activation });
      const unfused = linear(operands[0], operands[1], bias)[activation]();
      expect(fused.data).toEqual(unfused.data);
      expect(toText(inspect(fused))).toBe(toText(inspect(unfused)));
      const gradients = [fused, unfused].map((y) => grad(y.square().sum(), leaves).map(({ data }) => data));
      expect(gradients[0]).toEqual(gradients[1]);
    }),
  );
});

test('a vector is a row on the left and a column on the right, as in PyTorch', () => {
  const a = tensor([
    [1, 2],
    [3, 4],
  ]);
  const v = tensor([5, 6]);
  expect(matmul(a, v).tolist()).toEqual([17, 39]);
  expect(matmul(v, a).tolist()).toEqual([23, 34]);
  expect(matmul(a, v, { transposeA: true }).tolist()).toEqual([23, 34]);
  expect(matmul(v, v).tolist()).toBe(61);
  expect(matmul(zeros([4, 1, 3, 2]), v).shape).toEqual([4, 1, 3]);
  expect(matmul(v, zeros([4, 1, 2, 3])).shape).toEqual([4, 1, 3]);
  expect(matmul(zeros([1]), zeros([1, 1, 1])).shape).toEqual([1, 1]); // loses one axis, not all of length 1
});

test('linear of several x equals linear of their concatenation, with the same gradients', () => {
  const rows = fc.tuple(
    lengths,
    lengths,
    lengths,
    lengths,
    fc.constantFrom(undefined, 'relu' as const, 'tanh' as const),
  );
  fc.assert(
    fc.property(rows, fc.nat(), ([batch, a, b, to, activation], seed) => {
      const generator = new Generator(seed);
      const random = (...shape: number[]) =>
        normal(shape, generator, { dtype: 'float64', requiresGrad: true });
      const [x, y, w, bias] = [random(batch, a), random(batch, b), random(to, a + b), random(to)];
      const ofSeveral = linear([x, y], w, bias, activation && { activation });
      const ofConcatenated = linear(concat([x, y], 1), w, bias, activation && { activation });
      const results = [ofSeveral, ofConcatenated].map((z) => [z, ...grad(z.square().sum(), [x, y, w, bias])]);
      results[0].forEach((part, k) => {
        const difference = part.sub(results[1][k]).abs();
        expect(Math.max(0, ...difference.data), `result ${k}`).toBeLessThan(1e-10);
      });
    }),
  );
});

test('detectAnomaly tells a NaN of the product from a NaN of the activation', () => {
  const huge = tensor([[3e38]], { requiresGrad: true });
  expect(() => detectAnomaly(() => linear(huge, huge, undefined, { activation: 'tanh' }))).toThrow(
    /forward pass of matmulNT gave Infinity/,
  );
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  [
    'matmul, inner sizes',
    () => matmul(zeros([32, 5]), zeros([4, 2])),
    /inner sizes differ, \[32, 5\] x \[4, 2\]; the last axis of the left operand/,
  ],
  ['matmul, A B^T', () => matmul(x, zeros([3, 2]), { transposeB: true }), /the right operand is transposed/],
  ['matmul, A^T B', () => matmul(x, zeros([3, 2]), { transposeA: true }), /the left operand is transposed/],
  [
    'matmul, both',
    () => matmul(x, x, { transposeA: true, transposeB: true }),
    /multiply b by a and transpose the result/,
  ],
  [
    'matmul, a single number',
    () => matmul(zeros([]), x),
    /\[\] x \[2, 3\]; give vectors, matrices, or batches/,
  ],
  [
    'matmul, a vector transposed',
    () => matmul(x, zeros([3]), { transposeB: true }),
    /\[2, 3\] x \[3\].*transpose no vector/,
  ],
  [
    'matmul, batch axes',
    () => matmul(zeros([2, 1, 1]), zeros([3, 1, 1])),
    /shapes \[2\] and \[3\] do not br/,
  ],
  [
    'linear, weight',
    () => linear(x, zeros([3, 4])),
    /linear: x \[2, 3\] and weight \[3, 4\]; the weight is \[out, in\]/,
  ],
  ['linear, no parts', () => linear([], x), /linear: x is an empty array; give at least one tensor/],
  [
    'linear, parts',
    () => linear([zeros([1, 3]), x], zeros([4, 6])),
    /linear: x \[1, 3\], \[2, 3\]; .*equal shapes except for the last/,
  ],
  [
    'linear, widths',
    () => linear([x, x], zeros([4, 5])),
    /linear: x \[2, 3\], \[2, 3\] and weight \[4, 5\]; .*together/,
  ],
  ['linear, bias', () => linear(x, zeros([4, 3]), zeros([3])), /bias \[3\] for weight \[4, 3\]/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('a product over an empty axis is 0, or the bias', () => {
  expect([...matmul(zeros([2, 0]), zeros([0, 2])).data]).toEqual([0, 0, 0, 0]);
  expect([...linear(zeros([2, 0]), zeros([2, 0]), tensor([1, 2])).data]).toEqual([1, 2, 1, 2]);
});

test('linear of no features is the bias, for any number of axes', () => {
  for (const shape of [[3, 0], [5, 3, 0], [0]]) {
    const y = linear(zeros(shape), zeros([2, 0]), ones([2]));
    expect(y.shape).toEqual([...shape.slice(0, -1), 2]);
    expect(y.data.every((value) => value === 1)).toBe(true);
  }
});
