/** All public ops. The property tests use this list, so every op is checked. */
export { elu, gelu, leakyRelu, relu, sigmoid, silu, softplus, tanh } from './activation.js';
export {
  abs,
  add,
  clamp,
  cos,
  div,
  erf,
  exp,
  expm1,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  square,
  sub,
} from './arithmetic.js';
export { multiHeadAttention, scaledDotProductAttention } from './attention.js';
export {
  eq,
  greater,
  greaterEqual,
  isfinite,
  isinf,
  isnan,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
  sign,
  where,
  wherePositive,
} from './compare.js';
export { cumsum } from './cumsum.js';
export { dropout } from './dropout.js';
export { einsum } from './einsum.js';
export { embedding, gather, indexSelect, oneHot, scatterAdd } from './indexing.js';
export {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  klDiv,
  mseLoss,
  smoothL1Loss,
} from './loss.js';
export { linear, matmul } from './matmul.js';
export { batchNorm1d, layerNorm } from './normalize.js';
export {
  amax,
  amin,
  argmax,
  argmin,
  max,
  mean,
  min,
  norm,
  prod,
  std,
  sum,
  variance,
} from './reduce.js';
export { chunk, concat, flip, narrow, roll, slice, split, stack } from './slicing.js';
export { gumbelSoftmax, logSoftmax, logsumexp, softmax } from './softmax.js';
export { sort, topk } from './sort.js';
export { stackedLinear } from './stacked.js';
export { tril, triu } from './triangle.js';
export {
  broadcastTo,
  clone,
  flatten,
  permute,
  reshape,
  squeeze,
  sumToSize,
  to,
  transpose,
  unsqueeze,
} from './view.js';
