import { checkOptions } from '@paragrad/check';
import type { Vector2 } from '../world.js';
import type { HexColor } from './palette.js';
import { checkCamera, type Scene, sizeOptions } from './scene.js';
import { boundsOf, type SceneShape } from './shapes.js';

/** RGBA pixels, four bytes each, row by row from the top left. `ImageData` and image encoders take this format. */
export interface RasterImage {
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** Red, green, blue and opacity of each pixel, from 0 to 255, row by row. */
  data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Paints a scene as a square picture, `size` pixels high and wide (default 400), with smooth edges.
 *
 * @throws ArgumentError if the size is not a positive integer, or the scene's halfWidth is not a positive number.
 */
export function rasterize(scene: Scene, options: { size?: number | undefined } = {}): RasterImage {
  checkOptions('rasterize', options as { size?: number }, sizeOptions);
  const { size = 400 } = options;
  checkCamera('rasterize', scene, size);
  const { halfWidth, background, shapes } = scene;
  const [pixel] = new Uint32Array(Uint8Array.of(...rgb(background), 255).buffer);
  const data = new Uint8ClampedArray(new Uint32Array(size * size).fill(pixel).buffer);
  const image = { width: size, height: size, data };
  paintAll(image, halfWidth, shapes);
  return image;
}

/** What `rasterize` returns for each scene, if all have this half width. What all scenes begin with is painted only once. */
export function* rasterizeFrames(
  scenes: readonly Scene[],
  halfWidth: number,
  size: number,
): Generator<RasterImage> {
  const [first] = scenes;
  const still = countOfStill(scenes);
  const start = rasterize({ ...first, halfWidth, shapes: first.shapes.slice(0, still) }, { size });
  for (const scene of scenes) {
    if (scene.background === first.background) {
      const image = { ...start, data: start.data.slice() };
      paintAll(image, halfWidth, scene.shapes.slice(still));
      yield image;
    } else yield rasterize({ ...scene, halfWidth }, { size });
  }
}

/** How many shapes, from the first on, are the same in all scenes. */
function countOfStill(scenes: readonly Scene[]): number {
  const [{ shapes }] = scenes;
  const moves = shapes.findIndex((shape, i) => {
    const text = JSON.stringify(shape);
    return scenes.some((scene) => scene.shapes[i] !== shape && JSON.stringify(scene.shapes[i]) !== text);
  });
  return moves < 0 ? shapes.length : moves;
}

function paintAll(image: RasterImage, halfWidth: number, shapes: readonly SceneShape[]): void {
  for (const shape of shapes) paint(image, image.width / (2 * halfWidth), shape);
}

/** Paints each pixel in proportion to the part of it that is inside the shape. This makes the edges smooth. */
function paint({ width, data }: RasterImage, pixelsPerUnit: number, shape: SceneShape): void {
  const { fill, fillOpacity = 1, stroke, strokeWidth = 0 } = shape;
  const { min, max } = boundsOf(shape);
  const column = (x: number) => width / 2 + x * pixelsPerUnit;
  const row = (y: number) => width / 2 - y * pixelsPerUnit;
  const [left, right] = [Math.max(Math.floor(column(min[0]) - 1), 0), Math.min(column(max[0]) + 1, width)];
  const [top, bottom] = [Math.max(Math.floor(row(max[1]) - 1), 0), Math.min(row(min[1]) + 1, width)];
  const distanceAt = distanceToEdge(shape);
  const fillRgb = fill && rgb(fill);
  const strokeRgb = stroke && rgb(stroke);
  for (let i = top; i < bottom; i++) {
    const y = (width / 2 - i - 0.5) / pixelsPerUnit;
    for (let j = left; j < right; j++) {
      const x = (j + 0.5 - width / 2) / pixelsPerUnit;
      const distance = distanceAt(x, y);
      const pixel = (i * width + j) * 4;
      if (fillRgb) blend(data, pixel, fillRgb, fillOpacity * coverage(distance * pixelsPerUnit));
      if (strokeRgb) {
        blend(data, pixel, strokeRgb, coverage((Math.abs(distance) - strokeWidth / 2) * pixelsPerUnit));
      }
    }
  }
}

/** Returns a function for the distance from a point to the edge of the shape. It is negative inside. */
function distanceToEdge(shape: SceneShape): (x: number, y: number) => number {
  if (shape.shape === 'polygon') return distanceToPolygon(shape.points);
  const { center, radius } = shape;
  return (x, y) => {
    const dx = x - center[0];
    const dy = y - center[1];
    return Math.sqrt(dx * dx + dy * dy) - radius;
  };
}

/** The distance to the nearest edge. A point is inside if a ray from it to the right crosses an odd number of edges. */
function distanceToPolygon(points: readonly Vector2[]): (x: number, y: number) => number {
  const edges = points.map(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length];
    const [dx, dy] = [nextX - x, nextY - y];
    return { x, y, dx, dy, squaredLength: dx * dx + dy * dy || 1 };
  });
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY;
    let inside = false;
    for (const edge of edges) {
      const fromX = x - edge.x;
      const fromY = y - edge.y;
      const along = (fromX * edge.dx + fromY * edge.dy) / edge.squaredLength;
      const position = Math.min(Math.max(along, 0), 1); // the nearest point of the edge, from 0 at its start to 1 at its end
      const offsetX = fromX - position * edge.dx;
      const offsetY = fromY - position * edge.dy;
      nearest = Math.min(nearest, offsetX * offsetX + offsetY * offsetY);
      if (fromY < 0 !== fromY < edge.dy && fromX < (fromY * edge.dx) / edge.dy) inside = !inside;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  };
}

/** The fraction of a pixel that is inside the shape, from how far outside its center is, in pixels. */
function coverage(distanceOutside: number): number {
  return Math.min(Math.max(0.5 - distanceOutside, 0), 1);
}

function rgb(color: HexColor): readonly [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Paints a color over a pixel. The picture is opaque. */
function blend(data: Uint8ClampedArray, pixel: number, color: readonly number[], opacity: number): void {
  for (let i = 0; i < 3; i++) {
    const below = data[pixel + i];
    data[pixel + i] = below + (color[i] - below) * opacity;
  }
}
