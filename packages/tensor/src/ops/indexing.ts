import { defineOp } from '../autograd/record.js';
import { flatPlaces } from '../kernels/places.js';
import { kernels } from '../kernels/select.js';
import type { DType } from '../memory/allocate.js';
import { formatShape, resolveAxis, type Shape, sameShape, sizeOf } from '../shape.js';
import { empty, ones, type Tensor } from '../tensor.js';

/**
 * Whole numbers that name places along an axis, from 0: flat data, row-major, and its shape. Not a tensor, because
 * nothing is ever differentiated by an index, and because float32 can't count beyond 2^24.
 */
export interface Indices {
  readonly data: Int32Array | readonly number[];
  readonly shape: Shape;
}

// Every op here first turns its indices into flat places in x's data. Then all that is left are two ops, each the
// other's gradient: take, which reads numbers from places, and putAdd, which adds them up at places.

interface Places {
  readonly places: Int32Array;
  /** Of the output. */
  readonly shape: Shape;
}

type Move = (inputs: [x: Tensor], attrs: Places) => Tensor;

/** y[i] = x[places[i]];  dx[j] = the sum of all dy[i] with places[i] = j */
const take: Move = defineOp<[x: Tensor], Places>('take', {
  forward([x], { places, shape }) {
    const y = empty(shape, x.dtype);
    kernels().take(x.values, places, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x], attrs: { places } }) => putAdd([dy], { places, shape: x.shape })],
});

/** y[j] = the sum of all x[i] with places[i] = j;  dx[i] = dy[places[i]] */
const putAdd: Move = defineOp<[x: Tensor], Places>('putAdd', {
  forward([x], { places, shape }) {
    const y = empty(shape, x.dtype);
    kernels().putAdd(x.values, places, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x], attrs: { places } }) => take([dy], { places, shape: x.shape })],
});

/**
 * y[i, k, j] = x[i, indices[i, k, j], j] for the middle axis as `axis`; likewise for others. The indices have x's shape,
 * but any length along that axis. An index that occurs several times collects all its gradients.
 */
export function gather(x: Tensor, axis: number, indices: Indices): Tensor {
  const along = resolveAxis('gather', axis, x.rank);
  checkIndices('gather', indices, x.shape, along);
  return take([x], { places: flatPlaces('gather', indices.data, x.shape, along), shape: indices.shape });
}

/**
 * The adjoint of `gather`: zeros of x's shape but with `length` along `axis`, to which every x[i, k, j] is added at
 * [i, indices[i, k, j], j]. The indices have x's shape.
 */
export function scatterAdd(x: Tensor, axis: number, indices: Indices, length: number): Tensor {
  const along = resolveAxis('scatterAdd', axis, x.rank);
  checkIndices('scatterAdd', indices, x.shape.with(along, indices.shape[along]), along);
  if (!sameShape(indices.shape, x.shape)) {
    throw new Error(
      `scatterAdd: indices of shape ${formatShape(indices.shape)} for x ${formatShape(x.shape)}; give one for each number`,
    );
  }
  const shape = x.shape.with(along, length);
  return putAdd([x], { places: flatPlaces('scatterAdd', indices.data, shape, along), shape });
}

/** The slices of x at the given places along `axis`, in their order; one may come several times. */
export function indexSelect(x: Tensor, axis: number, indices: Int32Array | readonly number[]): Tensor {
  const along = resolveAxis('indexSelect', axis, x.rank);
  return take([x], {
    places: flatPlaces('indexSelect', indices, x.shape, along, { everySlice: true }),
    shape: x.shape.with(along, indices.length),
  });
}

/**
 * For each index a row of `classes` numbers: 1 at the index and 0 elsewhere. Indices [...] give [..., classes]. A
 * constant: there is no tensor that a gradient could flow to.
 */
export function oneHot(
  indices: Indices | readonly number[],
  classes: number,
  { dtype = 'float32' }: { dtype?: DType } = {},
): Tensor {
  const { data, shape } = 'shape' in indices ? indices : { data: indices, shape: [indices.length] };
  const wrong = Array.from(data).find((index) => !(Number.isInteger(index) && index >= 0 && index < classes));
  if (wrong !== undefined)
    throw new Error(
      `oneHot: index ${wrong} for ${classes} classes; give whole numbers from 0 to ${classes - 1}`,
    );
  const single = [...shape, 1];
  return scatterAdd(ones(single, { dtype }), -1, { data, shape: single }, classes);
}

function checkIndices(op: string, { data, shape }: Indices, expected: Shape, axis: number): void {
  if (data.length !== sizeOf(shape)) {
    throw new Error(
      `${op}: ${data.length} indices for shape ${formatShape(shape)}, which holds ${sizeOf(shape)}`,
    );
  }
  if (shape.length !== expected.length || !sameShape(shape, expected.with(axis, shape[axis]))) {
    throw new Error(
      `${op}: indices of shape ${formatShape(shape)} for x ${formatShape(expected)}; ` +
        `all lengths but that of axis ${axis} must be equal`,
    );
  }
}
