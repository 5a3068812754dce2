import { checkArgument, checkNoMore } from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { defineOp } from '../autograd/record.js';
import { currentKernels } from '../kernels/select.js';
import { resolveAxis, sizeOf } from '../shape.js';
import { emptyLike, type Tensor } from '../tensor.js';

/**
 * The sums up to each index along one axis, with that index.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function cumsum(x: Tensor, axis: number): Tensor {
  checkNoMore('cumsum', arguments, 2);
  checkArgument('cumsum', 'x', x, aTensor);
  return cumsumFrom(x, resolveAxis('cumsum', axis, x.rank), false);
}

const cumsumFrom = (x: Tensor, axis: number, fromTheEnd: boolean): Tensor =>
  cumsumOp([x], { axis, fromTheEnd });

/** y[i] = the sum of all x[j] with j ≤ i;  dx[j] = the sum of all dy[i] with i ≥ j: a sum from the other end */
const cumsumOp = defineOp<[x: Tensor], { axis: number; fromTheEnd: boolean }>('cumsum', {
  forward([x], { axis, fromTheEnd }) {
    const y = emptyLike(x);
    currentKernels().cumsum(x.values, x.shape[axis], sizeOf(x.shape.slice(axis + 1)), fromTheEnd, y.values);
    return y;
  },
  gradient: [(dy, { attrs: { axis, fromTheEnd } }) => cumsumFrom(dy, axis, !fromTheEnd)],
});
