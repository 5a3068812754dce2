/** The graph of the followed agent's actor loss, right and broken. */
import { type FoldedGraph, toSvg } from '@paragrad/tensor/inspect';
import { computed } from '@preact/signals';
import { networksOfLoss, networksReached } from '../../model/loss-graph.js';
import { inWords } from '../../numbers.js';
import { agent, session } from '../../state.js';
import { batchFor, broken, mistakesMade } from '../broken.js';

const graphs = computed((): readonly (readonly ['right' | 'broken', FoldedGraph])[] => {
  const current = session.value;
  if (!current || !broken.value) return [];
  const batch = batchFor(current);
  if (!batch) return [];
  return [
    ['right', networksOfLoss(current.algorithm, agent.value, batch, [])],
    ['broken', networksOfLoss(broken.value, agent.value, batch, mistakesMade.value)],
  ];
});

export function Graphs() {
  if (mistakesMade.value.length === 0) return null;
  const isSame = graphs.value.length === 2 && shapeOf(graphs.value[0][1]) === shapeOf(graphs.value[1][1]);
  return (
    <section aria-labelledby="graphs">
      <h3 id="graphs">The graph of {inWords(session.value!.agents[agent.value])}'s actor loss</h3>
      {graphs.value.slice(0, isSame ? 1 : 2).map(([side, graph]) => (
        <figure key={side} class="loss-graph">
          <figcaption>
            {isSame ? 'right and broken alike: this is not where the mistake is' : side}
          </figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
          <section class="scroll" tabIndex={0} aria-label={`The graph, ${side}`}>
            <img
              src={`data:image/svg+xml,${encodeURIComponent(toSvg(graph))}`}
              alt={`A gradient flows into the weights of ${networksReached(graph).join(', ')}.`}
              data-graph={side}
            />
          </section>
        </figure>
      ))}
    </section>
  );
}

/** What is connected with what, and where a gradient flows. */
function shapeOf({ nodes, edges }: FoldedGraph): string {
  const reached = nodes.map(({ name, gradientNorm, group }) => [
    name,
    gradientNorm !== null,
    (group?.parametersNorm ?? null) !== null,
  ]);
  return JSON.stringify([
    reached,
    edges.map(({ from, to, gradientNorm }) => [from, to, gradientNorm !== null]),
  ]);
}
