/** Sizes along each axis, outermost first. `[]` is a scalar. All tensors are contiguous and row-major. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** As an error shows it: `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Whether both have the same lengths. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** How far apart in the data two neighbors along each axis are. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/**
 * The strides with which data of shape `from` is read as if it had shape `to`: 0 along every axis that is
 * stretched. Axes are aligned at the last one, as in NumPy and PyTorch.
 */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((length, axis) => {
    const source = axis - missing;
    return source < 0 || (from[source] === 1 && length !== 1) ? 0 : strides[source];
  });
}

/** The common shape of two operands. Throws where a pair of lengths is neither equal nor contains a 1. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const ofA = a[axis - rank + a.length] ?? 1;
    const ofB = b[axis - rank + b.length] ?? 1;
    if (ofA !== ofB && ofA !== 1 && ofB !== 1) {
      throw new Error(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast; aligned at the last axis, ` +
          `each pair of lengths must be equal or contain a 1 (here ${ofA} and ${ofB})`,
      );
    }
    return ofA === 1 ? ofB : ofA;
  });
}

/** An axis counted from the front; negative ones count from the back. */
export function resolveAxis(op: string, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    throw new Error(
      `${op}: axis ${axis} of a tensor with ${rank} axes; ` +
        (rank === 0 ? 'a scalar has none' : `give a whole number from ${-rank} to ${rank - 1}`),
    );
  }
  return resolved;
}

export function checkShape(op: string, shape: Shape): void {
  checkList(op, 'the shape', shape);
  const wrong = shape.find((length) => !Number.isInteger(length) || length < 0);
  if (wrong !== undefined) {
    throw new Error(
      `${op}: shape ${formatShape(shape)} has length ${wrong}; lengths are whole numbers from 0`,
    );
  }
}

/** One axis or several, counted from the front; by default all. Throws on an axis named twice. */
export function resolveAxes(
  op: string,
  axis: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, index) => index);
  const given = typeof axis === 'number' ? [axis] : axis;
  const axes = given.map((one) => resolveAxis(op, one, rank));
  if (new Set(axes).size !== axes.length)
    throw new Error(`${op}: axes [${given.join(', ')}] name one axis twice`);
  return axes;
}

/** What is left of a shape after reducing the given axes, each kept with length 1. */
export function reducedShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

/** Throws where a number stands for a list of one, or the numbers of a list stand side by side: `zeros(2, 3)`. */
export function checkList(op: string, what: string, list: readonly number[]): void {
  if (!Array.isArray(list))
    throw new Error(`${op}: ${what} is ${String(list)}; give an array, such as [2, 3]`);
}
