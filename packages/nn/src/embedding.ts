import {
  ArgumentError,
  checkArgument,
  checkOptions,
  integer,
  integerFrom1,
  type OptionChecks,
} from '@paragrad/check';
import {
  aGenerator,
  embedding,
  type Generator,
  type IndicesLike,
  normal,
  type Tensor,
} from '@paragrad/tensor';
import { Module } from './module.js';

/** Options of `Embedding`. */
export interface EmbeddingLayerOptions {
  /** Draws the initial weight. */
  generator: Generator;
  /** An index whose row is 0 and stays 0: it gets no gradient. May be negative: then it counts from the last row. */
  paddingIdx?: number;
}

const embeddingOptions: OptionChecks<EmbeddingLayerOptions> = { generator: aGenerator, paddingIdx: integer };

/**
 * A learned row of numbers for each index. As PyTorch's `nn.Embedding`, the weight is [numEmbeddings, embeddingDim], at first
 * drawn from the standard normal distribution.
 */
export class Embedding extends Module<[indices: IndicesLike]> {
  /** `[numEmbeddings, embeddingDim]`: a row for each index. */
  readonly weight: Tensor;
  /** The index whose row stays 0; undefined if there is none. */
  readonly paddingIdx: number | undefined;

  /**
   * A table of `numEmbeddings` rows of `embeddingDim` numbers, drawn from N(0, 1).
   *
   * @throws ArgumentError if there is no generator, or `paddingIdx` names no row.
   */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions) {
    super();
    checkArgument('Embedding', 'numEmbeddings', numEmbeddings, integerFrom1);
    checkArgument('Embedding', 'embeddingDim', embeddingDim, integerFrom1);
    checkOptions('Embedding', options, embeddingOptions, ['generator']);
    const { generator, paddingIdx } = options;
    this.weight = normal([numEmbeddings, embeddingDim], generator, { requiresGrad: true });
    this.paddingIdx = paddingIdx;
    if (paddingIdx !== undefined) {
      const padding = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
      if (padding < 0 || padding >= numEmbeddings) {
        throw new ArgumentError(
          `Embedding: paddingIdx ${paddingIdx} for ${numEmbeddings} rows; give an integer from ${-numEmbeddings} to ${numEmbeddings - 1}`,
        );
      }
      this.weight.updateValues((data) => data.fill(0, padding * embeddingDim, (padding + 1) * embeddingDim));
    }
  }

  /**
   * Indices of shape [...], also as nested arrays, give [..., embeddingDim].
   *
   * @throws ArgumentError if an index names no row.
   */
  forward(indices: IndicesLike): Tensor {
    const { paddingIdx } = this;
    return embedding(indices, this.weight, paddingIdx === undefined ? {} : { paddingIdx });
  }
}
