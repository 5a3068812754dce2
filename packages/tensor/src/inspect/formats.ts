import { checkArgument } from '@paragrad/check';
import { aGraph } from './a-graph.js';
import type { Graph, GraphEdge, GraphNode } from './graph.js';
import { formatNorm, isMeasured, nodeLabel } from './labels.js';

/**
 * The graph as text: one line for each node, with the values it was computed from indented below it. A node that is
 * used several times shows its id, and its inputs appear only the first time.
 */
export function toText(graph: Graph): string {
  checkArgument('toText', 'graph', graph, aGraph);
  const inputs = graph.nodes.map((): GraphEdge[] => []);
  const uses = graph.nodes.map(() => 0);
  for (const edge of graph.edges) {
    inputs[edge.to].push(edge);
    uses[edge.from]++;
  }
  const measured = isMeasured(graph);
  const visited = new Set<number>();
  const lines: string[] = [];
  const open: { id: number; depth: number; edge?: GraphEdge }[] = [{ id: 0, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { id, depth, edge } = next;
    const number = uses[id] > 1 ? ` #${id}` : '';
    const again = visited.has(id) ? ' (above)' : '';
    const cut = edge?.detached ? '  x cut off, no gradient' : '';
    const norm =
      typeof edge?.gradientNorm !== 'number' ? '' : `  |gradient| ${formatNorm(edge.gradientNorm)}`;
    lines.push(
      `${'  '.repeat(Math.min(depth, DEEPEST))}${nodeLabel(graph.nodes[id], measured)}${number}${again}${cut}${norm}`,
    );
    if (again) continue;
    visited.add(id);
    for (const edge of inputs[id].toReversed()) {
      open.push({ id: edge.from, depth: depth + 1, edge });
    }
  }
  return lines.join('\n');
}

/** The deepest indentation. Without a limit, a chain of thousands of ops would need more memory than there is. */
const DEEPEST = 100;

/**
 * The graph as a Mermaid flowchart, from the leaves down to the output. Edges that `detach` cut are dotted; edges with a
 * measured gradient show its norm.
 */
export function toMermaid(graph: Graph): string {
  checkArgument('toMermaid', 'graph', graph, aGraph);
  const { nodes, edges } = graph;
  const measured = isMeasured(graph);
  const box = (node: GraphNode): string => {
    const text = `"${nodeLabel(node, measured).replace(/[#"<>]/g, (character) => ENTITIES[character])}"`;
    if (node.kind === 'leaf') return `([${text}])`;
    if (node.kind === 'constant') return `(${text})`;
    return node.kind === 'group' ? `[[${text}]]` : `[${text}]`;
  };
  const arrow = ({ detached, gradientNorm }: GraphEdge): string => {
    if (detached) return '-. detached .->';
    return gradientNorm === null ? '-->' : `-->|${formatNorm(gradientNorm)}|`;
  };
  return [
    'flowchart TD',
    ...nodes.map((node) => `  n${node.id}${box(node)}`),
    ...edges.map((edge) => `  n${edge.from} ${arrow(edge)} n${edge.to}`),
  ].join('\n');
}

const ENTITIES: Record<string, string> = { '#': '#35;', '"': '#quot;', '<': '#lt;', '>': '#gt;' };

/** The graph as JSON. A number that JSON has no word for is a string: 'NaN' or 'Infinity'. */
export function toJson(graph: Graph): string {
  checkArgument('toJson', 'graph', graph, aGraph);
  return JSON.stringify(
    graph,
    (_, value) => {
      if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    },
    2,
  );
}
