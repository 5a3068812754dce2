import {
  ArgumentError,
  atLeast0,
  checkOptions,
  describe,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';
import { grad } from '../autograd/backward.js';
import type { FloatArray } from '../dtype.js';
import { concat, reshape } from '../ops/index.js';
import { formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { firstFault, irregularWeights, weightScale } from './judge.js';
import { type Case, faultError, GradcheckError, repeatLine } from './report.js';

/** How exact the gradient must be, and what is allowed. */
export interface GradcheckOptions {
  /** The absolute difference that is allowed, in addition to the error of the finite differences. Default 1e-8. */
  atol?: number;
  /** The relative difference that is allowed. Default 1e-6. */
  rtol?: number;
  /**
   * Allow places where f has a kink, if the gradient lies between the slopes on both sides; and jumps and edges of f,
   * where there is no slope to compare with. Default false.
   */
  allowKinks?: boolean;
  /** Allow inputs that have no influence. Default false. */
  allowUnused?: boolean;
}

/**
 * The checks of these options.
 * @internal
 */
export const gradcheckOptions: OptionChecks<GradcheckOptions> = {
  atol: atLeast0,
  rtol: atLeast0,
  allowKinks: trueOrFalse,
  allowUnused: trueOrFalse,
};

/** A function of tensors whose gradient is checked. */
export type Differentiable = (...inputs: Tensor[]) => Tensor;

/**
 * Compares the gradient of `f` with central finite differences, element by element, in float64. The output may have any
 * shape: its elements are summed with irregular weights, so that errors cannot cancel. The inputs decide whether these are
 * positive or negative, small or large.
 *
 * A gradient is right if it differs from the slope by at most rtol times the larger of the two, plus 10 times the error
 * bound of the finite differences, plus atol. The bound is measured at each element (`differences.ts` says how): for a
 * function of scale 1 it is about 1e-10. It knows the rounding of the results, but not the rounding inside of f, where
 * numbers of size 1 can cancel: `atol` stands for that. So a gradient that is wrong by one part in 1000 is found wherever
 * the slope is above 1e-5.
 *
 * Throws a {@link GradcheckError} that names the input, the index, x, the gradient, the slopes on both sides, the op
 * inside of f that is to blame, and the line that repeats this case. A kink of f is reported as a kink, unless the gradient is
 * in the middle between both slopes, where finite differences agree with it. It also throws if
 * two calls of f give different numbers or gradients, if f changes an input, or if an input has no influence.
 */
export function gradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  checkInputs('gradcheck', f, inputs, options);
  check({ caller: 'gradcheck', inputs, nameOf: (input) => `input ${input}` }, f, inputs, options);
}

/**
 * Checks the second derivatives of `f`, as `torch.autograd.gradgradcheck`: it gradchecks the gradient, as a function of
 * the inputs and of the output's gradient.
 *
 * @throws GradcheckError as `gradcheck` does.
 */
export function gradgradcheck(
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  checkInputs('gradgradcheck', f, inputs, options);
  const gradient = (...all: Tensor[]): Tensor => {
    const xs = all.slice(0, -1);
    const output = f(...xs);
    const gradients = output.requiresGrad
      ? grad(output, xs, { gradOutput: all.at(-1)!, createGraph: true, allowUnused: true })
      : [];
    const parts = gradients.filter((g) => g !== null).map((g) => reshape(g, [-1]));
    if (parts.length === 0) throw new ArgumentError('gradgradcheck: f has no gradient for any input');
    return concat(parts);
  };
  const given: Case = {
    caller: 'gradgradcheck',
    inputs,
    nameOf: (input) => (input < inputs.length ? `input ${input}` : `the output's gradient`),
  };
  const shape = outputOf('gradgradcheck', f, [...inputs]).shape;
  const all = [...inputs, irregularWeights(shape, weightScale(inputs))];
  // The gradient of a linear f depends on no input.
  check(given, gradient, all, { ...options, allowUnused: true });
}

function check(
  given: Case,
  f: Differentiable,
  inputs: readonly Tensor[],
  { atol = 1e-8, rtol = 1e-6, allowKinks = false, allowUnused = false }: GradcheckOptions,
): void {
  const { caller } = given;
  const variables = inputs.map(({ data, shape }) => new Tensor(data.slice(), shape, { requiresGrad: true }));
  const checkInputsUnchanged = () => {
    variables.forEach(({ data }, input) => {
      if (sameNumbers(data, inputs[input].data)) return;
      throw new GradcheckError(
        `${caller}: f changed ${given.nameOf(input)}; an op must leave its inputs as they are\n${repeatLine(given)}`,
        'changed input',
        input,
      );
    });
  };
  const run = () => {
    const output = outputOf(caller, f, variables);
    checkInputsUnchanged(); // before the gradients, which need the inputs
    const found = gradientsOf(output, variables);
    checkInputsUnchanged();
    return found;
  };
  const { gradients, output, weights } = run();
  const again = run();
  checkRepeatable(given, 'output', output.data, again.output.data);
  gradients.forEach((gradient, input) => {
    const other = again.gradients[input];
    checkRepeatable(given, `gradient of ${given.nameOf(input)}`, gradient?.data, other?.data);
  });

  const tolerance = { atol, rtol };
  const evaluate = () => f(...variables).data.slice();
  let kink: GradcheckError | null = null;
  variables.forEach(({ data, shape }, input) => {
    const claimed = gradients[input]?.data;
    const fault = firstFault(evaluate, data, claimed, weights.data, tolerance);
    if (fault && !(allowKinks && CAN_BE_ALLOWED.includes(fault.kind))) {
      const error = faultError(given, input, shape, fault, f(...variables), tolerance);
      if (fault.kind === 'wrong gradient') throw error;
      kink ??= error;
    }
    if (!claimed && !fault && !allowUnused && data.length > 0) {
      throw new GradcheckError(
        `${caller}: ${given.nameOf(input)}, of shape ${formatShape(shape)}, has no influence: no path of the graph leads to it, and ` +
          `small changes of it change nothing. If that is meant, give allowUnused: true\n${repeatLine(given)}`,
        'no influence',
        input,
      );
    }
  });
  if (kink) throw kink;
}

const CAN_BE_ALLOWED = ['kink', 'jump', 'edge'];

interface Gradients {
  output: Tensor;
  weights: Tensor;
  /** Null where no gradient flows. */
  gradients: (Tensor | null)[];
}

function outputOf(caller: string, f: Differentiable, variables: Tensor[]): Tensor {
  const output = f(...variables);
  if (!(output instanceof Tensor)) {
    throw new ArgumentError(`${caller}: f returned ${describe(output)}; it must return a tensor`);
  }
  if (output.dtype !== 'float64') {
    throw new ArgumentError(
      `${caller}: f returned float32 for float64 inputs; compute in the dtype of the inputs`,
    );
  }
  return output;
}

function gradientsOf(output: Tensor, variables: Tensor[]): Gradients {
  const weights = irregularWeights(output.shape, weightScale(variables));
  const gradients = output.requiresGrad
    ? grad(output, variables, { gradOutput: weights, allowUnused: true })
    : variables.map(() => null);
  return { output, weights, gradients };
}

function checkRepeatable(
  given: Case,
  what: string,
  first: FloatArray | undefined,
  second: FloatArray | undefined,
): void {
  const place = first?.findIndex((x, k) => !Object.is(x, second?.[k])) ?? -1;
  if (place < 0) return;
  throw new GradcheckError(
    `${given.caller}: two calls of f differ: the ${what} is ${first?.[place]} and then ${second?.[place]} at place ` +
      `${place}. If f draws random numbers, make its generator inside of f\n${repeatLine(given)}`,
    'not repeatable',
    0,
  );
}

function sameNumbers(a: FloatArray, b: FloatArray): boolean {
  return a.every((x, k) => Object.is(x, b[k]));
}

function checkInputs(
  caller: string,
  f: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions,
): void {
  checkOptions(caller, options, gradcheckOptions);
  if (typeof f !== 'function') {
    throw new ArgumentError(`${caller}: f is ${describe(f)}; give a function, such as (x) => x.tanh()`);
  }
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new ArgumentError(
      `${caller}: the inputs are ${describe(inputs)}; give an array of tensors, such as [x]`,
    );
  }
  inputs.forEach((input: unknown, index) => {
    if (!(input instanceof Tensor)) {
      throw new ArgumentError(
        `${caller}: input ${index} is ${describe(input)}; give a float64 tensor, such as tensor([1, 2], { dtype: 'float64' })`,
      );
    }
    if (input.dtype !== 'float64') {
      throw new ArgumentError(
        `${caller}: input ${index} is float32, which is too coarse for finite differences; give { dtype: 'float64' }`,
      );
    }
  });
}
