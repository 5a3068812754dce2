import { ArgumentError, checkArgument, checkOptions, integerFrom1, ShapeError } from '@paragrad/check';
import {
  type AttentionOptions,
  type AttentionResult,
  aGenerator,
  aTensor,
  formatShape,
  type Generator,
  multiHeadAttention,
  type Tensor,
  uniform,
  zeros,
} from '@paragrad/tensor';
import { Linear } from './layers.js';
import { Module } from './module.js';

/** Options of `MultiheadAttention`. */
export interface MultiheadAttentionOptions {
  /** Draws the initial weights. */
  generator: Generator;
}

/**
 * The op `multiHeadAttention` with its weights. Layout, names and initial values are those of PyTorch's
 * `nn.MultiheadAttention` with `batch_first`: in_proj_weight [3 embed, embed] is Xavier uniform, out_proj is a Linear,
 * all biases are 0.
 */
export class MultiheadAttention extends Module<
  [query: Tensor, key?: Tensor, value?: Tensor, options?: AttentionOptions]
> {
  /** `[3 e, e]`: the weights for queries, keys and values, one below the other. */
  readonly inProjWeight: Tensor;
  /** `[3 e]`: the biases for queries, keys and values. */
  readonly inProjBias: Tensor;
  /** Combines the heads. */
  readonly outProj: Linear;

  /**
   * Attention with several heads: query [batch, n, embed], key and value [batch, m, embed] -> [batch, n, embed].
   *
   * @param embed the length of the last axis of x, a multiple of `numHeads`
   * @throws ArgumentError if it is no such multiple, or there is no generator.
   */
  constructor(
    embed: number,
    /** How many heads there are. It divides the width e. */
    readonly numHeads: number,
    options: MultiheadAttentionOptions,
  ) {
    super();
    checkArgument('MultiheadAttention', 'embed', embed, integerFrom1);
    checkArgument('MultiheadAttention', 'numHeads', numHeads, integerFrom1);
    checkOptions<MultiheadAttentionOptions>('MultiheadAttention', options, { generator: aGenerator }, [
      'generator',
    ]);
    if (embed % numHeads !== 0)
      throw new ArgumentError(
        `MultiheadAttention: embed ${embed}, ${numHeads} heads; make embed a multiple of the number of heads`,
      );
    const { generator } = options;
    const bound = Math.sqrt(6 / (3 * embed + embed));
    const range = { low: -bound, high: bound, requiresGrad: true };
    this.inProjWeight = uniform([3 * embed, embed], generator, range);
    this.inProjBias = zeros([3 * embed], { requiresGrad: true });
    this.outProj = new Linear(embed, embed, { generator });
    this.outProj.bias!.updateValues((data) => data.fill(0));
  }

  /**
   * For query [batch, n, embed], key and value [batch, m, embed], the output is [batch, n, embed]. With a single x it is
   * self-attention.
   *
   * @throws ShapeError if query, key or value has another shape, or the mask does not broadcast.
   */
  forward(query: Tensor, key = query, value = key, options: AttentionOptions = {}): Tensor {
    return this.attend(query, key, value, options).output;
  }

  /**
   * Like `forward`, but also returns how much each query attends to each key: weights [batch, heads, n, m].
   *
   * @throws ShapeError as `forward`.
   */
  attend(query: Tensor, key = query, value = key, options: AttentionOptions = {}): AttentionResult {
    checkOptions<AttentionOptions>('MultiheadAttention', options, { mask: aTensor });
    const { mask } = options;
    const { inProjWeight, inProjBias, outProj, numHeads } = this;
    for (const [name, x] of Object.entries({ query, key, value })) {
      checkArgument('MultiheadAttention', name, x, aTensor);
      const width = outProj.weight.shape[1];
      if (x.rank !== 3 || x.shape[2] !== width) {
        throw new ShapeError(
          `MultiheadAttention(${width}, ${numHeads}): ${name} ${formatShape(x.shape)}; give [batch, ${name === 'query' ? 'n' : 'm'}, ${width}]`,
        );
      }
    }
    const weights = { inProjWeight, inProjBias, outProjWeight: outProj.weight, outProjBias: outProj.bias! };
    return multiHeadAttention(query, key, value, weights, { numHeads, ...(mask && { mask }) });
  }
}
