import { ArgumentError, describe } from '@paragrad/check';
import { allocateIndices } from './memory/allocate.js';
import { formatShape, type Shape, sizeOf } from './shape.js';

/**
 * Converts indices along one axis of `shape` to positions in its flat, row-major data. There is one index for every
 * element of the result; with `wholeSlices`, there is one index for every slice along the axis, shared by all elements
 * of the slice. Throws on an index outside the axis.
 */
export function flatIndices(
  op: string,
  indices: Int32Array | readonly number[],
  shape: Shape,
  axis: number,
  { wholeSlices = false }: { wholeSlices?: boolean } = {},
): Int32Array {
  const length = shape[axis];
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new ArgumentError(
        `${op}: index ${describe(index)} along axis ${axis} of shape ${formatShape(shape)}; ` +
          (length > 0 ? `give whole numbers from 0 to ${length - 1}` : 'the axis is empty'),
      );
    }
  }
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const count = wholeSlices ? indices.length : outer * inner === 0 ? 0 : indices.length / (outer * inner);
  const positions = allocateIndices(outer * count * inner);
  for (let at = 0; at < positions.length; at++) {
    const row = Math.floor(at / inner); // the outer axes and the indexed axis together
    const index = indices[wholeSlices ? row % count : at];
    positions[at] = (Math.floor(row / count) * length + index) * inner + (at % inner);
  }
  return positions;
}
