import { defineOp } from '../autograd/record.js';
import { kernels } from '../kernels/select.js';
import { emptyLike, type Tensor } from '../tensor.js';
import { type BinaryOp, binary, broadcast, type UnaryOp, unary } from './elementwise.js';

// Masks, and what they choose. A mask is a tensor of zeros and ones, constant but for its jumps: no gradient flows
// through it, and a second derivative sees it as a number.

/** z = 1 where a > b, else 0. No gradient. */
export const greater: BinaryOp = binary('greater', ['no gradient', 'no gradient']);

/** z = 1 where a = b, else 0. No gradient. */
export const equal: BinaryOp = binary('equal', ['no gradient', 'no gradient']);

/** y = -1, 0 or 1, as x is below, at or above 0. No gradient. */
export const sign: UnaryOp = unary('sign', 'no gradient');

/** z = a where b > 0, else 0;  da = dz where b > 0, else 0. Constant in b, but for the jump at 0. */
export const gate: BinaryOp = binary('gate', [(dz, { inputs: [, b] }) => gate(dz, b), 'no gradient']);

/**
 * z = a where the condition is not 0, else b. Takes tensors that broadcast together, or numbers. The operand not chosen
 * gets the gradient 0 even where its own value or dz is infinite or NaN.
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  return whereOp(broadcast('where', condition, a, b));
}

/** da = dz where the condition is not 0, else 0;  db = dz where it is 0, else 0 */
const whereOp = defineOp<[condition: Tensor, a: Tensor, b: Tensor]>('where', {
  forward([condition, a, b]) {
    const z = emptyLike(condition);
    kernels().select(condition.values, a.values, b.values, z.values);
    return z;
  },
  gradient: [
    'no gradient',
    (dz, { inputs: [condition] }) => where(condition, dz, 0),
    (dz, { inputs: [condition] }) => where(condition, 0, dz),
  ],
});
