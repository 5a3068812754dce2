import { ArgumentError, atLeast0, checkArgument, checkOptions, listOf } from '@paragrad/check';
import { GifWriter } from 'omggif';
import { rasterizeFrames } from './render/rasterize.js';
import { fitHalfWidth, type Scene, sizeOptions } from './render/scene.js';

/** A picture of an animation. */
export interface Frame {
  /** What it shows. */
  scene: Scene;
  /** How long the frame is shown, in milliseconds. GIF rounds it to hundredths of a second. */
  duration: number;
}

const listOfFrames = listOf<Frame>({
  inWords: '{ scene, duration }, the duration in milliseconds',
  accepts: (value): value is Frame =>
    Array.isArray((value as Frame | null | undefined)?.scene?.shapes) &&
    atLeast0.accepts((value as Frame).duration),
});

/** Stands for a pixel that is as in the frame before. The bytes of a real one are never all 0, because pictures are opaque. */
const UNCHANGED = 0;
/** A GIF has 256. One is for pixels that do not change. */
const MOST_COLORS = 255;
/** More than scenes have. */
const COMMON_COLORS = 64;

/**
 * Makes an animated GIF that repeats forever, `size` pixels high and wide (default 360). The view is the same in all
 * frames and shows everything.
 *
 * @throws ArgumentError (the promise is rejected) if there are no frames, or the size is not a positive integer.
 */
export async function encodeGif(
  frames: readonly Frame[],
  options: { size?: number | undefined } = {},
): Promise<Uint8Array> {
  checkArgument('encodeGif', 'frames', frames, listOfFrames);
  checkOptions('encodeGif', options as { size?: number }, sizeOptions);
  const { size = 360 } = options;
  if (frames.length === 0) throw new ArgumentError('encodeGif: there are no frames; give at least one');
  const scenes = frames.map(({ scene }) => scene);
  const halfWidth = fitHalfWidth(scenes);
  let before: Uint32Array = new Uint32Array(size * size);
  const images = rasterizeFrames(scenes, halfWidth, size);
  const changes = Array.from(images, ({ data }) => {
    const pixels = new Uint32Array(data.buffer);
    const change = changeOf(before, pixels, size);
    before = pixels;
    return change;
  });
  const colors = colorsOf(changes);
  const bytes = new Uint8Array(4096 + frames.length * (2 * size * size + 256)); // more than any frames need
  const gif = new GifWriter(bytes, size, size, { palette: paddedToPowerOfTwo([0, ...colors]), loop: 0 });
  const numberOf = nearestNumber(colors);
  changes.forEach(({ left, top, width, height, pixels }, k) => {
    const delay = Math.round(frames[k].duration / 10);
    // Disposal 1: a frame stays where the next one is transparent.
    gif.addFrame(left, top, width, height, numbersOf(pixels, numberOf), {
      delay,
      transparent: 0,
      disposal: 1,
    });
  });
  return bytes.slice(0, gif.end());
}

/** What differs from the frame before: a rectangle with every pixel that does, and `UNCHANGED` for those that do not. */
interface Change {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Row by row; each number is a pixel's four bytes. */
  readonly pixels: Uint32Array;
}

/** If nothing differs, the change is one pixel that does not. */
function changeOf(before: Uint32Array, after: Uint32Array, size: number): Change {
  let [left, right, top, bottom] = [size - 1, 0, -1, 0];
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++, at++) {
      if (after[at] === before[at]) continue;
      if (top < 0) top = row;
      bottom = row;
      if (column < left) left = column;
      if (column > right) right = column;
    }
  }
  if (top < 0) return { left: 0, top: 0, width: 1, height: 1, pixels: new Uint32Array(1) };
  const [width, height] = [right - left + 1, bottom - top + 1];
  const pixels = new Uint32Array(width * height);
  for (let row = 0, to = 0; row < height; row++) {
    const from = (top + row) * size + left;
    for (let at = from; at < from + width; at++, to++) {
      if (after[at] !== before[at]) pixels[to] = after[at];
    }
  }
  return { left, top, width, height, pixels };
}

function paddedToPowerOfTwo(colors: readonly number[]): number[] {
  const length = 2 ** Math.max(1, Math.ceil(Math.log2(colors.length)));
  return Array.from({ length }, (_, k) => colors[k] ?? 0);
}

/** The color of a pixel of four bytes, as 0xrrggbb. */
function colorOf(pixel: number): number {
  const [red, green, blue] = new Uint8Array(Uint32Array.of(pixel).buffer);
  return (red << 16) | (green << 8) | blue;
}

/**
 * The colors that occur most often: those of the scenes' shapes. The others are mixtures of them, at smooth edges: of those that
 * look alike, because their first four bits are the same, only one.
 */
function colorsOf(changes: readonly Change[]): number[] {
  const counts = new Map<number, number>();
  for (const { pixels } of changes) {
    // A run of equal pixels is counted at once.
    for (let start = 0, end = 0; start < pixels.length; start = end) {
      while (end < pixels.length && pixels[end] === pixels[start]) end++;
      counts.set(pixels[start], (counts.get(pixels[start]) ?? 0) + end - start);
    }
  }
  counts.delete(UNCHANGED);
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([pixel]) => colorOf(pixel));
  const first = new Map(byCount.toReversed().map((color) => [color & 0xf0f0f0, color]));
  return byCount
    .filter((color, k) => k < COMMON_COLORS || first.get(color & 0xf0f0f0) === color)
    .slice(0, MOST_COLORS);
}

/** The number of each pixel's color. */
function numbersOf(pixels: Uint32Array, numberOf: (pixel: number) => number): number[] {
  const numbers = new Array<number>(pixels.length).fill(0);
  let [pixel, number] = [UNCHANGED, 0];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] !== pixel) {
      pixel = pixels[i];
      number = numberOf(pixel);
    }
    numbers[i] = number;
  }
  return numbers;
}

/** Returns a function for the number of the color that is nearest to a pixel's. */
function nearestNumber(colors: readonly number[]): (pixel: number) => number {
  const known = new Map<number, number>([[UNCHANGED, 0]]);
  return (pixel) => {
    let number = known.get(pixel);
    if (number === undefined) {
      const own = colorOf(pixel);
      const distances = colors.map((color) => distanceBetween(color, own));
      number = 1 + distances.indexOf(Math.min(...distances));
      known.set(pixel, number);
    }
    return number;
  };
}

function distanceBetween(a: number, b: number): number {
  const part = (shift: number) => ((a >> shift) & 255) - ((b >> shift) & 255);
  return part(16) ** 2 + part(8) ** 2 + part(0) ** 2;
}
