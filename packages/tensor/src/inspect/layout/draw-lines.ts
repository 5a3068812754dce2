import type { Graph } from '../graph.js';
import { formatNorm } from '../labels.js';
import { LINE_HEIGHT, widthOf } from './box-text.js';
import type { Layers } from './layers.js';

/** An edge as a line from the input's box to the box that is computed from it. */
export interface LayoutLine {
  /** The index of the edge. */
  readonly edge: number;
  /** As the attribute `d` of an SVG path, and of a canvas's `Path2D`. */
  readonly path: string;
  /** A place on the line for a mark, such as that of a cut, and the direction of the line there in degrees. */
  readonly middle: { readonly x: number; readonly y: number; readonly angle: number };
  /** How much gradient flows back along it: 1 for the largest of the graph, 0 for a thousandth of it or less; null for none. */
  readonly strength: number | null;
  /** The gradient's norm, and where its middle has space; null if there is no norm, or no space. */
  readonly label: { readonly text: string; readonly x: number; readonly y: number } | null;
}

/** A box by its middle, where values flow along u, and v is across. */
export interface Rectangle {
  readonly u: number;
  readonly v: number;
  readonly halfU: number;
  readonly halfV: number;
}

/** Where the items of all layers are. */
export interface Placed {
  /** For each item its middle across. */
  readonly v: readonly number[];
  /** For each layer where it begins and ends. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  /** For each node its box. */
  readonly rectangles: readonly Rectangle[];
  readonly end: { readonly u: number; readonly v: number };
}

/** How u and v become x and y. */
export interface Direction {
  readonly isRight: boolean;
  readonly toXy: (u: number, v: number) => { x: number; y: number };
}

/** Between two lines at one side of a box. */
const LINES_APART = 11;
/** The largest norm times this is drawn as the weakest. */
const WEAKEST = 1e-3;

/** A line for each edge. It is straight where it passes a layer, and bends only between layers. So it meets no other box. */
export function drawLines(graph: Graph, layers: Layers, placed: Placed, direction: Direction): LayoutLine[] {
  const { edges } = graph;
  const { rectangles, spans, v } = placed;
  const leaving = portsOf(layers, placed, 'leaving');
  const arriving = portsOf(layers, placed, 'arriving');
  const strengthOf = strengths(edges.map(({ gradientNorm }) => gradientNorm));
  const labelOf = labels(layers, placed, direction);
  const xy = (u: number, v: number): string => {
    const { x, y } = direction.toXy(u, v);
    return `${rounded(x)} ${rounded(y)}`;
  };
  return edges.map(({ from, to, gradientNorm }, edge) => {
    const strength = strengthOf(gradientNorm);
    const way = layers.ways[edge];
    if (!way)
      return { edge, ...beside(rectangles[from], rectangles[to], direction, xy), strength, label: null };

    let at = v[from] + leaving[edge];
    const points = [`M${xy(rectangles[from].u + rectangles[from].halfU, at)}`];
    const straightTo = (u: number): void => {
      if (points.at(-1)!.slice(1) !== xy(u, at)) points.push(`L${xy(u, at)}`);
    };
    const bends = way.slice(1).map((item, index): Bend => {
      const [layer, next] = [layers.layerOf[way[index]], layers.layerOf[item]];
      const v1 = item === to ? v[to] + arriving[edge] : v[item];
      const bend = { next, u0: spans[layer].to, u1: spans[next].from, v0: at, v1 };
      const middle = (bend.u0 + bend.u1) / 2;
      straightTo(bend.u0);
      if (xy(0, at) !== xy(0, v1)) {
        points.push(`C${xy(middle, at)} ${xy(middle, v1)}`, ` ${xy(bend.u1, v1)}`);
        at = v1;
      }
      return bend;
    });
    straightTo(rectangles[to].u - rectangles[to].halfU);
    const middle = middleOf(bends[bends.length >> 1], direction);
    const label = typeof gradientNorm === 'number' ? labelOf(formatNorm(gradientNorm), bends) : null;
    return { edge, path: points.join(''), middle, strength, label };
  });
}

/** A part of a line, between two layers. */
interface Bend {
  /** The layer that follows. */
  readonly next: number;
  readonly u0: number;
  readonly u1: number;
  readonly v0: number;
  readonly v1: number;
}

/** From a parameter to the op that it is beside. */
function beside(from: Rectangle, to: Rectangle, direction: Direction, xy: (u: number, v: number) => string) {
  const side = Math.sign(to.v - from.v);
  const bend = { next: 0, u0: from.u, u1: to.u, v0: from.v + side * from.halfV, v1: to.v - side * to.halfV };
  return { path: `M${xy(bend.u0, bend.v0)}L${xy(bend.u1, bend.v1)}`, middle: middleOf(bend, direction) };
}

function middleOf({ u0, u1, v0, v1 }: Bend, { toXy }: Direction): LayoutLine['middle'] {
  const [start, end] = [toXy(u0, 2 * v0), toXy(u1, 2 * v1)]; // in its middle a bend is twice as steep
  const { x, y } = toXy((u0 + u1) / 2, (v0 + v1) / 2);
  const angle = (Math.atan2(end.y - start.y, end.x - start.x) * 180) / Math.PI;
  return { x: rounded(x), y: rounded(y), angle: rounded(angle) };
}

/** For each edge, how far from the middle of the box its line begins or ends. Lines at one side of a box do not cross there. */
function portsOf(layers: Layers, { rectangles, v }: Placed, side: 'leaving' | 'arriving'): number[] {
  const atBox = rectangles.map((): { edge: number; towards: number }[] => []);
  layers.ways.forEach((way, edge) => {
    if (!way) return;
    const [box, neighbor] = side === 'leaving' ? [way[0], way[1]] : [way.at(-1)!, way.at(-2)!];
    atBox[box].push({ edge, towards: v[neighbor] });
  });
  const ports: number[] = [];
  atBox.forEach((lines, box) => {
    const space = 2 * rectangles[box].halfV - LINES_APART;
    const apart = Math.min(LINES_APART, space / Math.max(1, lines.length - 1));
    lines.sort((a, b) => a.towards - b.towards);
    lines.forEach(({ edge }, index) => {
      ports[edge] = (index - (lines.length - 1) / 2) * apart;
    });
  });
  return ports;
}

function strengths(norms: readonly (number | null)[]): (norm: number | null) => number | null {
  const largest = norms.reduce<number>(
    (most, norm) => (Number.isFinite(norm) ? Math.max(most, norm!) : most),
    0,
  );
  return (norm) => {
    if (typeof norm !== 'number') return null;
    if (!Number.isFinite(norm)) return 1;
    if (norm === 0) return 0;
    return Math.max(0, 1 - Math.log(norm / largest) / Math.log(WEAKEST));
  };
}

/** An area of the picture by its middle. */
interface Area {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** Finds a place for each norm beside its line, where no box and no other norm is. */
function labels(layers: Layers, { rectangles }: Placed, { isRight, toXy }: Direction) {
  const boxesOf = layers.layers.map((items) =>
    items
      .flatMap((item) => [item, ...(layers.satellites[item] ?? [])])
      .flatMap((id): Area[] => {
        if (!rectangles[id]) return [];
        const { u, v, halfU, halfV } = rectangles[id];
        return [{ ...toXy(u, v), halfWidth: isRight ? halfU : halfV, halfHeight: isRight ? halfV : halfU }];
      }),
  );
  const taken = layers.layers.map((): Area[] => []);
  return (text: string, bends: readonly Bend[]): LayoutLine['label'] => {
    const [halfWidth, halfHeight] = [widthOf(text) / 2, LINE_HEIGHT / 2];
    for (const { next, u0, u1, v0, v1 } of bends) {
      for (const t of [0.5, 0.3, 0.7, 0.15, 0.85]) {
        const along = t * t * (3 - 2 * t); // of a bend: across
        const { x, y } = toXy(u0 + (u1 - u0) * (1.5 * t * (1 - t) + t ** 3), v0 + (v1 - v0) * along);
        const area = isRight
          ? { x, y: y - halfHeight - 3, halfWidth, halfHeight }
          : { x: x + halfWidth + 6, y, halfWidth, halfHeight };
        const others = [...taken[next], ...boxesOf[next], ...boxesOf[next + 1]];
        if (others.some((other) => overlap(area, other))) continue;
        taken[next].push(area);
        return { text, x: rounded(area.x), y: rounded(area.y) };
      }
    }
    return null;
  };
}

function overlap(a: Area, b: Area): boolean {
  return Math.abs(a.x - b.x) < a.halfWidth + b.halfWidth && Math.abs(a.y - b.y) < a.halfHeight + b.halfHeight;
}

/** To a hundredth of a pixel. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100 || 0;
}
