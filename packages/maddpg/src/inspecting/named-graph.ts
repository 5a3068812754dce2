import type { Tensor } from '@paragrad/tensor';
import { type Graph, type InspectOptions, inspect } from '@paragrad/tensor/inspect';

/**
 * The graph of `output` with these names, which no tensor keeps. `idOf` finds the node of one of these tensors; it gives undefined
 * if the tensor is not in the graph.
 */
export function namedGraph(
  output: Tensor,
  names: ReadonlyMap<Tensor, string>,
  options: InspectOptions,
): { graph: Graph; idOf: (x: Tensor) => number | undefined } {
  const tensors = [...names.keys()];
  const before = tensors.map(({ name }) => name);
  const marks = new Map(tensors.map((x, index) => [`\u0000${index}`, x]));
  try {
    for (const [mark, x] of marks) x.name = mark;
    const { nodes, edges } = inspect(output, options);
    const ids = new Map<Tensor, number>();
    const named = nodes.map((node) => {
      const x = marks.get(node.name);
      if (!x) return node;
      ids.set(x, node.id);
      return { ...node, name: names.get(x)! };
    });
    return { graph: { nodes: named, edges }, idOf: (x) => ids.get(x) };
  } finally {
    tensors.forEach((x, index) => {
      x.name = before[index];
    });
  }
}
