/** Red, green and blue, each in [0, 1]. */
export type RGB = readonly [number, number, number];

/** A disc in the plane: what agents and landmarks have in common. Lengths are in units of half the arena's side. */
export interface Entity {
  readonly name: string;
  x: number;
  y: number;
  /** Velocity, per unit of time; a step lasts 0.1. */
  vx: number;
  vy: number;
  /** Force in the step under way: first the action's, then the contacts are added to it. */
  fx: number;
  fy: number;
  /** Radius. */
  size: number;
  color: RGB;
  /** Immovable things push others but are never pushed. */
  movable: boolean;
  /** Whether it takes part in contacts at all. */
  collide: boolean;
  mass: number;
  /** Upper bound of the speed; null: none. */
  maxSpeed: number | null;
}

export interface Agent extends Entity {
  /** How strongly an action pushes; null: the default of 5. */
  accel: number | null;
  readonly adversary: boolean;
  /** A silent agent's utterance is always zero. */
  readonly silent: boolean;
  /** What the agent said with its last action, `[dimC]`. */
  utterance: number[];
  /** The landmark the episode is about, in scenarios that have one (`goal_a` in the reference). */
  goal: Landmark | null;
}

export type Landmark = Entity;

export interface World {
  readonly agents: readonly Agent[];
  readonly landmarks: readonly Landmark[];
  /** Agents in order, then landmarks in order: the order in which contacts are added up. */
  readonly entities: readonly Entity[];
  /** Length of an utterance. */
  readonly dimC: number;
}

export function makeWorld(dimC: number, agents: readonly Agent[], landmarks: readonly Landmark[]): World {
  for (const agent of agents) agent.utterance = new Array<number>(dimC).fill(0);
  return { agents, landmarks, entities: [...agents, ...landmarks], dimC };
}

type Traits<T> = Pick<Entity, 'size' | 'color' | 'collide'> & Partial<T>;

/** `count` silent, movable agents at rest in the origin, named `prefix_0`, `prefix_1`, ... */
export function makeAgents(count: number, prefix: string, traits: Traits<Agent>): Agent[] {
  return Array.from({ length: count }, (_, i) => ({
    ...atRest(`${prefix}_${i}`),
    movable: true,
    accel: null,
    adversary: false,
    silent: true,
    utterance: [],
    goal: null,
    ...traits,
  }));
}

/** `count` immovable landmarks in the origin, named `landmark 0`, `landmark 1`, ... */
export function makeLandmarks(count: number, traits: Traits<Landmark>): Landmark[] {
  return Array.from({ length: count }, (_, i) => ({ ...atRest(`landmark ${i}`), movable: false, ...traits }));
}

function atRest(name: string) {
  return { name, x: 0, y: 0, vx: 0, vy: 0, fx: 0, fy: 0, mass: 1, maxSpeed: null };
}
