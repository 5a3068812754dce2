import { StateError } from '@paragrad/check';
import type { Agent, Landmark, RGB, World } from './world.js';

/**
 * Everything that can differ from one episode to the next, but does not change during an episode. `WorldRows` keeps it
 * apart from the motion.
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

  matches({ entities, agents }: World): boolean {
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
 * The states of many copies of a world, a row for each. One world serves all copies in turn: `load` a row, step, `save` its
 * motion. So the few objects of that world stay in the processor's cache.
 */
export class WorldRows {
  readonly #world: World;
  /** A row for each copy: position and velocity of each entity, the agents' utterances, and the scenario's memory. */
  readonly #motion: Float64Array;
  readonly #rowLength: number;
  readonly #traits: Traits[];
  /** The traits that the world has now; null if they are not known. */
  #currentTraits: Traits | null = null;

  /** Fills all rows with the world as it is now. */
  constructor(world: World, rows: number) {
    const { agents, entities, dimC, memory } = world;
    this.#world = world;
    this.#rowLength = 4 * entities.length + dimC * agents.length + memory.length;
    this.#motion = new Float64Array(rows * this.#rowLength);
    this.#traits = new Array(rows).fill(new Traits(world));
    for (let row = 0; row < rows; row++) this.save(row);
  }

  /** Saves everything at the start of an episode. */
  saveStart(row: number): void {
    if (!this.#traits[row].matches(this.#world)) this.#traits[row] = new Traits(this.#world);
    this.#currentTraits = this.#traits[row];
    this.save(row);
  }

  /** Saves the motion, the utterances and the memory. */
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

  /** @throws StateError if the world, loaded from this row, has changed since in something that `save` does not save. */
  checkTraits(row: number): void {
    if (this.#traits[row].matches(this.#world)) return;
    throw new StateError(
      'step: the scenario has changed a size, color, mass, maximum speed, acceleration, collide or goal during an episode, but the ' +
        'copies of a VectorEnv share these; change them in reset only, or use makeEnv',
    );
  }

  /** Sets the world to a row. Only this object may have changed the traits since the last `saveStart` or `load`. */
  load(row: number): void {
    if (this.#traits[row] !== this.#currentTraits) {
      this.#currentTraits = this.#traits[row];
      this.#currentTraits.apply(this.#world);
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

  /** Sets the world to a row, whatever has changed it. */
  loadStart(row: number): void {
    this.#currentTraits = null;
    this.load(row);
  }
}
