import type { Entity } from './world.js';

/**
 * Many discs in the order of their x, as flat numbers. What is near a disc is not far from it in this order, so it is found
 * without a look at all discs.
 */
export class Sweep {
  count = 0;
  x = new Float64Array(0);
  y = new Float64Array(0);
  size = new Float64Array(0);
  /** The index of each disc in the list that was read. */
  index = new Int32Array(0);
  /** The other way round: where in the order is the disc of each index? */
  #place = new Int32Array(0);
  /** What `findNear` has found. */
  near = new Int32Array(0);
  /** The range of x is cut into as many equal parts as there are discs: where the discs of each part begin. */
  #starts = new Int32Array(0);
  #low = 0;
  #partsPerUnit = 0;

  /** Reads a list. Returns false if a coordinate is not finite: then there is no order. */
  read(entities: readonly Entity[]): boolean {
    const count = entities.length;
    if (this.index.length < count) this.#grow(count);
    this.count = count;
    if (!this.#measure(entities)) return false;
    const [x, index, starts] = [this.x, this.index, this.#starts];
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[this.#part(entities[i].x)]++;
    for (let part = 1; part < count; part++) starts[part] += starts[part - 1]; // now it is the end of each part
    for (let i = count - 1; i >= 0; i--) {
      const at = --starts[this.#part(entities[i].x)];
      x[at] = entities[i].x;
      index[at] = i;
    }
    this.#sortParts();
    for (let at = 0; at < count; at++) {
      const entity = entities[index[at]];
      this.y[at] = entity.y;
      this.size[at] = entity.size;
      this.#place[index[at]] = at;
    }
    return true;
  }

  /** The square of the distance from a point to the nearest center. The coordinates must be finite. */
  nearestSquared(x: number, y: number): number {
    const start = this.#firstFrom(x);
    let nearest = Number.POSITIVE_INFINITY;
    for (let at = start; at < this.count; at++) {
      const dx = x - this.x[at];
      if (dx * dx >= nearest) break;
      const dy = y - this.y[at];
      const candidate = dx * dx + dy * dy;
      if (candidate < nearest) nearest = candidate;
    }
    for (let at = start - 1; at >= 0; at--) {
      const dx = x - this.x[at];
      if (dx * dx >= nearest) break;
      const dy = y - this.y[at];
      const candidate = dx * dx + dy * dy;
      if (candidate < nearest) nearest = candidate;
    }
    return nearest;
  }

  /** Writes to `near` the indices above i of the discs whose center is at most `reach` away, in order. Returns how many. */
  findNear(i: number, reach: number): number {
    const [x, y, index, near] = [this.x, this.y, this.index, this.near];
    const place = this.#place[i];
    let count = 0;
    for (let step = 1; step >= -1; step -= 2) {
      for (let at = place + step; at >= 0 && at < this.count; at += step) {
        const dx = x[place] - x[at];
        if (dx > reach || dx < -reach) break;
        const dy = y[place] - y[at];
        if (index[at] < i || dx * dx + dy * dy > reach * reach) continue;
        let k = count++;
        for (; k > 0 && near[k - 1] > index[at]; k--) near[k] = near[k - 1];
        near[k] = index[at];
      }
    }
    return count;
  }

  /** The first place in the order whose x is not below the given one. */
  #firstFrom(x: number): number {
    if (!(x > this.#low)) return 0;
    let at = this.#starts[this.#part(x)];
    while (at < this.count && this.x[at] < x) at++;
    return at;
  }

  #part(x: number): number {
    return Math.min(Math.floor((x - this.#low) * this.#partsPerUnit), this.count - 1);
  }

  #measure(entities: readonly Entity[]): boolean {
    let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let i = 0; i < entities.length; i++) {
      const { x, y } = entities[i];
      if (x < low) low = x;
      if (x > high) high = x;
      sum += x + y;
    }
    this.#low = low;
    this.#partsPerUnit = (this.count - 1) / (high - low || 1);
    return Number.isFinite(sum) && Number.isFinite(high - low) && Number.isFinite(this.#partsPerUnit);
  }

  /** By insertion, because no disc is far from its place. */
  #sortParts(): void {
    const [x, index] = [this.x, this.index];
    for (let i = 1; i < this.count; i++) {
      const [key, disc] = [x[i], index[i]];
      let at = i;
      for (; at > 0 && x[at - 1] > key; at--) {
        x[at] = x[at - 1];
        index[at] = index[at - 1];
      }
      x[at] = key;
      index[at] = disc;
    }
  }

  #grow(count: number): void {
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    this.size = new Float64Array(count);
    this.index = new Int32Array(count);
    this.near = new Int32Array(count);
    this.#place = new Int32Array(count);
    this.#starts = new Int32Array(count);
  }
}
