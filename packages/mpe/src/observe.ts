import { squaredDistance } from './geometry.js';
import type { Agent, Entity } from './world.js';

/**
 * Takes down an agent's observation, part by part. It writes where the numbers are wanted, so that a step makes no lists. A
 * null in place of an entity is an empty slot, and gives zeros.
 */
export class ObservationWriter {
  /** Where the next number goes. */
  at = 0;

  constructor(
    public target: Float64Array | Float32Array,
    readonly dimC: number,
  ) {}

  number(value: number): void {
    this.target[this.at++] = value;
  }

  numbers(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.target[this.at++] = values[i];
  }

  /** x and y: 2 numbers. */
  position(entity: Entity): void {
    this.#pair(entity.x, entity.y);
  }

  /** Absolute: 2 numbers. */
  velocity(entity: Entity | null): void {
    if (entity) this.#pair(entity.vx, entity.vy);
    else this.#pair(0, 0);
  }

  velocities(entities: readonly (Entity | null)[]): void {
    for (let i = 0; i < entities.length; i++) this.velocity(entities[i]);
  }

  /** The position relative to `from`: 2 numbers. */
  relative(from: Entity, entity: Entity | null): void {
    if (entity) this.#pair(entity.x - from.x, entity.y - from.y);
    else this.#pair(0, 0);
  }

  relatives(from: Entity, entities: readonly (Entity | null)[]): void {
    const { target } = this;
    const { x, y } = from;
    let at = this.at; // a local variable: this loop is where most of a step's time goes
    for (let i = 0; i < entities.length; i++) {
      const entity = entities[i];
      target[at] = entity ? entity.x - x : 0;
      target[at + 1] = entity ? entity.y - y : 0;
      at += 2;
    }
    this.at = at;
  }

  /** What the agent last said: `dimC` numbers. */
  utterance(agent: Agent | null): void {
    const { target, at, dimC } = this;
    for (let i = 0; i < dimC; i++) target[at + i] = agent ? agent.utterance[i] : 0;
    this.at = at + dimC;
  }

  utterances(agents: readonly (Agent | null)[]): void {
    for (let i = 0; i < agents.length; i++) this.utterance(agents[i]);
  }

  #pair(x: number, y: number): void {
    const { target, at } = this;
    target[at] = x;
    target[at + 1] = y;
    this.at = at + 2;
  }
}

/**
 * What an agent can see of some entities, itself left out: all of them in their order if `count` is null, else the `count`
 * nearest, nearest first, followed by empty slots if there are fewer. What it returns is for reading, at once.
 */
export function neighborFinder<T extends Entity>(
  entities: readonly T[],
  count: number | null,
): (agent: Agent) => readonly (T | null)[] {
  const others: T[][] = [];
  const othersOf = (agent: Agent) => {
    others[agent.index] ??= entities.filter((entity) => entity !== (agent as Entity));
    return others[agent.index];
  };
  if (count === null) return othersOf;
  return (agent) => {
    const byDistance = [...othersOf(agent)].sort(
      (a, b) => squaredDistance(agent, a) - squaredDistance(agent, b),
    );
    return Array.from({ length: count }, (_, i) => byDistance[i] ?? null);
  };
}
