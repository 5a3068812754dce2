import { checkArgument, checkNoMore, ShapeError } from '@paragrad/check';
import { aDType, aTensor } from '../argument-checks.js';
import { defineOp } from '../autograd/record.js';
import { storageToShare } from '../autograd/versions.js';
import type { DType } from '../dtype.js';
import { currentKernels } from '../kernels/select.js';
import {
  broadcastShapes,
  broadcastStrides,
  checkIntegers,
  checkOneAxis,
  checkShape,
  formatShape,
  resolveAxes,
  resolveAxis,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from '../shape.js';
import { empty, Tensor } from '../tensor.js';

// Ops that give the same numbers another shape, order or type, and sumToSize. They come in pairs, in which each is the
// gradient of the other: broadcastTo and sumToSize, reshape and reshape, permute and permute, to and to.

type Unary = [x: Tensor];

/**
 * y = x repeated along every axis that `shape` stretches;  dx = dy summed over those axes
 *
 * @throws ShapeError if x does not stretch to the shape.
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkArgument('broadcastTo', 'x', x, aTensor);
  checkShape('broadcastTo', shape, arguments);
  checkNoMore('broadcastTo', arguments, 2);
  const common = broadcastShapes('broadcastTo', x.shape, shape);
  if (!sameShape(common, shape)) {
    throw new ShapeError(
      `broadcastTo: shape ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}`,
    );
  }
  return broadcastToOp([x], { shape });
}

const broadcastToOp = defineOp<Unary, { shape: Shape }>('broadcastTo', {
  forward([x], { shape }) {
    const y = empty(shape, x.dtype);
    currentKernels().readView(
      x.values,
      { shape, strides: broadcastStrides(x.shape, shape), offset: 0 },
      y.values,
    );
    return y;
  },
  gradient: [(dy, { inputs: [x] }) => sumToSize(dy, x.shape)],
});

/**
 * y = x summed over the axes that are missing in `shape` or have length 1 there;  dx = dy repeated along them
 *
 * @throws ShapeError if x does not sum to the shape.
 */
export function sumToSize(x: Tensor, shape: Shape): Tensor {
  checkArgument('sumToSize', 'x', x, aTensor);
  checkShape('sumToSize', shape, arguments);
  checkNoMore('sumToSize', arguments, 2);
  if (!sameShape(broadcastShapes('sumToSize', x.shape, shape), x.shape)) {
    throw new ShapeError(`sumToSize: shape ${formatShape(x.shape)} does not sum to ${formatShape(shape)}`);
  }
  return sumToSizeOp([x], { shape });
}

const sumToSizeOp = defineOp<Unary, { shape: Shape }>('sumToSize', {
  forward([x], { shape }) {
    const y = empty(shape, x.dtype);
    const view = { shape: x.shape, strides: broadcastStrides(shape, x.shape), offset: 0 };
    currentKernels().sumView(x.values, view, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x] }) => broadcastTo(dy, x.shape)],
});

/**
 * y = the same numbers in another shape;  dx = dy in the shape of x. One length may be -1: it follows from the others.
 *
 * @throws ShapeError if the sizes differ.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkArgument('reshape', 'x', x, aTensor);
  checkIntegers('reshape', 'the shape', shape, arguments);
  checkNoMore('reshape', arguments, 2);
  const known = shape.reduce((size, length) => (length === -1 ? size : size * length), 1);
  const free = shape.indexOf(-1);
  const full = free < 0 ? shape : shape.with(free, x.size / known); // NaN if any length would do
  if (full.some((length) => !Number.isInteger(length) || length < 0) || sizeOf(full) !== x.size) {
    throw new ShapeError(
      `reshape: ${formatShape(x.shape)} has ${x.size} elements, which do not fit ${formatShape(shape)} exactly`,
    );
  }
  return reshapeOp([x], { shape: full });
}

const reshapeOp = defineOp<Unary, { shape: Shape }>('reshape', {
  forward: ([x], { shape }) => new Tensor(storageToShare(x), shape),
  gradient: [(dy, { inputs: [x] }) => reshape(dy, x.shape)],
});

/**
 * x without its axes of length 1; or only without `axis`, if that has length 1. As in PyTorch, other axes stay.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  checkArgument('squeeze', 'x', x, aTensor);
  checkOneAxis('squeeze', arguments, 1);
  checkNoMore('squeeze', arguments, 2);
  const axes = resolveAxes('squeeze', axis, x.rank);
  return reshape(
    x,
    x.shape.filter((length, index) => length !== 1 || !axes.includes(index)),
  );
}

/**
 * x with a new axis of length 1, which has the index `axis` in the result.
 *
 * @throws ArgumentError if `axis` is not from -rank - 1 to rank.
 */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  checkNoMore('unsqueeze', arguments, 2);
  checkArgument('unsqueeze', 'x', x, aTensor);
  return reshape(x, x.shape.toSpliced(resolveAxis('unsqueeze', axis, x.rank + 1), 0, 1));
}

/**
 * x with the axes from `startAxis` to `endAxis`, both included, as one axis; by default all. A scalar gets one axis.
 *
 * @throws ShapeError if the first axis comes after the last.
 * @throws ArgumentError if there is no such axis.
 */
export function flatten(x: Tensor, startAxis = 0, endAxis = -1): Tensor {
  checkNoMore('flatten', arguments, 3);
  checkArgument('flatten', 'x', x, aTensor);
  if (x.rank === 0) return reshape(x, [1]);
  const [start, end] = [startAxis, endAxis].map((axis) => resolveAxis('flatten', axis, x.rank));
  if (start > end) {
    throw new ShapeError(
      `flatten: from axis ${startAxis} to axis ${endAxis} of shape ${formatShape(x.shape)}; the first comes after the last`,
    );
  }
  return reshape(x, x.shape.toSpliced(start, end + 1 - start, sizeOf(x.shape.slice(start, end + 1))));
}

/**
 * Axis i of y is axis axes[i] of x;  dx = dy with the axes in the original order
 *
 * @throws ShapeError unless `axes` names each axis once.
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  checkArgument('permute', 'x', x, aTensor);
  checkIntegers('permute', 'the list of axes', axes, arguments);
  checkNoMore('permute', arguments, 2);
  const resolved = axes.map((axis) => resolveAxis('permute', axis, x.rank));
  if (resolved.length !== x.rank || new Set(resolved).size !== x.rank) {
    throw new ShapeError(
      `permute: axes ${formatShape(axes)} of shape ${formatShape(x.shape)}; name each axis once`,
    );
  }
  return permuteOp([x], { axes: resolved });
}

const permuteOp = defineOp<Unary, { axes: readonly number[] }>('permute', {
  forward([x], { axes }) {
    const strides = stridesOf(x.shape);
    const shape = axes.map((axis) => x.shape[axis]);
    const y = empty(shape, x.dtype);
    currentKernels().readView(
      x.values,
      { shape, strides: axes.map((axis) => strides[axis]), offset: 0 },
      y.values,
    );
    return y;
  },
  gradient: [
    (dy, { attrs: { axes } }) =>
      permute(
        dy,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
  ],
});

/**
 * x with two axes swapped; by default the last two.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function transpose(x: Tensor, axis0 = -2, axis1 = -1): Tensor {
  checkNoMore('transpose', arguments, 3);
  checkArgument('transpose', 'x', x, aTensor);
  const from = resolveAxis('transpose', axis0, x.rank);
  const to = resolveAxis('transpose', axis1, x.rank);
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, axes.with(from, to).with(to, from));
}

/** y = x, in memory of its own;  dx = dy. (`detach` and `reshape` share the memory of x.) */
export function clone(x: Tensor): Tensor {
  checkNoMore('clone', arguments, 1);
  return cloneOp([x]);
}

const cloneOp = defineOp<Unary>('clone', { forward: ([x]) => copy(x, x.dtype), gradient: [(dy) => dy] });

/** y = x as numbers of another type; x itself if it has this type;  dx = dy as numbers of the type of x */
export function to(x: Tensor, dtype: DType): Tensor {
  checkNoMore('to', arguments, 2);
  checkArgument('to', 'x', x, aTensor);
  checkArgument('to', 'dtype', dtype, aDType);
  return dtype === x.dtype ? x : toOp([x], { dtype });
}

const toOp = defineOp<Unary, { dtype: DType }>('to', {
  forward: ([x], { dtype }) => copy(x, dtype),
  gradient: [(dy, { inputs: [x] }) => to(dy, x.dtype)],
});

function copy(x: Tensor, dtype: DType): Tensor {
  const y = empty(x.shape, dtype);
  y.values.set(x.values);
  return y;
}
