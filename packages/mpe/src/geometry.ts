/**
 * Distances, contacts and random places of entities. The package exports them as `geometry`: `geometry.distance(a, b)`.
 * What scenarios call in their inner loops does not check its arguments: with checks, a step of `VectorEnv` took 11 % longer.
 */
import { atLeast0, checkArgument } from '@paragrad/check';
import { checkRandom, type Random } from './random.js';
import { Sweep } from './sweep.js';
import { type Entity, someEntities } from './world.js';

/** The square of the distance between two centers. */
export function squaredDistance(a: Entity, b: Entity): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  return dx * dx + dy * dy;
}

/** The distance between two centers. Not `Math.hypot`: its last bits differ from the reference's square root of the sum. */
export function distance(a: Entity, b: Entity): number {
  return Math.sqrt(squaredDistance(a, b));
}

/** Whether two discs overlap. False if only their edges meet, and false if a position is NaN. */
export function touches(a: Entity, b: Entity): boolean {
  return distance(a, b) < a.size + b.size;
}

/** How many of `others` the entity touches. It does not touch itself. */
export function countTouches(entity: Entity, others: readonly Entity[]): number {
  let count = 0;
  for (const other of others) if (other !== entity && touches(entity, other)) count++;
  return count;
}

/** How many pairs of one entity from each list touch. */
export function countTouchingPairs(first: readonly Entity[], second: readonly Entity[]): number {
  let pairs = 0;
  for (const entity of first) pairs += countTouches(entity, second);
  return pairs;
}

/**
 * The distance from `entity` to the nearest of `candidates`; infinite if there are none.
 *
 * A later candidate replaces an earlier one only if it is strictly nearer. So the result is NaN if the first distance is
 * NaN, and a later NaN is ignored. Python's `min` does the same, and the reference uses it. `Math.min` would always
 * return NaN.
 */
export function nearestDistance(entity: Entity, candidates: readonly Entity[]): number {
  if (candidates.length === 0) return Number.POSITIVE_INFINITY;
  let nearest = squaredDistance(entity, candidates[0]);
  for (let i = 1; i < candidates.length; i++) {
    const candidate = squaredDistance(entity, candidates[i]);
    if (candidate < nearest) nearest = candidate;
  }
  return Math.sqrt(nearest);
}

const sweep = new Sweep();
/** From so many entities on, a sweep is faster than a look at every pair. Measured with simple_spread. */
const MANY = 12;

/** Writes `nearestDistance(entities[i], candidates)` to `distances[i]`. Faster than one by one, if there are many. */
export function nearestDistances(
  entities: readonly Entity[],
  candidates: readonly Entity[],
  distances: Float64Array,
): void {
  const sorted = candidates.length >= MANY && sweep.read(candidates);
  for (let i = 0; i < entities.length; i++) {
    const { x, y } = entities[i];
    distances[i] =
      sorted && Number.isFinite(x + y)
        ? Math.sqrt(sweep.nearestSquared(x, y))
        : nearestDistance(entities[i], candidates);
  }
}

/** Writes `countTouches(entities[i], entities)` to `counts[i]`. Faster than one by one, if there are many. */
export function countAllTouches(entities: readonly Entity[], counts: Int32Array): void {
  if (entities.length >= MANY && sweep.read(entities)) countInSweep(counts);
  else for (let i = 0; i < entities.length; i++) counts[i] = countTouches(entities[i], entities);
}

function countInSweep(counts: Int32Array): void {
  counts.fill(0);
  const { x, y, size, index, count } = sweep;
  let largest = 0;
  for (let at = 0; at < count; at++) largest = Math.max(largest, size[at]);
  for (let a = 0; a < count; a++) {
    const reach = 1.001 * (size[a] + largest); // more than the sum of the sizes, however it is rounded
    for (let b = a + 1; b < count; b++) {
      const dx = x[a] - x[b];
      if (dx < -reach) break;
      const dy = y[a] - y[b];
      if (dy > reach || dy < -reach) continue;
      if (Math.sqrt(dx * dx + dy * dy) < size[a] + size[b]) {
        counts[index[a]]++;
        counts[index[b]]++;
      }
    }
  }
}

/**
 * Puts every entity at a uniformly random place in the square [-halfWidth, halfWidth]^2. They may overlap, as in the
 * reference.
 */
export function scatter(entities: readonly Entity[], halfWidth: number, random: Random): void {
  checkArgument('scatter', 'entities', entities, someEntities);
  checkArgument('scatter', 'halfWidth', halfWidth, atLeast0);
  checkRandom('scatter', random);
  for (const entity of entities) {
    entity.x = random.uniform(-halfWidth, halfWidth);
    entity.y = random.uniform(-halfWidth, halfWidth);
  }
}
