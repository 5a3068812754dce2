/** Explains a number of a graph: it is the sum of these products. */
import type { Graph, GraphEdge } from '@paragrad/tensor/inspect';
import { callOf, type Entry, type Term, unflat } from './call.js';
import type { Rule } from './rule-kinds.js';
import { rules } from './rules.js';

/** A part of a number: what one op gives. */
export interface Part {
  /** The node that it comes from or, for a gradient, flows back from. */
  readonly node: number;
  readonly formula: string;
  readonly terms: readonly Term[];
}

export interface Explanation {
  readonly value: number;
  /** Its sum, as far as the page computes it from the terms; equal to the value but for rounding. */
  readonly sum: number;
  /** For a value a single part; for a gradient one for each use of the value. */
  readonly parts: readonly Part[];
}

/** The formulas of a node: of its value, and of its gradient for each edge along which one flows back. */
export function formulasOf(
  graph: Graph,
  id: number,
): { value: string | null; gradient: (Omit<Part, 'terms'> & { edge: GraphEdge })[] } {
  const { op } = graph.nodes[id];
  const gradient = usesOf(graph, id).flatMap((edge) => {
    const rule = rules[graph.nodes[edge.to].op ?? ''];
    return rule ? [{ edge, node: edge.to, formula: gradientFormula(rule, edge) }] : [];
  });
  return { value: rules[op ?? '']?.formula ?? null, gradient };
}

/** The explanation of a number; null if there is none: a leaf's value, a gradient's beginning, an op without a rule, a freed value. */
export function explain(graph: Graph, { node: id, of, index }: Entry): Explanation | null {
  const node = graph.nodes[id];
  const value = (of === 'values' ? node.values : node.gradient)?.[index];
  if (value === undefined) return null;
  const at = unflat(index, node.shape);
  const parts = of === 'values' ? valueParts(graph, id, at) : gradientParts(graph, id, at);
  if (!parts) return null;
  const sum = parts.flatMap(({ terms }) => terms).reduce((total, term) => total + productOf(term), 0);
  return Number.isNaN(sum) ? null : { value, sum, parts };
}

/** The factors, multiplied. */
export function productOf(term: Term): number {
  return term.reduce((product, factor) => product * factor.value, 1);
}

function valueParts(graph: Graph, id: number, at: readonly number[]): Part[] | null {
  const rule = rules[graph.nodes[id].op ?? ''];
  return rule ? [{ node: id, formula: rule.formula, terms: rule.terms(callOf(graph, id), at) }] : null;
}

function gradientParts(graph: Graph, id: number, at: readonly number[]): Part[] | null {
  const uses = usesOf(graph, id);
  const parts = uses.map((edge): Part | null => {
    const rule = rules[graph.nodes[edge.to].op ?? ''];
    if (!rule) return null;
    const formula = gradientFormula(rule, edge);
    return { node: edge.to, formula, terms: rule.gradientTerms(callOf(graph, edge.to), edge.input, at) };
  });
  return uses.length > 0 && parts.every((part) => part !== null) ? parts : null;
}

/** How the gradient of this input follows; the last formula is for all further inputs. */
function gradientFormula({ gradients }: Rule, { input }: GraphEdge): string {
  return gradients[Math.min(input, gradients.length - 1)];
}

/** The edges along which a gradient flows back to this node. */
function usesOf({ edges }: Graph, id: number): GraphEdge[] {
  return edges.filter(({ from, gradientNorm }) => from === id && gradientNorm !== null);
}
