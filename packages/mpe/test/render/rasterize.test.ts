import { describe, expect, it } from 'vitest';
import { makeEnv, type RasterImage, rasterize, type Scene, type SceneShape } from '../../src/index.js';
import { rasterizeFrames } from '../../src/render/rasterize.js';

const disc = {
  kind: 'agent',
  shape: 'circle',
  center: [0.5, 0.5],
  radius: 0.25,
  fill: '#ff0000',
  stroke: '#0000ff',
  strokeWidth: 0.04,
} satisfies SceneShape;

const sceneWith = (...shapes: SceneShape[]): Scene => ({ halfWidth: 2, background: '#ffffff', shapes });

/** Points in the notation of SVG. */
const points = (text: string) =>
  text.split(' ').map((point) => point.split(',').map(Number) as [number, number]);

/** RGB of the pixel at a world position. The half width is 2. */
function colorAt(image: RasterImage, x: number, y: number): number[] {
  const column = Math.floor(((x + 2) / 4) * image.width);
  const row = Math.floor(((2 - y) / 4) * image.height);
  const pixel = (row * image.width + column) * 4;
  return [...image.data.slice(pixel, pixel + 3)];
}

describe('rasterize', () => {
  it('gives an opaque square of RGBA pixels', () => {
    const { width, height, data } = rasterize(sceneWith(disc), { size: 40 });
    expect([width, height, data.length]).toEqual([40, 40, 6400]);
    expect(data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('paints a circle at its place, with y up, and its stroke along the edge', () => {
    const image = rasterize(sceneWith(disc));
    expect(colorAt(image, 0.5, 0.5)).toEqual([255, 0, 0]);
    expect(colorAt(image, 0.7, 0.5)).toEqual([255, 0, 0]);
    expect(colorAt(image, 0.75, 0.5)).toEqual([0, 0, 255]);
    expect(colorAt(image, 0.79, 0.5)).toEqual([255, 255, 255]);
    expect(colorAt(image, 0.5, -0.5)).toEqual([255, 255, 255]);
    expect(colorAt(image, -0.5, 0.5)).toEqual([255, 255, 255]);
  });

  it('paints polygons with dents, and lines', () => {
    const paint = { kind: 'agent', shape: 'polygon' } as const;
    const dented: SceneShape = { ...paint, points: points('-1,-1 1,-1 1,1 0,0 -1,1'), fill: '#000000' };
    const line: SceneShape = { ...paint, points: points('0,1.5 1,1.5'), stroke: '#ff0000', strokeWidth: 0.1 };
    const image = rasterize(sceneWith(dented, line));
    expect(colorAt(image, 0, -0.5)).toEqual([0, 0, 0]);
    expect(colorAt(image, 0.9, 0.7)).toEqual([0, 0, 0]);
    expect(colorAt(image, 0, 0.5)).toEqual([255, 255, 255]);
    expect(colorAt(image, 0.5, 1.5)).toEqual([255, 0, 0]);
    expect(colorAt(image, 1.03, 1.5)).toEqual([255, 0, 0]); // the end is round
    expect(colorAt(image, 0.5, 1.4)).toEqual([255, 255, 255]);
  });

  it('smooths edges: the painted area is the area of the shape', () => {
    const area = (shape: SceneShape) => {
      const { data } = rasterize(sceneWith(shape), { size: 100 });
      return data.filter((_, i) => i % 4 === 0).reduce((sum, red) => sum + 1 - red / 255, 0) / 25 ** 2;
    };
    const { kind, shape, center, radius } = disc;
    expect(area({ kind, shape, center, radius, fill: '#000000' })).toBeCloseTo(Math.PI * 0.25 ** 2, 2);
    expect(area({ kind, shape, center, radius, stroke: '#000000', strokeWidth: 0.1 })).toBeCloseTo(
      2 * Math.PI * 0.25 * 0.1,
      2,
    );
    expect(area({ kind, shape: 'polygon', points: points('0,0 1,0 0,1'), fill: '#000000' })).toBeCloseTo(
      0.5,
      2,
    );
  });

  it('paints in order, and the lower shape shows through with an opacity below 1', () => {
    const upper: SceneShape = { ...disc, fill: '#00ff00', fillOpacity: 0.5 };
    expect(colorAt(rasterize(sceneWith(disc, upper)), 0.5, 0.5)).toEqual([128, 128, 0]);
    expect(colorAt(rasterize(sceneWith(upper, disc)), 0.5, 0.5)).toEqual([255, 0, 0]);
  });

  it('clips shapes at the border, and skips shapes that are out of view or have no finite position', () => {
    const size = 40;
    const empty = rasterize(sceneWith(), { size });
    const centers: [number, number][] = [
      [50, 0],
      [0, -50],
      [Number.NaN, 0],
    ];
    const away = centers.map((center) => ({ ...disc, center }));
    expect(rasterize(sceneWith(...away), { size })).toEqual(empty);
    expect(colorAt(rasterize(sceneWith({ ...disc, center: [2, 2] })), 1.9, 1.9)).toEqual([255, 0, 0]);
  });

  it('rejects wrong sizes and half widths', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) {
      expect(() => rasterize(sceneWith(), { size })).toThrow(
        `rasterize: size is ${size}; give a positive integer, in pixels`,
      );
    }
    for (const halfWidth of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => rasterize({ ...sceneWith(), halfWidth })).toThrow(
        `rasterize: halfWidth is ${halfWidth}; give a finite number above 0`,
      );
    }
  });

  it('is what render returns', () => {
    const env = makeEnv('simple_tag');
    env.reset({ seed: 1 });
    const options = { halfWidth: 2, arrows: { agent_0: [1, 0] } } as const;
    expect(env.render({ size: 50, ...options })).toEqual(rasterize(env.scene(options), { size: 50 }));
    expect(env.render().width).toBe(400);
  });
});

it('paints the frames of an animation as it paints each scene', () => {
  const env = makeEnv('simple_tag', { actionMode: 'force' });
  env.reset({ seed: 1 });
  const scenes = [env.scene({ velocities: false })];
  for (let t = 0; t < 3; t++) {
    env.step({ adversary_0: [1, 0], adversary_1: [0, 0], adversary_2: [0, 0], agent_0: [0, 1] });
    scenes.push(env.scene({ velocities: t === 1 })); // velocities come early in the order of painting
  }
  const other = { ...scenes[1], background: '#123456' as const };
  for (const all of [
    scenes.slice(0, 1),
    scenes,
    [...scenes, other],
    [other, ...scenes],
    [{ ...other, shapes: [] }, ...scenes],
  ]) {
    const frames = [...rasterizeFrames(all, 1.2, 60)];
    expect(frames).toEqual(all.map((scene) => rasterize({ ...scene, halfWidth: 1.2 }, { size: 60 })));
  }
});
