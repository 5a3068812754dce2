import { defineOp } from '../autograd/record.js';
import { zeros } from '../create.js';
import { currentKernels } from '../kernels/select.js';
import {
  broadcastShapes,
  broadcastStrides,
  checkList,
  formatShape,
  resolveAxis,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from '../shape.js';
import { empty, Tensor } from '../tensor.js';

// Ops that move numbers without changing them, and sumToSize. They come in pairs, in which each is the gradient of the
// other: broadcastTo and sumToSize, narrow and pad, reshape and reshape, permute and permute.

type Unary = [x: Tensor];

/** y = x repeated along every axis that `shape` stretches;  dx = dy summed over those axes */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const common = broadcastShapes('broadcastTo', x.shape, shape);
  if (!sameShape(common, shape)) {
    throw new Error(`broadcastTo: shape ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}`);
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

/** y = x summed over the axes that are missing in `shape` or have length 1 there;  dx = dy repeated along them */
export function sumToSize(x: Tensor, shape: Shape): Tensor {
  if (!sameShape(broadcastShapes('sumToSize', x.shape, shape), x.shape)) {
    throw new Error(`sumToSize: shape ${formatShape(x.shape)} does not sum to ${formatShape(shape)}`);
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

/** y = x from index `start` to `start + length - 1` along `axis`;  dx = dy at these indices, zeros elsewhere */
export function narrow(x: Tensor, axis: number, start: number, length: number): Tensor {
  const along = resolveAxis('narrow', axis, x.rank);
  const available = x.shape[along];
  if (
    !(
      Number.isInteger(start) &&
      Number.isInteger(length) &&
      start >= 0 &&
      length >= 0 &&
      start + length <= available
    )
  ) {
    throw new Error(
      `narrow: start ${start} and length ${length} along axis ${axis} of shape ${formatShape(x.shape)}; ` +
        `give whole numbers from 0 with a sum of at most ${available}`,
    );
  }
  return narrowOp([x], { axis: along, start, length });
}

const narrowOp = defineOp<Unary, { axis: number; start: number; length: number }>('narrow', {
  forward([x], { axis, start, length }) {
    const y = empty(x.shape.with(axis, length), x.dtype);
    currentKernels().readView(x.values, windowOf(x.shape, axis, start, length), y.values);
    return y;
  },
  gradient: [
    (dy, { inputs: [x], attrs: { axis, start } }) => padOp([dy], { axis, start, total: x.shape[axis] }),
  ],
});

/** y = zeros with length `total` along `axis`, but x from index `start` on;  dx = this part of dy */
const padOp = defineOp<Unary, { axis: number; start: number; total: number }>('pad', {
  forward([x], { axis, start, total }) {
    const y = zeros(x.shape.with(axis, total), { dtype: x.dtype });
    currentKernels().writeView(x.values, windowOf(y.shape, axis, start, x.shape[axis]), y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x], attrs: { axis, start } }) => narrow(dy, axis, start, x.shape[axis])],
});

/** y = the tensors one after the other along `axis`;  dx_i = its part of dy. As `torch.cat`. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = tensors[0];
  if (!first) throw new Error('concat: no tensors; give at least one');
  const along = resolveAxis('concat', axis, first.rank);
  for (const x of tensors) {
    if (x.rank !== first.rank || !sameShape(x.shape.with(along, 0), first.shape.with(along, 0))) {
      throw new Error(
        `concat: shapes ${tensors.map((t) => formatShape(t.shape)).join(', ')} along axis ${axis}; ` +
          'all other axes must have equal lengths',
      );
    }
  }
  let total = 0;
  const starts = tensors.map(({ shape }) => {
    const start = total;
    total += shape[along];
    return start;
  });
  return concatOp(tensors, { axis: along, starts, total });
}

const concatOp = defineOp<readonly Tensor[], { axis: number; starts: readonly number[]; total: number }>(
  'concat',
  {
    forward(tensors, { axis, starts, total }) {
      const y = empty(tensors[0].shape.with(axis, total), tensors[0].dtype);
      tensors.forEach((x, index) => {
        const part = windowOf(y.shape, axis, starts[index], x.shape[axis]);
        currentKernels().writeView(x.values, part, y.values);
      });
      return y;
    },
    gradient:
      (index) =>
      (dy, { inputs, attrs: { axis, starts } }) =>
        narrow(dy, axis, starts[index], inputs[index].shape[axis]),
  },
);

/** Tensors of equal shape next to each other along a new axis: stack([a, b]) has shape [2, ...]. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = tensors[0];
  if (!first) throw new Error('stack: no tensors; give at least one');
  const at = resolveAxis('stack', axis, first.rank + 1);
  for (const x of tensors) {
    if (!sameShape(x.shape, first.shape)) {
      throw new Error(
        `stack: shapes ${tensors.map((t) => formatShape(t.shape)).join(', ')}; give equal shapes`,
      );
    }
  }
  const slice = first.shape.toSpliced(at, 0, 1);
  return concat(
    tensors.map((x) => reshape(x, slice)),
    at,
  );
}

/** y = the same numbers in another shape;  dx = dy in the shape of x. One length may be -1: it follows from the others. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkList('reshape', 'the shape', shape);
  const known = shape.reduce((size, length) => (length === -1 ? size : size * length), 1);
  const free = shape.indexOf(-1);
  const full = free < 0 ? shape : shape.with(free, known === 0 ? 0 : x.size / known);
  if (full.some((length) => !Number.isInteger(length) || length < 0) || sizeOf(full) !== x.size) {
    throw new Error(
      `reshape: ${formatShape(x.shape)} has ${x.size} elements, which do not fit ${formatShape(shape)} exactly`,
    );
  }
  return reshapeOp([x], { shape: full });
}

const reshapeOp = defineOp<Unary, { shape: Shape }>('reshape', {
  forward: ([x], { shape }) => new Tensor(x.storage, shape),
  gradient: [(dy, { inputs: [x] }) => reshape(dy, x.shape)],
});

/** Axis i of y is axis axes[i] of x;  dx = dy with the axes in the original order */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  checkList('permute', 'the list of axes', axes);
  const resolved = axes.map((axis) => resolveAxis('permute', axis, x.rank));
  if (resolved.length !== x.rank || new Set(resolved).size !== x.rank) {
    throw new Error(
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

/** x with two axes swapped; by default the last two. */
export function transpose(x: Tensor, axis0 = -2, axis1 = -1): Tensor {
  const from = resolveAxis('transpose', axis0, x.rank);
  const to = resolveAxis('transpose', axis1, x.rank);
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, axes.with(from, to).with(to, from));
}

/** The view of data of `shape` that contains `length` indices along `axis`, from `start` on. */
function windowOf(shape: Shape, axis: number, start: number, length: number) {
  const strides = stridesOf(shape);
  return { shape: shape.with(axis, length), strides, offset: start * strides[axis] };
}
