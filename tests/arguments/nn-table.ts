import { init, Linear, ReLU, SGD, writeSafetensors } from '@paragrad/nn';
import { Generator, ones, zeros } from '@paragrad/tensor';
import type { ValidArguments } from './fuzz.js';

const options = () => ({ generator: new Generator(1) });
const linear = () => new Linear(2, 2, options());
const parameters = () => linear().parameters();
const optimizer = () => new SGD(parameters());
const weight = () => zeros([2, 2]);
const none: ValidArguments = () => [];

/** Valid arguments of every function and class of @paragrad/nn. */
export const nnTable: Record<string, ValidArguments> = {
  MultiheadAttention: () => [4, 2, options()],
  Embedding: () => [3, 2, { ...options(), paddingIdx: 0 }],
  Dropout: () => [0.5, options()],
  LeakyReLU: () => [0.1],
  Linear: () => [2, 3, { ...options(), bias: true, initialize: init.zeros }],
  ReLU: none,
  Sigmoid: none,
  Tanh: none,
  Sequential: () => [linear(), new ReLU()],
  nameParameters: () => [linear(), 'actor'],
  BatchNorm1d: () => [2, { momentum: 0.1, eps: 1e-5 }],
  LayerNorm: () => [[2], { eps: 1e-5 }],
  GRUCell: () => [2, 2, { ...options(), bias: true }],
  Adam: () => [parameters(), { lr: 0.1, betas: [0.9, 0.99], eps: 1e-8, weightDecay: 0 }],
  AdamW: () => [parameters(), { lr: 0.1, betas: [0.9, 0.99], eps: 1e-8, weightDecay: 0 }],
  SGD: () => [parameters(), { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0 }],
  clipGradNorm: () => [parameters(), 1],
  clipGradValue: () => [parameters(), 1],
  gradNorm: () => [parameters()],
  LRScheduler: () => [optimizer(), () => 0.1],
  LambdaLR: () => [optimizer(), () => 0.1],
  StepLR: () => [optimizer(), { stepSize: 2, gamma: 0.1 }],
  ExponentialLR: () => [optimizer(), { gamma: 0.1 }],
  LinearLR: () => [optimizer(), { startFactor: 0.1, endFactor: 1, totalIters: 3 }],
  CosineAnnealingLR: () => [optimizer(), { tMax: 3, etaMin: 0 }],
  writeSafetensors: () => [Object.assign(Object.create(null), { x: ones([1]) }), Object.create(null)],
  readSafetensors: () => [writeSafetensors({ x: ones([1]) }), { onLeftOut: () => {} }],
  parseSafetensors: () => [writeSafetensors({ x: ones([1]) })],
  'init.constant': () => [weight(), 1],
  'init.zeros': () => [weight()],
  'init.uniform': () => [weight(), { ...options(), low: 0, high: 1 }],
  'init.normal': () => [weight(), { ...options(), mean: 0, std: 1 }],
  'init.linearDefault': () => [weight(), options()],
  'init.xavierUniform': () => [weight(), { ...options(), gain: 1 }],
  'init.xavierNormal': () => [weight(), { ...options(), gain: 1 }],
  'init.kaimingUniform': () => [weight(), { ...options(), gain: 1, mode: 'fanIn' }],
  'init.kaimingNormal': () => [weight(), { ...options(), gain: 1, mode: 'fanOut' }],
  'init.orthogonal': () => [weight(), { ...options(), gain: 1 }],
  'init.calculateGain': () => ['relu', 0.1],
};
