import { defineOp } from '../autograd/record.js';
import { currentKernels } from '../kernels/select.js';
import { allocateIndices } from '../memory/allocate.js';
import {
  broadcastStrides,
  formatShape,
  reducedShape,
  resolveAxes,
  resolveAxis,
  type Shape,
  sizeOf,
} from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { add, div, mul, sqrt, square } from './arithmetic.js';
import { eq, where, wherePositive } from './compare.js';
import { gather, type Indices } from './indexing.js';
import { reshape, sumToSize } from './view.js';

export interface ReduceOptions {
  /** One axis or several; negative axes count from the back. Default: all. */
  axis?: number | readonly number[];
  /** Keep each reduced axis in the shape, with length 1. Default false. */
  keepDim?: boolean;
}

/** The sum over the given axes;  dx = dy repeated along them. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options, (kept) => sumToSize(x, kept));
}

/** The mean over the given axes;  dx = dy / n, repeated along them. NaN if there are no elements. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const total = reduce('mean', x, options, (kept) => sumToSize(x, kept));
  return mul(total, total.size / x.size);
}

/** The maximum over the given axes. Ties share the gradient evenly. Throws if there are no elements. */
export function amax(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('amax', x, options, (kept) => {
    if (x.size === 0) {
      throw new Error(`amax: shape ${formatShape(x.shape)} is empty, so there is no maximum`);
    }
    return amaxTo(x, kept);
  });
}

/** The maximum over the axes that have length 1 in `kept`. */
export const amaxTo = (x: Tensor, kept: Shape): Tensor => amaxOp([x], { kept });

/** dx = dy / (the number of ties) where x is the maximum, else 0; NaN if the maximum is NaN */
const amaxOp = defineOp<[x: Tensor], { kept: Shape }>('amax', {
  forward([x], { kept }) {
    const y = empty(kept, x.dtype);
    const view = { shape: x.shape, strides: broadcastStrides(kept, x.shape), offset: 0 };
    currentKernels().maxView(x.values, view, y.values);
    return y;
  },
  gradient: [
    (dy, { inputs: [x], output: y }) => {
      const largest = eq(x, y);
      const share = div(largest, sumToSize(largest, y.shape));
      return where(share, mul(dy, share), 0);
    },
  ],
});

/** The Euclidean norm over the given axes. */
export function norm(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('norm', x, options, (kept) => normOp([x], { kept }));
}

/** y = √(sum x²);  dx = dy x / y, and 0 where y = 0: that is the smallest subgradient there, and not NaN */
const normOp = defineOp<[x: Tensor], { kept: Shape }>('norm', {
  forward: ([x], { kept }) => sqrt(sumToSize(square(x), kept)),
  gradient: [(dy, { inputs: [x], output: y }) => mul(x, div(wherePositive(dy, y), add(y, eq(y, 0))))],
});

export interface MaxResult {
  readonly values: Tensor;
  /** The index of each value along the axis; of ties, the first. */
  readonly indices: Indices;
}

/**
 * The maximum along one axis, and its index. Of ties, only the first gets the gradient (with `amax`, ties share it).
 * Throws if the axis is empty.
 */
export function max(x: Tensor, axis: number, { keepDim = false }: { keepDim?: boolean } = {}): MaxResult {
  const along = resolveAxis('max', axis, x.rank);
  const length = x.shape[along];
  if (length === 0) {
    throw new Error(`max: axis ${axis} of shape ${formatShape(x.shape)} is empty, so there is no maximum`);
  }
  const kept = x.shape.with(along, 1);
  const indices = { data: allocateIndices(sizeOf(kept)), shape: kept };
  currentKernels().argmax(x.values, length, sizeOf(x.shape.slice(along + 1)), indices.data);
  const values = gather(x, along, indices);
  if (keepDim) return { values, indices };
  const shape = kept.toSpliced(along, 1);
  return { values: reshape(values, shape), indices: { data: indices.data, shape } };
}

/** Runs `compute` with the shape of x in which each reduced axis has length 1; then drops these axes, unless `keepDim`. */
export function reduce(
  op: string,
  x: Tensor,
  { axis, keepDim = false }: ReduceOptions,
  compute: (kept: Shape) => Tensor,
): Tensor {
  const axes = resolveAxes(op, axis, x.rank);
  const y = compute(reducedShape(x.shape, axes));
  return keepDim
    ? y
    : reshape(
        y,
        x.shape.filter((_, index) => !axes.includes(index)),
      );
}
