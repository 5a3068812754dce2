// Tensors

export {
  arange,
  eye,
  filled,
  full,
  linspace,
  normal,
  ones,
  scalar,
  type TensorOptions,
  tensor,
  type UniformOptions,
  uniform,
  zeros,
} from './create.js';
export type { DType, FloatArray } from './dtype.js';
export type { NestedArrays, NestedNumbers, TypedArray } from './nested.js';
export { Generator, type GeneratorState } from './random.js';
export type { Shape } from './shape.js';
export { Tensor } from './tensor.js';

// Ops, their options and results

export type { GeluOptions, SoftplusOptions } from './ops/activation.js';
export type { ClampOptions } from './ops/arithmetic.js';
export type {
  AttentionOptions,
  AttentionResult,
  MultiHeadOptions,
  MultiHeadWeights,
} from './ops/attention.js';
export type { DropoutOptions } from './ops/dropout.js';
export type { BinaryOp, UnaryOp } from './ops/elementwise.js';
export * from './ops/index.js';
export type { EmbeddingOptions, Indices, IndicesLike } from './ops/indexing.js';
export type {
  BinaryCrossEntropyOptions,
  CrossEntropyOptions,
  KlDivOptions,
  LossOptions,
} from './ops/loss.js';
export type { LinearOpOptions, MatmulOptions } from './ops/matmul.js';
export type { BatchNormOptions, LayerNormOptions } from './ops/normalize.js';
export type {
  ArgOptions,
  KeepDimOptions,
  ReduceOptions,
  ValuesAndIndices,
  VarianceOptions,
} from './ops/reduce.js';
export { variance as var } from './ops/reduce.js'; // for `import * as`: no variable can have this name
export type { SliceOptions } from './ops/slicing.js';
export type { GumbelSoftmaxOptions, SoftmaxOptions } from './ops/softmax.js';
export type { SortOptions, TopkOptions } from './ops/sort.js';
export type { StackedLinearOptions } from './ops/stacked.js';

// Gradients, and ops of your own

export { type BackwardOptions, backward, type GradOptions, grad } from './autograd/backward.js';
export type { GradientHook, RemovableHandle } from './autograd/hooks.js';
export { detectAnomaly, enableGrad, noGrad } from './autograd/modes.js';
export {
  defineOp,
  type GradNode,
  type NoGradient,
  type Op,
  type OpCall,
  type OpDefinition,
  type OpGradient,
  type OpLabel,
  type OpRecord,
} from './autograd/record.js';

// Speed: kernels, threads, and memory that is reused

export type { Arena } from './kernels/arena.js';
export type {
  AdamStep,
  BinaryKernelName,
  FusedActivation,
  KernelChoice,
  KernelSet,
  MatmulForm,
  MatmulProduct,
  MatmulTiming,
  ParameterKernels,
  ParametricKernelName,
  StridedView,
  UnaryKernelName,
} from './kernels/kernel-set.js';
export { referenceKernels } from './kernels/reference.js';
export { currentKernels, explainKernelChoice, useKernels } from './kernels/select.js';
export { type SimdOptions, simdKernels } from './kernels/simd/simd.js';
export { scope } from './memory/scope.js';
export { pin } from './pin.js';
export { useThreads } from './threads.js';

// The classes of errors

export {
  ArgumentError,
  AutogradError,
  NumericalError,
  ParagradError,
  PlatformError,
  ShapeError,
  StateError,
} from '@paragrad/check';

// Argument checks and their messages, for the other packages of Paragrad

export { aGenerator, aTensor, someTensors } from './argument-checks.js';
export { aShape, formatShape, sameShape } from './shape.js';
