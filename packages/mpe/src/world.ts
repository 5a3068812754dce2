/** Red, green and blue, each in [0, 1]. The landmarks of simple_crypto have a fourth: their colors are messages. */
export type RGB = readonly [number, number, number, ...number[]];

/** x to the right and y up. */
export type Vector2 = readonly [x: number, y: number];

/** What is said of an entity when it is made. */
export interface EntityTraits {
  size: number;
  color: RGB;
  collide?: boolean;
  movable?: boolean;
  maxSpeed?: number;
}

/** A disc in the plane: what agents and landmarks have in common. Lengths are in units of half the arena's side. */
export abstract class Entity {
  readonly name: string;
  x = 0;
  y = 0;
  /** Velocity, per unit of time; a step lasts 0.1. */
  vx = 0;
  vy = 0;
  /** Force in the step under way: first the action's, then the contacts are added to it. */
  fx = 0;
  fy = 0;
  mass = 1;
  /** Radius. */
  size: number;
  color: RGB;
  /** Whether it takes part in contacts at all. */
  collide: boolean;
  /** Immovable things push others but are never pushed. */
  readonly movable: boolean;
  /** Upper bound of the speed; infinite where there is none. */
  maxSpeed: number;

  constructor(name: string, traits: EntityTraits, movable: boolean) {
    this.name = name;
    this.size = traits.size;
    this.color = traits.color;
    this.collide = traits.collide ?? false;
    this.movable = traits.movable ?? movable;
    this.maxSpeed = traits.maxSpeed ?? Number.POSITIVE_INFINITY;
  }
}

export interface AgentTraits extends EntityTraits {
  accel?: number;
  adversary?: boolean;
  leader?: boolean;
  speaker?: boolean;
  silent?: boolean;
}

/** The reference calls it the sensitivity, and has no acceleration then. */
export const DEFAULT_ACCEL = 5;

export class Agent extends Entity {
  /** Its place among the agents. */
  index = 0;
  /** How strongly an action pushes. */
  accel: number;
  readonly adversary: boolean;
  /** The one that sees through forests, in simple_world_comm. */
  readonly leader: boolean;
  /** The one that knows the message, in simple_crypto. */
  readonly speaker: boolean;
  /** A silent agent's utterance is always zero, and no part of its action. */
  readonly silent: boolean;
  /** What the agent said with its last action, `[dimC]`. */
  utterance = new Float64Array(0);
  /** What the episode is about, in scenarios that have it: where to go, or which agent to guide (as in the reference). */
  goalA: Agent | Landmark | null = null;
  /** Where agent `goalA` has to go. */
  goalB: Landmark | null = null;
  /** The landmark whose color is the secret key of simple_crypto. */
  key: Landmark | null = null;

  constructor(name: string, traits: AgentTraits) {
    super(name, traits, true);
    this.accel = traits.accel ?? DEFAULT_ACCEL;
    this.adversary = traits.adversary ?? false;
    this.leader = traits.leader ?? false;
    this.speaker = traits.speaker ?? false;
    this.silent = traits.silent ?? true;
  }
}

export type LandmarkKind = 'landmark' | 'food' | 'forest';

export class Landmark extends Entity {
  readonly kind: LandmarkKind;

  constructor(name: string, traits: EntityTraits, kind: LandmarkKind) {
    super(name, traits, false);
    this.kind = kind;
  }
}

export interface World {
  readonly agents: readonly Agent[];
  readonly landmarks: readonly Landmark[];
  /** Agents in order, then landmarks in order: the order in which contacts are added up. */
  readonly entities: readonly Entity[];
  /** Length of an utterance. */
  readonly dimC: number;
  /** Whether `physics: 'openai'` pays every agent the sum of all rewards. Without effect in `'farama'`. */
  readonly collaborative: boolean;
  /** The scenario's own numbers, for what an episode has to remember: as they were made when it begins. */
  readonly memory: Float64Array;
}

export interface WorldParts {
  agents: readonly Agent[];
  landmarks: readonly Landmark[];
  /** Length of an utterance; 0 by default. */
  dimC?: number;
  collaborative?: boolean;
  /** Length of the scenario's memory, all zeros to begin with; 0 by default. */
  memory?: number;
}

/** @throws TypeError if two agents have one name. */
export function makeWorld(parts: WorldParts): World {
  const { agents, landmarks, dimC = 0, collaborative = false, memory = 0 } = parts;
  const names = agents.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new TypeError(
      `makeWorld: two agents are called ${twice}; give makeAgents another prefix for each role`,
    );
  }
  agents.forEach((agent, index) => {
    agent.index = index;
    agent.utterance = new Float64Array(dimC);
  });
  const entities = [...agents, ...landmarks];
  return { agents, landmarks, entities, dimC, collaborative, memory: new Float64Array(memory) };
}

/** `count` agents at rest in the origin, named `prefix_0`, `prefix_1`, ...; silent and movable unless the traits say else. */
export function makeAgents(count: number, prefix: string, traits: AgentTraits): Agent[] {
  return Array.from({ length: count }, (_, i) => new Agent(`${prefix}_${i}`, traits));
}

/** `count` immovable landmarks in the origin, named `landmark 0`, `landmark 1`, ... or after their kind. */
export function makeLandmarks(
  count: number,
  traits: EntityTraits,
  kind: LandmarkKind = 'landmark',
): Landmark[] {
  return Array.from({ length: count }, (_, i) => new Landmark(`${kind} ${i}`, traits, kind));
}
