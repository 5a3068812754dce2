export {
  parseSafetensors,
  readSafetensors,
  type SafetensorsEntry,
  type SafetensorsFile,
  type SafetensorsType,
  writeSafetensors,
} from './files/safetensors.js';
export { Linear, type LinearOptions, ReLU, Sequential, Tanh } from './layers.js';
export { Module, type StateDict } from './module.js';
export { nameParameters } from './name-parameters.js';
export { Adam, type AdamMoments, type AdamOptions } from './optim/adam.js';
export { clipGradNorm, gradNorm } from './optim/clip.js';
