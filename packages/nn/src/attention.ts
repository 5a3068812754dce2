import {
  type AttentionOptions,
  type AttentionResult,
  checkCount,
  type Generator,
  multiHeadAttention,
  type Tensor,
  uniform,
  zeros,
} from '@paragrad/tensor';
import { Linear } from './layers.js';
import { Module } from './module.js';
import { withGenerator } from './with-generator.js';

export interface MultiheadAttentionOptions {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}

/**
 * `multiHeadAttention` with weights of its own. Their layout, names and start are those of PyTorch's
 * `nn.MultiheadAttention` with `batch_first`: in_proj_weight [3 embed, embed] uniform after Glorot, out_proj as a Linear,
 * biases 0.
 */
export class MultiheadAttention extends Module<
  [query: Tensor, key?: Tensor, value?: Tensor, options?: AttentionOptions]
> {
  readonly inProjWeight: Tensor;
  readonly inProjBias: Tensor;
  readonly outProj: Linear;

  /** @param embed the length of x's last axis, a multiple of `numHeads` */
  constructor(
    embed: number,
    readonly numHeads: number,
    options: MultiheadAttentionOptions,
  ) {
    super();
    checkCount('MultiheadAttention', 'embed', embed);
    checkCount('MultiheadAttention', 'numHeads', numHeads);
    if (embed % numHeads !== 0)
      throw new Error(
        `MultiheadAttention: embed ${embed}, ${numHeads} heads; make embed a multiple of the heads`,
      );
    const { generator } = withGenerator('MultiheadAttention', options);
    const bound = Math.sqrt(6 / (3 * embed + embed));
    const range = { low: -bound, high: bound, requiresGrad: true };
    this.inProjWeight = uniform([3 * embed, embed], generator, range);
    this.inProjBias = zeros([3 * embed], { requiresGrad: true });
    this.outProj = new Linear(embed, embed, { generator });
    this.outProj.bias!.update((data) => data.fill(0));
  }

  /** Query [batch, n, embed], key and value [batch, m, embed], giving [batch, n, embed]. With x alone: self-attention. */
  forward(query: Tensor, key = query, value = key, options: AttentionOptions = {}): Tensor {
    return this.attend(query, key, value, options).output;
  }

  /** `forward`, and how much each query attends to each key: weights [batch, heads, n, m]. */
  attend(query: Tensor, key = query, value = key, { mask }: AttentionOptions = {}): AttentionResult {
    const { inProjWeight, inProjBias, outProj, numHeads } = this;
    const weights = { inProjWeight, inProjBias, outProjWeight: outProj.weight, outProjBias: outProj.bias! };
    return multiHeadAttention(query, key, value, weights, { numHeads, ...(mask && { mask }) });
  }
}
