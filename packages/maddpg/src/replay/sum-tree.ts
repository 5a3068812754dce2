/**
 * Weights by index, and their sum. Changing a weight takes O(log n) for n weights, and so does `find`. The tree grows
 * with the largest index.
 */
export class SumTree {
  /** A binary tree as in a heap: node k is the sum of nodes 2k and 2k + 1. The second half, the leaves, are the weights. */
  #nodes = new Float64Array(2);

  /** The sum of all weights. */
  get total(): number {
    return this.#nodes[1];
  }

  /** The nodes themselves, not a copy. */
  getState(): { readonly nodes: Float64Array } {
    return { nodes: this.#nodes };
  }

  setState({ nodes }: { readonly nodes: Float64Array }): void {
    this.#nodes = nodes.slice();
  }

  get byteLength(): number {
    return this.#nodes.byteLength;
  }

  /** The weight at this index; 0 if none was set. */
  get(index: number): number {
    return this.#nodes[this.#nodes.length / 2 + index] ?? 0;
  }

  set(index: number, weight: number): void {
    while (index >= this.#nodes.length / 2) this.#grow();
    const nodes = this.#nodes;
    let k = nodes.length / 2 + index;
    nodes[k] = weight;
    // Add up both children again instead of adding the difference, so that rounding errors do not accumulate.
    for (k >>= 1; k > 0; k >>= 1) nodes[k] = nodes[2 * k] + nodes[2 * k + 1];
  }

  /** With the weights laid end to end on [0, total): the index of the one that covers `point`. Its weight is above 0. */
  find(point: number): number {
    const nodes = this.#nodes;
    const leaves = nodes.length / 2;
    let k = 1;
    let rest = point;
    while (k < leaves) {
      k *= 2;
      // Rounding can leave a rest after the last weight: never go to the right where all weights are 0.
      if (rest >= nodes[k] && nodes[k + 1] > 0) {
        rest -= nodes[k];
        k += 1;
      }
    }
    return k - leaves;
  }

  /** Doubles the size: the old tree becomes the left half of the new one. */
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
