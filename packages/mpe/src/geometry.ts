import type { Random } from './random.js';
import type { Entity } from './world.js';

export function squaredDistance(a: Entity, b: Entity): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  return dx * dx + dy * dy;
}

/** The distance of the centres. Not `Math.hypot`: the reference takes the root of the sum, and bits would differ. */
export function distance(a: Entity, b: Entity): number {
  return Math.sqrt(squaredDistance(a, b));
}

/** Whether two discs overlap. Discs that just meet don't; NaN positions never do. */
export function touches(a: Entity, b: Entity): boolean {
  return distance(a, b) < a.size + b.size;
}

/** How many of `others` the entity touches, not counting itself. */
export function countTouches(entity: Entity, others: readonly Entity[]): number {
  let count = 0;
  for (const other of others) if (other !== entity && touches(entity, other)) count++;
  return count;
}

/**
 * The distance from `entity` to the nearest of `candidates` (at least one).
 *
 * The first candidate stands until a later one is strictly nearer, so a NaN distance in front wins and one behind is
 * ignored. That is Python's `min`, which the reference uses; `Math.min` would always give NaN.
 */
export function nearestDistance(entity: Entity, candidates: readonly Entity[]): number {
  let nearest: number | undefined;
  for (const candidate of candidates) {
    const d = distance(entity, candidate);
    if (nearest === undefined || d < nearest) nearest = d;
  }
  return nearest ?? Number.POSITIVE_INFINITY;
}

/** Places every entity uniformly in the square [-halfWidth, halfWidth]^2; overlaps happen, as in the reference. */
export function scatter(entities: readonly Entity[], halfWidth: number, random: Random): void {
  for (const entity of entities) {
    entity.x = random.uniform(-halfWidth, halfWidth);
    entity.y = random.uniform(-halfWidth, halfWidth);
  }
}
