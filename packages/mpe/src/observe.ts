import { checkArgument, checkNoMore } from '@paragrad/check';
import { Crowd } from './crowd.js';
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
  /** Crowds read their entities again when this number has changed. */
  #moment = 0;

  constructor(
    /** Where the numbers are written. */
    public target: Float64Array | Float32Array,
    /** Length of an utterance. */
    readonly dimC: number,
  ) {}

  /** The next observations are of a new moment: entities may have moved since the last ones. */
  begin(target: Float64Array | Float32Array, at: number): void {
    this.target = target;
    this.at = at;
    this.#moment = ++moments;
  }

  /** A number. */
  number(value: number): void {
    this.target[this.at++] = value;
  }

  /** Several numbers. */
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

  /** The velocities: 2 numbers each; zeros for null. */
  velocities(entities: readonly (Entity | null)[]): void {
    for (let i = 0; i < entities.length; i++) this.velocity(entities[i]);
  }

  /** The position relative to `from`: 2 numbers. */
  relative(from: Entity, entity: Entity | null): void {
    if (entity) this.#pair(entity.x - from.x, entity.y - from.y);
    else this.#pair(0, 0);
  }

  /** The positions relative to `from`: 2 numbers each; zeros for null. */
  relatives(from: Entity, entities: Neighbors): void {
    const { crowd, missing } = entities;
    if (crowd) {
      const places = crowd.places(this.#moment);
      this.#relativePlaces(from, places, 0, 2 * missing!);
      this.#relativePlaces(from, places, 2 * missing! + 2, places.length);
      return;
    }
    const { target } = this;
    const { x, y } = from;
    let at = this.at; // a local variable is faster
    for (let i = 0; i < entities.length; i++) {
      const entity = entities[i];
      target[at] = entity ? entity.x - x : 0;
      target[at + 1] = entity ? entity.y - y : 0;
      at += 2;
    }
    this.at = at;
  }

  /** In large worlds, this loop takes half the time of a step. */
  #relativePlaces({ x, y }: Entity, places: Float64Array, start: number, end: number): void {
    const { target } = this;
    const shift = this.at - start;
    for (let i = start; i < end; i += 2) {
      target[shift + i] = places[i] - x;
      target[shift + i + 1] = places[i + 1] - y;
    }
    this.at += Math.max(end - start, 0);
  }

  /** What the agent last said: `dimC` numbers. */
  utterance(agent: Agent | null): void {
    const { target, at, dimC } = this;
    for (let i = 0; i < dimC; i++) target[at + i] = agent ? agent.utterance[i] : 0;
    this.at = at + dimC;
  }

  /** What the agents said last: `dimC` numbers each; zeros for null. */
  utterances(agents: Neighbors<Agent>): void {
    if (agents.crowd?.isSilent(this.#moment)) {
      const end = this.at + agents.length * this.dimC;
      this.target.fill(0, this.at, end);
      this.at = end;
      return;
    }
    for (let i = 0; i < agents.length; i++) this.utterance(agents[i]);
  }

  #pair(x: number, y: number): void {
    const { target, at } = this;
    target[at] = x;
    target[at + 1] = y;
    this.at = at + 2;
  }
}

/** The moments of all writers are different ones. */
let moments = 0;

/** From so many neighbors on, crowds are faster. Measured with simple_spread. */
const MANY = 8;

/** What `neighborFinder` returns. If they are a crowd without one of its entities, `missing` is that one's index. */
export interface Neighbors<T extends Entity = Entity> extends ReadonlyArray<T | null> {
  /** @internal */
  readonly crowd?: Crowd<T>;
  /** @internal */
  readonly missing?: number;
}

/**
 * Returns a function that finds, for an agent, its neighbors among `entities`, without the agent itself. If `count` is
 * null, these are all of them, in their order. Otherwise they are the `count` nearest, the nearest first; if there are
 * fewer, nulls fill the list. Do not change the list, and read it before the next call, which may fill it anew.
 */
export function neighborFinder<T extends Entity>(
  entities: readonly T[],
  count: number | null,
): (agent: Agent) => readonly (T | null)[] {
  checkNoMore('neighborFinder', arguments, 2);
  checkArgument('neighborFinder', 'entities', entities, someEntities);
  checkArgument('neighborFinder', 'count', count, nullOrCount);
  const crowd = entities.length < MANY ? null : new Crowd(entities);
  const others: Neighbors<T>[] = [];
  const othersOf = (agent: Agent) => {
    others[agent.index] ??= without(agent, entities, crowd);
    return others[agent.index] as readonly T[];
  };
  if (count === null) return othersOf;
  const nearest = { found: Array<T | null>(count), distances: new Float64Array(count) };
  return (agent) => findNearest(agent, othersOf(agent), nearest);
}

/**
 * Fills `found` with the nearest of `others`, the nearest first, and among equals the first in the list. Nulls stand for
 * those that are missing. All calls share its arrays, because new ones took half the time of a step.
 */
function findNearest<T extends Entity>(
  agent: Agent,
  others: readonly T[],
  { found, distances }: { found: (T | null)[]; distances: Float64Array },
): readonly (T | null)[] {
  const last = found.length - 1;
  for (let i = 0; i < others.length; i++) {
    const distance = squaredDistance(agent, others[i]);
    if (i > last && !(distance < distances[last])) continue;
    let at = Math.min(i, last);
    for (; at > 0 && distance < distances[at - 1]; at--) {
      found[at] = found[at - 1];
      distances[at] = distances[at - 1];
    }
    found[at] = others[i];
    distances[at] = distance;
  }
  return found.fill(null, others.length);
}

/** The list without the agent. If it does not have the agent, nothing is missing. */
function without<T extends Entity>(
  agent: Agent,
  entities: readonly T[],
  crowd: Crowd<T> | null,
): Neighbors<T> {
  const others = entities.filter((entity) => entity !== (agent as Entity));
  if (!crowd || others.length < entities.length - 1) return others;
  const index = entities.indexOf(agent as Entity as T);
  return Object.assign(others, { crowd, missing: index < 0 ? entities.length : index });
}
