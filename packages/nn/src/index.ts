export { MultiheadAttention, type MultiheadAttentionOptions } from './attention.js';
export {
  parseSafetensors,
  readSafetensors,
  type SafetensorsEntry,
  type SafetensorsFile,
  type SafetensorsType,
  writeSafetensors,
} from './files/safetensors.js';
export { LeakyReLU, Linear, type LinearOptions, ReLU, Sequential, Sigmoid, Tanh } from './layers.js';
export { Module, type StateDict } from './module.js';
export { BatchNorm1d, type BatchNormOptions, LayerNorm } from './norm.js';
export { Adam, type AdamMoments, type AdamOptions } from './optim/adam.js';
export { clipGradNorm, gradNorm } from './optim/clip.js';
