/** The graph as a nested list: below each value what it is computed from. */
import type { GraphEdge } from '@paragrad/tensor/inspect';
import { type OutlineItem, outline } from '../../model/outline.js';
import { Details } from './details.js';
import { folded, keyOf, looked, toggle } from './flow.js';
import { gradientInWords, nodeInWords } from './words.js';

export function List() {
  const graph = folded.value;
  return graph ? (
    <ul class="outline">
      <Item item={outline(graph)} />
    </ul>
  ) : null;
}

function Item({ item: { id, edge, again, inputs } }: { item: OutlineItem }) {
  const node = folded.value!.nodes[id];
  const at = looked.value;
  const isLooked = 'node' in at && at.node === id;
  const key = keyOf(id);
  return (
    <li>
      <button
        type="button"
        data-node={id}
        class={`quiet ${node.gradientNorm === null ? 'is-cut' : ''}`}
        aria-pressed={isLooked}
        onClick={() => {
          looked.value = { node: id };
        }}
      >
        {nodeInWords(node)}
        {edge && edgeNote(edge, node.gradientNorm)}
        {again && ' (as above)'}
      </button>
      {key !== undefined && !again && !isLooked && (
        <button type="button" onClick={() => unfold(key)}>
          Unfold
        </button>
      )}
      {isLooked && !again && <Details />}
      {inputs.length > 0 && (
        <ul>
          {inputs.map((input) => (
            <Item key={input.edge!.input} item={input} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Along an edge flows the node's gradient, or a part of it. */
function edgeNote({ detached, gradientNorm }: GraphEdge, whole: number | null): string {
  if (detached) return '; cut off by detach';
  return gradientNorm === null || gradientNorm === whole
    ? ''
    : `; of that along this edge: ${gradientInWords(gradientNorm)}`;
}

/** The button that was pressed is gone then. */
function unfold(key: string): void {
  toggle(key);
  requestAnimationFrame(() => {
    const at = looked.peek();
    if ('node' in at) document.querySelector<HTMLElement>(`.outline [data-node="${at.node}"]`)?.focus();
  });
}
