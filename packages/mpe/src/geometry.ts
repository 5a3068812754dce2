import type { Random } from './random.js';
import type { Entity } from './world.js';

export function squaredDistance(a: Entity, b: Entity): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  return dx * dx + dy * dy;
}

/** The distance of the centers. Not `Math.hypot`: the reference takes the root of the sum, and bits would differ. */
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

/** How many pairs of one of `some` and one of `others` touch. */
export function countPairs(some: readonly Entity[], others: readonly Entity[]): number {
  let pairs = 0;
  for (const entity of some) pairs += countTouches(entity, others);
  return pairs;
}

/**
 * The distance from `entity` to the nearest of `candidates`; infinite if there are none.
 *
 * The first candidate stands until a later one is strictly nearer, so a NaN distance in front wins and one behind is
 * ignored. That is Python's `min`, which the reference uses; `Math.min` would always give NaN.
 */
export function nearestDistance(entity: Entity, candidates: readonly Entity[]): number {
  if (candidates.length === 0) return Number.POSITIVE_INFINITY;
  let nearest = squaredDistance(entity, candidates[0]);
  for (let i = 1; i < candidates.length; i++) {
    const d = squaredDistance(entity, candidates[i]);
    if (d < nearest) nearest = d;
  }
  return Math.sqrt(nearest);
}

/** Places every entity uniformly in the square [-halfWidth, halfWidth]^2; overlaps happen, as in the reference. */
export function scatter(entities: readonly Entity[], halfWidth: number, random: Random): void {
  for (const entity of entities) {
    entity.x = random.uniform(-halfWidth, halfWidth);
    entity.y = random.uniform(-halfWidth, halfWidth);
  }
}

/** The price of being at distance `x` from the middle along an axis: none well inside the arena, then rising to 10. */
export function outside(x: number): number {
  if (x < 0.9) return 0;
  if (x < 1) return (x - 0.9) * 10;
  return Math.min(Math.exp(2 * x - 2), 10);
}
