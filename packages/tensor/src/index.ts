export { type BackwardOptions, backward, type GradOptions, grad } from './autograd/backward.js';
export { enableGrad, noGrad } from './autograd/modes.js';
export { defineOp, type Gradient, noGradient, type OpDefinition, type OpRecord } from './autograd/record.js';
export type { KernelSet, MatmulForm, MatmulProduct, View } from './kernels/kernel-set.js';
export { reference } from './kernels/reference.js';
export { kernels, useKernels } from './kernels/select.js';
export type { DType, FloatArray } from './memory/allocate.js';
export { add, div, gate, mul, neg, relu, square, sub, tanh } from './ops/elementwise.js';
export { type LossOptions, mseLoss } from './ops/loss.js';
export { linear, type MatmulOptions, matmul } from './ops/matmul.js';
export { mean, type ReduceOptions, sum } from './ops/reduce.js';
export { broadcastTo, concat, narrow, permute, reshape, sumTo, transpose } from './ops/view.js';
export { Generator } from './random.js';
export { formatShape, type Shape, sameShape } from './shape.js';
export {
  full,
  type NestedNumbers,
  normal,
  ones,
  scalar,
  Tensor,
  type TensorOptions,
  tensor,
  uniform,
  zeros,
} from './tensor.js';
