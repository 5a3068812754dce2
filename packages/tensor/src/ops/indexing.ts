import {
  ArgumentError,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  integer,
  integerFrom0,
  type OptionChecks,
  ShapeError,
} from '@paragrad/check';
import { aDType, aTensor } from '../argument-checks.js';
import { defineOp } from '../autograd/record.js';
import { ones, tensor } from '../create.js';
import type { DType } from '../dtype.js';
import { flatIndices } from '../flat-indices.js';
import { currentKernels } from '../kernels/select.js';
import { flattenNested, type NestedNumbers } from '../nested.js';
import { checkShape, formatShape, resolveAxis, type Shape, sameShape, sizeOf } from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { where } from './compare.js';
import { reshape } from './view.js';

/**
 * Indices along an axis, counted from 0, as `max` returns them: flat, row-major data, and its shape. Not a tensor, because an index has no
 * gradient, and because float32 represents whole numbers exactly only up to 2^24.
 */
export interface Indices {
  /** The indices, row by row. */
  readonly data: Int32Array | readonly number[];
  /** The length of each axis. */
  readonly shape: Shape;
}

/** Indices, or nested arrays of them: `[[0], [1]]` has shape [2, 1]. */
export type IndicesLike = Indices | NestedNumbers;

export function indicesOf(op: string, given: IndicesLike): Indices {
  if (typeof given !== 'object' || given === null || !('shape' in given)) return flattenNested(op, given);
  const { data, shape } = given;
  checkArgument(op, 'the data of the indices', data, listOfIndices);
  checkShape(op, shape);
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `${op}: ${data.length} indices for shape ${formatShape(shape)}, which holds ${sizeOf(shape)}`,
    );
  }
  return given;
}

/** Whether they are whole numbers within their axis is checked with the positions. */
const listOfIndices: Check<Indices['data']> = {
  inWords: 'an array of indices',
  accepts: (value): value is Indices['data'] => Array.isArray(value) || ArrayBuffer.isView(value),
};

// Every op here first converts its indices to positions in the flat data of x. The rest is done by two ops, each of which
// is the other's gradient: `take` reads numbers at positions, and `putAdd` adds numbers up at positions.

interface PositionAttrs {
  readonly positions: Int32Array;
  /** The shape of the output. */
  readonly shape: Shape;
}

type PositionOp = (inputs: [x: Tensor], attrs: PositionAttrs) => Tensor;

/** y[i] = x[positions[i]];  dx[j] = the sum of all dy[i] with positions[i] = j */
const take: PositionOp = defineOp<[x: Tensor], PositionAttrs>('take', {
  forward([x], { positions, shape }) {
    const y = empty(shape, x.dtype);
    currentKernels().take(x.values, positions, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x], attrs: { positions } }) => putAdd([dy], { positions, shape: x.shape })],
});

/** y[j] = the sum of all x[i] with positions[i] = j;  dx[i] = dy[positions[i]] */
const putAdd: PositionOp = defineOp<[x: Tensor], PositionAttrs>('putAdd', {
  forward([x], { positions, shape }) {
    const y = empty(shape, x.dtype);
    currentKernels().putAdd(x.values, positions, y.values);
    return y;
  },
  gradient: [(dy, { inputs: [x], attrs: { positions } }) => take([dy], { positions, shape: x.shape })],
});

/**
 * y[i, k, j] = x[i, indices[i, k, j], j] if `axis` is the middle axis; similarly for other axes. The indices have the
 * shape of x, except for their length along the axis. If an index occurs several times, its gradients are added up.
 *
 * @throws ShapeError if other axes than `axis` differ in length.
 * @throws ArgumentError if an index is outside the axis.
 */
export function gather(x: Tensor, axis: number, indices: IndicesLike): Tensor {
  checkNoMore('gather', arguments, 3);
  checkArgument('gather', 'x', x, aTensor);
  const along = resolveAxis('gather', axis, x.rank);
  const { data, shape } = indicesOf('gather', indices);
  checkIndices('gather', shape, x.shape, along);
  return take([x], { positions: flatIndices('gather', data, x.shape, along), shape });
}

/**
 * The adjoint of `gather`. Starts with zeros that have the shape of x, except for `length` along `axis`, and adds every
 * x[i, k, j] at [i, indices[i, k, j], j]. The indices have the shape of x.
 *
 * @throws ShapeError if the indices have not the shape of x.
 * @throws ArgumentError if an index is not from 0 to `length - 1`.
 */
export function scatterAdd(x: Tensor, axis: number, given: IndicesLike, length: number): Tensor {
  checkNoMore('scatterAdd', arguments, 4);
  checkArgument('scatterAdd', 'x', x, aTensor);
  checkArgument('scatterAdd', 'length', length, integerFrom0);
  const along = resolveAxis('scatterAdd', axis, x.rank);
  const indices = indicesOf('scatterAdd', given);
  checkIndices('scatterAdd', indices.shape, x.shape, along);
  if (!sameShape(indices.shape, x.shape)) {
    throw new ShapeError(
      `scatterAdd: indices of shape ${formatShape(indices.shape)} for x ${formatShape(x.shape)}; give one index for each number`,
    );
  }
  const shape = x.shape.with(along, length);
  return putAdd([x], { positions: flatIndices('scatterAdd', indices.data, shape, along), shape });
}

/**
 * The slices of x at the given indices along `axis`, in that order. An index may occur several times.
 *
 * @throws ShapeError if the indices are no list.
 * @throws ArgumentError if an index is outside the axis.
 */
export function indexSelect(x: Tensor, axis: number, indices: IndicesLike): Tensor {
  checkNoMore('indexSelect', arguments, 3);
  checkArgument('indexSelect', 'x', x, aTensor);
  const along = resolveAxis('indexSelect', axis, x.rank);
  const { data, shape } = indicesOf('indexSelect', indices);
  if (shape.length !== 1) {
    throw new ShapeError(`indexSelect: indices of shape ${formatShape(shape)}; give a list, such as [0, 2]`);
  }
  return take([x], {
    positions: flatIndices('indexSelect', data, x.shape, along, { wholeSlices: true }),
    shape: x.shape.with(along, data.length),
  });
}

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** An index whose row gets no gradient. As in PyTorch, it may be negative: then it counts from the last row. */
  paddingIdx?: number;
}

const embeddingOptions: OptionChecks<EmbeddingOptions> = { paddingIdx: integer };

/**
 * For each index its row of the weight [rows, width]: indices of shape [...] give [..., width]. The gradients of a row that
 * occurs several times are added up. As `torch.nn.functional.embedding`.
 *
 * @throws ShapeError if the weight is no matrix.
 * @throws ArgumentError if an index names no row.
 */
export function embedding(indices: IndicesLike, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  checkArgument('embedding', 'weight', weight, aTensor);
  checkOptions('embedding', options, embeddingOptions);
  if (weight.rank !== 2)
    throw new ShapeError(
      `embedding: weight ${formatShape(weight.shape)}; give a matrix, with a row for each index`,
    );
  const { data, shape } = indicesOf('embedding', indices);
  const [rows, width] = weight.shape;
  const selected = take([weight], {
    positions: flatIndices('embedding', data, weight.shape, 0, { wholeSlices: true }),
    shape: [...shape, width],
  });
  if (options.paddingIdx === undefined) return selected;
  const padding = resolveIndex('embedding', options.paddingIdx, rows);
  const isPadding = tensor(
    Array.from(data, (index) => (index === padding ? 1 : 0)),
    { dtype: weight.dtype },
  );
  return where(reshape(isPadding, [...shape, 1]), selected.detach(), selected);
}

/** The row that `paddingIdx` means, counted from the first. */
function resolveIndex(op: string, index: number, length: number): number {
  const resolved = index < 0 ? index + length : index;
  if (resolved < 0 || resolved >= length)
    throw new ArgumentError(
      `${op}: paddingIdx ${index} for ${length} rows; give an integer from ${-length} to ${length - 1}`,
    );
  return resolved;
}

const oneHotOptions: OptionChecks<{ dtype?: DType }> = { dtype: aDType };

/**
 * For each index a row of `classes` numbers: 1 at the index and 0 elsewhere. Indices of shape [...] give [..., classes].
 * The result is a constant.
 *
 * @throws ArgumentError if an index is not from 0 to `classes - 1`.
 */
export function oneHot(indices: IndicesLike, classes: number, options: { dtype?: DType } = {}): Tensor {
  checkArgument('oneHot', 'classes', classes, integerFrom0);
  checkOptions('oneHot', options, oneHotOptions);
  const { dtype = 'float32' } = options;
  const { data, shape } = indicesOf('oneHot', indices);
  const wrong = data.findIndex((index) => !(Number.isInteger(index) && index >= 0 && index < classes));
  if (wrong >= 0)
    throw new ArgumentError(
      `oneHot: index ${data[wrong]} for ${classes} classes; give whole numbers from 0 to ${classes - 1}`,
    );
  const single = [...shape, 1];
  return scatterAdd(ones(single, { dtype }), -1, { data, shape: single }, classes);
}

function checkIndices(op: string, shape: Shape, expected: Shape, axis: number): void {
  if (shape.length !== expected.length || !sameShape(shape, expected.with(axis, shape[axis]))) {
    throw new ShapeError(
      `${op}: indices of shape ${formatShape(shape)} for x ${formatShape(expected)}; ` +
        `all axes except axis ${axis} must have equal lengths`,
    );
  }
}
