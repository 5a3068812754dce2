import {
  ArgumentError,
  anyNumber,
  atLeast0,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  finite,
  from0To1,
  instanceOf,
  integerFrom0,
  listOf,
  type OptionChecks,
  oneOf,
  text,
  trueOrFalse,
} from '@paragrad/check';
/** Red, green and blue, each in [0, 1]. The landmarks of simple_crypto have a fourth number: their colors are messages. */
export type RGB = readonly [number, number, number, ...number[]];

/** A point or a vector of the plane: x to the right, y up. */
export type Vector2 = readonly [x: number, y: number];

/** Properties of a new entity. */
export interface EntityTraits {
  /** Radius. */
  size: number;
  /** What pictures of the reference show, and some scenarios observe. */
  color: RGB;
  /** Whether it takes part in contacts. Default false. */
  collide?: boolean;
  /** Whether it can move. Default: an agent can, a landmark cannot. */
  movable?: boolean;
  /** Upper bound of the speed. Default: none. */
  maxSpeed?: number;
}

const color: Check<RGB> = {
  inWords: 'three numbers from 0 to 1: red, green and blue',
  accepts: (value): value is RGB =>
    Array.isArray(value) && value.length >= 3 && value.every(from0To1.accepts),
};
const entityTraits: OptionChecks<EntityTraits> = {
  size: atLeast0,
  color,
  collide: trueOrFalse,
  movable: trueOrFalse,
  maxSpeed: anyNumber,
};

/** How many of something, below what no computer has room for. */
const someNumbers: Check<number> = {
  inWords: 'an integer from 0 to 1,000,000',
  accepts: (value): value is number => integerFrom0.accepts(value) && value <= 1e6,
};

/** A disc in the plane: an agent or a landmark. The unit of length is half the side of the arena. */
export abstract class Entity {
  /** Its name in the world. */
  readonly name: string;
  /** Position, to the right. */
  x = 0;
  /** Position, upwards. */
  y = 0;
  /** Velocity, per unit of time. A step lasts 0.1. */
  vx = 0;
  /** Velocity upwards. */
  vy = 0;
  /** Force in the current step: first the action's, then the contact forces are added. */
  fx = 0;
  /** Force upwards. */
  fy = 0;
  /** Mass: a force changes the velocity by force / mass per unit of time. */
  mass = 1;
  /** Radius. */
  size: number;
  /** Its color in the reference. */
  color: RGB;
  /** Whether it takes part in contacts. */
  collide: boolean;
  /** Whether it can move. What cannot move pushes others, but is never pushed. */
  readonly movable: boolean;
  /** Upper bound of the speed; infinite if there is none. */
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

export const someEntities: Check<readonly Entity[]> = listOf(instanceOf(Entity, 'an agent or landmark'));

/** Properties of a new agent. */
export interface AgentTraits extends EntityTraits {
  /** Factor from the force of an action to the force on the agent. Default 5. */
  accel?: number;
  /** Whether it is on the side of the adversaries. Default false. */
  adversary?: boolean;
  /** In simple_world_comm, whether it sees into forests. Default false. */
  leader?: boolean;
  /** In simple_crypto, whether it knows the message. Default false. */
  speaker?: boolean;
  /** Whether its actions have no words. Default true. */
  silent?: boolean;
}

const agentTraits: OptionChecks<AgentTraits> = {
  ...entityTraits,
  accel: finite,
  adversary: trueOrFalse,
  leader: trueOrFalse,
  speaker: trueOrFalse,
  silent: trueOrFalse,
};

/** The sides of scenarios with opponents. Without opponents, all agents are good. */
export type Team = 'adversaries' | 'good';

/** The default of `accel`. The reference calls it the sensitivity. */
export const DEFAULT_ACCEL = 5;

/** A disc that acts. */
export class Agent extends Entity {
  /** Index in the world's list of agents. */
  index = 0;
  /** Factor from the force of an action to the force on the agent. */
  accel: number;
  /** Whether it is on the side of the adversaries. */
  readonly adversary: boolean;
  /** In simple_world_comm, the agent that sees into forests. */
  readonly leader: boolean;
  /** In simple_crypto, the agent that knows the message. */
  readonly speaker: boolean;
  /** A silent agent's utterance is always zero, and its action has no words. */
  readonly silent: boolean;
  /** What the agent said with its last action, `[dimC]`. */
  utterance = new Float64Array(0);
  /** The goal of the episode, in scenarios that have one: where to go, or which agent to guide (as in the reference). */
  goalA: Agent | Landmark | null = null;
  /** Where to guide the agent `goalA`. */
  goalB: Landmark | null = null;
  /** The landmark whose color is the secret key of simple_crypto. */
  key: Landmark | null = null;

  constructor(name: string, traits: AgentTraits) {
    checkArgument('Agent', 'name', name, text);
    checkOptions('Agent', traits, agentTraits, ['size', 'color']);
    super(name, traits, true);
    this.accel = traits.accel ?? DEFAULT_ACCEL;
    this.adversary = traits.adversary ?? false;
    this.leader = traits.leader ?? false;
    this.speaker = traits.speaker ?? false;
    this.silent = traits.silent ?? true;
  }

  /** Its side. */
  get team(): Team {
    return this.adversary ? 'adversaries' : 'good';
  }
}

/** What a landmark is; pictures show it. */
export type LandmarkKind = 'landmark' | 'food' | 'forest';

const kinds = oneOf('landmark', 'food', 'forest');

/** A disc that does not act. */
export class Landmark extends Entity {
  /** What it is. */
  readonly kind: LandmarkKind;

  constructor(name: string, traits: EntityTraits, kind: LandmarkKind) {
    checkArgument('Landmark', 'name', name, text);
    checkOptions('Landmark', traits, entityTraits, ['size', 'color']);
    checkArgument('Landmark', 'kind', kind, kinds);
    super(name, traits, false);
    this.kind = kind;
  }
}

/** All agents and landmarks of an environment. `makeWorld` makes one. */
export interface World {
  /** The agents, in the order of their indices. */
  readonly agents: readonly Agent[];
  /** The landmarks, in order. */
  readonly landmarks: readonly Landmark[];
  /** The agents in order, then the landmarks in order. Contact forces are added in this order. */
  readonly entities: readonly Entity[];
  /** Length of an utterance. */
  readonly dimC: number;
  /** With `physics: 'openai'`, whether every agent gets the sum of all rewards. No effect with `'farama'`. */
  readonly collaborative: boolean;
  /** Numbers that the scenario remembers during an episode. Each episode starts with those of the new world. */
  readonly memory: Float64Array;
}

/** What `makeWorld` makes a world of. */
export interface WorldParts {
  /** The agents, in the order of their indices. */
  agents: readonly Agent[];
  /** The landmarks, in order. */
  landmarks: readonly Landmark[];
  /** Length of an utterance; 0 by default. */
  dimC?: number;
  /** With `physics: 'openai'`, whether every agent gets the sum of all rewards. Default false. */
  collaborative?: boolean;
  /** Length of the scenario's memory, which is filled with zeros; 0 by default. */
  memory?: number;
}

const partChecks: OptionChecks<WorldParts> = {
  agents: listOf(instanceOf(Agent, 'an Agent')),
  landmarks: listOf(instanceOf(Landmark, 'a Landmark')),
  dimC: someNumbers,
  collaborative: trueOrFalse,
  memory: someNumbers,
};

/** Puts agents and landmarks into a world. @throws ArgumentError if two agents have the same name. */
export function makeWorld(parts: WorldParts): World {
  checkOptions('makeWorld', parts, partChecks, ['agents', 'landmarks']);
  const { agents, landmarks, dimC = 0, collaborative = false, memory = 0 } = parts;
  const names = agents.map(({ name }) => name);
  const duplicate = names.find((name, i) => names.indexOf(name) < i);
  if (duplicate !== undefined) {
    throw new ArgumentError(
      `makeWorld: two agents have the name ${duplicate}; give each call of makeAgents a different prefix`,
    );
  }
  const mute = dimC === 0 ? agents.find(({ silent }) => !silent) : undefined;
  if (mute) {
    throw new ArgumentError(
      `makeWorld: ${mute.name} is not silent, but there are no words to say; give dimC, their number`,
    );
  }
  agents.forEach((agent, index) => {
    agent.index = index;
    agent.utterance = new Float64Array(dimC);
  });
  const entities = [...agents, ...landmarks];
  return { agents, landmarks, entities, dimC, collaborative, memory: new Float64Array(memory) };
}

/** `count` agents at rest at the origin, named `prefix_0`, `prefix_1`, ... By default they are silent and can move. */
export function makeAgents(count: number, prefix: string, traits: AgentTraits): Agent[] {
  checkNoMore('makeAgents', arguments, 3);
  checkArgument('makeAgents', 'count', count, someNumbers);
  checkArgument('makeAgents', 'prefix', prefix, text);
  return Array.from({ length: count }, (_, i) => new Agent(`${prefix}_${i}`, traits));
}

/**
 * `count` landmarks at the origin, named `landmark 0`, `landmark 1`, ..., or after their kind. By default they cannot
 * move.
 */
export function makeLandmarks(
  count: number,
  traits: EntityTraits,
  kind: LandmarkKind = 'landmark',
): Landmark[] {
  checkNoMore('makeLandmarks', arguments, 3);
  checkArgument('makeLandmarks', 'kind', kind, kinds);
  checkArgument('makeLandmarks', 'count', count, someNumbers);
  return Array.from({ length: count }, (_, i) => new Landmark(`${kind} ${i}`, traits, kind));
}
