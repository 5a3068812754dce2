/** The chosen number as a sum of products, each factor of which can be followed. */
import { useState } from 'preact/hooks';
import { type Factor, type Term, unflat } from '../../model/formulas/call.js';
import { explain, type Part, productOf } from '../../model/formulas/explain.js';
import { inWords, number } from '../../numbers.js';
import { entry, flow, goTo } from './flow.js';
import { titleOf } from './words.js';

/** As many products are shown at first: the largest. */
const FEW = 8;

export function Products() {
  const { graph } = flow.value!;
  const chosen = entry.value!;
  const node = graph.nodes[chosen.node];
  const numbers = chosen.of === 'values' ? node.values : node.gradient;
  if (!numbers) return null;
  const at = unflat(chosen.index, node.shape);
  const place = at.length > 0 ? `[${at.join(', ')}]` : '';
  const explanation = explain(graph, chosen);
  return (
    <section class="products" aria-live="polite" aria-label="The chosen number">
      <h4 data-value={numbers[chosen.index]}>
        {chosen.of === 'gradient' && 'gradient of '}
        {inWords(titleOf(node))}
        {place} = {number(numbers[chosen.index])}
      </h4>
      {explanation ? (
        explanation.parts.map((part) => <PartOf key={part.node} part={part} of={chosen.of} />)
      ) : (
        <p>{origin(chosen.of, node.kind, chosen.node)}</p>
      )}
    </section>
  );
}

function origin(of: 'values' | 'gradient', kind: string, id: number): string {
  if (of === 'gradient')
    return id === 0 ? 'Here the way back begins: the slope of the loss by itself is 1.' : '';
  if (kind === 'leaf') return 'A weight: it was learned.';
  return 'Given: it comes from outside.';
}

function PartOf({ part, of }: { part: Part; of: 'values' | 'gradient' }) {
  const [all, showAll] = useState(false);
  const { graph } = flow.value!;
  const sorted = part.terms.toSorted((a, b) => Math.abs(productOf(b)) - Math.abs(productOf(a)));
  const shown = all ? sorted : sorted.slice(0, FEW);
  const rest = sorted.slice(shown.length);
  const sumOf = (terms: readonly Term[]) => terms.reduce((sum, term) => sum + productOf(term), 0);
  return (
    <>
      <p>
        {part.formula}
        {of === 'gradient' && `, through ${titleOf(graph.nodes[part.node])}`}
        {part.terms.length > 1 && `. A sum of ${part.terms.length} products, the largest first:`}
      </p>
      {part.terms.length === 0 && <p>Nothing: this number is not used there.</p>}
      <table>
        <tbody>
          {shown.map((term) => (
            <tr key={term.map(({ text }) => text).join()}>
              <td>
                {term.map((factor, k) => (
                  <>
                    {k > 0 && ' · '}
                    <FactorOf factor={factor} />
                  </>
                ))}
              </td>
              <td>{number(productOf(term))}</td>
            </tr>
          ))}
          {rest.length > 0 && (
            <tr>
              <td>
                <button type="button" class="quiet" onClick={() => showAll(true)}>
                  {rest.length} more
                </button>
              </td>
              <td>{number(sumOf(rest))}</td>
            </tr>
          )}
        </tbody>
        {part.terms.length > 1 && (
          <tfoot>
            <tr>
              <td>together</td>
              <td data-sum={sumOf(part.terms)}>{number(sumOf(part.terms))}</td>
            </tr>
          </tfoot>
        )}
      </table>
    </>
  );
}

function FactorOf({ factor: { text, value, at } }: { factor: Factor }) {
  const content = (
    <>
      <i>{text}</i> {number(value)}
    </>
  );
  return at ? (
    <button type="button" class="factor" onClick={() => goTo(at)}>
      {content}
    </button>
  ) : (
    <span class="factor">{content}</span>
  );
}
