import { ArgumentError, describe, ShapeError } from '@paragrad/check';
import type { FloatArray } from './dtype.js';
import { formatShape, type Shape, sizeOf } from './shape.js';

/** Numbers in arrays of any depth, such as `[[1, 2], [3, 4]]`. A typed array counts as an array. */
export type NestedNumbers = number | TypedArray | readonly NestedNumbers[];

/** What `tolist` returns: numbers in arrays, or one number. */
export type NestedArrays = number | NestedArrays[];

/** The typed arrays whose numbers `tensor` takes. */
export type TypedArray =
  | FloatArray
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

const MAX_NESTING = 32; // stops at an array that contains itself

/** The numbers row by row, and their shape. Throws if rows differ in length, and on what is not a number. */
export function flattenNested(op: string, values: NestedNumbers): { data: number[]; shape: number[] } {
  const shape: number[] = [];
  for (let level = values; isArray(level) && shape.length < MAX_NESTING; level = level[0])
    shape.push(level.length);
  const data: number[] = [];
  const visit = (level: NestedNumbers, axis: number): void => {
    if (isArray(level) ? level.length !== shape[axis] : axis !== shape.length) {
      throw new ShapeError(
        `${op}: the nesting is ragged: by the first element at each level the shape is ${formatShape(shape)}, but others differ`,
      );
    }
    if (isArray(level)) for (const inner of level) visit(inner, axis + 1);
    else if (typeof level === 'number') data.push(level);
    else
      throw new ArgumentError(
        `${op}: ${describe(level)} is not a number; give numbers, or arrays of numbers`,
      );
  };
  visit(values, 0);
  return { data, shape };
}

/** The opposite: flat, row-major numbers as arrays in arrays. */
export function nest(values: FloatArray, shape: Shape): NestedArrays {
  const [length, ...rest] = shape;
  if (length === undefined) return values[0];
  const size = sizeOf(rest);
  return Array.from({ length }, (_, i) => nest(values.subarray(i * size, (i + 1) * size), rest));
}

function isArray(value: NestedNumbers): value is Exclude<NestedNumbers, number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
