import { ArgumentError, describe } from '@paragrad/check';
import {
  Agent,
  DEFAULT_ACCEL,
  type Entity,
  type Landmark,
  type LandmarkKind,
  type RGB,
  type Vector2,
  type World,
} from './world.js';

interface EntityState {
  /** Index in the list of agents or landmarks. */
  index: number;
  /** Its name. */
  name: string;
  /** Position. */
  pos: Vector2;
  /** Velocity. */
  vel: Vector2;
  /** Radius. */
  size: number;
  /** Its color. */
  color: RGB;
  /** Whether it can move. */
  movable: boolean;
  /** Whether it takes part in contacts. */
  collide: boolean;
}

/** The index of an agent or of a landmark. */
export type EntityReference =
  | {
      /** The index of an agent. */
      agent: number;
    }
  | {
      /** The index of a landmark. */
      landmark: number;
    };

/** An agent, with the names of the reference. */
export interface AgentState extends EntityState {
  /** The utterance, `[dim_c]`. */
  c: readonly number[];
  /** Whether its actions have no words. */
  silent: boolean;
  /** Whether it is on the side of the adversaries. */
  adversary: boolean;
  /** Whether it sees into forests. */
  leader: boolean;
  /** Whether it knows the message. */
  speaker: boolean;
  /** null for no limit. */
  max_speed: number | null;
  /** null for the default, 5. */
  accel: number | null;
  /** Its mass. */
  mass: number;
  /** Noise of forces. It is null in all nine scenarios. */
  u_noise: null;
  /** Noise of words. It is null in all nine scenarios. */
  c_noise: null;
  /** Absent in scenarios without a goal. */
  goal_a?: EntityReference | null;
  /** Absent in scenarios without a second goal. */
  goal_b?: EntityReference | null;
  /** In simple_crypto: the key, which is the color of a landmark. */
  key?: readonly number[];
  /** In simple_crypto: the index of that landmark. */
  key_landmark?: number;
}

/** A landmark, with the names of the reference. */
export interface LandmarkState extends EntityState {
  /** Only for a landmark that can move; null for no limit. If absent, it does not change. */
  max_speed?: number | null;
  /** Only for a landmark that can move. If absent, it does not change. */
  mass?: number;
  /** What it is. */
  kind: LandmarkKind;
  /** The reference's `boundary`. */
  boundary: boolean;
}

/**
 * Everything in a world, as plain data. JSON keeps it exactly, unless a number is NaN. The format is that of `initial` in
 * the golden traces, with the reference's names, plus the number of steps.
 */
export interface WorldState {
  /** The agents, in order. */
  agents: AgentState[];
  /** The landmarks, in order. */
  landmarks: LandmarkState[];
  /** Steps taken since reset; 0 if absent. */
  steps?: number;
  /** The stage of the curriculum. If absent, the stage does not change. */
  curriculum_stage?: number;
  /** The scenario's memory. Absent if it has none. */
  memory?: readonly number[];
}

/** The world as data, without the number of steps. */
export function captureWorld({ agents, landmarks, memory }: World): WorldState {
  const reference = (goal: Agent | Landmark): EntityReference =>
    'kind' in goal ? { landmark: landmarks.indexOf(goal) } : { agent: agents.indexOf(goal) };
  return {
    agents: agents.map((agent, index) => ({
      ...captureEntity(agent, index),
      c: [...agent.utterance],
      silent: agent.silent,
      adversary: agent.adversary,
      leader: agent.leader,
      speaker: agent.speaker,
      max_speed: captureMaxSpeed(agent),
      accel: agent.accel === DEFAULT_ACCEL ? null : agent.accel,
      mass: agent.mass,
      u_noise: null,
      c_noise: null,
      ...(agent.goalA && { goal_a: reference(agent.goalA) }),
      ...(agent.goalB && { goal_b: reference(agent.goalB) }),
      ...(agent.key && { key: [...agent.key.color], key_landmark: landmarks.indexOf(agent.key) }),
    })),
    landmarks: landmarks.map((landmark, index) => ({
      ...captureEntity(landmark, index),
      ...(landmark.movable && { max_speed: captureMaxSpeed(landmark), mass: landmark.mass }),
      kind: landmark.kind,
      boundary: false,
    })),
    ...(memory.length > 0 && { memory: [...memory] }),
  };
}

function captureMaxSpeed({ maxSpeed }: Entity): number | null {
  return maxSpeed === Number.POSITIVE_INFINITY ? null : maxSpeed;
}

function captureEntity(entity: Entity, index: number): EntityState {
  return {
    index,
    name: entity.name,
    pos: [entity.x, entity.y],
    vel: [entity.vx, entity.vy],
    size: entity.size,
    color: [...entity.color],
    movable: entity.movable,
    collide: entity.collide,
  };
}

/**
 * Sets everything in the world that can change from the (checked) state. It does not read `movable`, `silent`,
 * `adversary`, `leader`, `speaker`, `kind` and `boundary`, which the scenario decides, and not `key`, which follows from
 * `key_landmark`.
 */
export function restoreWorld(world: World, state: WorldState): void {
  const { agents, landmarks } = world;
  world.memory.set(state.memory ?? []);
  for (let i = 0; i < landmarks.length; i++) restoreEntity(landmarks[i], state.landmarks[i]);
  for (let i = 0; i < agents.length; i++) {
    const agent = agents[i];
    const entityState = state.agents[i];
    restoreEntity(agent, entityState);
    agent.utterance.set(entityState.c);
    agent.accel = entityState.accel ?? DEFAULT_ACCEL;
    agent.goalA = entityOf(world, entityState.goal_a);
    agent.goalB = entityOf(world, entityState.goal_b) as Landmark | null;
    agent.key = entityState.key_landmark === undefined ? null : landmarks[entityState.key_landmark];
  }
}

function restoreEntity(entity: Entity, entityState: AgentState | LandmarkState): void {
  entity.x = entityState.pos[0];
  entity.y = entityState.pos[1];
  entity.vx = entityState.vel[0];
  entity.vy = entityState.vel[1];
  entity.size = entityState.size;
  entity.color = [...entityState.color];
  entity.collide = entityState.collide;
  if (entityState.max_speed !== undefined)
    entity.maxSpeed = entityState.max_speed ?? Number.POSITIVE_INFINITY;
  if (entityState.mass !== undefined) entity.mass = entityState.mass;
}

function entityOf(world: World, reference: EntityReference | null | undefined): Agent | Landmark | null {
  if (!reference) return null;
  return 'agent' in reference ? world.agents[reference.agent] : world.landmarks[reference.landmark];
}

/** @throws ArgumentError if the state is malformed, or has other agents or landmarks than the world. NaN is allowed. */
export function checkState(world: World, state: WorldState): void {
  if (typeof state !== 'object' || state === null) {
    fail(`the state is ${describe(state)}; give what getState() returned`);
  }
  checkNames('agents', world.agents, state.agents);
  checkNames('landmarks', world.landmarks, state.landmarks);
  [...world.agents, ...world.landmarks].forEach((entity, i) => {
    const entityState = i < world.agents.length ? state.agents[i] : state.landmarks[i - world.agents.length];
    checkNumbers(entityState, 'pos', entityState.pos, 2);
    checkNumbers(entityState, 'vel', entityState.vel, 2);
    checkNumbers(entityState, 'color', entityState.color, entity.color.length);
    checkPositive(entityState, 'size', entityState.size);
    if (typeof entityState.collide !== 'boolean') {
      fail(`collide of ${entityState.name} is ${JSON.stringify(entityState.collide)}; give true or false`);
    }
    const isAgent = i < world.agents.length;
    if (isAgent || entityState.mass !== undefined) checkPositive(entityState, 'mass', entityState.mass);
    if (entityState.max_speed !== null && (isAgent || entityState.max_speed !== undefined)) {
      checkPositive(entityState, 'max_speed', entityState.max_speed);
    }
  });
  state.agents.forEach((entityState, i) => {
    const agent = world.agents[i];
    checkNumbers(entityState, 'c', entityState.c, world.dimC);
    if (entityState.accel !== null) checkPositive(entityState, 'accel', entityState.accel);
    checkGoal(world, entityState, 'goal_a', agent.goalA);
    checkGoal(world, entityState, 'goal_b', agent.goalB);
    if (
      (agent.key || entityState.key_landmark !== undefined) &&
      !world.landmarks[entityState.key_landmark ?? -1]
    ) {
      fail(
        `key_landmark of ${entityState.name} is ${describe(entityState.key_landmark)}; give an index from 0 to ${world.landmarks.length - 1}`,
      );
    }
  });
  const { steps = 0, memory = [] } = state;
  checkNumbers({ name: 'the world' }, 'memory', memory, world.memory.length);
  if (!Number.isSafeInteger(steps) || steps < 0)
    fail(`steps is ${describe(steps)}; give an integer of at least 0`);
}

function checkNumbers(entityState: { name: string }, key: string, value: unknown, length: number): void {
  if (Array.isArray(value) && value.length === length && value.every((x) => typeof x === 'number')) return;
  fail(`${key} of ${entityState.name} is ${describe(value)}; give ${length} numbers`);
}

function checkPositive(entityState: EntityState, key: string, value: unknown): void {
  if (typeof value === 'number' && value > 0) return;
  fail(`${key} of ${entityState.name} is ${describe(value)}; give a number above 0`);
}

/**
 * Checks that a goal exists. If the agent has a goal now (`current`), the new one must be of the same kind, and null is
 * an error.
 */
function checkGoal(
  world: World,
  entityState: AgentState,
  key: 'goal_a' | 'goal_b',
  current: Entity | null,
): void {
  const given: { agent?: number; landmark?: number } | null | undefined = entityState[key];
  if (!current && !given) return;
  const kinds = (['agent', 'landmark'] as const).filter((kind) =>
    current
      ? kind === (current instanceof Agent ? 'agent' : 'landmark')
      : kind === 'landmark' || key === 'goal_a',
  );
  if (kinds.some((kind) => world[`${kind}s`][given?.[kind] ?? -1])) return;
  const expected = kinds.map((kind) => `{ ${kind}: an index from 0 to ${world[`${kind}s`].length - 1} }`);
  fail(`${key} of ${entityState.name} is ${describe(given)}; give ${expected.join(' or ')}`);
}

function checkNames(kind: string, entities: readonly Entity[], states: unknown): void {
  const expected = entities.map((entity) => entity.name);
  const got = Array.isArray(states) ? states.map((entityState) => entityState?.name) : [];
  if (got.length !== expected.length || got.some((name, i) => name !== expected[i])) {
    fail(`the ${kind} are [${got.join(', ')}]; this environment has [${expected.join(', ')}]`);
  }
}

function fail(problem: string): never {
  throw new ArgumentError(`setState: ${problem}`);
}
