import { atLeast0, type Check, checkArgument, checkNoMore, NumericalError } from '@paragrad/check';
import { currentKernels, formatShape, someTensors, Tensor } from '@paragrad/tensor';

/** ‖g‖: the Euclidean norm of the gradients of all parameters, as one vector, in float64. */
export function gradNorm(parameters: readonly Tensor[]): number {
  checkNoMore('gradNorm', arguments, 1);
  checkArgument('gradNorm', 'parameters', parameters, someTensors);
  const kernels = currentKernels();
  let squares = 0;
  for (const { grad } of parameters) {
    if (grad) squares = kernels.addSquares(grad.values, squares);
  }
  return Math.sqrt(squares);
}

/**
 * g <- g min(1, maxNorm / (‖g‖ + 1e-6)), as `torch.nn.utils.clip_grad_norm_`. Returns ‖g‖ before clipping.
 *
 * @throws NumericalError if ‖g‖ is NaN or infinite, and then changes nothing. Otherwise every gradient would become NaN or 0, and the
 * next optimizer step would spoil the weights. (PyTorch does that by default.)
 */
export function clipGradNorm(parameters: readonly Tensor[], maxNorm: number): number {
  checkNoMore('clipGradNorm', arguments, 2);
  checkArgument('clipGradNorm', 'maxNorm', maxNorm, limit);
  const norm = gradNorm(parameters);
  if (!Number.isFinite(norm)) {
    const bad = parameters.findIndex(({ grad }) => grad?.values.some((g) => !Number.isFinite(g)));
    const cause =
      bad === -1
        ? 'the sum over all parameters'
        : `parameter ${bad} of shape ${formatShape(parameters[bad].shape)}`;
    throw new NumericalError(
      `clipGradNorm: the norm of the gradient is ${norm}, because of ${cause}; ` +
        'no gradient was changed. Look for a NaN or an infinity in the batch, or lower the learning rate',
    );
  }
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) {
    for (const { grad } of parameters) {
      grad?.updateValues((g) => currentKernels().scale(g, scale));
    }
  }
  return norm;
}

/**
 * g <- min(max(g, -clipValue), clipValue), for each number, as `torch.nn.utils.clip_grad_value_`. Infinities are clipped
 * like any large number.
 *
 * @throws NumericalError if a gradient contains NaN, and then changes nothing.
 */
export function clipGradValue(parameters: readonly Tensor[], clipValue: number): void {
  checkNoMore('clipGradValue', arguments, 2);
  checkArgument('clipGradValue', 'parameters', parameters, someTensors);
  checkArgument('clipGradValue', 'clipValue', clipValue, limit);
  const bad = parameters.findIndex(({ grad }) => grad?.values.some(Number.isNaN));
  if (bad !== -1) {
    throw new NumericalError(
      `clipGradValue: the gradient of parameter ${bad} of shape ${formatShape(parameters[bad].shape)} contains NaN; ` +
        'no gradient was changed. Look for a NaN or an infinity in the batch, or lower the learning rate',
    );
  }
  for (const parameter of parameters) {
    const { grad } = parameter;
    if (grad) {
      const clipped = grad.values.map((g) => Math.min(Math.max(g, -clipValue), clipValue));
      parameter.grad = new Tensor(clipped, grad.shape);
    }
  }
}

/** Infinity clips nothing. */
const limit: Check<number> = {
  inWords: 'a number of at least 0',
  accepts: (value): value is number => atLeast0.accepts(value) || value === Number.POSITIVE_INFINITY,
};
