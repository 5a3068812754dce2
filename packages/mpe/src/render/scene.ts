import { isArrayLike } from '../spaces.js';
import { Agent, type Entity, type Landmark, type Vector2, type World } from '../world.js';
import {
  agentMark,
  arena,
  arrowMark,
  foodMark,
  forestMark,
  goalMark,
  keyMark,
  landmarkMark,
  obstacleMark,
  utteranceMark,
  velocityMark,
} from './marks.js';
import { type HexColor, palette } from './palette.js';
import { boundsOf, type SceneShape } from './shapes.js';

/** What there is to see, as plain data. `toSvg`, `drawOnCanvas`, `rasterize` and `encodeGif` all paint this. */
export interface Scene {
  /** What is seen is the square [-halfWidth, halfWidth]^2. */
  halfWidth: number;
  /** HexColor of all that no shape covers. */
  background: HexColor;
  /** In the order in which they are to be painted. */
  shapes: SceneShape[];
}

export interface SceneOptions {
  /** Half the side of the visible square; 1.3 by default. The arena is [-1, 1]^2, but agents may leave it. */
  halfWidth?: number | undefined;
  /** Whether a line in front of each agent shows its velocity: 0.2 long at a speed of 1. True by default. */
  velocities?: boolean | undefined;
  /** Arrows from the centers of some agents, keyed by name: how far each reaches, in the world's units. */
  arrows?: Readonly<Record<string, Vector2>> | undefined;
}

/**
 * What there is to see in a world. Obstacles lie lowest, then agents and the landmarks they go to, the smaller the higher, so
 * that one can see whether a landmark is covered; then forests, through which one sees what is in them, and what agents say. What has
 * no finite position is left out.
 *
 * @throws RangeError if there is an arrow for an agent that doesn't exist, TypeError if one is no pair.
 */
export function sceneOf(
  world: World,
  { halfWidth = 1.3, velocities = true, arrows = {} }: SceneOptions = {},
): Scene {
  checkArrows(world, arrows);
  const agents = world.agents.filter(isSomewhere);
  const landmarks = world.landmarks.filter(isSomewhere);
  const isObstacle = ({ kind, collide }: Landmark) => kind === 'landmark' && collide;
  const bodies: Entity[] = [
    ...landmarks.filter((landmark) => landmark.kind !== 'forest' && !isObstacle(landmark)),
    ...agents,
  ];
  const markOf = marker(world);
  return {
    halfWidth,
    background: palette.outside,
    shapes: [
      arena,
      ...landmarks.filter(isObstacle).flatMap(obstacleMark),
      ...(velocities ? agents.flatMap(velocityMark) : []),
      ...bodies.sort((a, b) => b.size - a.size).flatMap(markOf),
      ...landmarks.filter(({ kind }) => kind === 'forest').flatMap(forestMark),
      ...agents.filter(({ silent }) => !silent).flatMap(utteranceMark),
      ...agents.flatMap((agent) => (arrows[agent.name] ? arrowMark(agent, arrows[agent.name]) : [])),
    ],
  };
}

/**
 * The half width that keeps every shape of every scene in view, and is `least` or more: one camera for a whole recorded
 * episode. Paint with `{ ...scene, halfWidth }`.
 */
export function fitHalfWidth(scenes: readonly Scene[], least = 1.1): number {
  let halfWidth = least;
  for (const shape of scenes.flatMap(({ shapes }) => shapes)) {
    const { min, max } = boundsOf(shape);
    halfWidth = Math.max(halfWidth, -min[0], -min[1], max[0], max[1]);
  }
  return halfWidth;
}

function isSomewhere({ x, y }: Entity): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

/** How agents, landmarks and food look in a world: who has which color, which landmarks are alike, whose goal they are. */
function marker({ agents, landmarks }: World): (body: Entity) => SceneShape[] {
  // Agents of a side take its colors in turn.
  const ranks = { adversaries: 0, good: 0 };
  const colors = agents.map(({ adversary }) => {
    const side = adversary ? 'adversaries' : 'good';
    return palette[side][ranks[side]++ % palette[side].length];
  });
  // Landmarks that are grey in the reference are all alike; each other color there is a kind.
  const kinds = [...new Set(landmarks.filter(({ color }) => !isGrey(color)).map(({ color }) => `${color}`))];
  const kindOf = ({ color }: Landmark) => (isGrey(color) ? undefined : kinds.indexOf(`${color}`));

  return (body) => {
    if (body instanceof Agent) {
      return [...agentMark(body, colors[body.index]), ...(body.key ? keyMark(body, kindOf(body.key)) : [])];
    }
    const landmark = body as Landmark;
    if (landmark.kind === 'food') return foodMark(landmark);
    // A ring for each agent that is to come here, by itself or guided, and one if the whole episode is about it.
    const expected = agents
      .filter(({ goalB }) => goalB === landmark)
      .map((agent) => (agent.goalA instanceof Agent ? agent.goalA : agent));
    const rings = expected.map(({ name, index }) => ({ name, color: colors[index] as HexColor }));
    if (agents.some(({ goalA }) => goalA === landmark)) {
      rings.push({ name: landmark.name, color: palette.goal });
    }
    return [
      ...rings.flatMap(({ name, color }, rank) => goalMark(landmark, name, color, rank)),
      ...landmarkMark(landmark, kindOf(landmark)),
    ];
  };
}

function isGrey(color: readonly number[]): boolean {
  return color.every((component) => component === color[0]);
}

function checkArrows({ agents }: World, arrows: object): void {
  for (const [name, arrow] of Object.entries(arrows)) {
    if (!agents.some((agent) => agent.name === name)) {
      throw new RangeError(
        `scene: an arrow is for ${name}, but the agents are ${agents.map((agent) => agent.name).join(', ')}`,
      );
    }
    if (isArrayLike(arrow) && arrow.length === 2) continue;
    throw new TypeError(
      `scene: the arrow of ${name} is ${JSON.stringify(arrow)}; give [x, y], how far it reaches to the right and up`,
    );
  }
}

/** @throws RangeError if there is nothing that a back end could paint on. */
export function checkCamera(op: string, { halfWidth }: Scene, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`${op}: size is ${size}; give a positive integer, in pixels`);
  }
  if (!(halfWidth > 0 && halfWidth < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${op}: halfWidth is ${halfWidth}; give a positive number`);
  }
}
