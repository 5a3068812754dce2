/** Nodes and edges in words, for lists, tool tips and screen readers. */
import type { Graph, GraphNode } from '@paragrad/tensor/inspect';
import { number } from '../../numbers.js';

/** `[32, 2]`, or `a number`. */
export function shapeInWords(shape: readonly number[]): string {
  return shape.length > 0 ? `[${shape.join(', ')}]` : 'a number';
}

/** What a node is called: its name, or its op. */
export function titleOf({ name, op, kind }: GraphNode): string {
  return name || op || kind;
}

export function gradientInWords(norm: number | null): string {
  return norm === null ? 'no gradient' : `gradient norm ${number(norm)}`;
}

export function nodeInWords(node: GraphNode): string {
  const { name, op, kind, shape, group, gradientNorm } = node;
  const what = group ? `, ${group.ops} ops` : name && op ? `, ${op}` : kind === 'leaf' ? ', weights' : '';
  const weights =
    group && group.parameters > 0 ? `, its weights: ${gradientInWords(group.parametersNorm)}` : '';
  return `${titleOf(node)}${what}, ${shapeInWords(shape)}, ${gradientInWords(gradientNorm)}${weights}`;
}

export function edgeInWords({ nodes, edges }: Graph, edge: number): string {
  const { from, to, detached, gradientNorm } = edges[edge];
  const gradient = detached ? 'cut off by detach, no gradient' : gradientInWords(gradientNorm);
  return `${titleOf(nodes[from])} → ${titleOf(nodes[to])}: ${gradient}`;
}
