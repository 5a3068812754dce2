import { defineOp } from '../autograd/record.js';
import { currentKernels } from '../kernels/select.js';
import { emptyLike, type Tensor } from '../tensor.js';
import { type BinaryOp, binary, broadcast, type UnaryOp, unary } from './elementwise.js';

// Masks, and choices by masks. A mask is a tensor of zeros and ones. It is constant except for its jumps, so no gradient
// flows through it.

/** z = 1 where a > b, else 0. No gradient. */
export const gt: BinaryOp = binary('gt', ['no gradient', 'no gradient']);

/** z = 1 where a = b, else 0. No gradient. */
export const eq: BinaryOp = binary('eq', ['no gradient', 'no gradient']);

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
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
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
