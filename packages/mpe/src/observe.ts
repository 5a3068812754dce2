/** The blocks that observations are put together from. A null among the entities is an empty slot and gives zeros. */
import { distance } from './geometry.js';
import type { Agent, Entity } from './world.js';

/** Positions relative to `from`: `[2 * entities]`, x and y of each in turn. */
export function relative(from: Entity, entities: readonly (Entity | null)[]): number[] {
  const block: number[] = [];
  for (const entity of entities) {
    if (entity) block.push(entity.x - from.x, entity.y - from.y);
    else block.push(0, 0);
  }
  return block;
}

/** Absolute velocities: `[2 * entities]`. */
export function velocities(entities: readonly (Entity | null)[]): number[] {
  const block: number[] = [];
  for (const entity of entities) block.push(entity?.vx ?? 0, entity?.vy ?? 0);
  return block;
}

/** What was last said: `[dimC * agents]`. */
export function utterances(agents: readonly (Agent | null)[], dimC: number): number[] {
  const block: number[] = [];
  for (const agent of agents) for (let i = 0; i < dimC; i++) block.push(agent?.utterance[i] ?? 0);
  return block;
}

/**
 * What `from` can see of `entities`, itself left out: all of them in their order if `count` is null, else the `count`
 * nearest, nearest first, followed by empty slots if there are fewer.
 */
export function visible<T extends Entity>(
  from: Entity,
  entities: readonly T[],
  count: number | null,
): (T | null)[] {
  const others = entities.filter((entity) => entity !== (from as Entity));
  if (count === null) return others;
  const byDistance = others.sort((a, b) => distance(from, a) - distance(from, b));
  return Array.from({ length: count }, (_, i) => byDistance[i] ?? null);
}
