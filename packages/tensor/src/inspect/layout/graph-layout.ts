import { checkArgument, checkOptions, type OptionChecks, oneOf } from '@paragrad/check';
import { aGraph } from '../a-graph.js';
import type { Graph } from '../graph.js';
import { isMeasured } from '../labels.js';
import { boxText, placeText, sizeOfText } from './box-text.js';
import {
  type Direction,
  drawLines,
  type LayoutLine,
  type Placed,
  type Rectangle,
  rounded,
} from './draw-lines.js';
import { type Layers, layersOf } from './layers.js';
import { type Extent, place } from './place.js';

/** Where everything of a graph is in a picture of this size, in pixels. Plain data. */
export interface GraphLayout {
  /** Width of the picture. */
  readonly width: number;
  /** Height of the picture. */
  readonly height: number;
  /** One box for each node, in the order of the nodes. */
  readonly boxes: readonly LayoutBox[];
  /** One line for each edge, in the order of the edges. */
  readonly lines: readonly LayoutLine[];
}

/** A node's box, from its upper left corner, and the text in it. */
export interface LayoutBox {
  /** The id of the node. */
  readonly id: number;
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Width of the box. */
  readonly width: number;
  /** Height of the box. */
  readonly height: number;
  /** Each line from its left end, on its baseline. Set it in a monospaced font of 11 pixels. */
  readonly text: readonly { readonly text: string; readonly x: number; readonly y: number }[];
}

/** Options of `layoutGraph`. */
export interface LayoutOptions {
  /** Where the values flow: the output is at that end. Default 'right'. */
  direction?: 'right' | 'down';
}

export const layoutOptions: OptionChecks<LayoutOptions> = { direction: oneOf('right', 'down') };

/** Between two layers, between the boxes of one layer, and between a node and the parameters beside it. */
const GAPS = { right: { layers: 58, boxes: 16, beside: 12 }, down: { layers: 34, boxes: 14, beside: 12 } };
const MARGIN = 12;

/**
 * Where to draw the nodes and edges of a graph: in layers, from what it is computed from to the output. Parameters are beside the
 * op that uses them. Boxes do not overlap, and no line passes through the box of another node.
 */
export function layoutGraph(graph: Graph, options: LayoutOptions = {}): GraphLayout {
  checkArgument('layoutGraph', 'graph', graph, aGraph);
  checkOptions('layoutGraph', options, layoutOptions);
  const { direction = 'right' } = options;
  const isRight = direction === 'right';
  const gaps = GAPS[direction];
  const measured = isMeasured(graph);
  const layers = layersOf(graph);
  const texts = graph.nodes.map((node) => boxText(node, measured));
  const sizes = texts.map(sizeOfText);
  // In here values flow along u, and v is across.
  const halves = sizes.map(({ width, height }) =>
    isRight ? { u: width / 2, v: height / 2 } : { u: height / 2, v: width / 2 },
  );
  const placed = placeInLayers(graph, layers, halves, gaps);
  const toXy: Direction['toXy'] = (u, v) =>
    isRight ? { x: u + MARGIN, y: v + MARGIN } : { x: v + MARGIN, y: u + MARGIN };

  const boxes = placed.rectangles.map((rectangle, id): LayoutBox => {
    const corner = toXy(rectangle.u - rectangle.halfU, rectangle.v - rectangle.halfV);
    const [x, y] = [rounded(corner.x), rounded(corner.y)];
    return { id, x, y, ...sizes[id], text: placeText(texts[id], x, y) };
  });
  const lines = drawLines(graph, layers, placed, { isRight, toXy });
  const end = toXy(placed.end.u, placed.end.v);
  return { width: Math.ceil(end.x + MARGIN), height: Math.ceil(end.y + MARGIN), boxes, lines };
}

/** Places the blocks, each a node with the parameters beside it, and in each block its boxes. */
function placeInLayers(
  graph: Graph,
  layers: Layers,
  halves: readonly { u: number; v: number }[],
  gaps: { layers: number; boxes: number; beside: number },
): Placed {
  const blocks = layers.layerOf.map((_, item): Extent & { halfU: number } => {
    if (item >= halves.length) return { before: 0, after: 0, halfU: 0 };
    const [above, below] = layers.satellites[item].map((id) => halves[id]);
    const needed = (one?: { v: number }) => halves[item].v + (one ? gaps.beside + 2 * one.v : 0);
    return {
      before: needed(above),
      after: needed(below),
      halfU: Math.max(halves[item].u, above?.u ?? 0, below?.u ?? 0),
    };
  });
  const v = place(layers, blocks, gaps.boxes, heavyItems(graph, layers));

  let end = -gaps.layers;
  const spans: { from: number; to: number }[] = [];
  for (const [layer, items] of [...layers.layers.entries()].toReversed()) {
    const from = end + gaps.layers;
    end = from + items.reduce((most, item) => Math.max(most, 2 * blocks[item].halfU), 0);
    spans[layer] = { from, to: end };
  }

  const rectangles: Rectangle[] = [];
  for (const [layer, items] of layers.layers.entries()) {
    const u = (spans[layer].from + spans[layer].to) / 2;
    for (const item of items.filter((item) => item < halves.length)) {
      const half = halves[item];
      rectangles[item] = { u, v: v[item], halfU: half.u, halfV: half.v };
      layers.satellites[item].forEach((id, side) => {
        const away = (side === 0 ? -1 : 1) * (half.v + gaps.beside + halves[id].v);
        rectangles[id] = { u, v: v[item] + away, halfU: halves[id].u, halfV: halves[id].v };
      });
    }
  }
  const endV = layers.layers.flat().reduce((most, item) => Math.max(most, v[item] + blocks[item].after), 0);
  return { v, spans, rectangles, end: { u: end, v: endV } };
}

/** The items on the way of the gradient. */
function heavyItems({ edges }: Graph, { layerOf, ways }: Layers): boolean[] {
  const heavy = layerOf.map(() => false);
  ways.forEach((way, edge) => {
    if (way && typeof edges[edge].gradientNorm === 'number') for (const item of way) heavy[item] = true;
  });
  return heavy;
}
