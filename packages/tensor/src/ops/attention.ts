import { formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { mul } from './arithmetic.js';
import { where } from './compare.js';
import { linear, matmul } from './matmul.js';
import { softmax } from './softmax.js';
import { narrow, permute, reshape } from './view.js';

export interface AttentionMask {
  /** Broadcasts to [..., queries, keys]; 1 = not attended. A query that may attend to nothing gets zeros. */
  mask?: Tensor;
}

export interface Attention {
  readonly output: Tensor;
  /** [..., queries, keys]: how much each query attends to each key. Rows sum to 1. */
  readonly weights: Tensor;
}

/**
 * softmax(Q Kᵀ / √d) V (Vaswani et al. 2017), for query [..., n, d], key [..., m, d] and value [..., m, e], giving
 * [..., n, e].
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { mask }: AttentionMask = {},
): Attention {
  const scale = 1 / Math.sqrt(query.shape.at(-1) ?? 1);
  const scores = mul(matmul(query, key, { transposeB: true }), scale);
  // Not -Infinity, of which a whole row would be NaN. Next to any other score this is as good: e^(it - largest) is 0.
  const weights = mask ? where(mask, 0, softmax(where(mask, LOWEST, scores))) : softmax(scores);
  return { output: matmul(weights, value), weights };
}

const LOWEST = -1e38;

/** The weights of `multiHeadAttention` for embeddings of size e, in the layout of PyTorch's `nn.MultiheadAttention`. */
export interface MultiHeadWeights {
  /** [3 e, e]: the rows 0 to e make queries, the next e keys, the last e values. */
  inProjWeight: Tensor;
  /** [3 e] */
  inProjBias?: Tensor;
  /** [e, e] */
  outProjWeight: Tensor;
  /** [e] */
  outProjBias?: Tensor;
}

export interface MultiHeadOptions extends AttentionMask {
  /** Has to divide e. Head h attends with the features h e / numHeads to (h + 1) e / numHeads. */
  numHeads: number;
}

/**
 * Attention in several heads side by side (Vaswani et al. 2017): query [batch, n, e], key and value [batch, m, e], giving
 * output [batch, n, e] and weights [batch, heads, n, m]. With x for all three it is self-attention, over agents for
 * example. Throws where the sizes do not fit.
 */
export function multiHeadAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { inProjWeight, inProjBias, outProjWeight, outProjBias }: MultiHeadWeights,
  { numHeads, mask }: MultiHeadOptions,
): Attention {
  const embed = query.shape[2] ?? 0;
  if (query.rank !== 3 || !sameShape(inProjWeight.shape, [3 * embed, embed]) || embed % numHeads !== 0) {
    throw new Error(
      `multiHeadAttention: query ${formatShape(query.shape)}, inProjWeight ${formatShape(inProjWeight.shape)}, ` +
        `${numHeads} heads; give [batch, n, e] and [3 e, e], with e a multiple of the heads`,
    );
  }
  const heads = (x: Tensor, part: number): Tensor => {
    const weight = narrow(inProjWeight, 0, part * embed, embed);
    const bias = inProjBias && narrow(inProjBias, 0, part * embed, embed);
    return permute(reshape(linear(x, weight, bias), [...x.shape.slice(0, 2), numHeads, -1]), [0, 2, 1, 3]);
  };
  const { output, weights } = scaledDotProductAttention(
    heads(query, 0),
    heads(key, 1),
    heads(value, 2),
    mask ? { mask } : {},
  );
  const joined = reshape(permute(output, [0, 2, 1, 3]), query.shape);
  return { output: linear(joined, outProjWeight, outProjBias), weights };
}
