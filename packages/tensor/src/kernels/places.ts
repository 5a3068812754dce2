import { allocateIndices } from '../memory/allocate.js';
import { formatShape, type Shape, sizeOf } from '../shape.js';

/**
 * Where in the flat data of `shape` each index along `axis` is. There is one index for each place of the other axes
 * and each k along this one; or, for `everySlice`, one for each k alone. Index arithmetic is the same on every kernel
 * set. Throws on an index outside the axis.
 */
export function flatPlaces(
  op: string,
  indices: Int32Array | readonly number[],
  shape: Shape,
  axis: number,
  { everySlice = false }: { everySlice?: boolean } = {},
): Int32Array {
  const length = shape[axis];
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new Error(
        `${op}: index ${index} along axis ${axis} of shape ${formatShape(shape)}; ` +
          (length > 0 ? `give whole numbers from 0 to ${length - 1}` : 'the axis is empty'),
      );
    }
  }
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const count = everySlice ? indices.length : outer * inner === 0 ? 0 : indices.length / (outer * inner);
  const places = allocateIndices(outer * count * inner);
  for (let at = 0; at < places.length; at++) {
    const row = Math.floor(at / inner); // the outer axes and k together
    const index = indices[everySlice ? row % count : at];
    places[at] = (Math.floor(row / count) * length + index) * inner + (at % inner);
  }
  return places;
}
