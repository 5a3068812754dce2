import { anArray, type Check, integerFrom0, text } from '@paragrad/check';
import type { Graph } from './graph.js';

/** Only what a mistaken argument lacks. */
export const aGraph: Check<Graph> = {
  inWords: 'what inspect(x) returns',
  accepts(value): value is Graph {
    const { nodes, edges } = (value ?? {}) as Partial<Graph>;
    return (
      anArray.accepts(nodes) &&
      nodes.length > 0 &&
      nodes.every((node) => anArray.accepts(node?.shape) && text.accepts(node.name)) &&
      anArray.accepts(edges) &&
      edges.every((edge) =>
        [edge?.from, edge?.to].every((id) => integerFrom0.accepts(id) && id < nodes.length),
      )
    );
  },
};
