/** The three painters agree: SVG and Canvas shape by shape, SVG and the rasterizer pixel by pixel. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CanvasContext,
  drawOnCanvas,
  rasterize,
  type Scene,
  type SceneShape,
  toSvg,
} from '../../src/index.js';
import { scenes } from '../helpers/scenes.js';

const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
beforeAll(async () => initWasm(readFileSync(wasm)));

/** A painted shape in a form that is the same for SVG and Canvas. Lengths are written as in SVG. */
type Painted = Record<string, string | undefined>;

const rounded = (value: number) => String(Number(value.toFixed(4)));

function paintedBySvg(svg: string): Painted[] {
  return [...svg.matchAll(/<(circle|polygon) class="\w+"(.*?)\/?>/g)].map(([, tag, text]) => {
    const attributes = Object.fromEntries(
      [...text!.matchAll(/ ([\w-]+)="(.*?)"/g)].map(([, key, value]) => [key, value]),
    );
    const { cx, cy, r, points, fill, 'fill-opacity': opacity, stroke, 'stroke-width': width } = attributes;
    return {
      path: tag === 'circle' ? `circle ${cx},${cy} ${r}` : `polygon ${points}`,
      fill,
      opacity,
      stroke,
      width,
    };
  });
}

/** A canvas context that records what is painted, and the transformations. */
class Recorder implements CanvasContext {
  readonly painted: Painted[] = [];
  readonly transforms: string[] = [];
  readonly background: unknown[] = [];
  fillStyle: unknown;
  strokeStyle: unknown;
  globalAlpha = 1;
  lineWidth = 1;
  lineJoin = 'miter';
  depth = 0;
  #path: string[] = [];
  #current: Painted = {};

  save() {
    this.depth++;
  }
  restore() {
    this.depth--;
  }
  scale(x: number, y: number) {
    this.transforms.push(`scale ${rounded(x)} ${rounded(y)}`);
  }
  translate(x: number, y: number) {
    this.transforms.push(`translate ${rounded(x)} ${rounded(y)}`);
  }
  fillRect(...rect: number[]) {
    this.background.push(this.fillStyle, ...rect);
  }
  beginPath() {
    this.#path = [];
    this.#current = {};
    this.painted.push(this.#current);
  }
  arc(x: number, y: number, radius: number, start: number, end: number) {
    expect([start, end]).toEqual([0, 2 * Math.PI]);
    this.#path.push(`circle ${rounded(x)},${rounded(y)} ${rounded(radius)}`);
  }
  lineTo(x: number, y: number) {
    this.#path.push(`${this.#path.length === 0 ? 'polygon ' : ''}${rounded(x)},${rounded(y)}`);
  }
  closePath() {
    this.#current.path = this.#path.join(' ');
  }
  fill() {
    this.#current.fill = String(this.fillStyle);
    if (this.globalAlpha !== 1) this.#current.opacity = String(this.globalAlpha);
  }
  stroke() {
    expect([this.lineJoin, this.globalAlpha]).toEqual(['round', 1]);
    this.#current.stroke = String(this.strokeStyle);
    this.#current.width = String(this.lineWidth);
  }
}

describe.each(scenes)('%s', (_, scene) => {
  const context = new Recorder();
  drawOnCanvas(context, scene, { size: 260 });

  it('has the same shapes in SVG and on a canvas, one for each shape of the scene', () => {
    expect(context.painted).toEqual(paintedBySvg(toSvg(scene)));
    expect(context.painted).toHaveLength(scene.shapes.length);
  });

  it('is SVG that resvg can read, with the same pixels as the rasterizer', () => {
    const size = 300;
    const ours = rasterize(scene, { size }).data;
    const theirs = new Resvg(toSvg(scene, { size })).render().pixels;
    expect(theirs).toHaveLength(ours.length);
    let sum = 0;
    let worst = 0;
    ours.forEach((value, i) => {
      const difference = Math.abs(value - theirs[i]!);
      sum += difference;
      worst = Math.max(worst, difference);
    });
    // The largest value is 255. The two programs paint edges and sharp corners a little differently. A missing or moved
    // shape would make a larger difference.
    expect(sum / ours.length).toBeLessThan(0.5);
    expect(worst).toBeLessThan(128);
  });
});

describe('a canvas', () => {
  const scene: Scene = { halfWidth: 1.3, background: '#eeeeee', shapes: [] };

  it('shows the same square as SVG, and keeps its state', () => {
    const context = new Recorder();
    drawOnCanvas(context, scene, { size: 260 });
    expect(context.transforms).toEqual(['scale 100 -100', 'translate 1.3 -1.3']);
    expect(context.background).toEqual(['#eeeeee', -1.3, -1.3, 2.6, 2.6]);
    expect(context.depth).toBe(0);
  });

  it('rejects a size of 0', () => {
    expect(() => drawOnCanvas(new Recorder(), scene, { size: 0 })).toThrow(
      'drawOnCanvas: size is 0; give a positive integer, in pixels',
    );
  });
});

describe('SVG', () => {
  const disc: SceneShape = {
    kind: 'agent',
    name: 'a < b & "c"',
    shape: 'circle',
    center: [0, 0],
    radius: 1,
    fill: '#123456',
  };
  const scene: Scene = { halfWidth: 2, background: '#eeeeee', shapes: [disc] };

  it('has kinds as classes and names as titles, with special characters escaped', () => {
    const svg = toSvg(scene, { size: 90 });
    expect(svg).toContain(
      '<circle class="agent" cx="0" cy="0" r="1" fill="#123456"><title>a &lt; b &amp; "c"</title></circle>',
    );
    expect(new Resvg(svg).width).toBe(90);
  });

  it('with an error is rejected by resvg', () => {
    expect(() => new Resvg(toSvg(scene).replace('</title>', ''))).toThrow();
  });

  it('rejects a negative size', () => {
    expect(() => toSvg(scene, { size: -1 })).toThrow('toSvg: size is -1; give a positive integer, in pixels');
  });
});
