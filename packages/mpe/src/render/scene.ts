import type { Agent, Entity, Landmark, World } from '../world.js';
import {
  agentMark,
  arena,
  arrowMark,
  goalMark,
  landmarkMark,
  obstacleMark,
  utteranceMark,
  velocityMark,
} from './marks.js';
import { type Colour, palette } from './palette.js';
import { boundsOf, type Point, type Shape } from './shapes.js';

/** What there is to see, as plain data. `toSvg`, `drawOnCanvas`, `rasterize` and `encodeGif` all paint this. */
export interface Scene {
  /** What is seen is the square [-halfWidth, halfWidth]^2. */
  halfWidth: number;
  /** Colour of all that no shape covers. */
  background: Colour;
  /** In the order in which they are to be painted. */
  shapes: Shape[];
}

export interface SceneOptions {
  /** Half the side of the visible square; 1.3 by default. The arena is [-1, 1]^2, but agents may leave it. */
  halfWidth?: number | undefined;
  /** Whether a line in front of each agent shows its velocity: 0.2 long at a speed of 1. True by default. */
  velocities?: boolean | undefined;
  /** Arrows from the centres of some agents, keyed by name: how far each reaches, in the world's units. */
  arrows?: Readonly<Record<string, Point>> | undefined;
}

/**
 * What there is to see in a world: agents as discs of their size, obstacles below them, and above them, so that coverage
 * can be seen, landmarks. What has no finite position is left out.
 *
 * @throws RangeError if there is an arrow for an agent that doesn't exist.
 */
export function sceneOf(
  world: World,
  { halfWidth = 1.3, velocities = true, arrows = {} }: SceneOptions = {},
): Scene {
  checkArrows(world, arrows);
  const agents = world.agents.filter(isSomewhere);
  const landmarks = world.landmarks.filter(isSomewhere);
  const colourOf = agentColours(world.agents);
  const lookOf = landmarkLooks(world.landmarks);
  const obstacles = landmarks.filter(({ collide }) => collide);
  const targets = landmarks.filter(({ collide }) => !collide);
  return {
    halfWidth,
    background: palette.outside,
    shapes: [
      arena,
      ...obstacles.flatMap(obstacleMark),
      ...(velocities ? agents.flatMap(velocityMark) : []),
      ...agents.flatMap((agent) => agentMark(agent, colourOf(agent))),
      ...targets.flatMap((landmark) => landmarkMark(landmark, lookOf(landmark))),
      ...goalMarks(agents, colourOf),
      ...agents.filter(({ silent }) => !silent).flatMap(utteranceMark),
      ...agents.flatMap((agent) => (arrows[agent.name] ? arrowMark(agent, arrows[agent.name] as Point) : [])),
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

/** Agents of a side take its colours in turn. */
function agentColours(agents: readonly Agent[]): (agent: Agent) => Colour {
  const sides = [
    { members: agents.filter(({ adversary }) => adversary), colours: palette.adversaries },
    { members: agents.filter(({ adversary }) => !adversary), colours: palette.good },
  ];
  const colours = new Map(
    sides.flatMap(({ members, colours }) =>
      members.map((agent, i) => [agent, colours[i % colours.length] as Colour] as const),
    ),
  );
  return (agent) => colours.get(agent) as Colour;
}

/** Landmarks that are grey in the reference are alike, and have no look of their own; each other colour is a kind. */
function landmarkLooks(landmarks: readonly Landmark[]): (landmark: Landmark) => number | undefined {
  const kinds = [...new Set(landmarks.filter(({ color }) => !isGrey(color)).map(({ color }) => `${color}`))];
  return ({ color }) => (isGrey(color) ? undefined : kinds.indexOf(`${color}`));
}

/** A ring for every goal: in the colour of the agent whose goal it is, or in one of its own where several share it. */
function goalMarks(agents: readonly Agent[], colourOf: (agent: Agent) => Colour): Shape[] {
  const goals = new Set(agents.map(({ goal }) => goal).filter((goal) => goal !== null));
  return [...goals].filter(isSomewhere).flatMap((goal) => {
    const [owner, ...others] = agents.filter((agent) => agent.goal === goal);
    return goalMark(goal, others.length === 0 ? colourOf(owner as Agent) : palette.goal);
  });
}

function isGrey(color: readonly number[]): boolean {
  return color.every((component) => component === color[0]);
}

function checkArrows({ agents }: World, arrows: object): void {
  for (const name of Object.keys(arrows)) {
    if (agents.some((agent) => agent.name === name)) continue;
    throw new RangeError(
      `scene: an arrow is for ${name}, but the agents are ${agents.map((agent) => agent.name).join(', ')}`,
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
