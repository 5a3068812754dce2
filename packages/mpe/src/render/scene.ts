import type { Agent, Landmark, RGB, World } from '../world.js';

/** A filled circle. */
export interface Circle {
  kind: 'agent' | 'landmark';
  /** Name of the agent or landmark. */
  name: string;
  /** Centre and radius in the world's coordinates; y points up. */
  x: number;
  y: number;
  radius: number;
  /** Red, green and blue in [0, 1]; of the inside, and of a thin line along its edge. */
  fill: RGB;
  outline: RGB;
  /** From 0, invisible, to 1. */
  opacity: number;
}

export interface Scene {
  /** What is seen is the square [-halfWidth, halfWidth]^2. */
  halfWidth: number;
  /** In the order in which they are to be painted. */
  circles: Circle[];
}

export interface SceneOptions {
  /** Half the side of the visible square; 1.3 by default. The arena is [-1, 1]^2, but agents may leave it. */
  halfWidth?: number;
}

/** Agents of a side are told apart by shades: warm ones for adversaries, cool ones for all others. */
const WARM: readonly RGB[] = [
  [0.86, 0.26, 0.24],
  [0.95, 0.5, 0.16],
  [0.78, 0.2, 0.45],
  [0.9, 0.63, 0.13],
  [0.6, 0.24, 0.14],
];
const COOL: readonly RGB[] = [
  [0.22, 0.47, 0.87],
  [0.09, 0.66, 0.56],
  [0.54, 0.36, 0.83],
  [0.36, 0.7, 0.24],
  [0.16, 0.68, 0.87],
  [0.3, 0.33, 0.62],
];
const WHITE: RGB = [1, 1, 1];

/**
 * What there is to see in a world. Landmarks that agents bump into are painted below the agents, all others on top,
 * smaller than the agents that cover them and rimmed in white, so that coverage can be seen.
 */
export function sceneOf(world: World, { halfWidth = 1.3 }: SceneOptions = {}): Scene {
  const ranks = { adversary: 0, other: 0 };
  const agents = world.agents.map((agent) => {
    const shades = agent.adversary ? WARM : COOL;
    const rank = agent.adversary ? ranks.adversary++ : ranks.other++;
    return agentCircle(agent, shades[rank % shades.length] as RGB);
  });
  const obstacles = world.landmarks.filter((landmark) => landmark.collide);
  const targets = world.landmarks.filter((landmark) => !landmark.collide);
  return {
    halfWidth,
    circles: [...obstacles.map(obstacleCircle), ...agents, ...targets.flatMap(targetCircles)],
  };
}

/**
 * The half width that keeps every circle of every scene in view, and is `least` or more: one camera for a whole
 * recorded episode. Paint with `{ ...scene, halfWidth }`.
 */
export function fitHalfWidth(scenes: readonly Scene[], least = 1.1): number {
  let halfWidth = least;
  for (const { circles } of scenes) {
    for (const { x, y, radius } of circles) {
      const reach = Math.max(Math.abs(x), Math.abs(y)) + radius;
      if (reach > halfWidth) halfWidth = reach;
    }
  }
  return halfWidth;
}

function agentCircle({ name, x, y, size }: Agent, fill: RGB): Circle {
  return { kind: 'agent', name, x, y, radius: size, fill, outline: darker(fill), opacity: 0.8 };
}

function obstacleCircle({ name, x, y, size, color }: Landmark): Circle {
  return { kind: 'landmark', name, x, y, radius: size, fill: color, outline: darker(color), opacity: 0.6 };
}

/** A ring, rimmed so that it stands out from the agent below. */
function targetCircles({ name, x, y, size, color }: Landmark): Circle[] {
  const disc: Circle = {
    kind: 'landmark',
    name,
    x,
    y,
    radius: size,
    fill: color,
    outline: WHITE,
    opacity: 1,
  };
  return [
    { ...disc, radius: size * 1.2 },
    { ...disc, radius: size * 0.4, fill: WHITE },
  ];
}

function darker([r, g, b]: RGB): RGB {
  return [r * 0.6, g * 0.6, b * 0.6];
}
