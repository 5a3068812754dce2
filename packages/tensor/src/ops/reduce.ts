import {
  ArgumentError,
  checkArgument,
  checkOptions,
  finite,
  integer,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor, someAxes } from '../argument-checks.js';
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
import { add, div, mul, neg, sqrt, square, sub } from './arithmetic.js';
import { eq, where, wherePositive } from './compare.js';
import { gather, type Indices } from './indexing.js';
import { concat, narrow } from './slicing.js';
import { broadcastTo, permute, reshape, sumToSize } from './view.js';

/** Options of `sum`, `mean` and the other reductions. */
export interface ReduceOptions {
  /** One axis or several; negative axes count from the back. Default: all. */
  axis?: number | readonly number[];
  /** Keep each reduced axis in the shape, with length 1. Default false. */
  keepDim?: boolean;
}

const reduceOptions: OptionChecks<ReduceOptions> = { axis: someAxes, keepDim: trueOrFalse };

/** The sum over the given axes;  dx = dy repeated along them. @throws ArgumentError if there is no such axis. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options, (kept) => sumToSize(x, kept));
}

/**
 * The mean over the given axes;  dx = dy / n, repeated along them. NaN if there are no elements.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('mean', x, options, (kept) => meanOp([x], { kept }));
}

/** y = (sum x) / n;  dx = dy / n. The sum is divided, because times 1 / n it is rounded twice: 41 ones would not have the mean 1. */
const meanOp = defineOp<[x: Tensor], { kept: Shape }>('mean', {
  forward: ([x], { kept }) => div(sumToSize(x, kept), x.size / sizeOf(kept)),
  gradient: [(dy, { inputs: [x] }) => broadcastTo(mul(dy, dy.size / x.size), x.shape)],
});

/**
 * The product over the given axes; 1 if there are no elements. Multiplies one half by the other until one number is
 * left: no gradient divides by x, so all are right where x is 0.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function prod(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('prod', x, options, (kept) => {
    const axes = x.shape.map((_, axis) => axis);
    const reduced = axes.filter((axis) => kept[axis] !== x.shape[axis]);
    const others = axes.filter((axis) => kept[axis] === x.shape[axis]);
    const count = sizeOf(reduced.map((axis) => x.shape[axis]));
    if (count === 0) return add(sumToSize(x, kept), 1);
    let factors = reshape(permute(x, [...reduced, ...others]), [count, sizeOf(kept)]);
    for (let n = count; n > 1; n = factors.shape[0]) {
      const half = Math.floor(n / 2);
      const products = mul(narrow(factors, 0, 0, half), narrow(factors, 0, half, half));
      factors = n % 2 === 0 ? products : concat([products, narrow(factors, 0, n - 1, 1)]);
    }
    return reshape(factors, kept);
  });
}

/** Options of `variance` and `std`. */
export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the number of elements, by which the sum of squares is divided. Default 1, the unbiased variance. */
  correction?: number;
}

const varianceOptions: OptionChecks<VarianceOptions> = { ...reduceOptions, correction: finite };

/**
 * The variance over the given axes: the sum of (x - mean)² / (n - correction). Not a finite number if n is not above the
 * correction. Also a method: x.var(). (JavaScript allows no variable of that name.)
 *
 * @throws ArgumentError if there is no such axis.
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkOptions('var', options, varianceOptions);
  const { correction = 1, ...axes } = options;
  return reduce('var', x, axes, (kept) =>
    div(sumToSize(square(center([x], { kept })), kept), freedom(x, kept, correction)),
  );
}

/**
 * The standard deviation, the square root of the variance. Its gradient is 0 where it is 0.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function std(x: Tensor, options: VarianceOptions = {}): Tensor {
  checkOptions('std', options, varianceOptions);
  const { correction = 1, ...axes } = options;
  return reduce('std', x, axes, (kept) => {
    // Divided first: 0 / 0 is NaN, and so is the gradient. Where the norm is 0, its gradient is 0.
    const y = normOp([div(center([x], { kept }), Math.sqrt(freedom(x, kept, correction)))], { kept });
    return x.size === 0 ? div(y, 0) : y; // of no numbers, there was nothing to divide
  });
}

const freedom = (x: Tensor, kept: Shape, correction: number): number =>
  Math.max(x.size / sizeOf(kept) - correction, 0);

/**
 * y = x - mean x;  dx = dy - mean dy. The maximum is subtracted first. So the mean is a small number with a small
 * rounding error, and equal numbers give exact zeros.
 */
const center = defineOp<[x: Tensor], { kept: Shape }>('center', {
  forward: ([x], { kept }) => minusMean(sub(x, amaxTo(x, kept)), kept),
  gradient: [(dy, { attrs: { kept } }) => minusMean(dy, kept)],
});

const minusMean = (x: Tensor, kept: Shape): Tensor => sub(x, mul(sumToSize(x, kept), sizeOf(kept) / x.size));

/** The maximum over the given axes. Ties share the gradient evenly. @throws ArgumentError if there is no such axis, or no element. */
export function amax(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('amax', x, options, (kept) => {
    checkNotEmpty('amax', x, kept);
    return amaxTo(x, kept);
  });
}

/** The minimum over the given axes. Ties share the gradient evenly. @throws ArgumentError if there is no such axis, or no element. */
export function amin(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('amin', x, options, (kept) => {
    checkNotEmpty('amin', x, kept);
    return neg(amaxTo(neg(x), kept));
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

/** The Euclidean norm over the given axes. @throws ArgumentError if there is no such axis. */
export function norm(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('norm', x, options, (kept) => normOp([x], { kept }));
}

/** y = √(sum x²);  dx = dy x / y, and 0 where y = 0: that is the smallest subgradient there, and not NaN */
const normOp = defineOp<[x: Tensor], { kept: Shape }>('norm', {
  forward: ([x], { kept }) => sqrt(sumToSize(square(x), kept)),
  gradient: [(dy, { inputs: [x], output: y }) => mul(x, div(wherePositive(dy, y), add(y, eq(y, 0))))],
});

/** Options of `argmax` and `argmin`. */
export interface ArgOptions {
  /** Along which axis; negative axes count from the back. Default: none, and the index counts the elements of all axes. */
  axis?: number;
  /** Keep each reduced axis in the shape, with length 1. Default false. */
  keepDim?: boolean;
}

/** The index of the maximum; of ties, the first. NaN is the maximum. @throws ArgumentError if there is no such axis, or no element. */
export function argmax(x: Tensor, options: ArgOptions = {}): Indices {
  return indicesOfMaximum('argmax', x, options);
}

/** The index of the minimum; of ties, the first. NaN is the minimum. @throws ArgumentError if there is no such axis, or no element. */
export function argmin(x: Tensor, options: ArgOptions = {}): Indices {
  return indicesOfMaximum('argmin', x, options, neg);
}

const argOptions: OptionChecks<ArgOptions> = { axis: integer, keepDim: trueOrFalse };

/** Where x, or what `ranked` makes of it, is largest. */
function indicesOfMaximum(
  op: string,
  x: Tensor,
  options: ArgOptions,
  ranked = (all: Tensor) => all,
): Indices {
  checkArgument(op, 'x', x, aTensor);
  checkOptions(op, options, argOptions);
  const { axis, keepDim = false } = options;
  if (axis === undefined) {
    checkNotEmpty(op, x, []);
    const { data } = indicesOfMaximum(op, reshape(x, [x.size]), { axis: 0 }, ranked);
    return { data, shape: keepDim ? x.shape.map(() => 1) : [] };
  }
  const along = resolveAxis(op, axis, x.rank);
  const kept = x.shape.with(along, 1);
  checkNotEmpty(op, x, kept);
  const data = allocateIndices(sizeOf(kept));
  currentKernels().argmax(ranked(x).values, x.shape[along], sizeOf(x.shape.slice(along + 1)), data);
  return { data, shape: keepDim ? kept : kept.toSpliced(along, 1) };
}

/** What `max`, `min`, `sort` and `topk` return. */
export interface ValuesAndIndices {
  /** The chosen elements. */
  readonly values: Tensor;
  /** The index of each value along the axis. */
  readonly indices: Indices;
}

/** Options of `max` and `min`. */
export type KeepDimOptions = Pick<ReduceOptions, 'keepDim'>;

const keepDimOptions: OptionChecks<KeepDimOptions> = { keepDim: trueOrFalse };

/**
 * The maximum along one axis, and its index. Of ties, only the first gets the gradient (with `amax`, ties share it). NaN
 * counts as the maximum.
 *
 * @throws ArgumentError if there is no such axis, or it is empty.
 */
export function max(x: Tensor, axis: number, options: KeepDimOptions = {}): ValuesAndIndices {
  return pick('max', x, axis, options);
}

/**
 * The minimum along one axis, and its index. Of ties, only the first gets the gradient (with `amin`, ties share it). NaN
 * counts as the minimum.
 *
 * @throws ArgumentError if there is no such axis, or it is empty.
 */
export function min(x: Tensor, axis: number, options: KeepDimOptions = {}): ValuesAndIndices {
  return pick('min', x, axis, options, neg);
}

/** The numbers of x at these indices. */
function pick(
  op: string,
  x: Tensor,
  axis: number,
  options: KeepDimOptions,
  ranked?: (all: Tensor) => Tensor,
): ValuesAndIndices {
  checkArgument(op, 'x', x, aTensor);
  checkOptions(op, options, keepDimOptions);
  const along = resolveAxis(op, axis, x.rank);
  const indices = indicesOfMaximum(op, x, { axis: along, keepDim: true }, ranked);
  const values = gather(x, along, indices);
  if (options.keepDim) return { values, indices };
  const shape = x.shape.toSpliced(along, 1);
  return { values: reshape(values, shape), indices: { data: indices.data, shape } };
}

function checkNotEmpty(op: string, x: Tensor, kept: Shape): void {
  if (x.size > 0 || sizeOf(kept) === 0) return;
  throw new ArgumentError(
    `${op}: shape ${formatShape(x.shape)} is empty, so nothing is the largest or smallest`,
  );
}

/** Runs `compute` with the shape of x in which each reduced axis has length 1; then drops these axes, unless `keepDim`. */
export function reduce(
  op: string,
  x: Tensor,
  options: ReduceOptions,
  compute: (kept: Shape) => Tensor,
): Tensor {
  checkArgument(op, 'x', x, aTensor);
  checkOptions(op, options, reduceOptions);
  const { axis, keepDim = false } = options;
  const axes = resolveAxes(op, axis, x.rank);
  const y = compute(reducedShape(x.shape, axes));
  return keepDim
    ? y
    : reshape(
        y,
        x.shape.filter((_, index) => !axes.includes(index)),
      );
}
