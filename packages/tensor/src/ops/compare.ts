import { checkNoMore } from '@paragrad/check';
import { defineOp } from '../autograd/record.js';
import { currentKernels } from '../kernels/select.js';
import { emptyLike, type Tensor } from '../tensor.js';
import { abs } from './arithmetic.js';
import { type BinaryOp, binary, broadcast, type UnaryOp, unary } from './elementwise.js';

// Masks, and choices by masks. A mask is a tensor of zeros and ones. It is constant except for its jumps, so no gradient
// flows through it.

/**
 * z = 1 where a < b, else 0. Shapes broadcast. No gradient. As all comparisons except `notEqual`, 0 where a or b is NaN.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const less: BinaryOp = binary('less', ['no gradient', 'no gradient']);

/**
 * z = 1 where a ≤ b, else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const lessEqual: BinaryOp = binary('lessEqual', ['no gradient', 'no gradient']);

/**
 * z = 1 where a > b, else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const greater: BinaryOp = binary('greater', ['no gradient', 'no gradient']);

/**
 * z = 1 where a ≥ b, else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const greaterEqual: BinaryOp = binary('greaterEqual', ['no gradient', 'no gradient']);

/**
 * z = 1 where a = b, else 0. Shapes broadcast. No gradient. (PyTorch's `equal` is another function: it gives a single answer.)
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const eq: BinaryOp = binary('eq', ['no gradient', 'no gradient']);

/**
 * z = 1 where a ≠ b, or one is NaN; else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const notEqual: BinaryOp = binary('notEqual', ['no gradient', 'no gradient']);

// Operands of logical ops are true where they are not 0. So NaN is true.

/**
 * z = 1 where both operands are true, else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export function logicalAnd(a: Tensor | number, b: Tensor | number): Tensor {
  checkNoMore('logicalAnd', arguments, 2);
  const [p, q] = truths('logicalAnd', a, b);
  return where(p, q, 0);
}

/**
 * z = 1 where at least one operand is true, else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export function logicalOr(a: Tensor | number, b: Tensor | number): Tensor {
  checkNoMore('logicalOr', arguments, 2);
  const [p, q] = truths('logicalOr', a, b);
  return where(p, 1, q);
}

/**
 * z = 1 where one operand is true and the other is not, else 0. Shapes broadcast. No gradient.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export function logicalXor(a: Tensor | number, b: Tensor | number): Tensor {
  checkNoMore('logicalXor', arguments, 2);
  const [p, q] = truths('logicalXor', a, b);
  return notEqual(p, q);
}

/** y = 1 where x is not true, else 0. No gradient. */
export function logicalNot(x: Tensor): Tensor {
  checkNoMore('logicalNot', arguments, 1);
  return eq(x, 0);
}

function truths(op: string, a: Tensor | number, b: Tensor | number): [Tensor, Tensor] {
  const [p, q] = broadcast(op, a, b);
  return [notEqual(p, 0), notEqual(q, 0)];
}

/** y = 1 where x is NaN, else 0. No gradient. */
export function isnan(x: Tensor): Tensor {
  checkNoMore('isnan', arguments, 1);
  return notEqual(x, x);
}

/** y = 1 where x is infinite, else 0. No gradient. */
export function isinf(x: Tensor): Tensor {
  checkNoMore('isinf', arguments, 1);
  return eq(abs(x), Number.POSITIVE_INFINITY);
}

/** y = 1 where x is neither infinite nor NaN, else 0. No gradient. */
export function isfinite(x: Tensor): Tensor {
  checkNoMore('isfinite', arguments, 1);
  return less(abs(x), Number.POSITIVE_INFINITY);
}

/** y = -1 where x < 0, 0 where x = 0, 1 where x > 0, NaN where x is NaN. No gradient. */
export const sign: UnaryOp = unary('sign', 'no gradient');

/** z = 0 where b ≤ 0, else a, also where b is NaN;  da = 0 where b ≤ 0, else dz. No gradient for b, in which z only jumps. */
export const wherePositive: BinaryOp = binary('wherePositive', [
  (dz, { inputs: [, b] }) => wherePositive(dz, b),
  'no gradient',
]);

/**
 * z = a where the condition is not 0, else b. Takes tensors that broadcast together, or numbers. The operand that is
 * not chosen gets the gradient 0, even if its value or dz is infinite or NaN there.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  checkNoMore('where', arguments, 3);
  return whereOp(broadcast('where', condition, a, b));
}

/** da = dz where the condition is not 0, else 0;  db = dz where it is 0, else 0 */
const whereOp = defineOp<[condition: Tensor, a: Tensor, b: Tensor]>('where', {
  forward([condition, a, b]) {
    const z = emptyLike(condition);
    currentKernels().select(condition.values, a.values, b.values, z.values);
    return z;
  },
  gradient: [
    'no gradient',
    (dz, { inputs: [condition] }) => where(condition, dz, 0),
    (dz, { inputs: [condition] }) => where(condition, 0, dz),
  ],
});
