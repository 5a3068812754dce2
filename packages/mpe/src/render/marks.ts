/** How each thing looks. Every function gives the shapes of one thing, lowest first. */
import type { Agent, Landmark, Vector2 } from '../world.js';
import { type HexColor, palette } from './palette.js';
import { type Geometry, rectangle, regularPolygon, type SceneShape } from './shapes.js';

const OUTLINE = { stroke: palette.ink, strokeWidth: 0.012 } as const;
/** Lets a small thing stand out from whatever lies below it. */
const HALO = { stroke: palette.paper, strokeWidth: 0.03 } as const;

export const arena: SceneShape = {
  shape: 'polygon',
  kind: 'arena',
  points: rectangle(-1, -1, 2, 2),
  fill: palette.floor,
  stroke: palette.border,
  strokeWidth: 0.012,
};

/** A disc, on an adversary with a triangle, on a leader with a white ring as well. */
export function agentMark({ name, x, y, size, adversary, leader }: Agent, color: HexColor): SceneShape[] {
  const about = { kind: 'agent', name } as const;
  const center: Vector2 = [x, y];
  const shapes: SceneShape[] = [
    { ...about, ...OUTLINE, shape: 'circle', center, radius: size, fill: color, fillOpacity: 0.85 },
  ];
  if (leader) {
    const ring = { stroke: palette.paper, strokeWidth: 0.016 };
    shapes.push({ ...about, ...ring, shape: 'circle', center, radius: size - 0.014 });
  }
  if (adversary) {
    const points = regularPolygon(center, size * 0.6, 3);
    shapes.push({ ...about, shape: 'polygon', points, fill: palette.ink });
  }
  return shapes;
}

/** A line from the disc's edge forward, 0.2 long at a speed of 1. */
export function velocityMark({ name, x, y, vx, vy, size }: Agent): SceneShape[] {
  const speed = Math.sqrt(vx * vx + vy * vy);
  if (!(speed > 0.05)) return []; // would be no more than a dot
  const at = (distance: number): Vector2 => [x + (vx / speed) * distance, y + (vy / speed) * distance];
  const points = [at(size), at(size + 0.2 * speed)];
  return [{ kind: 'velocity', name, shape: 'polygon', points, stroke: palette.ink, strokeWidth: 0.016 }];
}

/** An arrow from the agent's center that reaches as far as it says. */
export function arrowMark({ name, x, y }: Agent, [dx, dy]: Vector2): SceneShape[] {
  const length = Math.sqrt(dx * dx + dy * dy);
  if (!(length > 0)) return [];
  const head = Math.min(0.08, length / 2);
  /** `forward` along the arrow, `aside` to its left. */
  const at = (forward: number, aside: number): Vector2 => [
    x + (dx * forward - dy * aside) / length,
    y + (dy * forward + dx * aside) / length,
  ];
  const [neck, width] = [length - head, head / 5];
  const points = [
    at(0, width),
    at(neck, width),
    at(neck, head / 1.6),
    at(length, 0),
    at(neck, -head / 1.6),
    at(neck, -width),
    at(0, -width),
  ];
  return [{ kind: 'arrow', name, shape: 'polygon', points, fill: palette.ink, ...HALO, strokeWidth: 0.012 }];
}

/** A grey disc that agents bump into. */
export function obstacleMark({ name, x, y, size }: Landmark): SceneShape[] {
  const paint = { ...OUTLINE, fill: palette.obstacle };
  return [{ kind: 'obstacle', name, shape: 'circle', center: [x, y], radius: size, ...paint }];
}

/** A disc that can be seen through, with a wide edge. */
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
 * A landmark to go to, or to speak of, a little larger than it is: a dark ring, or, where landmarks are of several kinds,
 * a shape and a color for each kind.
 */
export function landmarkMark({ name, x, y, size }: Landmark, look: number | undefined): SceneShape[] {
  const about = { kind: 'landmark', name } as const;
  const center: Vector2 = [x, y];
  if (look === undefined) {
    return [
      { ...about, ...HALO, shape: 'circle', center, radius: size * 1.2, fill: palette.ink },
      { ...about, shape: 'circle', center, radius: size * 0.4, fill: palette.paper },
    ];
  }
  const geometry = KINDS[look % KINDS.length](center, size * 1.15);
  const fill = palette.landmarks[look % palette.landmarks.length];
  return [
    { ...about, ...HALO, ...geometry },
    { ...about, ...OUTLINE, ...geometry, fill },
  ];
}

/** The kind of the landmark that is an agent's key, on the agent. */
export function keyMark({ name, x, y, size }: Agent, look = 0): SceneShape[] {
  const geometry = KINDS[look % KINDS.length]([x, y], size * 0.65);
  const fill = palette.landmarks[look % palette.landmarks.length];
  return [{ kind: 'key', name, ...OUTLINE, ...geometry, fill }];
}

/** Square, disc and diamond. The triangle is the adversaries'. */
const KINDS: readonly ((center: Vector2, radius: number) => Geometry)[] = [
  ([x, y], r) => ({ shape: 'polygon', points: rectangle(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8) }),
  (center, radius) => ({ shape: 'circle', center, radius }),
  (center, radius) => ({ shape: 'polygon', points: regularPolygon(center, radius * 1.2, 4) }),
];

/** A ring around a landmark, named after who has to go there, and the wider the more there are already. */
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

/** A bubble with a bar for each component of what the agent said: empty at 0, full at 1. */
export function utteranceMark({ name, x, y, size, utterance }: Agent): SceneShape[] {
  const about = { kind: 'utterance', name, shape: 'polygon' } as const;
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
      ...about,
      points: rectangle(...foot, BAR.pitch - BAR.gap, Math.max(height, 0.006)),
      fill: palette.ink,
    };
  });
  return [
    { ...about, points: stem, ...OUTLINE },
    { ...about, points, fill: palette.paper, ...OUTLINE },
    ...bars,
  ];
}
const BAR = { pitch: 0.04, gap: 0.014, height: 0.09 };
