import { checkArgument, checkOptions, integerFrom1, type OptionChecks, ShapeError } from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { formatShape, reducedShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { mul } from './arithmetic.js';
import { eq, where } from './compare.js';
import { linear, matmul } from './matmul.js';
import { amaxTo } from './reduce.js';
import { narrow } from './slicing.js';
import { softmax } from './softmax.js';
import { permute, reshape } from './view.js';

/** Options of both functions for attention. */
export interface AttentionOptions {
  /**
   * 1 where a query must not attend to a key, else 0; broadcasts to [..., queries, keys]. A query that may attend to
   * nothing gets zeros.
   */
  mask?: Tensor;
}

/** What attention returns. */
export interface AttentionResult {
  /** The weighted sums of the values: [..., queries, width]. */
  readonly output: Tensor;
  /** `[..., queries, keys]`: how much each query attends to each key. Each row sums to 1. */
  readonly weights: Tensor;
}

const attentionOptions: OptionChecks<AttentionOptions> = { mask: aTensor };

/**
 * softmax(Q Kᵀ / √d) V (Vaswani et al. 2017). For query [..., n, d], key [..., m, d] and value [..., m, e], the output
 * is [..., n, e].
 *
 * @throws ShapeError if the sizes do not fit.
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): AttentionResult {
  checkArgument('scaledDotProductAttention', 'query', query, aTensor);
  checkArgument('scaledDotProductAttention', 'key', key, aTensor);
  checkArgument('scaledDotProductAttention', 'value', value, aTensor);
  checkOptions('scaledDotProductAttention', options, attentionOptions);
  const { mask } = options;
  const scale = 1 / Math.sqrt(query.shape.at(-1) || 1); // without features all scores are 0
  const scores = mul(matmul(query, key, { transposeB: true }), scale);
  const weights = mask ? maskedSoftmax(scores, mask) : softmax(scores);
  return { output: matmul(weights, value), weights };
}

/** softmax over the scores with mask 0, and 0 elsewhere. A row without such scores is computed from zeros: -∞ would give NaN. */
function maskedSoftmax(scores: Tensor, mask: Tensor): Tensor {
  const hasScores = amaxTo(eq(mask, 0), reducedShape(mask.shape, [mask.rank - 1]));
  return where(mask, 0, softmax(where(mask, where(hasScores, Number.NEGATIVE_INFINITY, 0), scores)));
}

/** The weights of `multiHeadAttention` for embeddings of size e, in the layout of PyTorch's `nn.MultiheadAttention`. */
export interface MultiHeadWeights {
  /** `[3 e, e]`: the first e rows compute queries, the next e rows keys, the last e rows values. */
  inProjWeight: Tensor;
  /** [3 e] */
  inProjBias?: Tensor;
  /** [e, e] */
  outProjWeight: Tensor;
  /** [e] */
  outProjBias?: Tensor;
}

/** Options of `multiHeadAttention`. */
export interface MultiHeadOptions extends AttentionOptions {
  /** Must divide e. Head h uses the features from h e / numHeads to (h + 1) e / numHeads. */
  numHeads: number;
}

const multiHeadWeights: OptionChecks<MultiHeadWeights> = {
  inProjWeight: aTensor,
  inProjBias: aTensor,
  outProjWeight: aTensor,
  outProjBias: aTensor,
};
const multiHeadOptions: OptionChecks<MultiHeadOptions> = { ...attentionOptions, numHeads: integerFrom1 };

/**
 * Attention with several heads in parallel (Vaswani et al. 2017). For query [batch, n, e], key and value [batch, m, e],
 * the output is [batch, n, e] and the weights are [batch, heads, n, m]. With the same x for all three it is
 * self-attention, for example over agents.
 *
 * @throws ShapeError if the sizes do not fit, or `numHeads` does not divide e.
 */
export function multiHeadAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  weights: MultiHeadWeights,
  options: MultiHeadOptions,
): AttentionResult {
  checkArgument('multiHeadAttention', 'query', query, aTensor);
  checkArgument('multiHeadAttention', 'key', key, aTensor);
  checkArgument('multiHeadAttention', 'value', value, aTensor);
  checkOptions('multiHeadAttention', weights, multiHeadWeights, ['inProjWeight', 'outProjWeight']);
  checkOptions('multiHeadAttention', options, multiHeadOptions, ['numHeads']);
  const { inProjWeight, inProjBias, outProjWeight, outProjBias } = weights;
  const { numHeads, mask } = options;
  const embed = query.shape[2] ?? 0;
  if (query.rank !== 3 || !sameShape(inProjWeight.shape, [3 * embed, embed]) || embed % numHeads !== 0) {
    throw new ShapeError(
      `multiHeadAttention: query ${formatShape(query.shape)}, inProjWeight ${formatShape(inProjWeight.shape)}, ` +
        `${numHeads} heads; give [batch, n, e] and [3 e, e], where e is a multiple of the number of heads`,
    );
  }
  const projectToHeads = (x: Tensor, part: number): Tensor => {
    const weight = narrow(inProjWeight, 0, part * embed, embed);
    const bias = inProjBias && narrow(inProjBias, 0, part * embed, embed);
    return permute(
      reshape(linear(x, weight, bias), [...x.shape.slice(0, 2), numHeads, embed / numHeads]),
      [0, 2, 1, 3],
    );
  };
  const attended = scaledDotProductAttention(
    projectToHeads(query, 0),
    projectToHeads(key, 1),
    projectToHeads(value, 2),
    mask ? { mask } : {},
  );
  const joined = reshape(permute(attended.output, [0, 2, 1, 3]), query.shape);
  return { output: linear(joined, outProjWeight, outProjBias), weights: attended.weights };
}
