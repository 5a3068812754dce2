import { checkArgument, checkNoMore } from '@paragrad/check';
import { squaredDistance } from './geometry.js';
import { nullOrCount } from './param-table.js';
import { type Agent, type Entity, someEntities } from './world.js';

/**
 * Writes an agent's observation, part by part. The numbers go straight to their place, so that a step allocates nothing. null
 * in place of an entity writes zeros.
 */
export class ObservationWriter {
  /** The index of the next number in `target`. */
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

  /** The position, x and y: 2 numbers. */
  position(entity: Entity): void {
    this.#pair(entity.x, entity.y);
  }

  /** The velocity, not relative to anything: 2 numbers. */
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
    let at = this.at; // a local variable is faster, and this loop takes most of the time of a step
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
 * Returns a function that finds, for an agent, its neighbors among `entities`, without the agent itself. If `count` is
 * null, these are all of them, in their order. Otherwise they are the `count` nearest, the nearest first; if there are
 * fewer, nulls fill the list. Do not change or keep the list.
 */
export function neighborFinder<T extends Entity>(
  entities: readonly T[],
  count: number | null,
): (agent: Agent) => readonly (T | null)[] {
  checkNoMore('neighborFinder', arguments, 2);
  checkArgument('neighborFinder', 'entities', entities, someEntities);
  checkArgument('neighborFinder', 'count', count, nullOrCount);
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
