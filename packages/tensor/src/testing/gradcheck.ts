import { grad } from '../autograd/backward.js';
import { concat, mul, reshape, sum } from '../ops/index.js';
import { formatShape, type Shape, sizeOf } from '../shape.js';
import { Tensor } from '../tensor.js';

export interface GradcheckOptions {
  /** The step of the finite difference. Default 1e-6. */
  eps?: number;
  /** Absolute tolerance. Default 1e-5. */
  atol?: number;
  /** Relative tolerance. Default 1e-3. */
  rtol?: number;
}

/**
 * Compares the gradient of `f` with central finite differences, element by element, in float64, with the tolerances of
 * `torch.autograd.gradcheck`. The output may have any shape: its elements are summed with fixed, irregular weights, so
 * that errors cannot cancel.
 *
 * Throws at the first difference; the error names the input, the element and both numbers. `f` must be smooth around
 * its inputs, so keep them away from kinks.
 */
export function gradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3 }: GradcheckOptions = {},
): void {
  inputs.forEach((input, index) => {
    if (input.dtype !== 'float64') {
      throw new Error(
        `gradcheck: input ${index} is float32, which is too coarse for finite differences; give float64`,
      );
    }
  });
  const variables = inputs.map(
    (input) => new Tensor(input.data.slice(), input.shape, { requiresGrad: true }),
  );
  const output = f(...variables);
  const weights = irregularWeights(output.shape);
  const analytic = grad(output, variables, { gradOutput: weights, allowUnused: true });
  const objective = (): number => sum(mul(f(...variables), weights)).item();

  variables.forEach(({ data, shape }, index) => {
    for (let k = 0; k < data.length; k++) {
      const original = data[k];
      data[k] = original + eps;
      const above = objective();
      data[k] = original - eps;
      const below = objective();
      data[k] = original;

      const numeric = (above - below) / (2 * eps);
      const claimed = analytic[index]?.data[k] ?? 0;
      if (!(Math.abs(claimed - numeric) <= atol + rtol * Math.abs(numeric))) {
        throw new Error(
          `gradcheck: input ${index} of shape ${formatShape(shape)}, element ${k}: ` +
            `the gradient is ${claimed}, but finite differences give ${numeric}`,
        );
      }
    }
  });
}

/**
 * Checks the second derivatives of `f`, as `torch.autograd.gradgradcheck`: it gradchecks the gradient, as a function of
 * the inputs and of the output's gradient. Throws as `gradcheck` does; in the error, the input after the last one of `f`
 * is the output's gradient.
 */
export function gradgradcheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  const gradient = (...all: Tensor[]): Tensor => {
    const xs = all.slice(0, -1);
    const gradients = grad(f(...xs), xs, { gradOutput: all.at(-1)!, createGraph: true, allowUnused: true });
    return concat(gradients.filter((g) => g !== null).map((g) => reshape(g, [-1])));
  };
  gradcheck(gradient, [...inputs, irregularWeights(f(...inputs).shape)], options);
}

/** Fixed numbers between 0.5 and 1.5, without a pattern that could hide an error. */
function irregularWeights(shape: Shape): Tensor {
  return new Tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, k) => 0.5 + ((k * 0.618034) % 1)),
    shape,
  );
}
