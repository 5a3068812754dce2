/**
 * Weights by index, with their sum; changing one, and finding the one that a point of the sum lies in, take
 * O(log of their number). Memory is taken as indices are reached.
 */
export class SumTree {
  /** A heap: node k is the sum of nodes 2k and 2k + 1. The second half are the leaves, the weights. */
  #nodes = new Float64Array(2);

  get total(): number {
    return this.#nodes[1];
  }

  get byteLength(): number {
    return this.#nodes.byteLength;
  }

  get(index: number): number {
    return this.#nodes[this.#nodes.length / 2 + index] ?? 0;
  }

  set(index: number, weight: number): void {
    while (index >= this.#nodes.length / 2) this.#grow();
    const nodes = this.#nodes;
    let k = nodes.length / 2 + index;
    nodes[k] = weight;
    // Sums are made anew and never by difference, so that no rounding error builds up.
    for (k >>= 1; k > 0; k >>= 1) nodes[k] = nodes[2 * k] + nodes[2 * k + 1];
  }

  /** The index whose weight holds the point, where the weights lie one after the other on [0, total). Its weight is above 0. */
  find(point: number): number {
    const nodes = this.#nodes;
    const leaves = nodes.length / 2;
    let k = 1;
    let rest = point;
    while (k < leaves) {
      k *= 2;
      // To the right only where something is: rounding may leave a rest at the very end.
      if (rest >= nodes[k] && nodes[k + 1] > 0) {
        rest -= nodes[k];
        k += 1;
      }
    }
    return k - leaves;
  }

  /** The old tree becomes the left half of one of twice the size. */
  #grow(): void {
    const old = this.#nodes;
    const grown = new Float64Array(2 * old.length);
    for (let width = 1; width < old.length; width *= 2) {
      grown.set(old.subarray(width, 2 * width), 2 * width);
    }
    grown[1] = old[1];
    this.#nodes = grown;
  }
}
