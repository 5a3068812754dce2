/** One op of a recorded graph, with the numbers of its inputs, its output and the output's gradient. */
import type { Graph, GraphNode } from '@paragrad/tensor/inspect';

/** One number of a graph: of a node's values, or of its gradient. */
export interface Entry {
  readonly node: number;
  readonly of: 'values' | 'gradient';
  /** Its position in the flat data. */
  readonly index: number;
}

/** A number in a product, with its name there, and where it is if it is in the graph. */
export interface Factor {
  readonly text: string;
  readonly value: number;
  readonly at: Entry | null;
  /** How it is written with numbers, if not as its value: `tanh(0.31)`. */
  readonly written?: string;
}

/** A product; its value is that of all factors multiplied. */
export type Term = readonly Factor[];

export type Position = readonly number[];

export interface Call {
  readonly node: GraphNode;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The inputs in their order. */
  readonly inputs: readonly GraphNode[];
  /** A number of input k, called `name`. */
  input(k: number, name: string, at: Position): Factor;
  output(name: string, at: Position): Factor;
  /** A number of the gradient at the output. */
  dy(at: Position): Factor;
}

export function callOf(graph: Graph, id: number): Call {
  const node = graph.nodes[id];
  const edges = graph.edges.filter(({ to }) => to === id).sort((a, b) => a.input - b.input);
  const inputs = edges.map(({ from }) => graph.nodes[from]);
  const factor = (node: GraphNode, of: Entry['of'], name: string, at: Position): Factor => {
    const index = flat(at, node.shape);
    const numbers = of === 'values' ? node.values : node.gradient;
    return {
      text: at.length > 0 ? `${name}[${at.join(', ')}]` : name,
      value: numbers?.[index] ?? Number.NaN,
      at: numbers ? { node: node.id, of, index } : null,
    };
  };
  return {
    node,
    attributes: node.attributes ?? {},
    inputs,
    input: (k, name, at) => factor(inputs[k], 'values', name, at),
    output: (name, at) => factor(node, 'values', name, at),
    dy: (at) => factor(node, 'gradient', 'dy', at),
  };
}

/** A number that is not in the graph, such as 1 - y². */
export function constant(text: string, value: number): Factor {
  return { text, value, at: null };
}

/** The position in flat data of this shape. */
export function flat(at: Position, shape: Position): number {
  return at.reduce((index, i, axis) => index * shape[axis] + i, 0);
}

/** The index along each axis. */
export function unflat(index: number, shape: Position): number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((length) => {
      const i = rest % length;
      rest = Math.floor(rest / length);
      return i;
    })
    .toReversed();
}

/** All positions of a shape, in order. */
export function positions(shape: Position): number[][] {
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, index) => unflat(index, shape));
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}
