import {
  ArgumentError,
  above0,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  describe,
  integerFrom1,
  listOf,
  type OptionChecks,
  object,
  text,
  trueOrFalse,
} from '@paragrad/check';
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

/** A picture as plain data. `toSvg`, `drawOnCanvas`, `rasterize` and `encodeGif` paint it. */
export interface Scene {
  /** The picture shows the square [-halfWidth, halfWidth]^2. */
  halfWidth: number;
  /** Color where there is no shape. */
  background: HexColor;
  /** In the order of painting. */
  shapes: SceneShape[];
}

/** What a scene shows, and from how far. */
export interface SceneOptions {
  /** Half the side of the visible square, by default 1.3. The arena is [-1, 1]^2, but agents may leave it. */
  halfWidth?: number | undefined;
  /** Whether a line in front of each agent shows its velocity. It is 0.2 long at a speed of 1. Default true. */
  velocities?: boolean | undefined;
  /** Arrows from the centers of agents, by agent name: how far each reaches to the right and up, in the world's units. */
  arrows?: Readonly<Record<string, Vector2>> | undefined;
}

const sceneOptions: OptionChecks<SceneOptions> = {
  halfWidth: above0,
  velocities: trueOrFalse,
  arrows: object as Check<NonNullable<SceneOptions['arrows']>>,
};

/**
 * The picture of a world. Obstacles are painted first. Then come agents and the landmarks they go to, the smaller ones on
 * top, which shows whether a landmark is covered. Then come forests, which are transparent, and what agents say. Things
 * without a finite position are left out.
 *
 * @throws ArgumentError if there is an arrow for an unknown agent, or if an arrow is not a pair.
 */
export function sceneOf(world: World, options: SceneOptions = {}): Scene {
  checkOptions<SceneOptions>('scene', options, sceneOptions);
  const { halfWidth = 1.3, velocities = true, arrows = {} } = options;
  checkArrows(world, arrows);
  const agents = world.agents.filter(hasPosition);
  const landmarks = world.landmarks.filter(hasPosition);
  const isObstacle = ({ kind, collide }: Landmark) => kind === 'landmark' && collide;
  const bodies: Entity[] = [
    ...landmarks.filter((landmark) => landmark.kind !== 'forest' && !isObstacle(landmark)),
    ...agents,
  ];
  const marksOf = bodyMarks(world);
  return {
    halfWidth,
    background: palette.outside,
    shapes: [
      arena,
      ...landmarks.filter(isObstacle).flatMap(obstacleMark),
      ...(velocities ? agents.flatMap(velocityMark) : []),
      ...bodies.sort((a, b) => b.size - a.size).flatMap(marksOf),
      ...landmarks.filter(({ kind }) => kind === 'forest').flatMap(forestMark),
      ...agents.filter(({ silent }) => !silent).flatMap(utteranceMark),
      ...agents.flatMap((agent) => (arrows[agent.name] ? arrowMark(agent, arrows[agent.name]) : [])),
    ],
  };
}

/**
 * The smallest half width that shows every shape of every scene, but at least `minimum`. With it, all frames of a recorded
 * episode have the same view: paint `{ ...scene, halfWidth }`.
 */
export function fitHalfWidth(scenes: readonly Scene[], minimum = 1.1): number {
  checkNoMore('fitHalfWidth', arguments, 2);
  checkArgument('fitHalfWidth', 'scenes', scenes, scenesCheck);
  checkArgument('fitHalfWidth', 'minimum', minimum, above0);
  let halfWidth = minimum;
  for (const shape of scenes.flatMap(({ shapes }) => shapes)) {
    const { min, max } = boundsOf(shape);
    halfWidth = Math.max(halfWidth, -min[0], -min[1], max[0], max[1]);
  }
  return halfWidth;
}

function hasPosition({ x, y }: Entity): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

/**
 * Returns a function for the shapes of an agent, a landmark or food. The world decides on colors, kinds of landmarks and
 * goals.
 */
function bodyMarks({ agents, landmarks }: World): (body: Entity) => SceneShape[] {
  // The agents of each team take its colors in turn.
  const ranks = { adversaries: 0, good: 0 };
  const colors = agents.map(({ team }) => palette[team][ranks[team]++ % palette[team].length]);
  // Landmarks that are gray in the reference are all of one kind. Every other color is a kind of its own.
  const kinds = [...new Set(landmarks.filter(({ color }) => !isGray(color)).map(({ color }) => `${color}`))];
  const kindOf = ({ color }: Landmark) => (isGray(color) ? undefined : kinds.indexOf(`${color}`));

  return (body) => {
    if (body instanceof Agent) {
      return [...agentMark(body, colors[body.index]), ...(body.key ? keyMark(body, kindOf(body.key)) : [])];
    }
    const landmark = body as Landmark;
    if (landmark.kind === 'food') return foodMark(landmark);
    // A ring for each agent that has to go here, by itself or guided, and one if this is the goal of the whole episode.
    const visitors = agents
      .filter(({ goalB }) => goalB === landmark)
      .map((agent) => (agent.goalA instanceof Agent ? agent.goalA : agent));
    const rings = visitors.map(({ name, index }) => ({ name, color: colors[index] as HexColor }));
    if (agents.some(({ goalA }) => goalA === landmark)) {
      rings.push({ name: landmark.name, color: palette.goal });
    }
    return [
      ...rings.flatMap(({ name, color }, rank) => goalMark(landmark, name, color, rank)),
      ...landmarkMark(landmark, kindOf(landmark)),
    ];
  };
}

function isGray(color: readonly number[]): boolean {
  return color.every((component) => component === color[0]);
}

function checkArrows({ agents }: World, arrows: object): void {
  for (const [name, arrow] of Object.entries(arrows)) {
    if (!agents.some((agent) => agent.name === name)) {
      throw new ArgumentError(
        `scene: there is an arrow for ${name}, but the agents are ${agents.map((agent) => agent.name).join(', ')}`,
      );
    }
    if (isArrayLike(arrow) && arrow.length === 2) continue;
    throw new ArgumentError(
      `scene: the arrow of ${name} is ${describe(arrow)}; give [x, y], how far it reaches to the right and up`,
    );
  }
}

/** Throws unless they can be painted: a scene, and the size of the picture in pixels. */
export function checkCamera(caller: string, scene: Scene, size: number): void {
  checkArgument(caller, 'the scene', scene, aScene);
  checkArgument(caller, 'size', size, pixels);
  checkArgument(caller, 'halfWidth', scene.halfWidth, above0);
  checkArgument(caller, 'background', scene.background, text);
}

const MOST_PIXELS = 16_384;
const pixels: Check<number> = {
  inWords: `a positive integer, in pixels, of at most ${MOST_PIXELS}`,
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= MOST_PIXELS,
};
/** The options of all that paint: how high and wide the picture is. */
export const sizeOptions: OptionChecks<{ size?: number }> = { size: pixels };

/** Options of `render`: those of a scene, and the size of the picture. */
export interface RenderOptions extends SceneOptions {
  /** Width and height of the picture, in pixels. */
  size?: number | undefined;
}
export const renderOptions: OptionChecks<RenderOptions> = { ...sceneOptions, ...sizeOptions };

const isPoint = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((x) => typeof x === 'number');
const shapesCheck = listOf<SceneShape>({
  inWords: 'a circle with center and radius, or a polygon with points',
  accepts: (value): value is SceneShape => {
    const { shape, center, radius, points } = (value ?? {}) as Partial<Record<string, unknown>>;
    return shape === 'circle'
      ? isPoint(center) && typeof radius === 'number'
      : Array.isArray(points) && points.every(isPoint);
  },
});
const aScene: Check<Scene> = {
  inWords: 'a scene, as env.scene() returns; each of its shapes is a circle or a polygon',
  accepts: (value): value is Scene => shapesCheck.accepts((value as Scene | null | undefined)?.shapes),
};
const scenesCheck = listOf(aScene);
