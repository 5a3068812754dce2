import { describe, expect, it } from 'vitest';
import { type Circle, type Image, makeEnv, rasterize } from '../../src/index.js';

const disc: Circle = {
  kind: 'agent',
  name: 'disc',
  x: 0.5,
  y: 0.5,
  radius: 0.25,
  fill: [1, 0, 0],
  outline: [0, 0, 1],
  opacity: 1,
};

/** RGB of the pixel that a world position falls into, seen with half width 2. */
function at(image: Image, x: number, y: number): number[] {
  const column = Math.floor(((x + 2) / 4) * image.width);
  const row = Math.floor(((2 - y) / 4) * image.height);
  const pixel = (row * image.width + column) * 4;
  return [...image.data.slice(pixel, pixel + 3)];
}

describe('rasterize', () => {
  it('gives an opaque square of RGBA pixels', () => {
    const { width, height, data } = rasterize({ halfWidth: 2, circles: [] }, { size: 40 });
    expect([width, height, data.length]).toEqual([40, 40, 6400]);
    expect(data.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('paints a circle where it is, with y up and its outline along the edge', () => {
    const image = rasterize({ halfWidth: 2, circles: [disc] }, { size: 400 });
    const floor = at(image, 0, 0);
    expect(at(image, 0.5, 0.5)).toEqual([255, 0, 0]);
    expect(at(image, 0.7, 0.5)).toEqual([255, 0, 0]);
    expect(at(image, 0.735, 0.5)).toEqual([0, 0, 255]);
    expect(at(image, 0.77, 0.5)).toEqual(floor);
    expect(at(image, 0.5, -0.5)).toEqual(floor);
    expect(at(image, -0.5, 0.5)).toEqual(floor);
  });

  it('smooths the edge: the painted area is that of the circle', () => {
    const black: Circle = { ...disc, fill: [0, 0, 0], outline: [0, 0, 0] };
    const painted = rasterize({ halfWidth: 2, circles: [black] }, { size: 100 });
    const empty = rasterize({ halfWidth: 2, circles: [] }, { size: 100 });
    let area = 0;
    for (let i = 0; i < empty.data.length; i += 4) {
      area += 1 - (painted.data[i] as number) / (empty.data[i] as number);
    }
    expect(area / 25 ** 2).toBeCloseTo(Math.PI * 0.25 ** 2, 2);
  });

  it('paints in order, and lets the lower shine through by opacity', () => {
    const upper: Circle = { ...disc, fill: [0, 1, 0], opacity: 0.5 };
    expect(at(rasterize({ halfWidth: 2, circles: [disc, upper] }), 0.5, 0.5)).toEqual([128, 128, 0]);
    expect(at(rasterize({ halfWidth: 2, circles: [upper, disc] }), 0.5, 0.5)).toEqual([255, 0, 0]);
  });

  it('shows the arena brighter than what lies outside, with a darker border', () => {
    const image = rasterize({ halfWidth: 2, circles: [] }, { size: 400 });
    const [inside, border, outside] = [at(image, 0.95, 0), at(image, 1.001, 0), at(image, 1.1, 0)].map(
      (rgb) => rgb[0],
    );
    expect(inside).toBeGreaterThan(outside as number);
    expect(border).toBeLessThan(outside as number);
  });

  it('clips what is out of view, and skips what is nowhere', () => {
    const size = 40;
    const empty = rasterize({ halfWidth: 2, circles: [] }, { size });
    const away = [
      { ...disc, x: 50 },
      { ...disc, y: -50 },
      { ...disc, x: Number.NaN },
    ];
    expect(rasterize({ halfWidth: 2, circles: away }, { size })).toEqual(empty);
    expect(() => rasterize({ halfWidth: 2, circles: [{ ...disc, x: 2, y: 2 }] })).not.toThrow();
  });

  it('says what sizes it takes', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) {
      expect(() => rasterize({ halfWidth: 1, circles: [] }, { size })).toThrow(
        `rasterize: size is ${size}; give a positive integer, in pixels`,
      );
    }
    for (const halfWidth of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => rasterize({ halfWidth, circles: [] })).toThrow(
        `rasterize: halfWidth is ${halfWidth}; give a positive number`,
      );
    }
  });

  it('is what render gives', () => {
    const env = makeEnv('simple_tag');
    env.reset({ seed: 1 });
    expect(env.render({ size: 50, halfWidth: 2 })).toEqual(
      rasterize(env.scene({ halfWidth: 2 }), { size: 50 }),
    );
    expect(env.render().width).toBe(400);
  });
});
