import { ArgumentError, atLeast0, checkArgument, checkOptions, listOf } from '@paragrad/check';
import { GifWriter } from 'omggif';
import { rasterize } from './render/rasterize.js';
import { fitHalfWidth, type Scene, sizeOptions } from './render/scene.js';

export interface Frame {
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

/** Stands for a pixel that is as in the frame before. */
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
  const halfWidth = fitHalfWidth(frames.map(({ scene }) => scene));
  let before: Uint32Array = new Uint32Array(size * size);
  const changes = frames.map(({ scene }) => {
    const pixels = packed(rasterize({ ...scene, halfWidth }, { size }).data);
    const change = pixels.map((pixel, i) => (pixel === before[i] ? UNCHANGED : pixel));
    before = pixels;
    return change;
  });
  const colors = colorsOf(changes);
  const numberOf = nearestNumber(colors);
  const bytes = new Uint8Array(4096 + frames.length * (2 * size * size + 256)); // more than any frames need
  const gif = new GifWriter(bytes, size, size, { palette: paddedToPowerOfTwo([0, ...colors]), loop: 0 });
  changes.forEach((change, k) => {
    const delay = Math.round(frames[k].duration / 10);
    const isChanged = (pixel: number) => pixel !== UNCHANGED;
    const top = Math.floor(Math.max(0, change.findIndex(isChanged)) / size);
    const bottom = Math.floor(Math.max(0, change.findLastIndex(isChanged)) / size);
    const rows = Array.from(change.subarray(top * size, (bottom + 1) * size), numberOf);
    // Disposal 1: a frame stays where the next one is transparent.
    gif.addFrame(0, top, size, bottom - top + 1, rows, { delay, transparent: 0, disposal: 1 });
  });
  return bytes.slice(0, gif.end());
}

function paddedToPowerOfTwo(colors: readonly number[]): number[] {
  const length = 2 ** Math.max(1, Math.ceil(Math.log2(colors.length)));
  return Array.from({ length }, (_, k) => colors[k] ?? 0);
}

/** One number for each pixel: 0xrrggbb + 1. */
function packed(rgba: Uint8ClampedArray): Uint32Array {
  const pixels = new Uint32Array(rgba.length / 4);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = ((rgba[4 * i] << 16) | (rgba[4 * i + 1] << 8) | rgba[4 * i + 2]) + 1;
  }
  return pixels;
}

/**
 * The colors that occur most often: those of the scenes' shapes. The others are mixtures of them, at smooth edges: of those that
 * look alike, because their first four bits are the same, only one.
 */
function colorsOf(changes: readonly Uint32Array[]): number[] {
  const counts = new Map<number, number>();
  for (const pixels of changes) {
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  }
  counts.delete(UNCHANGED);
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([pixel]) => pixel - 1);
  const first = new Map(byCount.toReversed().map((color) => [color & 0xf0f0f0, color]));
  return byCount
    .filter((color, k) => k < COMMON_COLORS || first.get(color & 0xf0f0f0) === color)
    .slice(0, MOST_COLORS);
}

/** Returns a function for the number of the color that is nearest to a pixel's. */
function nearestNumber(colors: readonly number[]): (pixel: number) => number {
  const known = new Map<number, number>([[UNCHANGED, 0]]);
  return (pixel) => {
    let number = known.get(pixel);
    if (number === undefined) {
      const distances = colors.map((color) => distanceBetween(color, pixel - 1));
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
