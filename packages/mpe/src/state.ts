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
  index: number;
  name: string;
  pos: Vector2;
  vel: Vector2;
  size: number;
  color: RGB;
  movable: boolean;
  collide: boolean;
}

/** An agent or a landmark, by its index. */
export type EntityReference = { agent: number } | { landmark: number };

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
  /** In scenarios with a goal. */
  goal_a?: EntityReference | null;
  goal_b?: EntityReference | null;
  /** In simple_crypto: the key, and the index of the landmark whose color it is. */
  key?: readonly number[];
  key_landmark?: number;
}

export interface LandmarkState extends EntityState {
  /** Of a movable landmark, as of an agent; if absent, they stay as they are. */
  max_speed?: number | null;
  mass?: number;
  kind: LandmarkKind;
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
  /** What the scenario remembers, where it does. */
  memory?: readonly number[];
}

/** The world as data, without the step counter. */
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
 * Sets everything in the world that can change from (checked) data. Roles can't: `movable`, `silent`, `adversary`, `leader`,
 * `speaker`, `kind` and `boundary` are the scenario's and are not read; nor is `key`, which `key_landmark` says.
 */
export function restoreWorld(world: World, state: WorldState): void {
  const { agents, landmarks } = world;
  world.memory.set(state.memory ?? []);
  for (let i = 0; i < landmarks.length; i++) restoreEntity(landmarks[i], state.landmarks[i]);
  for (let i = 0; i < agents.length; i++) {
    const agent = agents[i];
    const from = state.agents[i];
    restoreEntity(agent, from);
    agent.utterance.set(from.c);
    agent.accel = from.accel ?? DEFAULT_ACCEL;
    agent.goalA = referent(world, from.goal_a);
    agent.goalB = referent(world, from.goal_b) as Landmark | null;
    agent.key = from.key_landmark === undefined ? null : landmarks[from.key_landmark];
  }
}

function restoreEntity(entity: Entity, from: AgentState | LandmarkState): void {
  entity.x = from.pos[0];
  entity.y = from.pos[1];
  entity.vx = from.vel[0];
  entity.vy = from.vel[1];
  entity.size = from.size;
  entity.color = [...from.color];
  entity.collide = from.collide;
  if (from.max_speed !== undefined) entity.maxSpeed = from.max_speed ?? Number.POSITIVE_INFINITY;
  if (from.mass !== undefined) entity.mass = from.mass;
}

function referent(world: World, reference: EntityReference | null | undefined): Agent | Landmark | null {
  if (!reference) return null;
  return 'agent' in reference ? world.agents[reference.agent] : world.landmarks[reference.landmark];
}

/** @throws TypeError if the data doesn't describe a world with the same agents and landmarks. NaN is let through. */
export function checkState(world: World, state: WorldState): void {
  if (typeof state !== 'object' || state === null) {
    fail(`the state is ${state}; give what getState() gave`);
  }
  checkNames('agents', world.agents, state.agents);
  checkNames('landmarks', world.landmarks, state.landmarks);
  [...world.agents, ...world.landmarks].forEach((entity, i) => {
    const from = i < world.agents.length ? state.agents[i] : state.landmarks[i - world.agents.length];
    checkNumbers(from, 'pos', from.pos, 2);
    checkNumbers(from, 'vel', from.vel, 2);
    checkNumbers(from, 'color', from.color, entity.color.length);
    checkPositive(from, 'size', from.size);
    if (typeof from.collide !== 'boolean') {
      fail(`collide of ${from.name} is ${JSON.stringify(from.collide)}; give true or false`);
    }
    const isAgent = i < world.agents.length;
    if (isAgent || from.mass !== undefined) checkPositive(from, 'mass', from.mass);
    if (from.max_speed !== null && (isAgent || from.max_speed !== undefined)) {
      checkPositive(from, 'max_speed', from.max_speed);
    }
  });
  state.agents.forEach((from, i) => {
    const agent = world.agents[i];
    checkNumbers(from, 'c', from.c, world.dimC);
    if (from.accel !== null) checkPositive(from, 'accel', from.accel);
    checkGoal(world, from, 'goal_a', agent.goalA);
    checkGoal(world, from, 'goal_b', agent.goalB);
    if ((agent.key || from.key_landmark !== undefined) && !world.landmarks[from.key_landmark ?? -1]) {
      fail(
        `key_landmark of ${from.name} is ${from.key_landmark}; give the index of one of ${world.landmarks.length}`,
      );
    }
  });
  const { steps = 0, memory = [] } = state;
  checkNumbers({ name: 'the world' }, 'memory', memory, world.memory.length);
  if (!Number.isSafeInteger(steps) || steps < 0) fail(`steps is ${steps}; give an integer of at least 0`);
}

function checkNumbers(from: { name: string }, key: string, value: unknown, length: number): void {
  if (Array.isArray(value) && value.length === length && value.every((x) => typeof x === 'number')) return;
  fail(`${key} of ${from.name} is ${JSON.stringify(value)}; give ${length} numbers`);
}

function checkPositive(from: EntityState, key: string, value: unknown): void {
  if (typeof value === 'number' && value > 0) return;
  fail(`${key} of ${from.name} is ${value}; give a number above 0`);
}

/** An agent that was made with a goal has one, of the same kind; any goal is there. */
function checkGoal(world: World, from: AgentState, key: 'goal_a' | 'goal_b', made: Entity | null): void {
  const given: { agent?: number; landmark?: number } | null | undefined = from[key];
  if (!made && !given) return;
  const kinds = (['agent', 'landmark'] as const).filter((kind) =>
    made ? kind === (made instanceof Agent ? 'agent' : 'landmark') : kind === 'landmark' || key === 'goal_a',
  );
  if (kinds.some((one) => world[`${one}s`][given?.[one] ?? -1])) return;
  const expected = kinds.map((one) => `{${one}: index of one of ${world[`${one}s`].length}}`);
  fail(`${key} of ${from.name} is ${JSON.stringify(given)}; give ${expected.join(' or ')}`);
}

function checkNames(kind: string, entities: readonly Entity[], states: unknown): void {
  const expected = entities.map((entity) => entity.name);
  const got = Array.isArray(states) ? states.map((from) => from?.name) : [];
  if (got.length !== expected.length || got.some((name, i) => name !== expected[i])) {
    fail(`${kind} are [${got.join(', ')}]; this environment has [${expected.join(', ')}]`);
  }
}

function fail(problem: string): never {
  throw new TypeError(`setState: ${problem}`);
}
