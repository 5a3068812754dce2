import { Adam, BatchNorm1d, init, Linear, ReLU, Sequential, SGD, writeSafetensors } from '@paragrad/nn';
import { Generator, ones, zeros } from '@paragrad/tensor';
import { open, type ValidArguments } from './fuzz.js';
import { all } from './tensor-table.js';
import type { Exceptions, Table } from './walk.js';

const options = () => ({ generator: new Generator(1) });
const linear = () => new Linear(2, 2, options());
const parameters = () => linear().parameters();
const optimizer = () => new SGD(parameters());
const weight = () => zeros([2, 2]);
const none: ValidArguments = () => [];
const one: ValidArguments = () => [ones([2, 2])];

/** Valid arguments of every function, class and method of @paragrad/nn. */
export const nnTable: Table = {
  MultiheadAttention: () => [4, 2, options()],
  Embedding: () => [3, 2, { ...options(), paddingIdx: 0 }],
  Dropout: () => [0.5, options()],
  LeakyReLU: () => [0.1],
  Linear: () => [2, 3, { ...options(), bias: true, initialize: init.zeros }],
  ReLU: none,
  Sigmoid: none,
  Tanh: none,
  Sequential: () => [linear(), new ReLU()],
  Stacked: () => [[new Sequential(linear())]],
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
  writeSafetensors: () => [open({ x: ones([1]) }), open({ by: 'hand' })],
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

  'Module.train': () => [true],
  ...all('Module.eval Module.namedParameters Module.namedBuffers Module.parameters', none),
  ...all('Module.zeroGrad Module.stateDict', none),
  ...all('ReLU.forward Sigmoid.forward Tanh.forward LeakyReLU.forward Dropout.forward', one),
  ...all('LayerNorm.forward BatchNorm1d.forward Sequential.forward', one),
  'Linear.loadStateDict': () => [open({ weight: zeros([3, 2]), bias: zeros([3]) })],
  'Linear.forward': () => [ones([2, 2]), 'relu'],
  'Stacked.forward': () => [ones([2, 2]), { own: ones([1, 2, 1]), columns: [1] }],
  'BatchNorm1d.loadStateDict': () => [open(new BatchNorm1d(2).stateDict())],
  ...all('MultiheadAttention.forward MultiheadAttention.attend', () => [
    ones([1, 2, 4]),
    ones([1, 2, 4]),
    ones([1, 2, 4]),
    { mask: zeros([2, 2]) },
  ]),
  'Embedding.forward': () => [[0, 1]],
  'GRUCell.forward': () => [ones([2, 2]), zeros([2, 2])],
  ...all('Optimizer.step Optimizer.zeroGrad Optimizer.stateDict', none),
  'Optimizer.lr =': () => [0.1],
  'Adam.loadStateDict': () => [open(new Adam(parameters()).stateDict())],
  ...all('LRScheduler.step LRScheduler.stateDict', none),
  'LRScheduler.loadStateDict': () => [{ baseLr: 0.1, lastEpoch: 3 }],
};

/** Why something is not walked. */
export const nnExceptions: Exceptions = {
  Module: 'abstract: the methods of its subclasses are walked',
  Optimizer: 'abstract: the methods of its subclasses are walked',
};
