import fc from 'fast-check';
import type { Graph, GraphEdge, GraphNode, NodeGroup } from '../../src/inspect/index.js';

/** A graph in which every node has an input only from nodes with higher ids, and all lead to node 0. */
export const randomGraph: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      uses: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      name: fc.constantFrom('', 'w', 'a name that is as long as names of parameters are', '動作 of agent_1'),
      shape: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3 }),
      isCut: fc.boolean(),
      norm: fc.oneof(
        fc.constant(null),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, 1.23e-12, 1.23e-6, 1.23e21),
      ),
      wantsGradient: fc.boolean(),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((drawn) => {
    const edges: GraphEdge[] = [];
    const inputs = drawn.map(() => 0);
    drawn.forEach(({ uses, isCut, norm }, from) => {
      if (from === 0) return;
      for (const use of uses) {
        const to = use % from;
        if (inputs[to] > 0 && isCut) continue; // a detach has one input
        edges.push({ from, to, input: inputs[to]++, detached: isCut, gradientNorm: isCut ? null : norm });
      }
      if (!edges.some((edge) => edge.from === from)) {
        edges.push({ from, to: 0, input: inputs[0]++, detached: false, gradientNorm: norm });
      }
    });
    const nodes = drawn.map(({ name, shape, norm, wantsGradient }, id): GraphNode => {
      const isDetach = edges.some(({ to, detached }) => to === id && detached);
      const kind = inputs[id] > 0 ? (isDetach ? 'detach' : 'op') : wantsGradient ? 'leaf' : 'constant';
      const op = kind === 'op' ? 'matmul' : kind === 'detach' ? 'detach' : null;
      return { id, kind, op, name, shape, gradientNorm: kind === 'constant' ? null : norm };
    });
    return { nodes, edges };
  });

/** A graph, and groups that do not overlap: each is all that lies between two ids. */
export const graphAndGroups: fc.Arbitrary<{ graph: Graph; groups: NodeGroup[] }> = randomGraph.chain(
  (graph) =>
    fc.uniqueArray(fc.nat({ max: graph.nodes.length }), { maxLength: 6 }).map((cuts) => {
      cuts.sort((a, b) => a - b);
      const groups = cuts.slice(1).flatMap((end, index): NodeGroup[] => {
        const start = cuts[index];
        if (index % 2 === 1) return [];
        const ids = graph.nodes.map(({ id }) => id);
        return [{ name: `group ${index}`, outputs: ids.slice(start, end), inputs: ids.slice(end) }];
      });
      return { graph, groups };
    }),
);
