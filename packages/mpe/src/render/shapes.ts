import type { Vector2 } from '../world.js';
import type { HexColor } from './palette.js';

export type SceneShapeKind =
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
  kind: SceneShapeKind;
  /** Name of the agent or landmark; the arena has none. */
  name?: string;
  /** HexColor of the inside; none if absent. */
  fill?: HexColor;
  /** From 0, invisible, to 1, the default. Of the inside only. */
  fillOpacity?: number;
  /** HexColor of a line along the edge, painted over the inside; none if absent. */
  stroke?: HexColor;
  /** Width of that line, in the world's units, half of it on either side of the edge. */
  strokeWidth?: number;
}

export interface Circle {
  shape: 'circle';
  center: Vector2;
  radius: number;
}

/** Closed, with round corners to its stroke; one of two points is a line. */
export interface Polygon {
  shape: 'polygon';
  points: readonly Vector2[];
}

export type Geometry = Circle | Polygon;

/** All that a back end has to know how to paint. Lengths are in the world's units. */
export type SceneShape = Geometry & Paint;

/** A polygon with equal sides and its first corner at the top. */
export function regularPolygon([x, y]: Vector2, radius: number, corners: number): Vector2[] {
  return Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI;
    return [x + radius * Math.sin(angle), y + radius * Math.cos(angle)];
  });
}

export function rectangle(left: number, bottom: number, width: number, height: number): Vector2[] {
  const [right, top] = [left + width, bottom + height];
  return [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
}

/** The smallest and the largest x and y that a shape covers, its stroke included. */
export function boundsOf(shape: SceneShape): { min: Vector2; max: Vector2 } {
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
