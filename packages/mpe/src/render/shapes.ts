import type { Color } from './palette.js';

/** x and y in the world's coordinates, in which y points up. */
export type Point = readonly [x: number, y: number];

export type ShapeKind =
  | 'arena'
  | 'agent'
  | 'velocity'
  | 'arrow'
  | 'utterance'
  | 'key'
  | 'landmark'
  | 'goal'
  | 'obstacle'
  | 'forest'
  | 'food';

export interface Paint {
  /** What it is a picture of, or says something about. */
  kind: ShapeKind;
  /** Name of the agent or landmark; the arena has none. */
  name?: string;
  /** Color of the inside; none if absent. */
  fill?: Color;
  /** From 0, invisible, to 1, the default. Of the inside only. */
  fillOpacity?: number;
  /** Color of a line along the edge, painted over the inside; none if absent. */
  stroke?: Color;
  /** Width of that line, in the world's units, half of it on either side of the edge. */
  strokeWidth?: number;
}

export interface Circle {
  shape: 'circle';
  center: Point;
  radius: number;
}

/** Closed, with round corners to its stroke; one of two points is a line. */
export interface Polygon {
  shape: 'polygon';
  points: readonly Point[];
}

export type Geometry = Circle | Polygon;

/** All that a back end has to know how to paint. Lengths are in the world's units. */
export type Shape = Geometry & Paint;

/** A polygon with equal sides and its first corner at the top. */
export function regularPolygon([x, y]: Point, radius: number, corners: number): Point[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI;
    return [x + radius * Math.sin(angle), y + radius * Math.cos(angle)];
  });
}

export function rectangle(left: number, bottom: number, width: number, height: number): Point[] {
  const [right, top] = [left + width, bottom + height];
  return [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
}

/** The smallest and the largest x and y that a shape covers, its stroke included. */
export function boundsOf(shape: Shape): { min: Point; max: Point } {
  const half = shape.stroke ? (shape.strokeWidth ?? 0) / 2 : 0;
  const [points, margin] =
    shape.shape === 'circle' ? [[shape.center], shape.radius + half] : [shape.points, half];
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return {
    min: [Math.min(...xs) - margin, Math.min(...ys) - margin],
    max: [Math.max(...xs) + margin, Math.max(...ys) + margin],
  };
}
