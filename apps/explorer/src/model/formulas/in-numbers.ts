/** A formula with its numbers in it, in one line. */
import { number } from '../../numbers.js';
import { type Explanation, productOf } from './explain.js';

/** So many products are written out: the largest. */
const WRITTEN = 3;

/** `2.15 · 0.333 + 2.05 · 0.277 + … = −1.07`: the largest of the products, and what all are together. */
export function inNumbers({ parts, value }: Explanation): string {
  const terms = parts.flatMap((part) => part.terms);
  const largest = terms.toSorted((a, b) => Math.abs(productOf(b)) - Math.abs(productOf(a))).slice(0, WRITTEN);
  const products = largest.map((term) =>
    term.map(({ written, value }) => written ?? inBrackets(value)).join(' · '),
  );
  const rest = terms.length > WRITTEN ? [`… (${terms.length} products)`] : [];
  return `${[...products, ...rest].join(' + ') || '0'} = ${number(value)}`;
}

function inBrackets(value: number): string {
  return value < 0 ? `(${number(value)})` : number(value);
}
