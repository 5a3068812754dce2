/** The numbers of a tensor as a matrix: the last axis across, all others down. */

export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

export function matrixShape(shape: readonly number[]): MatrixShape {
  const columns = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((product, length) => product * length, 1), columns };
}

/** The first of `count` neighbors around `middle`, in a row of `length`. */
export function windowStart(middle: number, count: number, length: number): number {
  return Math.max(0, Math.min(middle - Math.floor(count / 2), length - count));
}

/** Above 0 orange, below 0 blue; the larger, the less transparent. As RGBA, row by row. */
export function heatColors(numbers: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  let largest = 0;
  for (let k = 0; k < numbers.length; k++) {
    if (Number.isFinite(numbers[k])) largest = Math.max(largest, Math.abs(numbers[k]));
  }
  const pixels = new Uint8ClampedArray(4 * numbers.length);
  for (let k = 0; k < numbers.length; k++) {
    const strength = Number.isFinite(numbers[k]) ? Math.abs(numbers[k]) / (largest || 1) : 1;
    pixels.set(numbers[k] < 0 ? BELOW : ABOVE, 4 * k);
    pixels[4 * k + 3] = 255 * Math.sqrt(strength);
  }
  return pixels;
}

/** Okabe and Ito's vermilion and blue. */
const ABOVE = [213, 94, 0];
const BELOW = [0, 114, 178];
