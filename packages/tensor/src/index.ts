export { type BackwardOptions, backward, type GradOptions, grad } from './autograd/backward.js';
export type { GradientHook, HookHandle } from './autograd/hooks.js';
export { detectAnomaly, enableGrad, noGrad } from './autograd/modes.js';
export {
  defineOp,
  type Gradient,
  type NoGradient,
  type OpDefinition,
  type OpLabel,
  type OpRecord,
} from './autograd/record.js';
export { checkCount, checkGenerator } from './checks.js';
export type {
  Activation,
  BinaryKernelName,
  KernelChoice,
  KernelSet,
  MatmulForm,
  MatmulProduct,
  ParametricKernelName,
  Timing,
  UnaryKernelName,
  View,
} from './kernels/kernel-set.js';
export { reference } from './kernels/reference.js';
export { explainKernelChoice, kernels, useKernels } from './kernels/select.js';
export { type SimdOptions, simdKernels } from './kernels/simd/simd.js';
export type { DType, FloatArray } from './memory/allocate.js';
export { scope } from './memory/scope.js';
export type { SoftplusOptions } from './ops/activation.js';
export type { ClampOptions } from './ops/arithmetic.js';
export type { Attention, AttentionMask, MultiHeadOptions, MultiHeadWeights } from './ops/attention.js';
export * from './ops/index.js';
export type { Indices } from './ops/indexing.js';
export type { LossOptions } from './ops/loss.js';
export type { MatmulOptions } from './ops/matmul.js';
export type { BatchNormOptions, LayerNormOptions } from './ops/normalize.js';
export type { Max, ReduceOptions } from './ops/reduce.js';
export type { GumbelSoftmaxOptions, SoftmaxOptions } from './ops/softmax.js';
export { Generator } from './random.js';
export { formatShape, type Shape, sameShape } from './shape.js';
export {
  filled,
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
export { useThreads } from './threads.js';
