/** What is known of the node or edge that the reader looks at: numbers, formulas, lines of source. */
import type { GraphNode } from '@paragrad/tensor/inspect';
import { type Entry, unflat } from '../../model/formulas/call.js';
import { explain, formulasOf } from '../../model/formulas/explain.js';
import { inNumbers } from '../../model/formulas/in-numbers.js';
import type { SourceLine } from '../../model/op-lines.js';
import { inWords, number } from '../../numbers.js';
import { entry, flow, folded, keyOf, looked, pinned, toggle, unfoldedPartOf, wholeNode } from './flow.js';
import { Matrix } from './matrix.js';
import { Products } from './products.js';
import { edgeInWords, gradientInWords, shapeInWords, titleOf } from './words.js';

export function Details() {
  const graph = folded.value;
  const at = looked.value;
  if (!graph || !flow.value) return null;
  if ('edge' in at) return <EdgeDetails edge={at.edge} />;
  return graph.nodes[at.node] ? <NodeDetails node={graph.nodes[at.node]} /> : null;
}

function NodeDetails({ node }: { node: GraphNode }) {
  const { graph, lines } = flow.value!;
  const id = wholeNode(node.id);
  const whole = graph.nodes[id];
  const key = keyOf(node.id);
  const formulas = formulasOf(graph, id);
  const chosen = entry.value?.node === id;
  const part = unfoldedPartOf(node.id);
  return (
    <section class="details" aria-label="What you look at">
      <h3>
        {inWords(titleOf(node))} <span>{kindOf(node)}</span>{' '}
        {pinned.value && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              pinned.value = false;
            }}
          >
            Unpin
          </button>
        )}
      </h3>
      <p class={node.gradientNorm === null ? 'is-cut' : 'is-gradient'}>
        {node.gradientNorm === null ? noGradient(node) : gradientInWords(node.gradientNorm)}
      </p>
      {node.group && node.group.parameters > 0 && (
        <p>
          {node.group.weights.toLocaleString('en')} weights in {node.group.parameters} tensors:{' '}
          {gradientInWords(node.group.parametersNorm)}.{' '}
          {node.group.parametersNorm === null &&
            node.gradientNorm !== null &&
            'The gradient passes through, and leaves them as they are.'}
        </p>
      )}
      {key !== undefined && (
        <p>
          <button type="button" onClick={() => toggle(key)}>
            Unfold
          </button>
        </p>
      )}
      {part && (
        <p>
          <button type="button" onClick={() => toggle(part.key)}>
            Fold {inWords(part.group.name)}
          </button>
        </p>
      )}
      {!node.group && (
        <dl class="formulas">
          {formulas.value && (
            <>
              <dt>value</dt>
              <dd>
                {formulas.value}
                <Example node={whole} of="values" />
              </dd>
            </>
          )}
          {formulas.gradient.length > 0 && (
            <>
              <dt class="is-gradient">gradient</dt>
              <dd>
                {formulas.gradient
                  .map(({ edge, formula }) => `${formula}, through ${titleOf(graph.nodes[edge.to])}`)
                  .join('; ')}
                <Example node={whole} of="gradient" />
              </dd>
            </>
          )}
        </dl>
      )}
      {!node.group && lines[id].length > 0 && <Source lines={lines[id]} />}
      <div class="matrices">
        {(['values', 'gradient'] as const).map((of) => {
          const numbers = whole[of];
          return (
            numbers && <Matrix key={of + id} title={of} node={id} {...{ of, numbers }} shape={whole.shape} />
          );
        })}
      </div>
      {chosen && <Products />}
    </section>
  );
}

function kindOf({ group, op, name, shape }: GraphNode): string {
  if (group) return `${group.ops} ops, giving ${shapeInWords(shape)}`;
  return op && name ? `${op}, ${shapeInWords(shape)}` : shapeInWords(shape);
}

/** The formula with the numbers of the chosen entry, or of the first. */
function Example({ node, of }: { node: GraphNode; of: Entry['of'] }) {
  const chosen = entry.value;
  const index = chosen?.node === node.id && chosen.of === of ? chosen.index : 0;
  const explanation = explain(flow.value!.graph, { node: node.id, of, index });
  if (!explanation) return null;
  const at = unflat(index, node.shape);
  return (
    <code data-example={of}>
      {at.length > 0 && `[${at.join(', ')}]: `}
      {inNumbers(explanation)}
    </code>
  );
}

/** Why nothing arrives. */
function noGradient({ kind, group }: GraphNode): string {
  if (kind === 'constant') return 'No gradient: this is given, not computed.';
  if (kind === 'detach') return 'No gradient: detach makes a constant of what others do.';
  if (kind === 'leaf') return 'No gradient: this step changes other weights.';
  return group ? 'No gradient: it is behind a detach.' : 'No gradient comes here.';
}

function Source({ lines }: { lines: readonly SourceLine[] }) {
  return (
    <ol class="source" aria-label="The lines of source that made it, the innermost first">
      {lines.map(({ file, number, text }) => (
        <li key={`${file}:${number}`}>
          <span>
            {file}:{number}
          </span>{' '}
          <code>{text}</code>
        </li>
      ))}
    </ol>
  );
}

function EdgeDetails({ edge }: { edge: number }) {
  const graph = folded.value!;
  const { from, to, detached, gradientNorm } = graph.edges[edge] ?? {};
  if (from === undefined || to === undefined) return null;
  return (
    <section class="details" aria-label="What you look at">
      <h3>{inWords(edgeInWords(graph, edge))}</h3>
      <p>
        {detached
          ? 'The value flows forward. No gradient flows back: the agent takes what the others do as given.'
          : gradientNorm === null
            ? `The value flows into ${titleOf(graph.nodes[to!])}. Nothing behind it learns from this loss, so no gradient is computed.`
            : `The value flows into ${titleOf(graph.nodes[to!])}, and a gradient of norm ${number(gradientNorm!)} flows back.`}
      </p>
      {detached && <Source lines={flow.value!.lines[wholeNode(to)]} />}
    </section>
  );
}
