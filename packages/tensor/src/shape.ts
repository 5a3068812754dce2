import {
  ArgumentError,
  anyNumber,
  type Check,
  checkArgument,
  integer,
  listOf,
  ShapeError,
} from '@paragrad/check';

/** The length of each axis, outermost first. `[]` is a scalar. All tensors are contiguous and row-major. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis];
  return size;
}

/** A shape as errors show it: `[2, 3]`. */
export function formatShape(shape: Shape): string {
  checkArgument('formatShape', 'shape', shape, numbers);
  return `[${shape.join(', ')}]`;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** For each axis, the distance in the flat data between two neighbors along it. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/**
 * The strides that read data of shape `from` as if it had shape `to`: 0 along every axis that is stretched. The shapes
 * are aligned at the last axis, as in NumPy and PyTorch.
 */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((length, axis) => {
    const source = axis - missing;
    return source < 0 || (from[source] === 1 && length !== 1) ? 0 : strides[source];
  });
}

/** The common shape of two operands. Throws if two lengths differ and neither is 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const ofA = a[axis - rank + a.length] ?? 1;
    const ofB = b[axis - rank + b.length] ?? 1;
    if (ofA !== ofB && ofA !== 1 && ofB !== 1) {
      throw new ShapeError(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast; aligned at the last axis, ` +
          `two lengths must be equal, or one of them must be 1 (here they are ${ofA} and ${ofB})`,
      );
    }
    return ofA === 1 ? ofB : ofA;
  });
}

/** Converts an axis to one counted from the front. Negative axes count from the back. */
export function resolveAxis(op: string, axis: number, rank: number): number {
  checkArgument(op, 'axis', axis, integer);
  const resolved = axis < 0 ? axis + rank : axis;
  if (resolved < 0 || resolved >= rank) {
    throw new ArgumentError(
      `${op}: axis ${axis} of a tensor with ${rank} ${rank === 1 ? 'axis' : 'axes'}; ` +
        (rank === 0 ? 'a scalar has no axes' : `give a whole number from ${-rank} to ${rank - 1}`),
    );
  }
  return resolved;
}

/** Throws unless it is a shape that a tensor can have. `given` are the arguments that may be its lengths, one by one. */
export function checkShape(op: string, shape: Shape, given: ArrayLike<unknown> = [shape]): void {
  if (typeof shape === 'number') throw oneByOne(op, 'the shape', given);
  checkArgument(op, 'the shape', shape, aShape);
}

/** Numbers that PyTorch takes one by one, `x.permute(1, 0)`, and that here are in an array. */
export function oneByOne(op: string, name: string, given: ArrayLike<unknown>): ArgumentError {
  const numbers = Array.from(given).filter((one) => typeof one === 'number');
  const list = numbers.join(', ');
  return new ArgumentError(`${op}: ${name} is ${list}; give an array, such as [${list}]`);
}

/** The most numbers that a tensor can hold: indices are in an Int32Array. */
const MOST = 2 ** 31 - 1;

/** A shape that a tensor can have. */
export const aShape: Check<Shape> = {
  inWords: 'an array of integers of at least 0, such as [2, 3], whose product is below 2^31',
  accepts(value): value is Shape {
    if (!Array.isArray(value)) return false;
    let size = 1;
    for (let axis = 0; axis < value.length; axis++) {
      const length: unknown = value[axis];
      if (!Number.isInteger(length) || (length as number) < 0) return false;
      size *= length as number;
    }
    return size <= MOST;
  },
};

/** Converts one axis or several to axes counted from the front; by default all. Throws if an axis is named twice. */
export function resolveAxes(
  op: string,
  axis: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, index) => index);
  const given = typeof axis === 'number' ? [axis] : axis;
  checkArgument(op, 'axis', given, integers);
  const axes = given.map((one) => resolveAxis(op, one, rank));
  if (new Set(axes).size !== axes.length)
    throw new ArgumentError(`${op}: axes [${given.join(', ')}] name the same axis twice`);
  return axes;
}

/** The shape after the given axes are reduced. Each reduced axis stays, with length 1. */
export function reducedShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

const integers: Check<readonly number[]> = listOf(integer);
const numbers: Check<readonly number[]> = listOf(anyNumber);

/** Throws if there is a second number from index `at` on: `flip(x, 0)` is right, `flip(x, 0, 1)` is not. */
export function checkOneAxis(op: string, given: ArrayLike<unknown>, at: number): void {
  if (typeof given[at] === 'number' && typeof given[at + 1] === 'number') throw oneByOne(op, 'axis', given);
}

/**
 * Throws unless it is a list of integers. `transpose(x, 0, 1)` is right, but `permute(x, 0, 1)` is not: `given` are the arguments
 * that may be such integers, one by one.
 */
export function checkIntegers(
  op: string,
  name: string,
  list: readonly number[],
  given: ArrayLike<unknown> = [list],
): void {
  if (typeof list === 'number') throw oneByOne(op, name, given);
  checkArgument(op, name, list, integers);
}
