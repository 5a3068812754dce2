import {
  ArgumentError,
  checkArgument,
  checkNoMore,
  checkOptions,
  either,
  integer,
  integerFrom0,
  integerFrom1,
  listOf,
  type OptionChecks,
  ShapeError,
} from '@paragrad/check';
import { aTensor, someTensors } from '../argument-checks.js';
import { defineOp } from '../autograd/record.js';
import { zeros } from '../create.js';
import type { StridedView } from '../kernels/kernel-set.js';
import { currentKernels } from '../kernels/select.js';
import {
  checkOneAxis,
  formatShape,
  resolveAxes,
  resolveAxis,
  type Shape,
  sameShape,
  stridesOf,
} from '../shape.js';
import { empty, type Tensor } from '../tensor.js';
import { clone, reshape } from './view.js';

// Tensors cut into parts, and joined. Two ops do all the cutting: `slice`, in graphs also called `narrow`, reads every
// step-th index along an axis, and `putSlice` writes there. Each is the other's gradient.

/** `length` indices along `axis`: `start`, `start + step`, ... */
interface Slice {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

const someIntegers = either(integer, listOf(integer));
const someLengths = either(integerFrom0, listOf(integerFrom0));

type SliceOp<Attrs> = (inputs: [x: Tensor], attrs: Attrs) => Tensor;

/** y[k] = x[start + k step] along the axis;  dx = dy at these indices, zeros elsewhere */
const defineSlice = (name: string): SliceOp<Slice> =>
  defineOp<[x: Tensor], Slice>(name, {
    forward([x], part) {
      const y = empty(x.shape.with(part.axis, part.length), x.dtype);
      currentKernels().readView(x.values, viewOf(x.shape, part), y.values);
      return y;
    },
    gradient: [(dy, { inputs: [x], attrs }) => putSlice([dy], { ...attrs, total: x.shape[attrs.axis] })],
  });

const sliceOp = defineSlice('slice');
const narrowOp = defineSlice('narrow');

/** y = zeros with length `total` along the axis, but y[start + k step] = x[k];  dx[k] = dy[start + k step] */
export const putSlice: SliceOp<Slice & { total: number }> = defineOp<[x: Tensor], Slice & { total: number }>(
  'putSlice',
  {
    forward([x], part) {
      const y = zeros(x.shape.with(part.axis, part.total), { dtype: x.dtype });
      currentKernels().writeView(x.values, viewOf(y.shape, part), y.values);
      return y;
    },
    gradient: [(dy, { attrs }) => sliceOp([dy], attrs)],
  },
);

/** The elements of a slice in data of this shape. */
function viewOf(shape: Shape, { axis, start, step, length }: Slice): StridedView {
  const strides = stridesOf(shape);
  return {
    shape: shape.with(axis, length),
    strides: strides.with(axis, step * strides[axis]),
    offset: start * strides[axis],
  };
}

/** x from index `start` to `start + length - 1` along `axis`. @throws ShapeError if the part is not inside the axis. */
export function narrow(x: Tensor, axis: number, start: number, length: number): Tensor {
  checkNoMore('narrow', arguments, 4);
  checkArgument('narrow', 'x', x, aTensor);
  const along = resolveAxis('narrow', axis, x.rank);
  checkArgument('narrow', 'start', start, integerFrom0);
  checkArgument('narrow', 'length', length, integerFrom0);
  const available = x.shape[along];
  if (start + length > available) {
    throw new ShapeError(
      `narrow: start ${start} and length ${length} along axis ${axis} of shape ${formatShape(x.shape)}; ` +
        `give whole numbers from 0 with a sum of at most ${available}`,
    );
  }
  return narrowOp([x], { axis: along, start, step: 1, length });
}

/** Options of `slice`, as the three parts of Python's `start:end:step`. */
export interface SliceOptions {
  /** The first index. Default: the first of the axis, or the last if `step` is negative. */
  start?: number;
  /** The index to stop before. Default: behind the end of the axis, in the direction of `step`. */
  end?: number;
  /** The distance from one index to the next; negative to go backwards. Default 1. */
  step?: number;
}

const sliceOptions: OptionChecks<SliceOptions> = {
  start: integer,
  end: integer,
  step: {
    inWords: 'an integer other than 0',
    accepts: (value): value is number => integer.accepts(value) && value !== 0,
  },
};

/**
 * Every step-th index of x along `axis`, as Python's `x[start:end:step]`: negative indices count from the back, and
 * indices outside the axis mean its nearer end. Unlike in PyTorch, the step may be negative, as in NumPy.
 *
 * @throws ArgumentError if there is no such axis, or the step is 0.
 */
export function slice(x: Tensor, axis: number, options: SliceOptions = {}): Tensor {
  checkArgument('slice', 'x', x, aTensor);
  checkOptions('slice', options, sliceOptions);
  const { start, end, step = 1 } = options;
  const along = resolveAxis('slice', axis, x.rank);
  const total = x.shape[along];
  const [lowest, highest] = step > 0 ? [0, total] : [-1, total - 1];
  const resolve = (index: number) => Math.min(Math.max(index < 0 ? index + total : index, lowest), highest);
  const from = start === undefined ? (step > 0 ? lowest : highest) : resolve(start);
  const to = end === undefined ? (step > 0 ? highest : lowest) : resolve(end);
  const length = Math.max(Math.ceil((to - from) / step), 0);
  return sliceOp([x], { axis: along, start: from, step, length });
}

/** x in the opposite order along one axis or several; by default along all. @throws ArgumentError if there is no such axis. */
export function flip(x: Tensor, axis?: number | readonly number[]): Tensor {
  checkArgument('flip', 'x', x, aTensor);
  checkOneAxis('flip', arguments, 1);
  checkNoMore('flip', arguments, 2);
  const axes = resolveAxes('flip', axis, x.rank);
  return axes.length === 0 ? clone(x) : axes.reduce((y, one) => slice(y, one, { step: -1 }), x);
}

/**
 * x shifted towards higher indices along `axis`; what leaves at the end comes back at the start. Several axes have a
 * shift each. Without an axis, x is shifted as if it were flat.
 *
 * @throws ArgumentError if there is no such axis.
 * @throws ShapeError if there is not one shift for each axis.
 */
export function roll(
  x: Tensor,
  shift: number | readonly number[],
  axis?: number | readonly number[],
): Tensor {
  checkNoMore('roll', arguments, 3);
  checkArgument('roll', 'x', x, aTensor);
  checkArgument('roll', 'shift', shift, someIntegers);
  if (axis !== undefined) checkArgument('roll', 'axis', axis, someIntegers);
  if (axis === undefined) return reshape(roll(reshape(x, [-1]), shift, 0), x.shape);
  const [shifts, axes] = [[shift].flat(), [axis].flat()];
  if (shifts.length !== axes.length) {
    throw new ShapeError(
      `roll: shift ${formatShape(shifts)} along axis ${formatShape(axes)}; give one whole number for each axis`,
    );
  }
  return axes.reduce((y, one, k) => {
    const along = resolveAxis('roll', one, x.rank);
    const length = x.shape[along];
    const start = length === 0 ? 0 : ((-shifts[k] % length) + length) % length;
    return concat([narrow(y, along, start, length - start), narrow(y, along, 0, start)], along);
  }, x);
}

/**
 * x cut into parts along `axis`: of the given length (the last may be shorter), or of the given lengths, whose sum is
 * the length of the axis. As `torch.split`. Join them again with `concat`.
 *
 * @throws ShapeError if the sum of the lengths is not the length of the axis.
 */
export function split(x: Tensor, lengths: number | readonly number[], axis = 0): Tensor[] {
  checkNoMore('split', arguments, 3);
  checkArgument('split', 'x', x, aTensor);
  checkArgument('split', 'lengths', lengths, someLengths);
  const along = resolveAxis('split', axis, x.rank);
  const total = x.shape[along];
  const all = typeof lengths === 'number' ? equalParts(total, lengths) : lengths;
  if (all.reduce((sum, length) => sum + length, 0) !== total) {
    throw new ShapeError(
      `split: lengths ${formatShape(all)} along axis ${axis} of shape ${formatShape(x.shape)}; their sum must be ${total}`,
    );
  }
  let start = 0;
  return all.map((length) => {
    const part = narrow(x, along, start, length);
    start += length;
    return part;
  });
}

function equalParts(total: number, length: number): number[] {
  if (length === 0 && total > 0) {
    throw new ArgumentError('split: the length is 0; give a whole number from 1, or a list of lengths');
  }
  const count = total === 0 ? 1 : Math.ceil(total / length);
  return Array.from({ length: count }, (_, k) => Math.min(length, total - k * length));
}

/**
 * x cut into `chunks` parts along `axis`. As `torch.chunk`: all parts but the last have the same length, the smallest
 * that is long enough; so there may be fewer parts.
 *
 * @throws ArgumentError if there is no such axis, or `chunks` is below 1.
 */
export function chunk(x: Tensor, chunks: number, axis = 0): Tensor[] {
  checkNoMore('chunk', arguments, 3);
  checkArgument('chunk', 'x', x, aTensor);
  checkArgument('chunk', 'chunks', chunks, integerFrom1);
  const total = x.shape[resolveAxis('chunk', axis, x.rank)];
  return split(x, total === 0 ? new Array<number>(chunks).fill(0) : Math.ceil(total / chunks), axis);
}

/**
 * y = the tensors one after the other along `axis`;  dx_i = its part of dy. As `torch.cat`.
 *
 * @throws ShapeError if the lengths of the other axes differ.
 * @throws ArgumentError if there is no tensor, or the dtypes differ.
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  checkNoMore('concat', arguments, 2);
  checkArgument('concat', 'tensors', tensors, someTensors);
  const first = tensors[0];
  if (!first) throw new ArgumentError('concat: no tensors; give at least one');
  const along = resolveAxis('concat', axis, first.rank);
  const slice = first.shape.with(along, 0);
  for (const x of tensors) {
    if (x.rank !== first.rank || !sameShape(x.shape.with(along, 0), slice)) {
      throw new ShapeError(
        `concat: shapes ${tensors.map((t) => formatShape(t.shape)).join(', ')} along axis ${axis}; ` +
          'all other axes must have equal lengths',
      );
    }
  }
  let total = 0;
  const parts = tensors.map(({ shape }): Slice => {
    const start = total;
    total += shape[along];
    return { axis: along, start, step: 1, length: shape[along] };
  });
  return concatOp(tensors, { parts, shape: first.shape.with(along, total) });
}

/** `parts`: where the tensors are in y; `shape`: the shape of y */
const concatOp = defineOp<readonly Tensor[], { parts: readonly Slice[]; shape: Shape }>('concat', {
  forward(tensors, { parts, shape }) {
    const y = empty(shape, tensors[0].dtype);
    const kernels = currentKernels();
    tensors.forEach((x, index) => {
      kernels.writeView(x.values, viewOf(shape, parts[index]), y.values);
    });
    return y;
  },
  gradient:
    (index) =>
    (dy, { attrs: { parts } }) =>
      narrowOp([dy], parts[index]),
});

/**
 * Tensors of equal shape next to each other along a new axis: stack([a, b]) has shape [2, ...].
 *
 * @throws ShapeError if the shapes differ.
 * @throws ArgumentError if there is no tensor, or the dtypes differ.
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  checkNoMore('stack', arguments, 2);
  checkArgument('stack', 'tensors', tensors, someTensors);
  const first = tensors[0];
  if (!first) throw new ArgumentError('stack: no tensors; give at least one');
  const at = resolveAxis('stack', axis, first.rank + 1);
  for (const x of tensors) {
    if (!sameShape(x.shape, first.shape)) {
      throw new ShapeError(
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
