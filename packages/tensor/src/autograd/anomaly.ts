import { NumericalError } from '@paragrad/check';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { OpRecord } from './record.js';

// The checks of detectAnomaly (modes.ts), and their error messages.

/** Throws if the output of an op contains a NaN, or an infinity though its inputs have none: a mask may add one on purpose. */
export function checkForward(op: string, inputs: readonly Tensor[], output: Tensor): void {
  const index = inputs.findIndex(firstNonFinite);
  const found = index < 0 ? firstNonFinite(output) : first(output, Number.isNaN);
  if (!found) return;
  const origin =
    index < 0 ? 'its inputs are finite' : `${describe(inputs[index], index)} already contains one`;
  throw new NumericalError(
    `detectAnomaly: the forward pass of ${op} gave ${found}, shape ${formatShape(output.shape)}; ${origin}. Called\n${userLines()}`,
  );
}

/** Throws if the gradient that an op computed for its input `index` contains a NaN or an infinity. */
export function checkInputGradient(record: OpRecord, index: number, dx: Tensor): void {
  const found = firstNonFinite(dx);
  if (!found) return;
  const input = describe(record.call.inputs[index], index);
  const lines = record.lines
    ? `The op was called\n${record.lines}`
    : 'To see where the op was called, run the forward pass inside detectAnomaly too';
  throw new NumericalError(
    `detectAnomaly: the backward pass of ${record.op} gave ${found} of the gradient for ${input}. ${lines}`,
  );
}

/** Throws if a gradient that no op computed contains a NaN or an infinity. `name` says which gradient it is. */
export function checkFinite(name: string, gradient: Tensor): void {
  const found = firstNonFinite(gradient);
  if (found)
    throw new NumericalError(`detectAnomaly: ${name}, shape ${formatShape(gradient.shape)}, has ${found}`);
}

/** The stack lines that called into this package, innermost first, without lines of Node or of installed packages. */
export function userLines(): string {
  const errors = Error as { stackTraceLimit?: number | undefined };
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 50;
  const [own = '', ...frames] = (new Error().stack ?? '').split('\n').filter((line) => /:\d+:\d+/.test(line));
  errors.stackTraceLimit = limit;

  // The folder of the sources or of the package's bundles, or the file standalone.js: not a bundle of the user's, which has the
  // user's lines, too.
  const place =
    /[^(\s]*[\\/](?:standalone\.js:|(?=autograd[\\/]anomaly\.|(?<=tensor[\\/]dist[\\/])\w+\.js))/.exec(
      own,
    )?.[0];
  const outside = frames.filter(
    (frame) =>
      !/[\\/]node_modules[\\/]|\(?node:/.test(frame) &&
      !(place && frame.includes(place)) &&
      !/check[\\/](dist|src)[\\/]/.test(frame),
  );
  return outside.slice(0, 8).join('\n');
}

function describe(x: Tensor, index: number): string {
  return `input ${index}${x.name && ` "${x.name}"`}, ${formatShape(x.shape)}`;
}

function firstNonFinite(x: Tensor): string | null {
  return first(x, (value) => !Number.isFinite(value));
}

function first(x: Tensor, isFound: (value: number) => boolean): string | null {
  const index = x.values.findIndex(isFound);
  return index < 0 ? null : `${x.values[index]} at element ${index}`;
}
