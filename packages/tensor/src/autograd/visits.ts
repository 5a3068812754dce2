import type { Tensor } from '../tensor.js';
import { type GradNode, OpRecord } from './record.js';

/**
 * What one backward pass knows of a node. The node points to it while the pass runs, because that takes less time than to
 * look it up in a map.
 */
export class Visit {
  /** The sum of the gradients that have arrived so far. */
  gradient: Tensor | null = null;
  /** Whether the pass was asked for the gradient of this node. */
  isWanted = false;
  /** Whether a gradient must flow to this node. */
  isNeeded = true;
  /** How many edges the search has followed. */
  #next = 0;
  /** The visit of a pass that is interrupted: a hook may start a pass of its own. */
  readonly #outer: Visit | null;

  constructor(
    readonly node: GradNode,
    readonly pass: object,
  ) {
    this.#outer = node.visit;
    node.visit = this;
  }

  /** The next node that this one has an edge to; undefined after the last, null for an edge without a node. */
  nextEdge(): GradNode | null | undefined {
    return this.node instanceof OpRecord ? this.node.edges[this.#next++] : undefined;
  }

  /** Whether a node that this one has an edge to is needed. */
  leadsToNeeded(): boolean {
    if (!(this.node instanceof OpRecord)) return false;
    for (const to of this.node.edges) if (to?.visit?.isNeeded) return true;
    return false;
  }

  end(): void {
    this.node.visit = this.#outer;
  }
}

/**
 * Visits every node that gradients can reach from `root`. Each node comes before the nodes that use it. Not recursive,
 * because graphs can be deeper than the call stack. Call `end` of each visit when the pass is over.
 */
export function visitsFrom(root: GradNode): Visit[] {
  const pass = {};
  const order: Visit[] = [];
  const stack = [new Visit(root, pass)];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const node = top.nextEdge();
    if (node === undefined) {
      order.push(top);
      stack.pop();
    } else if (node && node.visit?.pass !== pass) stack.push(new Visit(node, pass));
  }
  return order;
}

/** The nodes that gradients can reach from `root`. Each node comes before the nodes that use it. */
export function topologicalOrder(root: GradNode): GradNode[] {
  return visitsFrom(root).map((visit) => {
    visit.end();
    return visit.node;
  });
}
