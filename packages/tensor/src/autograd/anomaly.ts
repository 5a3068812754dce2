import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { OpRecord } from './record.js';

// What detectAnomaly (modes.ts) looks at, and what it says.

/** Throws if an op's output holds a NaN or an infinity. */
export function checkForward(op: string, inputs: readonly Tensor[], output: Tensor): void {
  const found = notFinite(output);
  if (!found) return;
  const index = inputs.findIndex(notFinite);
  const origin = index < 0 ? 'its inputs are finite' : `${describe(inputs[index], index)} already holds one`;
  throw new Error(
    `detectAnomaly: the forward pass of ${op} gave ${found}, shape ${formatShape(output.shape)}; ${origin}. Called\n${userLines()}`,
  );
}

/** Throws if the gradient that an op passes on to input `index` holds a NaN or an infinity. */
export function checkGradient(record: OpRecord, index: number, dx: Tensor): void {
  const found = notFinite(dx);
  if (!found) return;
  const input = describe(record.call.inputs[index], index);
  const lines = record.lines
    ? `The op was called\n${record.lines}`
    : 'Compute the output inside detectAnomaly too, to see where the op was called';
  throw new Error(
    `detectAnomaly: the backward pass of ${record.op} gave ${found} of the gradient for ${input}. ${lines}`,
  );
}

/** Throws if a gradient that no op has made holds a NaN or an infinity; `what` it is. */
export function checkGiven(what: string, gradient: Tensor): void {
  const found = notFinite(gradient);
  if (found) throw new Error(`detectAnomaly: ${what}, shape ${formatShape(gradient.shape)}, has ${found}`);
}

/** The lines that called into this package, innermost first; none of other installed packages or of Node. */
export function userLines(): string {
  const errors = Error as { stackTraceLimit?: number | undefined };
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 50;
  const [own = '', ...frames] = (new Error().stack ?? '').split('\n').filter((line) => /:\d+:\d+/.test(line));
  errors.stackTraceLimit = limit;

  const folder = /[^(\s]*[\\/](?=autograd[\\/]anomaly\.)/.exec(own)?.[0];
  const outside = frames.filter(
    (frame) => !/[\\/]node_modules[\\/]|\(?node:/.test(frame) && !(folder && frame.includes(folder)),
  );
  return outside.slice(0, 8).join('\n');
}

function describe(x: Tensor, index: number): string {
  return `input ${index}${x.name && ` "${x.name}"`}, ${formatShape(x.shape)}`;
}

function notFinite(x: Tensor): string | null {
  const index = x.values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? null : `${x.values[index]} at element ${index}`;
}
