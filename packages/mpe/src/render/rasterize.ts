import type { RGB } from '../world.js';
import type { Circle, Scene } from './scene.js';

/** RGBA pixels, four bytes each, row by row from the top left: what `ImageData` and image encoders take. */
export interface Image {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

const FLOOR: RGB = [0.99, 0.99, 0.985];
const OUTSIDE: RGB = [0.935, 0.94, 0.945];
const BORDER: RGB = [0.78, 0.79, 0.81];

/**
 * Paints a scene into a square picture, `size` pixels high and wide (400 by default), with smooth edges.
 *
 * @throws RangeError if the size is not a positive integer, or the scene's halfWidth not a positive number.
 */
export function rasterize(
  { circles, halfWidth }: Scene,
  { size = 400 }: { size?: number | undefined } = {},
): Image {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`rasterize: size is ${size}; give a positive integer, in pixels`);
  }
  if (!(halfWidth > 0 && halfWidth < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`rasterize: halfWidth is ${halfWidth}; give a positive number`);
  }
  const image = { width: size, height: size, data: new Uint8ClampedArray(size * size * 4) };
  const pixelsPerUnit = size / (2 * halfWidth);
  paintArena(image, pixelsPerUnit);
  for (const circle of circles) paintCircle(image, pixelsPerUnit, circle);
  return image;
}

/** Fills the whole picture: the arena [-1, 1]^2, a line around it, and what lies outside. */
function paintArena({ width, data }: Image, pixelsPerUnit: number): void {
  const lineWidth = 1.5;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      const fromCentre = Math.max(Math.abs(column + 0.5 - width / 2), Math.abs(row + 0.5 - width / 2));
      const beyond = fromCentre - pixelsPerUnit;
      const pixel = (row * width + column) * 4;
      blend(data, pixel, FLOOR, 1);
      blend(data, pixel, BORDER, covered(-beyond));
      blend(data, pixel, OUTSIDE, covered(lineWidth - beyond));
    }
  }
}

function paintCircle({ width, data }: Image, pixelsPerUnit: number, circle: Circle): void {
  const centreX = width / 2 + circle.x * pixelsPerUnit;
  const centreY = width / 2 - circle.y * pixelsPerUnit;
  const radius = circle.radius * pixelsPerUnit;
  const outline = Math.min(2, radius / 3);
  const firstRow = Math.max(Math.floor(centreY - radius - 1), 0);
  const lastRow = Math.min(Math.ceil(centreY + radius + 1), width - 1);
  const firstColumn = Math.max(Math.floor(centreX - radius - 1), 0);
  const lastColumn = Math.min(Math.ceil(centreX + radius + 1), width - 1);
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const dx = column + 0.5 - centreX;
      const dy = row + 0.5 - centreY;
      const distance = Math.sqrt(dx * dx + dy * dy);
      const inDisc = covered(distance - radius);
      if (inDisc === 0) continue;
      const inside = covered(distance - (radius - outline));
      const color = mix(circle.outline, circle.fill, inside);
      blend(data, (row * width + column) * 4, color, inDisc * circle.opacity);
    }
  }
}

/** The share of a pixel that lies inside an edge, given how far outside its centre is, in pixels. */
function covered(distanceOutside: number): number {
  return Math.min(Math.max(0.5 - distanceOutside, 0), 1);
}

function mix(a: RGB, b: RGB, share: number): RGB {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

/** Lays a colour over a pixel. The picture has no transparent pixels. */
function blend(data: Uint8ClampedArray, pixel: number, color: RGB, opacity: number): void {
  for (let i = 0; i < 3; i++) {
    const below = data[pixel + i] as number;
    data[pixel + i] = below + ((color[i] as number) * 255 - below) * opacity;
  }
  data[pixel + 3] = 255;
}
