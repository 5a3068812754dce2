import {
  atLeast0,
  checkArgument,
  checkOptions,
  either,
  from0To1,
  integerFrom1,
  listOf,
  type OptionChecks,
  ShapeError,
} from '@paragrad/check';
import {
  aTensor,
  batchNorm1d,
  formatShape,
  layerNorm,
  ones,
  type Shape,
  type Tensor,
  zeros,
} from '@paragrad/tensor';
import { checkWidth } from './check-width.js';
import { Module } from './module.js';

/** Options of `BatchNorm1d`. */
export interface BatchNorm1dOptions {
  /** The weight of each batch in the running statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

const batchNormOptions: OptionChecks<BatchNorm1dOptions> = { momentum: from0To1, eps: atLeast0 };

/**
 * `batchNorm1d` of x [batch, channels] or [batch, channels, length]. In training mode it normalizes with the statistics
 * of the batch and updates its running statistics; after `eval()` it normalizes with the running statistics. Its state
 * is that of `nn.BatchNorm1d` without `num_batches_tracked`, which `loadStateDict` passes over.
 */
export class BatchNorm1d extends Module {
  /** `[channels]`: what the standardized numbers are multiplied by. */
  readonly weight: Tensor;
  /** `[channels]`: what is added then. */
  readonly bias: Tensor;
  /** `[channels]`: the moving average of means, for evaluation. */
  readonly runningMean: Tensor;
  /** `[channels]`: the moving average of variances, for evaluation. */
  readonly runningVar: Tensor;
  readonly #options: BatchNorm1dOptions;

  constructor(channels: number, options: BatchNorm1dOptions = {}) {
    super();
    checkArgument('BatchNorm1d', 'channels', channels, integerFrom1);
    checkOptions('BatchNorm1d', options, batchNormOptions);
    this.weight = ones([channels], { requiresGrad: true });
    this.bias = zeros([channels], { requiresGrad: true });
    this.runningMean = zeros([channels]);
    this.runningVar = ones([channels]);
    this.#options = options;
  }

  protected override ownBuffers(): [string, Tensor][] {
    const { runningMean, runningVar } = this;
    return Object.entries({ runningMean, runningVar });
  }

  protected override unusedState(): string[] {
    return ['numBatchesTracked'];
  }

  /**
   * x is [batch, channels] or [batch, channels, length], and the result, too. In training it also updates the moving averages.
   *
   * @throws ShapeError if x has another shape.
   */
  forward(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, training } = this;
    checkArgument('BatchNorm1d', 'x', x, aTensor);
    const { size } = weight;
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[1] !== size) {
      throw new ShapeError(
        `BatchNorm1d(${size}): x ${formatShape(x.shape)}; give [batch, ${size}] or [batch, ${size}, length]`,
      );
    }
    return batchNorm1d(x, { weight, bias, runningMean, runningVar, training, ...this.#options });
  }
}

const lengths = either(integerFrom1, listOf(integerFrom1));

/** `layerNorm` over the last axes of x, whose lengths are `normalizedShape`. A number means only the last axis. */
export class LayerNorm extends Module {
  /** `[...normalizedShape]`: what the standardized numbers are multiplied by. */
  readonly weight: Tensor;
  /** `[...normalizedShape]`: what is added then. */
  readonly bias: Tensor;
  readonly #eps: number;

  constructor(normalizedShape: number | Shape, options: { eps?: number } = {}) {
    super();
    checkArgument('LayerNorm', 'normalizedShape', normalizedShape, lengths);
    checkOptions<{ eps?: number }>('LayerNorm', options, { eps: atLeast0 });
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    this.weight = ones(shape, { requiresGrad: true });
    this.bias = zeros(shape, { requiresGrad: true });
    this.#eps = options.eps ?? 1e-5;
  }

  /**
   * x is [..., ...normalizedShape], and the result, too.
   *
   * @throws ShapeError if x does not end in the normalized shape.
   */
  forward(x: Tensor): Tensor {
    const { weight, bias } = this;
    if (weight.rank === 1) checkWidth(() => `LayerNorm(${weight.size})`, 'x', x, weight.size);
    return layerNorm(x, { normalizedShape: weight.shape, weight, bias, eps: this.#eps });
  }
}
