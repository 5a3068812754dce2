import { noGrad } from '../autograd/modes.js';
import { defineOp } from '../autograd/record.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add, div, mul, sqrt, square, sub } from './arithmetic.js';
import { reshape, sumTo } from './view.js';

interface Over {
  /** x's shape, with 1 for the axes that mean and variance are taken over. */
  kept: Shape;
  eps: number;
}

/** y = (x - μ) / σ  with σ² = mean (x - μ)² + eps;  dx = (dy - mean dy - y mean (dy y)) / σ */
const standardize = defineOp<[x: Tensor], Over>('standardize', {
  forward: ([x], { kept, eps }) => div(sub(x, meanTo(x, kept)), deviation(x, kept, eps)),
  gradient: [
    (dy, { inputs: [x], output: y, attrs: { kept, eps } }) =>
      div(sub(sub(dy, meanTo(dy, kept)), mul(y, meanTo(mul(dy, y), kept))), deviation(x, kept, eps)),
  ],
});

const meanTo = (x: Tensor, kept: Shape): Tensor => mul(sumTo(x, kept), sizeOf(kept) / x.size);
const varianceTo = (x: Tensor, kept: Shape): Tensor => meanTo(square(sub(x, meanTo(x, kept))), kept);
const deviation = (x: Tensor, kept: Shape, eps: number): Tensor => sqrt(add(varianceTo(x, kept), eps));

export interface LayerNormOptions {
  /** The last lengths of x's shape: the axes that are normalized together. Default: the last one. */
  normalizedShape?: Shape;
  /** Both of the normalized shape: y weight + bias. */
  weight?: Tensor;
  bias?: Tensor;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/** x [..., features] with mean 0 and variance 1 over the features, then scaled and shifted (Ba et al. 2016). */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  const { normalizedShape = x.shape.slice(-1), weight, bias, eps = 1e-5 } = options;
  const first = x.rank - normalizedShape.length;
  if (normalizedShape.length === 0 || !sameShape(x.shape.slice(Math.max(first, 0)), normalizedShape)) {
    throw new Error(
      `layerNorm: x ${formatShape(x.shape)} does not end in the normalized shape ${formatShape(normalizedShape)}`,
    );
  }
  const kept = x.shape.map((length, axis) => (axis < first ? length : 1));
  checkShapes('layerNorm', x, normalizedShape, { weight, bias });
  return affine(standardize([x], { kept, eps }), normalizedShape, weight, bias);
}

export interface BatchNormOptions {
  /** [channels]; `training` updates them in place. Without `training` they are what x is normalized with. */
  runningMean?: Tensor;
  runningVar?: Tensor;
  /** Both [channels]: y weight + bias. */
  weight?: Tensor;
  bias?: Tensor;
  /** Normalize with the statistics of this batch. Default false. */
  training?: boolean;
  /** The share of this batch in the new running statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/**
 * x [batch, channels] or [batch, channels, length] with mean 0 and variance 1 in each channel, then scaled and shifted
 * (Ioffe & Szegedy 2015). As in PyTorch, the batch is normalized with its biased variance, and the unbiased one goes into
 * the running statistics. Throws on training with a single value per channel, which has no variance.
 */
export function batchNorm1d(x: Tensor, options: BatchNormOptions = {}): Tensor {
  const { runningMean, runningVar, weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  if (x.rank !== 2 && x.rank !== 3) {
    throw new Error(
      `batchNorm1d: x ${formatShape(x.shape)}; give [batch, channels] or [batch, channels, length]`,
    );
  }
  const channels = x.shape.slice(1, 2);
  const kept = x.shape.map((length, axis) => (axis === 1 ? length : 1));
  const inX = kept.slice(1); // [channels] shaped to broadcast along batch and length
  checkShapes('batchNorm1d', x, channels, { runningMean, runningVar, weight, bias });
  if (!training) {
    if (!runningMean || !runningVar) {
      throw new Error(
        'batchNorm1d: no statistics; give runningMean and runningVar, or set training to use the batch',
      );
    }
    const centerd = sub(x, reshape(runningMean, inX));
    return affine(div(centerd, sqrt(add(reshape(runningVar, inX), eps))), inX, weight, bias);
  }
  const count = x.size / sizeOf(channels);
  if (!(count > 1)) {
    throw new Error(
      `batchNorm1d: training on x ${formatShape(x.shape)}, ${count} value per channel, which has no variance; ` +
        'give a larger batch, or set training to false',
    );
  }
  noGrad(() => {
    const track = (running: Tensor | undefined, batch: () => Tensor) =>
      running?.update((data) =>
        data.set(add(mul(running, 1 - momentum), mul(reshape(batch(), channels), momentum)).values),
      );
    track(runningMean, () => meanTo(x, kept));
    track(runningVar, () => mul(varianceTo(x, kept), count / (count - 1)));
  });
  return affine(standardize([x], { kept, eps }), inX, weight, bias);
}

/** y weight + bias, both of which are reshaped to `inY`. */
function affine(y: Tensor, inY: Shape, weight?: Tensor, bias?: Tensor): Tensor {
  const scaled = weight ? mul(y, reshape(weight, inY)) : y;
  return bias ? add(scaled, reshape(bias, inY)) : scaled;
}

function checkShapes(op: string, x: Tensor, expected: Shape, all: Record<string, Tensor | undefined>): void {
  for (const [name, one] of Object.entries(all)) {
    if (one && !sameShape(one.shape, expected)) {
      throw new Error(
        `${op}: ${name} ${formatShape(one.shape)} for x ${formatShape(x.shape)}; its shape must be ${formatShape(expected)}`,
      );
    }
  }
}
