/** The length of each axis, outermost first. `[]` is a scalar. All tensors are contiguous and row-major. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** A shape as errors show it: `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
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
      throw new Error(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast; aligned at the last axis, ` +
          `two lengths must be equal, or one of them must be 1 (here they are ${ofA} and ${ofB})`,
      );
    }
    return ofA === 1 ? ofB : ofA;
  });
}

/** Converts an axis to one counted from the front. Negative axes count from the back. */
export function resolveAxis(op: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    throw new Error(
      `${op}: axis ${axis} of a tensor with ${rank} axes; ` +
        (rank === 0 ? 'a scalar has no axes' : `give a whole number from ${-rank} to ${rank - 1}`),
    );
  }
  return resolved;
}

export function checkShape(op: string, shape: Shape): void {
  checkList(op, 'the shape', shape);
  const wrong = shape.find((length) => !Number.isInteger(length) || length < 0);
  if (wrong !== undefined) {
    throw new Error(
      `${op}: shape ${formatShape(shape)} contains ${wrong}; lengths must be whole numbers from 0`,
    );
  }
}

/** Converts one axis or several to axes counted from the front; by default all. Throws if an axis is named twice. */
export function resolveAxes(
  op: string,
  axis: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, index) => index);
  const given = typeof axis === 'number' ? [axis] : axis;
  const axes = given.map((one) => resolveAxis(op, one, rank));
  if (new Set(axes).size !== axes.length)
    throw new Error(`${op}: axes [${given.join(', ')}] name the same axis twice`);
  return axes;
}

/** The shape after the given axes are reduced. Each reduced axis stays, with length 1. */
export function reducedShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

/** Throws if `list` is not an array: `zeros(3)` instead of `zeros([3])`, `zeros(2, 3)` instead of `zeros([2, 3])`. */
export function checkList(op: string, what: string, list: readonly number[]): void {
  if (!Array.isArray(list))
    throw new Error(`${op}: ${what} is ${String(list)}; give an array, such as [2, 3]`);
}
