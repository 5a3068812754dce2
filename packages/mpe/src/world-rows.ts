import type { Agent, Landmark, RGB, World } from './world.js';

/**
 * What `WorldRows` keeps apart from motion: all that can differ from one episode to the next, but stays as it is while one runs.
 */
class Traits {
  readonly #sizes: number[];
  readonly #masses: number[];
  readonly #maxSpeeds: number[];
  readonly #collides: boolean[];
  readonly #colors: RGB[];
  readonly #accels: number[];
  readonly #goals: (Agent | Landmark | null)[][];

  constructor({ entities, agents }: World) {
    this.#sizes = entities.map(({ size }) => size);
    this.#masses = entities.map(({ mass }) => mass);
    this.#maxSpeeds = entities.map(({ maxSpeed }) => maxSpeed);
    this.#collides = entities.map(({ collide }) => collide);
    this.#colors = entities.map(({ color }) => color);
    this.#accels = agents.map(({ accel }) => accel);
    this.#goals = agents.map(({ goalA, goalB, key }) => [goalA, goalB, key]);
  }

  apply({ entities, agents }: World): void {
    entities.forEach((entity, i) => {
      entity.size = this.#sizes[i];
      entity.mass = this.#masses[i];
      entity.maxSpeed = this.#maxSpeeds[i];
      entity.collide = this.#collides[i];
      entity.color = this.#colors[i];
    });
    agents.forEach((agent, i) => {
      agent.accel = this.#accels[i];
      agent.goalA = this.#goals[i][0];
      agent.goalB = this.#goals[i][1] as Landmark | null;
      agent.key = this.#goals[i][2] as Landmark | null;
    });
  }

  areThoseOf({ entities, agents }: World): boolean {
    return (
      entities.every(
        (entity, i) =>
          entity.size === this.#sizes[i] &&
          entity.mass === this.#masses[i] &&
          entity.maxSpeed === this.#maxSpeeds[i] &&
          entity.collide === this.#collides[i] &&
          entity.color === this.#colors[i],
      ) &&
      agents.every(
        (agent, i) =>
          agent.accel === this.#accels[i] &&
          agent.goalA === this.#goals[i][0] &&
          agent.goalB === this.#goals[i][1] &&
          agent.key === this.#goals[i][2],
      )
    );
  }
}

/**
 * Everything in a world that can change, for many worlds that are alike. So one world, whose few objects stay in the processor's
 * cache, serves any number of copies in turn: `load` a row, step, `save` its motion.
 */
export class WorldRows {
  readonly #world: World;
  /** Place and velocity of each entity, what the agents last said, and the scenario's memory: a row for each world. */
  readonly #motion: Float64Array;
  readonly #rowLength: number;
  readonly #traits: Traits[];
  /** Those that the world has now, if we know. */
  #current: Traits | null = null;

  /** All rows hold the world as it is. */
  constructor(world: World, rows: number) {
    const { agents, entities, dimC, memory } = world;
    this.#world = world;
    this.#rowLength = 4 * entities.length + dimC * agents.length + memory.length;
    this.#motion = new Float64Array(rows * this.#rowLength);
    this.#traits = new Array(rows).fill(new Traits(world));
    for (let row = 0; row < rows; row++) this.save(row);
  }

  /** Keeps all there is to a world whose episode begins. */
  saveStart(row: number): void {
    if (!this.#traits[row].areThoseOf(this.#world)) this.#traits[row] = new Traits(this.#world);
    this.#current = this.#traits[row];
    this.save(row);
  }

  /** Keeps what has moved, what was said, and the memory. */
  save(row: number): void {
    const { agents, entities, dimC, memory } = this.#world;
    const motion = this.#motion;
    let at = row * this.#rowLength;
    for (let i = 0; i < entities.length; i++) {
      const entity = entities[i];
      motion[at] = entity.x;
      motion[at + 1] = entity.y;
      motion[at + 2] = entity.vx;
      motion[at + 3] = entity.vy;
      at += 4;
    }
    for (let i = 0; i < agents.length; i++) {
      for (let c = 0; c < dimC; c++) motion[at++] = agents[i].utterance[c];
    }
    for (let i = 0; i < memory.length; i++) motion[at++] = memory[i];
  }

  /** @throws Error if the episode of a row that was loaded has changed something that `save` doesn't keep. */
  checkTraits(row: number): void {
    if (this.#traits[row].areThoseOf(this.#world)) return;
    throw new Error(
      'step: the scenario has changed a size, color, mass, speed, acceleration, collide or goal while an episode ran, which ' +
        'copies can not have apart; change those in reset only, or use makeEnv',
    );
  }

  /** Makes the world that of a row, if nothing else but this object has changed it since `saveStart` or `load`. */
  load(row: number): void {
    if (this.#traits[row] !== this.#current) {
      this.#current = this.#traits[row];
      this.#current.apply(this.#world);
    }
    const { agents, entities, dimC, memory } = this.#world;
    const motion = this.#motion;
    let at = row * this.#rowLength;
    for (let i = 0; i < entities.length; i++) {
      const entity = entities[i];
      entity.x = motion[at];
      entity.y = motion[at + 1];
      entity.vx = motion[at + 2];
      entity.vy = motion[at + 3];
      at += 4;
    }
    for (let i = 0; i < agents.length; i++) {
      for (let c = 0; c < dimC; c++) agents[i].utterance[c] = motion[at++];
    }
    for (let i = 0; i < memory.length; i++) memory[i] = motion[at++];
  }

  /** Makes the world that of a row, whatever has happened to it. */
  loadStart(row: number): void {
    this.#current = null;
    this.load(row);
  }
}
