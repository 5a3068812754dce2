/** A folded graph as a nested list: below each value what it is computed from. */
import type { Graph, GraphEdge } from '@paragrad/tensor/inspect';

export interface OutlineItem {
  readonly id: number;
  /** From this value to the one above; none at the top. */
  readonly edge: GraphEdge | null;
  /** Whether it is in the list already, with all that it is computed from. */
  readonly again: boolean;
  readonly inputs: readonly OutlineItem[];
}

export function outline({ edges }: Graph): OutlineItem {
  const seen = new Set<number>();
  const item = (id: number, edge: GraphEdge | null): OutlineItem => {
    const again = seen.has(id);
    seen.add(id);
    const inputs = again ? [] : edges.filter(({ to }) => to === id).sort((a, b) => a.input - b.input);
    return { id, edge, again, inputs: inputs.map((input) => item(input.from, input)) };
  };
  return item(0, null);
}
