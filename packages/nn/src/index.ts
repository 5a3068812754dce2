// Modules and layers

export { MultiheadAttention, type MultiheadAttentionOptions } from './attention.js';
export { Embedding, type EmbeddingLayerOptions } from './embedding.js';
export * as init from './init.js';
export { Dropout, LeakyReLU, Linear, type LinearOptions, ReLU, Sequential, Sigmoid, Tanh } from './layers.js';
export { type AnyModule, aModule, Module, type StateDict } from './module.js';
export { nameParameters } from './name-parameters.js';
export { BatchNorm1d, type BatchNorm1dOptions, LayerNorm } from './norm.js';
export { GRUCell, type GRUCellOptions } from './recurrent.js';
export { type OwnColumns, Stacked } from './stacked.js';

// Optimizers, gradient clipping and learning rate schedules

export { Adam, type AdamOptions, type AdamState, AdamW } from './optim/adam.js';
export { clipGradNorm, clipGradValue, gradNorm } from './optim/clip.js';
export {
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  LRScheduler,
  type LRSchedulerState,
  StepLR,
  type WithLr,
} from './optim/lr-scheduler.js';
export { Optimizer, type ParameterState } from './optim/optimizer.js';
export { SGD, type SGDOptions, type SGDState } from './optim/sgd.js';

// The classes of errors

export {
  ArgumentError,
  FileError,
  NumericalError,
  ParagradError,
  PlatformError,
  ShapeError,
} from '@paragrad/check';

// Files

export type { SafetensorsData, SafetensorsType } from './files/number-types.js';
export {
  parseSafetensors,
  type ReadOptions,
  readSafetensors,
  type SafetensorsEntry,
  type SafetensorsFile,
  writeSafetensors,
} from './files/safetensors.js';
