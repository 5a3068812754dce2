import { formatShape } from '../shape.js';
import type { Graph, GraphNode, GroupContents } from './graph.js';

/** A node in one line: `action = mul [32, 2]`, `leaf weight [64, 18]`. `measured`: whether gradients were. */
export function nodeLabel({ kind, op, name: fullName, shape, group }: GraphNode, measured = false): string {
  const name = oneLine(fullName);
  const what = op ? (name ? `${name} = ${op}` : op) : group ? name : name ? `${kind} ${name}` : kind;
  return `${what} ${formatShape(shape)}${group ? ` (${groupLabel(group, measured)})` : ''}`;
}

/** What is in a group: `9 ops; 4 parameters, |gradient| 0.2`. */
function groupLabel(group: GroupContents, measured: boolean): string {
  return [countOf(group.ops, 'op'), parametersLabel(group, measured)].filter(Boolean).join('; ');
}

/** The parameters of a group, and their gradient: `4 parameters, |gradient| 0.2`; '' if there are none. */
export function parametersLabel({ parameters, parametersNorm }: GroupContents, measured: boolean): string {
  if (parameters === 0) return '';
  const count = countOf(parameters, 'parameter');
  if (!measured) return count;
  return `${count}, ${gradientLabel(parametersNorm)}`;
}

export function gradientLabel(norm: number | null): string {
  return norm === null ? 'no gradient' : `|gradient| ${formatNorm(norm)}`;
}

/** Whether the gradients of this graph were measured. */
export function isMeasured({ nodes }: Graph): boolean {
  return nodes.some(({ gradientNorm }) => typeof gradientNorm === 'number');
}

/** A norm with three digits, in at most ten characters. */
export function formatNorm(norm: number): string {
  const rounded = Number(norm.toPrecision(3));
  return Math.abs(rounded) >= 1e6 && Number.isFinite(rounded) ? rounded.toExponential() : String(rounded);
}

export function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ');
}

function countOf(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
