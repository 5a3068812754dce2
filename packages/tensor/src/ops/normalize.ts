import {
  ArgumentError,
  atLeast0,
  checkArgument,
  checkOptions,
  from0To1,
  type OptionChecks,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { noGrad } from '../autograd/modes.js';
import { defineOp } from '../autograd/record.js';
import { aShape, formatShape, type Shape, sameShape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add, div, mul, sqrt, square, sub } from './arithmetic.js';
import { reshape, sumToSize } from './view.js';

interface StandardizeAttrs {
  /** The shape of x, with 1 for the axes over which mean and variance are computed. */
  kept: Shape;
  eps: number;
}

/** y = (x - μ) / σ  with σ² = mean (x - μ)² + eps;  dx = (dy - mean dy - y mean (dy y)) / σ */
const standardize = defineOp<[x: Tensor], StandardizeAttrs>('standardize', {
  forward: ([x], { kept, eps }) => div(sub(x, meanTo(x, kept)), deviation(x, kept, eps)),
  gradient: [
    (dy, { inputs: [x], output: y, attrs: { kept, eps } }) =>
      div(sub(sub(dy, meanTo(dy, kept)), mul(y, meanTo(mul(dy, y), kept))), deviation(x, kept, eps)),
  ],
});

const meanTo = (x: Tensor, kept: Shape): Tensor => mul(sumToSize(x, kept), sizeOf(kept) / x.size);
const varianceTo = (x: Tensor, kept: Shape): Tensor => meanTo(square(sub(x, meanTo(x, kept))), kept);
const deviation = (x: Tensor, kept: Shape, eps: number): Tensor => sqrt(add(varianceTo(x, kept), eps));

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** The end of the shape of x: the axes that are normalized together. Default: the last axis. */
  normalizedShape?: Shape;
  /** Scales the result. Has the normalized shape. */
  weight?: Tensor;
  /** Added to the result. Has the normalized shape. */
  bias?: Tensor;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

const layerNormOptions: OptionChecks<LayerNormOptions> = {
  normalizedShape: aShape,
  weight: aTensor,
  bias: aTensor,
  eps: atLeast0,
};

/**
 * Shifts and scales x [..., features] to mean 0 and variance 1 over the features, then applies weight and bias (Ba et al. 2016).
 *
 * @throws ShapeError if x does not end in the normalized shape, or weight or bias has another shape.
 */
export function layerNorm(x: Tensor, options: LayerNormOptions = {}): Tensor {
  checkArgument('layerNorm', 'x', x, aTensor);
  checkOptions('layerNorm', options, layerNormOptions);
  const { normalizedShape = x.shape.slice(-1), weight, bias, eps = 1e-5 } = options;
  const first = x.rank - normalizedShape.length;
  if (normalizedShape.length === 0 || !sameShape(x.shape.slice(Math.max(first, 0)), normalizedShape)) {
    throw new ShapeError(
      `layerNorm: x ${formatShape(x.shape)} does not end in the normalized shape ${formatShape(normalizedShape)}`,
    );
  }
  const kept = x.shape.map((length, axis) => (axis < first ? length : 1));
  checkShapes('layerNorm', x, normalizedShape, { weight, bias });
  return affine(standardize([x], { kept, eps }), normalizedShape, weight, bias);
}

/** Options of `batchNorm1d`. */
export interface BatchNormOptions {
  /** [channels]. With `training` it is updated in place; without, it normalizes x. */
  runningMean?: Tensor;
  /** [channels]. As `runningMean`. */
  runningVar?: Tensor;
  /** [channels]. Scales the result. */
  weight?: Tensor;
  /** [channels]. Added to the result. */
  bias?: Tensor;
  /** Normalize with the statistics of this batch instead of the running statistics. Default false. */
  training?: boolean;
  /** The weight of this batch in the new running statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

const batchNormOptions: OptionChecks<BatchNormOptions> = {
  runningMean: aTensor,
  runningVar: aTensor,
  weight: aTensor,
  bias: aTensor,
  training: trueOrFalse,
  momentum: from0To1,
  eps: atLeast0,
};

/**
 * Shifts and scales each channel of x [batch, channels] or [batch, channels, length] to mean 0 and variance 1, then
 * applies weight and bias (Ioffe & Szegedy 2015). As in PyTorch, the batch is normalized with its biased variance, and
 * the running statistics use the unbiased variance.
 *
 * @throws ShapeError if x has not two or three axes, or a tensor of the options is not [channels].
 * @throws ArgumentError in training if there is a single value per channel, which has no variance; else if there are no running statistics.
 */
export function batchNorm1d(x: Tensor, options: BatchNormOptions = {}): Tensor {
  checkArgument('batchNorm1d', 'x', x, aTensor);
  checkOptions('batchNorm1d', options, batchNormOptions);
  const { runningMean, runningVar, weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  if (x.rank !== 2 && x.rank !== 3) {
    throw new ShapeError(
      `batchNorm1d: x ${formatShape(x.shape)}; give [batch, channels] or [batch, channels, length]`,
    );
  }
  const channels = x.shape.slice(1, 2);
  const kept = x.shape.map((length, axis) => (axis === 1 ? length : 1));
  const broadcastable = kept.slice(1); // [channels] in a shape that broadcasts along batch and length
  checkShapes('batchNorm1d', x, channels, { runningMean, runningVar, weight, bias });
  if (!training) {
    if (!runningMean || !runningVar) {
      throw new ArgumentError(
        'batchNorm1d: no statistics; give runningMean and runningVar, or set training to use those of the batch',
      );
    }
    const centered = sub(x, reshape(runningMean, broadcastable));
    const standardized = div(centered, sqrt(add(reshape(runningVar, broadcastable), eps)));
    return affine(standardized, broadcastable, weight, bias);
  }
  const count = x.size / sizeOf(channels);
  if (!(count > 1)) {
    throw new ArgumentError(
      `batchNorm1d: training with x ${formatShape(x.shape)}: ${count} value per channel has no variance; ` +
        'give a larger batch, or set training to false',
    );
  }
  noGrad(() => {
    const updateRunning = (running: Tensor | undefined, batch: () => Tensor) =>
      running?.update((data) =>
        data.set(add(mul(running, 1 - momentum), mul(reshape(batch(), channels), momentum)).values),
      );
    updateRunning(runningMean, () => meanTo(x, kept));
    updateRunning(runningVar, () => mul(varianceTo(x, kept), count / (count - 1)));
  });
  return affine(standardize([x], { kept, eps }), broadcastable, weight, bias);
}

/** y weight + bias, with weight and bias reshaped to `shape`. */
function affine(y: Tensor, shape: Shape, weight?: Tensor, bias?: Tensor): Tensor {
  const scaled = weight ? mul(y, reshape(weight, shape)) : y;
  return bias ? add(scaled, reshape(bias, shape)) : scaled;
}

function checkShapes(
  op: string,
  x: Tensor,
  expected: Shape,
  tensors: Record<string, Tensor | undefined>,
): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor && !sameShape(tensor.shape, expected)) {
      throw new ShapeError(
        `${op}: ${name} ${formatShape(tensor.shape)} for x ${formatShape(x.shape)}; its shape must be ${formatShape(expected)}`,
      );
    }
  }
}
