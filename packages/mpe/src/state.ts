import type { Agent, Entity, Landmark, RGB, World } from './world.js';

type Point = readonly [x: number, y: number];

interface EntityState {
  index: number;
  name: string;
  pos: Point;
  vel: Point;
  size: number;
  color: RGB;
  movable: boolean;
  collide: boolean;
}

export interface AgentState extends EntityState {
  /** The utterance, `[dim_c]`. */
  c: readonly number[];
  silent: boolean;
  adversary: boolean;
  leader: boolean;
  speaker: boolean;
  /** null: no limit. */
  max_speed: number | null;
  /** null: the default sensitivity of 5. */
  accel: number | null;
  mass: number;
  u_noise: null;
  c_noise: null;
  /** In scenarios with a goal: the index of its landmark. */
  goal_a?: { landmark: number };
}

export interface LandmarkState extends EntityState {
  kind: 'landmark';
  boundary: boolean;
}

/**
 * A whole world as plain data that survives JSON (where no number is NaN): the `initial` object of the golden traces,
 * whose keys are the reference's, with the step counter added.
 */
export interface WorldState {
  agents: AgentState[];
  landmarks: LandmarkState[];
  /** Steps taken since reset; 0 if absent. */
  steps?: number;
  /** Stage of the curriculum; if absent, the stage stays as it is. */
  curriculum_stage?: number;
}

/** The world as data, without the step counter. */
export function captureWorld({ agents, landmarks }: World): WorldState {
  return {
    agents: agents.map((agent, index) => ({
      ...captureEntity(agent, index),
      c: [...agent.utterance],
      silent: agent.silent,
      adversary: agent.adversary,
      leader: false,
      speaker: false,
      max_speed: agent.maxSpeed,
      accel: agent.accel,
      mass: agent.mass,
      u_noise: null,
      c_noise: null,
      ...(agent.goal && { goal_a: { landmark: landmarks.indexOf(agent.goal) } }),
    })),
    landmarks: landmarks.map((landmark, index) => ({
      ...captureEntity(landmark, index),
      kind: 'landmark',
      boundary: false,
    })),
  };
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
 * Sets everything in the world that can change from (checked) data. Roles can't: `silent`, `adversary`, `leader`,
 * `speaker`, `kind` and `boundary` are the scenario's and are not read.
 */
export function restoreWorld({ agents, landmarks }: World, state: WorldState): void {
  landmarks.forEach((landmark, i) => {
    restoreEntity(landmark, state.landmarks[i] as LandmarkState);
  });
  agents.forEach((agent, i) => {
    const from = state.agents[i] as AgentState;
    restoreEntity(agent, from);
    agent.utterance = [...from.c];
    agent.maxSpeed = from.max_speed;
    agent.accel = from.accel;
    agent.mass = from.mass;
    agent.goal = from.goal_a ? (landmarks[from.goal_a.landmark] as Landmark) : null;
  });
}

function restoreEntity(entity: Entity, from: EntityState): void {
  [entity.x, entity.y] = from.pos;
  [entity.vx, entity.vy] = from.vel;
  entity.size = from.size;
  entity.color = [...from.color];
  entity.movable = from.movable;
  entity.collide = from.collide;
}

/** @throws TypeError if the data doesn't describe a world with the same agents and landmarks. NaN is let through. */
export function checkState(world: World, state: WorldState): void {
  checkNames('agents', world.agents, state.agents);
  checkNames('landmarks', world.landmarks, state.landmarks);
  const numbers = (from: EntityState, key: string, value: unknown, length: number) => {
    if (Array.isArray(value) && value.length === length && value.every((x) => typeof x === 'number')) return;
    fail(`${key} of ${from.name} is ${JSON.stringify(value)}; give ${length} numbers`);
  };
  const positive = (from: EntityState, key: string, value: unknown) => {
    if (typeof value !== 'number' || !(value > 0))
      fail(`${key} of ${from.name} is ${value}; give a number above 0`);
  };
  for (const from of [...state.agents, ...state.landmarks]) {
    numbers(from, 'pos', from.pos, 2);
    numbers(from, 'vel', from.vel, 2);
    numbers(from, 'color', from.color, 3);
    positive(from, 'size', from.size);
  }
  state.agents.forEach((from, i) => {
    numbers(from, 'c', from.c, world.dimC);
    positive(from, 'mass', from.mass);
    if (from.max_speed !== null) positive(from, 'max_speed', from.max_speed);
    if (from.accel !== null) positive(from, 'accel', from.accel);
    const hasGoal = world.agents[i]?.goal !== null;
    if (hasGoal && !world.landmarks[from.goal_a?.landmark ?? -1]) {
      fail(
        `goal_a of ${from.name} is ${JSON.stringify(from.goal_a)}; give {landmark: index of one of ${world.landmarks.length}}`,
      );
    }
  });
  const { steps = 0 } = state;
  if (!Number.isSafeInteger(steps) || steps < 0) fail(`steps is ${steps}; give an integer of at least 0`);
}

function checkNames(kind: string, entities: readonly (Agent | Landmark)[], states: unknown): void {
  const expected = entities.map((entity) => entity.name);
  const got = Array.isArray(states) ? states.map((from) => from?.name) : [];
  if (got.length !== expected.length || got.some((name, i) => name !== expected[i])) {
    fail(`${kind} are [${got.join(', ')}]; this environment has [${expected.join(', ')}]`);
  }
}

function fail(problem: string): never {
  throw new TypeError(`setState: ${problem}`);
}
