/** All public ops. The property tests use this list, so every op is checked. */
export { leakyRelu, relu, sigmoid, softplus, tanh } from './activation.js';
export {
  abs,
  add,
  clamp,
  div,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  sqrt,
  square,
  sub,
} from './arithmetic.js';
export { multiHeadAttention, scaledDotProductAttention } from './attention.js';
export { eq, gt, sign, where, wherePositive } from './compare.js';
export { dropout } from './dropout.js';
export { einsum } from './einsum.js';
export { embedding, gather, indexSelect, oneHot, scatterAdd } from './indexing.js';
export { huberLoss, mseLoss, smoothL1Loss } from './loss.js';
export { linear, matmul } from './matmul.js';
export { batchNorm1d, layerNorm } from './normalize.js';
export { amax, max, mean, norm, sum } from './reduce.js';
export { chunk, concat, flip, narrow, roll, slice, split, stack } from './slicing.js';
export { gumbelSoftmax, logSoftmax, logsumexp, softmax } from './softmax.js';
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
