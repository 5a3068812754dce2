import { Sweep } from './sweep.js';
import type { Entity } from './world.js';

/** Contact force per depth of the overlap. */
export const CONTACT_FORCE = 100;
/** The length k over which the contact force fades out. */
export const CONTACT_MARGIN = 0.001;

/** From so many entities on that collide, a sweep finds the near pairs sooner than a look at all pairs. */
const MANY = 128;

/** Discs whose edges are farther apart than 50 k push each other with less than 2e-23 (100 k exp(-50)). */
const FAR = 50 * CONTACT_MARGIN;
/** Half of the last bit of a force above this is more than that. So to add such a push to it changes nothing. */
const STRONG = 1e-6;
/** From here on the push is exactly 0, because exp(-746) is. */
const NOTHING = 750 * CONTACT_MARGIN;
/** With larger discs, a distance is rounded too much to say who is far. */
const HUGE = 1e6;

/**
 * The contact forces of worlds with many entities: those of `addContactForce` (physics.ts) for each pair i < j in turn, bit for
 * bit. But most pairs are too far apart to matter. While the forces on both are `STRONG`, their push changes no bit, and it is not
 * computed. If the forces on all entities are strong, far pairs are not even looked at. Only pushes that are added to next to
 * nothing must all be computed, because they are exactly 0 only from 746 k on.
 */
export class Contacts {
  #count = 0;
  /** How many of the entities are not strong. */
  #weak = 0;
  #x = new Float64Array(0);
  #y = new Float64Array(0);
  #size = new Float64Array(0);
  /** A pair is near up to the sum of their reaches. */
  #reach = new Float64Array(0);
  #fx = new Float64Array(0);
  #fy = new Float64Array(0);
  #movable = new Uint8Array(0);
  /** Whether a far push changes nothing. What cannot move is always strong. */
  #strong = new Uint8Array(0);
  readonly #sweep = new Sweep();
  readonly #colliding: Entity[] = [];

  /** Adds them to the forces on the entities that can move. */
  addForces(entities: readonly Entity[]): void {
    const reach = 2 * this.#read(entities);
    const sorted = this.#count >= MANY && this.#weak === 0 && this.#sweep.read(this.#colliding);
    for (let i = 0; i < this.#count; i++) {
      this.#pushAll(i, sorted && this.#weak === 0 ? this.#pushNear(i, reach) : i + 1);
    }
    this.#write();
  }

  /** Copies those that collide. Returns the largest reach. */
  #read(entities: readonly Entity[]): number {
    if (this.#x.length < entities.length) this.#grow(entities.length);
    let [count, largest] = [0, 0];
    this.#weak = 0;
    for (let k = 0; k < entities.length; k++) {
      const entity = entities[k];
      if (!entity.collide) continue;
      const i = count++;
      this.#colliding[i] = entity;
      this.#x[i] = entity.x;
      this.#y[i] = entity.y;
      this.#size[i] = entity.size;
      this.#reach[i] = entity.size < HUGE ? entity.size + FAR / 2 : Number.POSITIVE_INFINITY;
      this.#movable[i] = entity.movable ? 1 : 0;
      this.#strong[i] = 1;
      this.#fx[i] = entity.fx;
      this.#fy[i] = entity.fy;
      if (entity.movable) this.#weigh(i);
      if (this.#reach[i] > largest) largest = this.#reach[i];
    }
    this.#count = count;
    this.#colliding.length = count;
    return largest;
  }

  #write(): void {
    for (let i = 0; i < this.#count; i++) {
      const entity = this.#colliding[i];
      if (!entity.movable) continue;
      entity.fx = this.#fx[i];
      entity.fy = this.#fy[i];
    }
  }

  #grow(length: number): void {
    this.#x = new Float64Array(length);
    this.#y = new Float64Array(length);
    this.#size = new Float64Array(length);
    this.#reach = new Float64Array(length);
    this.#fx = new Float64Array(length);
    this.#fy = new Float64Array(length);
    this.#movable = new Uint8Array(length);
    this.#strong = new Uint8Array(length);
  }

  /** Pushes i and those that are near, as long as all are strong. Returns the first index that it has not treated. */
  #pushNear(i: number, reach: number): number {
    const count = this.#sweep.findNear(i, reach);
    for (let k = 0; k < count; k++) {
      const j = this.#sweep.near[k];
      const dx = this.#x[i] - this.#x[j];
      const dy = this.#y[i] - this.#y[j];
      this.#push(i, j, dx, dy, Math.sqrt(dx * dx + dy * dy));
      if (this.#weak > 0) return j + 1;
    }
    return this.#count;
  }

  #pushAll(i: number, from: number): void {
    const [x, y, reach, strong] = [this.#x, this.#y, this.#reach, this.#strong];
    const [xi, yi] = [x[i], y[i]];
    for (let j = from; j < this.#count; j++) {
      const dx = xi - x[j];
      const dy = yi - y[j];
      const squared = dx * dx + dy * dy;
      const near = reach[i] + reach[j];
      if (squared > near * near) {
        if (strong[i] === 1 && strong[j] === 1) continue;
        if (squared > (near + NOTHING - FAR) * (near + NOTHING - FAR)) continue;
      }
      this.#push(i, j, dx, dy, Math.sqrt(squared));
    }
  }

  #push(i: number, j: number, dx: number, dy: number, distance: number): void {
    const overlap = (this.#size[i] + this.#size[j] - distance) / CONTACT_MARGIN;
    if (overlap < -746) return; // exp(overlap) is exactly 0, and so is the force
    const penetration = softplus(overlap) * CONTACT_MARGIN;
    const fx = ((CONTACT_FORCE * dx) / distance) * penetration;
    const fy = ((CONTACT_FORCE * dy) / distance) * penetration;
    if (this.#movable[i] === 1) {
      this.#fx[i] += fx;
      this.#fy[i] += fy;
    }
    if (this.#movable[j] === 1) {
      this.#fx[j] -= fx;
      this.#fy[j] -= fy;
    }
    if (overlap < -FAR / CONTACT_MARGIN) return; // so small a push makes no force strong or weak
    if (this.#movable[i] === 1) this.#weigh(i);
    if (this.#movable[j] === 1) this.#weigh(j);
  }

  #weigh(i: number): void {
    const strong = Math.abs(this.#fx[i]) > STRONG && Math.abs(this.#fy[i]) > STRONG ? 1 : 0;
    this.#weak += this.#strong[i] - strong;
    this.#strong[i] = strong;
  }
}

/**
 * log(1 + exp(x)), in a form that cannot overflow. In deep contacts x is several hundred. Far from 0 one of the two terms is
 * less than the last bit of the result, so it is left out, with the same result.
 */
export function softplus(x: number): number {
  if (x > 40) return x;
  const e = Math.exp(-Math.abs(x));
  return x < -40 ? e : Math.max(x, 0) + Math.log1p(e);
}
