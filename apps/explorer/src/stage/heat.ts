/** Values as colors: low to high, from the background's color to the gradient's. Readable without color: only lightness counts. */

/** The values from 0 to 1 by their rank between the lowest and the highest. All equal: 0.5. */
export function scaled(values: Float32Array): {
  readonly shares: Float32Array;
  readonly low: number;
  readonly high: number;
} {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high - low;
  return { shares: values.map((value) => (range > 0 ? (value - low) / range : 0.5)), low, high };
}

/** Draws a grid of values as a picture of `size` x `size` pixels, each value one, in this color, more opaque the higher. */
export function heatImage(
  values: Float32Array,
  [red, green, blue]: readonly [number, number, number],
): ImageData {
  const size = Math.sqrt(values.length);
  const image = new ImageData(size, size);
  scaled(values).shares.forEach((share, k) => {
    image.data.set([red, green, blue, Math.round(255 * (0.04 + 0.72 * share))], 4 * k);
  });
  return image;
}
