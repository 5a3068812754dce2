import { defineOp } from '../autograd/record.js';
import { kernels } from '../kernels/select.js';
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
import { empty, Tensor, zeros } from '../tensor.js';

// Ops that move numbers without changing them. They come in pairs, each the other's gradient:
// broadcastTo and sumTo, narrow and pad, reshape and reshape, permute and permute.

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
    kernels().readView(x.values, { shape, strides: broadcastStrides(x.shape, shape), offset: 0 }, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x] }) => sumTo(dy, x.shape)],
});

/** y = x summed over the axes that `shape` lacks or has as 1;  dx = dy repeated along them */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (!sameShape(broadcastShapes('sumTo', x.shape, shape), x.shape)) {
    throw new Error(`sumTo: shape ${formatShape(x.shape)} does not sum to ${formatShape(shape)}`);
  }
  return sumToOp([x], { shape });
}

const sumToOp = defineOp<Unary, { shape: Shape }>('sumTo', {
  forward([x], { shape }) {
    const y = empty(shape, x.dtype);
    const view = { shape: x.shape, strides: broadcastStrides(shape, x.shape), offset: 0 };
    kernels().sumView(x.values, view, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x] }) => broadcastTo(dy, x.shape)],
});

/** y = x[start ... start + length] along `axis`;  dx = dy in its place among zeros */
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
        `both are whole numbers from 0, together at most ${available}`,
    );
  }
  return narrowOp([x], { axis: along, start, length });
}

const narrowOp = defineOp<Unary, { axis: number; start: number; length: number }>('narrow', {
  forward([x], { axis, start, length }) {
    const y = empty(x.shape.with(axis, length), x.dtype);
    kernels().readView(x.values, windowOf(x.shape, axis, start, length), y.values);
    return y;
  },
  gradient: [
    (dy, { inputs: [x], attrs: { axis, start } }) => padOp([dy], { axis, start, total: x.shape[axis] }),
  ],
});

/** y = zeros of length `total` along `axis`, with x in them from `start`;  dx = that part of dy */
const padOp = defineOp<Unary, { axis: number; start: number; total: number }>('pad', {
  forward([x], { axis, start, total }) {
    const y = zeros(x.shape.with(axis, total), { dtype: x.dtype });
    kernels().writeView(x.values, windowOf(y.shape, axis, start, x.shape[axis]), y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x], attrs: { axis, start } }) => narrow(dy, axis, start, x.shape[axis])],
});

/** y = the tensors one after the other along `axis`;  dx_i = its part of dy */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = tensors[0];
  if (!first) throw new Error('concat: no tensors; give at least one');
  const along = resolveAxis('concat', axis, first.rank);
  for (const x of tensors) {
    if (x.rank !== first.rank || !sameShape(x.shape.with(along, 0), first.shape.with(along, 0))) {
      throw new Error(
        `concat: shapes ${tensors.map((t) => formatShape(t.shape)).join(', ')} along axis ${axis}; ` +
          'all other lengths must be equal',
      );
    }
  }
  return concatOp(tensors, { axis: along });
}

const concatOp = defineOp<readonly Tensor[], { axis: number }>('concat', {
  forward(tensors, { axis }) {
    const total = tensors.reduce((sum, x) => sum + x.shape[axis], 0);
    const y = empty(tensors[0].shape.with(axis, total), tensors[0].dtype);
    tensors.forEach((x, index) => {
      kernels().writeView(
        x.values,
        windowOf(y.shape, axis, startOf(tensors, index, axis), x.shape[axis]),
        y.values,
      );
    });
    return y;
  },
  gradient:
    (index) =>
    (dy, { inputs, attrs: { axis } }) =>
      narrow(dy, axis, startOf(inputs, index, axis), inputs[index].shape[axis]),
});

/** The tensors, of one shape, side by side along a new axis: stack([a, b]) has shape [2, ...]. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = tensors[0];
  if (!first) throw new Error('stack: no tensors; give at least one');
  const at = resolveAxis('stack', axis, first.rank + 1);
  for (const x of tensors) {
    if (!sameShape(x.shape, first.shape)) {
      throw new Error(
        `stack: shapes ${tensors.map((t) => formatShape(t.shape)).join(', ')}; give equal ones`,
      );
    }
  }
  const slice = first.shape.toSpliced(at, 0, 1);
  return concat(
    tensors.map((x) => reshape(x, slice)),
    at,
  );
}

/** y = the same numbers in another shape;  dx = dy in x's shape. One length may be -1: whatever is left over. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkList('reshape', 'the shape', shape);
  const known = shape.reduce((size, length) => (length === -1 ? size : size * length), 1);
  const free = shape.indexOf(-1);
  const full = free < 0 ? shape : shape.with(free, known === 0 ? 0 : x.size / known);
  if (full.some((length) => !Number.isInteger(length) || length < 0) || sizeOf(full) !== x.size) {
    throw new Error(
      `reshape: ${formatShape(x.shape)} has ${x.size} elements, and ${formatShape(shape)} does not hold exactly as many`,
    );
  }
  return reshapeOp([x], { shape: full });
}

const reshapeOp = defineOp<Unary, { shape: Shape }>('reshape', {
  forward: ([x], { shape }) => new Tensor(x.storage, shape),
  gradient: [(dy, { inputs: [x] }) => reshape(dy, x.shape)],
});

/** y's axis i is x's axis axes[i];  dx = dy with the axes put back */
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
    kernels().readView(x.values, { shape, strides: axes.map((axis) => strides[axis]), offset: 0 }, y.values);
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

/** x with two axes exchanged; by default a matrix's two. */
export function transpose(x: Tensor, axis0 = -2, axis1 = -1): Tensor {
  const from = resolveAxis('transpose', axis0, x.rank);
  const to = resolveAxis('transpose', axis1, x.rank);
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, axes.with(from, to).with(to, from));
}

/** The part of data of `shape` that lies from `start` for `length` along `axis`. */
function windowOf(shape: Shape, axis: number, start: number, length: number) {
  const strides = stridesOf(shape);
  return { shape: shape.with(axis, length), strides, offset: start * strides[axis] };
}

function startOf(tensors: readonly Tensor[], index: number, axis: number): number {
  return tensors.slice(0, index).reduce((sum, x) => sum + x.shape[axis], 0);
}
