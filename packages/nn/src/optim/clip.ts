import { mul, noGrad, type Tensor } from '@paragrad/tensor';

/** ‖g‖: the Euclidean norm of all the parameters' gradients taken as one vector, in float64. */
export function gradNorm(parameters: readonly Tensor[]): number {
  let squares = 0;
  for (const { grad } of parameters) if (grad) for (const g of grad.data) squares += g * g;
  return Math.sqrt(squares);
}

/**
 * g <- g min(1, maxNorm / (‖g‖ + 1e-6)), as `torch.nn.utils.clip_grad_norm_`. Returns ‖g‖ before clipping.
 *
 * Throws where ‖g‖ is NaN or infinite, and changes nothing: scaled by it every gradient would become NaN or 0, and
 * one optimiser step later so would the weights. (PyTorch by default lets that happen.)
 */
export function clipGradNorm(parameters: readonly Tensor[], maxNorm: number): number {
  const norm = gradNorm(parameters);
  if (!Number.isFinite(norm)) {
    const bad = parameters.findIndex(({ grad }) => grad?.data.some((g) => !Number.isFinite(g)));
    throw new Error(
      `clipGradNorm: the gradient's norm is ${norm}, from parameter ${bad} of shape [${parameters[bad]?.shape.join(', ')}]; ` +
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
