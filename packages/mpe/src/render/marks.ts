/** How things look. Every function returns the shapes of one thing, in the order of painting. */
import type { Agent, Landmark, Vector2 } from '../world.js';
import { type HexColor, palette } from './palette.js';
import { type Circle, type Polygon, rectangle, regularPolygon, type SceneShape } from './shapes.js';

const OUTLINE = { stroke: palette.ink, strokeWidth: 0.012 } as const;
/** A light edge that separates a small thing from what is below it. */
const HALO = { stroke: palette.paper, strokeWidth: 0.03 } as const;

export const arena: SceneShape = {
  shape: 'polygon',
  kind: 'arena',
  points: rectangle(-1, -1, 2, 2),
  fill: palette.floor,
  stroke: palette.border,
  strokeWidth: 0.012,
};

/** A disc. An adversary has a triangle on it, a leader also a white ring. */
export function agentMark({ name, x, y, size, adversary, leader }: Agent, color: HexColor): SceneShape[] {
  const subject = { kind: 'agent', name } as const;
  const center: Vector2 = [x, y];
  const shapes: SceneShape[] = [
    { ...subject, ...OUTLINE, shape: 'circle', center, radius: size, fill: color, fillOpacity: 0.85 },
  ];
  if (leader) {
    const ring = { stroke: palette.paper, strokeWidth: 0.016 };
    shapes.push({ ...subject, ...ring, shape: 'circle', center, radius: size - 0.014 });
  }
  if (adversary) {
    const points = regularPolygon(center, size * 0.6, 3);
    shapes.push({ ...subject, shape: 'polygon', points, fill: palette.ink });
  }
  return shapes;
}

/** A line forward from the edge of the disc. It is 0.2 long at a speed of 1. */
export function velocityMark({ name, x, y, vx, vy, size }: Agent): SceneShape[] {
  const speed = Math.sqrt(vx * vx + vy * vy);
  if (!(speed > 0.05)) return []; // the line would look like a dot
  const pointAt = (distance: number): Vector2 => [x + (vx / speed) * distance, y + (vy / speed) * distance];
  const points = [pointAt(size), pointAt(size + 0.2 * speed)];
  return [{ kind: 'velocity', name, shape: 'polygon', points, stroke: palette.ink, strokeWidth: 0.016 }];
}

/** An arrow from the agent's center that reaches `dx` to the right and `dy` up. */
export function arrowMark({ name, x, y }: Agent, [dx, dy]: Vector2): SceneShape[] {
  const length = Math.sqrt(dx * dx + dy * dy);
  if (!(length > 0)) return [];
  const head = Math.min(0.08, length / 2);
  /** The point `forward` along the arrow and `aside` to its left. */
  const pointAt = (forward: number, aside: number): Vector2 => [
    x + (dx * forward - dy * aside) / length,
    y + (dy * forward + dx * aside) / length,
  ];
  const [neck, width] = [length - head, head / 5];
  const points = [
    pointAt(0, width),
    pointAt(neck, width),
    pointAt(neck, head / 1.6),
    pointAt(length, 0),
    pointAt(neck, -head / 1.6),
    pointAt(neck, -width),
    pointAt(0, -width),
  ];
  return [{ kind: 'arrow', name, shape: 'polygon', points, fill: palette.ink, ...HALO, strokeWidth: 0.012 }];
}

/** A gray disc that agents bump into. */
export function obstacleMark({ name, x, y, size }: Landmark): SceneShape[] {
  const paint = { ...OUTLINE, fill: palette.obstacle };
  return [{ kind: 'obstacle', name, shape: 'circle', center: [x, y], radius: size, ...paint }];
}

/** A transparent disc with a wide edge. */
export function forestMark({ name, x, y, size }: Landmark): SceneShape[] {
  const forest = { kind: 'forest', name, shape: 'circle', center: [x, y] } as const;
  const edge = { stroke: palette.forest, strokeWidth: 0.02 };
  return [{ ...forest, ...edge, radius: size - 0.01, fill: palette.forest, fillOpacity: 0.3 }];
}

/** A small star. */
export function foodMark({ name, x, y, size }: Landmark): SceneShape[] {
  const outer = regularPolygon([x, y], size * 1.8, 10);
  const inner = regularPolygon([x, y], size * 0.9, 10);
  const points = outer.map((point, i) => (i % 2 === 0 ? point : inner[i]));
  return [{ kind: 'food', name, shape: 'polygon', points, ...OUTLINE, fill: palette.food }];
}

/**
 * A landmark that agents go to or speak about, drawn a little larger than it is. If landmarks are of several kinds, each
 * kind has a shape and a color. Otherwise (`kindIndex` is undefined) a landmark is a dark ring.
 */
export function landmarkMark({ name, x, y, size }: Landmark, kindIndex: number | undefined): SceneShape[] {
  const subject = { kind: 'landmark', name } as const;
  const center: Vector2 = [x, y];
  if (kindIndex === undefined) {
    return [
      { ...subject, ...HALO, shape: 'circle', center, radius: size * 1.2, fill: palette.ink },
      { ...subject, shape: 'circle', center, radius: size * 0.4, fill: palette.paper },
    ];
  }
  const geometry = LANDMARK_SHAPES[kindIndex % LANDMARK_SHAPES.length](center, size * 1.15);
  const fill = palette.landmarks[kindIndex % palette.landmarks.length];
  return [
    { ...subject, ...HALO, ...geometry },
    { ...subject, ...OUTLINE, ...geometry, fill },
  ];
}

/** On an agent with a key: the shape and the color of the landmark that is its key. */
export function keyMark({ name, x, y, size }: Agent, kindIndex = 0): SceneShape[] {
  const geometry = LANDMARK_SHAPES[kindIndex % LANDMARK_SHAPES.length]([x, y], size * 0.65);
  const fill = palette.landmarks[kindIndex % palette.landmarks.length];
  return [{ kind: 'key', name, ...OUTLINE, ...geometry, fill }];
}

/** Square, disc and diamond. The triangle is for adversaries. */
const LANDMARK_SHAPES: readonly ((center: Vector2, radius: number) => Circle | Polygon)[] = [
  ([x, y], r) => ({ shape: 'polygon', points: rectangle(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8) }),
  (center, radius) => ({ shape: 'circle', center, radius }),
  (center, radius) => ({ shape: 'polygon', points: regularPolygon(center, radius * 1.2, 4) }),
];

/** A ring around a landmark, with the name of the agent that has to go there. `rank` is the number of rings inside it. */
export function goalMark(
  { x, y, size }: Landmark,
  name: string,
  color: HexColor,
  rank: number,
): SceneShape[] {
  const radius = size * 1.3 + 0.06 + 0.04 * rank;
  const ring = { kind: 'goal', name, shape: 'circle', center: [x, y], radius } as const;
  return [
    { ...ring, stroke: palette.ink, strokeWidth: 0.034 },
    { ...ring, stroke: color, strokeWidth: 0.02 },
  ];
}

/** A bubble with a bar for each number of the agent's utterance: empty at 0, full at 1. */
export function utteranceMark({ name, x, y, size, utterance }: Agent): SceneShape[] {
  const subject = { kind: 'utterance', name, shape: 'polygon' } as const;
  const bottom = y + size + 0.06;
  const width = utterance.length * BAR.pitch + BAR.gap;
  const left = x - width / 2;
  const points = rectangle(left, bottom, width, BAR.height + 2 * BAR.gap);
  const stem: Vector2[] = [
    [x, y + size],
    [x, bottom],
  ];
  const bars = [...utterance].map((value, i): SceneShape => {
    const height = BAR.height * Math.min(Math.max(value, 0), 1);
    const foot: Vector2 = [left + BAR.gap + i * BAR.pitch, bottom + BAR.gap];
    return {
      ...subject,
      points: rectangle(...foot, BAR.pitch - BAR.gap, Math.max(height, 0.006)),
      fill: palette.ink,
    };
  });
  return [
    { ...subject, points: stem, ...OUTLINE },
    { ...subject, points, fill: palette.paper, ...OUTLINE },
    ...bars,
  ];
}
const BAR = { pitch: 0.04, gap: 0.014, height: 0.09 };
