import { defineOp } from '../autograd/record.js';
import { kernels } from '../kernels/select.js';
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
import { equal, gate } from './compare.js';
import { gather, type Indices } from './indexing.js';
import { reshape, sumTo } from './view.js';

export interface ReduceOptions {
  /** One axis or several; negative ones count from the back. Default: all. */
  axis?: number | readonly number[];
  /** Leave each reduced axis in the shape, with length 1. Default false. */
  keepDim?: boolean;
}

/** The sum over the given axes;  dx = dy repeated along them. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options, (kept) => sumTo(x, kept));
}

/** The mean over the given axes;  dx = dy / count, repeated along them. NaN over no elements. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const total = reduce('mean', x, options, (kept) => sumTo(x, kept));
  return mul(total, total.size / x.size);
}

/** The largest number over the given axes. Its ties share the gradient evenly. Throws over no elements. */
export function amax(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('amax', x, options, (kept) => {
    if (x.size === 0) {
      throw new Error(`amax: shape ${formatShape(x.shape)} is empty; of no elements none is the largest`);
    }
    return amaxTo(x, kept);
  });
}

/** Over the axes that `kept` has as 1. */
export const amaxTo = (x: Tensor, kept: Shape): Tensor => amaxOp([x], { kept });

/** dx = dy where x is the largest, divided by how many are; else 0 */
const amaxOp = defineOp<[x: Tensor], { kept: Shape }>('amax', {
  forward([x], { kept }) {
    const y = empty(kept, x.dtype);
    const view = { shape: x.shape, strides: broadcastStrides(kept, x.shape), offset: 0 };
    kernels().maxView(x.values, view, y.values);
    return y;
  },
  gradient: [
    (dy, { inputs: [x], output: y }) => {
      const largest = equal(x, y);
      return mul(largest, div(dy, sumTo(largest, y.shape)));
    },
  ],
});

/** The Euclidean norm over the given axes. */
export function norm(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('norm', x, options, (kept) => normOp([x], { kept }));
}

/** y = √(sum x²);  dx = dy x / y, and 0 where y = 0: the smallest of the subgradients there, and not NaN */
const normOp = defineOp<[x: Tensor], { kept: Shape }>('norm', {
  forward: ([x], { kept }) => sqrt(sumTo(square(x), kept)),
  gradient: [(dy, { inputs: [x], output: y }) => mul(gate(x, y), div(dy, add(y, equal(y, 0))))],
});

export interface Max {
  readonly values: Tensor;
  /** Where along the axis each value is; the first, of several. */
  readonly indices: Indices;
}

/**
 * The largest numbers along one axis, and where they are. The gradient goes to the first of equals alone (`amax` shares
 * it). Throws where the axis is empty.
 */
export function max(x: Tensor, axis: number, { keepDim = false }: { keepDim?: boolean } = {}): Max {
  const along = resolveAxis('max', axis, x.rank);
  const length = x.shape[along];
  if (length === 0) {
    throw new Error(`max: axis ${axis} of shape ${formatShape(x.shape)} is empty; none of it is the largest`);
  }
  const kept = x.shape.with(along, 1);
  const indices = { data: allocateIndices(sizeOf(kept)), shape: kept };
  kernels().argmax(x.values, length, sizeOf(x.shape.slice(along + 1)), indices.data);
  const values = gather(x, along, indices);
  if (keepDim) return { values, indices };
  const shape = kept.toSpliced(along, 1);
  return { values: reshape(values, shape), indices: { data: indices.data, shape } };
}

/** Runs `compute` with x's shape after the reduction, each reduced axis kept as 1; then drops those axes, if asked to. */
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
