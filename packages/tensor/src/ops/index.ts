/** Every op that users call. The property tests take their list from here, so that none goes unchecked. */
export { add, div, gate, mul, neg, relu, square, sub, tanh } from './elementwise.js';
export { mseLoss } from './loss.js';
export { linear, matmul } from './matmul.js';
export { mean, sum } from './reduce.js';
export { broadcastTo, concat, narrow, permute, reshape, sumTo, transpose } from './view.js';
