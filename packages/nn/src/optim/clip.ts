import { formatShape, mul, noGrad, Tensor } from '@paragrad/tensor';

/** ‖g‖: the Euclidean norm of all the parameters' gradients taken as one vector, in float64. */
export function gradNorm(parameters: readonly Tensor[]): number {
  let squares = 0;
  for (const { grad } of parameters) {
    if (!grad) continue;
    const { data } = grad;
    for (let k = 0; k < data.length; k++) squares += data[k] * data[k]; // for ... of takes three times as long
  }
  return Math.sqrt(squares);
}

/**
 * g <- g min(1, maxNorm / (‖g‖ + 1e-6)), as `torch.nn.utils.clip_grad_norm_`. Returns ‖g‖ before clipping.
 *
 * Throws where ‖g‖ is NaN or infinite, and changes nothing: scaled by it every gradient would become NaN or 0, and
 * one optimizer step later so would the weights. (PyTorch by default lets that happen.)
 */
export function clipGradNorm(parameters: readonly Tensor[], maxNorm: number): number {
  checkLimit('clipGradNorm', 'maxNorm', maxNorm);
  const norm = gradNorm(parameters);
  if (!Number.isFinite(norm)) {
    const bad = parameters.findIndex(({ grad }) => grad?.data.some((g) => !Number.isFinite(g)));
    const culprit =
      bad === -1 ? 'all together' : `parameter ${bad} of shape ${formatShape(parameters[bad].shape)}`;
    throw new Error(
      `clipGradNorm: the gradient's norm is ${norm}, from ${culprit}; ` +
        'no gradient was changed. Look for a NaN or an infinity in the batch, or lower the learning rate',
    );
  }
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) {
    for (const parameter of parameters) {
      const { grad } = parameter;
      if (grad) parameter.grad = noGrad(() => mul(grad, scale));
    }
  }
  return norm;
}

/**
 * g <- min(max(g, -clipValue), clipValue), each number by itself, as `torch.nn.utils.clip_grad_value_`. An infinity is
 * clipped like any large number.
 *
 * Throws where a gradient is NaN, which no limit can hold, and changes nothing.
 */
export function clipGradValue(parameters: readonly Tensor[], clipValue: number): void {
  checkLimit('clipGradValue', 'clipValue', clipValue);
  const bad = parameters.findIndex(({ grad }) => grad?.data.some(Number.isNaN));
  if (bad !== -1) {
    throw new Error(
      `clipGradValue: the gradient of parameter ${bad} of shape ${formatShape(parameters[bad].shape)} contains NaN; ` +
        'no gradient was changed. Look for a NaN or an infinity in the batch, or lower the learning rate',
    );
  }
  for (const parameter of parameters) {
    const { grad } = parameter;
    if (grad) {
      const clipped = grad.data.map((g) => Math.min(Math.max(g, -clipValue), clipValue));
      parameter.grad = new Tensor(clipped, grad.shape);
    }
  }
}

function checkLimit(op: string, name: string, limit: number): void {
  if (!(limit >= 0)) throw new Error(`${op}: ${name} ${limit}; give a number from 0`);
}
