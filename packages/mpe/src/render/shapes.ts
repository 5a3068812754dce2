import type { Vector2 } from '../world.js';
import type { HexColor } from './palette.js';

/** What a shape can show. */
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

/** How a shape is painted. */
export interface Paint {
  /** What the shape shows. */
  kind: SceneShapeKind;
  /** Name of the agent or landmark. The arena has none. */
  name?: string;
  /** Color of the inside. If absent, the inside is not painted. */
  fill?: HexColor;
  /** Opacity of the inside, from 0 (invisible) to 1 (the default). */
  fillOpacity?: number;
  /** Color of a line along the edge, painted over the inside. If absent, there is no line. */
  stroke?: HexColor;
  /** Width of that line, in the world's units. Half of it is outside the edge. */
  strokeWidth?: number;
}

/** A circle. */
export interface Circle {
  /** Tells it from a polygon. */
  shape: 'circle';
  /** Its middle. */
  center: Vector2;
  /** Its radius, in the world's units. */
  radius: number;
}

/** A closed polygon. Its stroke has round corners. Two points make a line. */
export interface Polygon {
  /** Tells it from a circle. */
  shape: 'polygon';
  /** Its corners, in order. */
  points: readonly Vector2[];
}

/** A shape of a scene: a circle or a polygon. A painter needs to know only these two. Lengths are in the world's units. */
export type SceneShape = (Circle | Polygon) & Paint;

/** The corners of a regular polygon. The first is at the top. */
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

/** The smallest and the largest x and y of a shape, including its stroke. */
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
