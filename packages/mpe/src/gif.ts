import { ArgumentError, atLeast0, checkArgument, checkOptions, listOf } from '@paragrad/check';
import { gifFile, type PackedColor } from './render/gif-file.js';
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
    const { data } = rasterize({ ...scene, halfWidth }, { size });
    const pixels = packed(data);
    const change = changeOf(before, pixels, size);
    before = pixels;
    return change;
  });
  const colors = colorsOf(changes);
  const numberOf = nearestNumber(colors);
  return gifFile(
    size,
    colors,
    changes.map(({ pixels, ...place }, k) => ({
      ...place,
      indices: new Uint8Array(pixels.length).map((_, i) => numberOf(pixels[i])),
      delay: Math.round(frames[k].duration / 10),
    })),
  );
}

/** One number for each pixel: 0xrrggbb + 1, so that 0 can stand for a pixel that does not change. */
function packed(rgba: Uint8ClampedArray): Uint32Array {
  const pixels = new Uint32Array(rgba.length / 4);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = ((rgba[4 * i] << 16) | (rgba[4 * i + 1] << 8) | rgba[4 * i + 2]) + 1;
  }
  return pixels;
}

/** The smallest rectangle with all pixels that change. Those in it that do not are 0. */
interface Change {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

function changeOf(before: Uint32Array, now: Uint32Array, size: number): Change {
  let [left, top, right, bottom] = [size - 1, size - 1, 0, 0];
  for (let i = 0; i < now.length; i++) {
    if (now[i] === before[i]) continue;
    const column = i % size;
    left = Math.min(left, column);
    right = Math.max(right, column);
    bottom = (i - column) / size;
    top = Math.min(top, bottom);
  }
  if (right < left) [left, top, right, bottom] = [0, 0, 0, 0]; // nothing changed
  const [width, height] = [right - left + 1, bottom - top + 1];
  const pixels = new Uint32Array(width * height);
  for (let k = 0; k < pixels.length; k++) {
    const i = (top + Math.floor(k / width)) * size + left + (k % width);
    if (now[i] !== before[i]) pixels[k] = now[i];
  }
  return { left, top, width, height, pixels };
}

/**
 * The colors that occur most often: those of the scenes' shapes. The others are mixtures of them, at smooth edges: of those that
 * look alike, because their first four bits are the same, only one.
 */
function colorsOf(changes: readonly Change[]): PackedColor[] {
  const counts = new Map<number, number>();
  for (const { pixels } of changes) {
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  }
  counts.delete(0);
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([pixel]) => pixel - 1);
  const first = new Map(byCount.toReversed().map((color) => [color & 0xf0f0f0, color]));
  return byCount
    .filter((color, k) => k < COMMON_COLORS || first.get(color & 0xf0f0f0) === color)
    .slice(0, MOST_COLORS);
}

/** Returns a function for the number of the color that is nearest to a pixel's. */
function nearestNumber(colors: readonly PackedColor[]): (pixel: number) => number {
  const known = new Map<number, number>([[0, 0]]);
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

function distanceBetween(a: PackedColor, b: PackedColor): number {
  const part = (shift: number) => ((a >> shift) & 255) - ((b >> shift) & 255);
  return part(16) ** 2 + part(8) ** 2 + part(0) ** 2;
}
