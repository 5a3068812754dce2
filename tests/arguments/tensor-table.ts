import { Generator, ones, referenceKernels, type Tensor, tensor, zeros } from '@paragrad/tensor';
import { inspect } from '@paragrad/tensor/inspect';
import { open, type ValidArguments } from './fuzz.js';
import type { Exceptions, Table } from './walk.js';

const x = () => tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix
const variable = () => tensor([[1, 2], [3, 4]], { requiresGrad: true }); // biome-ignore format: a matrix
const generator = () => new Generator(1);
const one: ValidArguments = () => [x()];
const two: ValidArguments = () => [x(), x()];
const reduced: ValidArguments = () => [x(), { axis: 1, keepDim: true }];
const along: ValidArguments = () => [x(), 1];
const compute: ValidArguments = () => [() => 1];
const graph: ValidArguments = () => [open(inspect(variable().mul(2)))];
const loss: ValidArguments = () => [x(), x(), { reduction: 'sum' }];
const tensorOptions = { dtype: 'float64', requiresGrad: true };
const unary =
  'sigmoid silu tanh relu abs cos sin erf exp expm1 log log1p neg sqrt square isfinite isinf isnan logicalNot sign clone';
const binary =
  'add sub mul div maximum minimum eq greater greaterEqual less lessEqual notEqual logicalAnd logicalOr logicalXor wherePositive pow';
/** The same arguments for several names, which are in one text. */
export const all = (names: string, valid: ValidArguments, before = '', after = ''): Table =>
  Object.fromEntries(names.split(/ (?!=)/).map((name) => [before + name + after, valid]));

const functions: Record<string, ValidArguments> = {
  ...all(unary, one),
  ...all(binary, two),
  ...all('sum mean amax amin norm prod logsumexp', reduced),
  ...all('argmax argmin', () => [x(), { axis: 1, keepDim: true }]),
  ...all('var variance std', () => [x(), { axis: 1, keepDim: true, correction: 0 }]),
  ...all('max min', () => [x(), 1, { keepDim: true }]),
  ...all('softmax logSoftmax', () => [x(), { axis: 1 }]),
  ...all('tril triu', () => [x(), 1]),
  ...all('noGrad enableGrad detectAnomaly scope', compute),
  ...all('flip cumsum squeeze unsqueeze', along),
  arange: () => [0, 3, 1, tensorOptions],
  eye: () => [2, 3, tensorOptions],
  filled: () => [[2], () => {}, tensorOptions],
  full: () => [[2], 1, tensorOptions],
  linspace: () => [0, 1, 3, tensorOptions],
  normal: () => [[2], generator(), tensorOptions],
  ones: () => [[2], tensorOptions],
  zeros: () => [[2], tensorOptions],
  scalar: () => [1, 'float64'],
  tensor: () => [[1, 2], tensorOptions],
  uniform: () => [[2], generator(), { ...tensorOptions, low: 0, high: 1 }],
  Generator: () => [1],
  Tensor: () => [new Float32Array(2), [2], { requiresGrad: true }],
  backward: () => [variable().mul(1), { retainGraph: true, createGraph: false, gradOutput: ones([2, 2]) }],
  grad: () => {
    const input = variable();
    const options = { gradOutput: ones([2, 2]), createGraph: false, retainGraph: true, allowUnused: true };
    return [input.mul(2), [input], options];
  },
  defineOp: () => ['op', { forward: ([one]: [Tensor]) => one, gradient: [(dy: Tensor) => dy] }],
  currentKernels: () => [],
  explainKernelChoice: () => [1, 2, 3],
  pin: () => [[x()]],
  useKernels: () => [open(referenceKernels)],
  simdKernels: () => [{ relaxed: false }],
  useThreads: () => [1],
  elu: () => [x(), 1],
  gelu: () => [x(), { approximate: 'tanh' }],
  leakyRelu: () => [x(), 0.1],
  softplus: () => [x(), { beta: 1, threshold: 20 }],
  clamp: () => [x(), { min: 0, max: 1 }],
  where: () => [x(), x(), x()],
  scaledDotProductAttention: () => [x(), x(), x(), { mask: zeros([2, 2]) }],
  multiHeadAttention: () => {
    const [input, square] = [ones([1, 2, 4]), ones([4, 4])];
    const weights = {
      inProjWeight: ones([12, 4]),
      inProjBias: ones([12]),
      outProjWeight: square,
      outProjBias: ones([4]),
    };
    return [input, input, input, weights, { numHeads: 2, mask: zeros([2, 2]) }];
  },
  dropout: () => [x(), { p: 0.5, training: true, generator: generator() }],
  einsum: () => ['ij,ij->i', x(), x()],
  embedding: () => [[0, 1], x(), { paddingIdx: 0 }],
  gather: () => [x(), 1, [[0], [1]]],
  indexSelect: () => [x(), 1, [0, 2]],
  oneHot: () => [[0, 1], 3, { dtype: 'float64' }],
  scatterAdd: () => [x(), 1, [[0, 1, 2], [0, 1, 2]], 3], // biome-ignore format: a matrix
  mseLoss: loss,
  huberLoss: () => [x(), x(), { reduction: 'sum', delta: 1 }],
  smoothL1Loss: () => [x(), x(), { reduction: 'sum', beta: 1 }],
  klDiv: () => [x(), x(), { reduction: 'batchmean', logTarget: true }],
  binaryCrossEntropyWithLogits: () => [
    x(),
    x(),
    { reduction: 'sum', weight: ones([2, 3]), posWeight: ones([3]) },
  ],
  crossEntropy: () => [
    x(),
    [0, 1],
    { reduction: 'sum', weight: ones([3]), ignoreIndex: -1, labelSmoothing: 0.1 },
  ],
  linear: () => [x(), ones([4, 3]), ones([4]), { activation: 'relu' }],
  stackedLinear: () => [x(), [ones([4, 3])], [ones([4])], { activation: 'relu' }],
  matmul: () => [x(), x(), { transposeA: false, transposeB: true }],
  batchNorm1d: () => {
    const options = { runningMean: zeros([3]), runningVar: ones([3]), weight: ones([3]), bias: ones([3]) };
    return [x(), { ...options, training: true, momentum: 0.1, eps: 1e-5 }];
  },
  layerNorm: () => [x(), { normalizedShape: [3], weight: ones([3]), bias: ones([3]), eps: 1e-5 }],
  chunk: () => [x(), 2, 0],
  concat: () => [[x(), x()], 0],
  stack: () => [[x(), x()], 0],
  narrow: () => [x(), 1, 0, 2],
  roll: () => [x(), 1, 0],
  slice: () => [x(), 1, { start: 0, end: 2, step: 1 }],
  split: () => [x(), 1, 0],
  gumbelSoftmax: () => [x(), { generator: generator(), noise: zeros([2, 3]), tau: 1, hard: true, axis: -1 }],
  sort: () => [x(), { axis: 1, descending: true }],
  topk: () => [x(), 1, { axis: 1, largest: true }],
  broadcastTo: () => [x(), [2, 2, 3]],
  formatShape: () => [[2, 3]],
  flatten: () => [x(), 0, 1],
  permute: () => [x(), [1, 0]],
  reshape: () => [x(), [3, 2]],
  sumToSize: () => [x(), [1, 3]],
  to: () => [x(), 'float64'],
  transpose: () => [x(), 0, 1],
  inspect: () => [
    variable().mul(2),
    { gradients: true, gradOutput: ones([2, 2]), values: true, behindDetach: [x()] },
  ],
  trace: () => [() => 1, { lines: false }],
  fold: () => [...graph(), [open({ name: 'a part', outputs: [0], inputs: [1] })]],
  layoutGraph: () => [...graph(), { direction: 'down' }],
  toSvg: () => [...graph(), { direction: 'down', title: 'a title', description: 'a description' }],
  toText: graph,
  toMermaid: graph,
  toJson: graph,
};

/** Valid arguments of every function, class and method of @paragrad/tensor. */
export const tensorTable: Table = {
  ...functions,
  // Most methods of a tensor are functions of it.
  ...Object.fromEntries(
    Object.entries(functions).map(([name, valid]) => [`Tensor.${name}`, () => valid().slice(1)]),
  ),
  ...all('Tensor.detach Tensor.retainGrad Tensor.toJSON Tensor.toString Tensor.tolist', () => []),
  'Tensor.update': () => [() => {}],
  'Tensor.updateValues': () => [() => {}],
  'Tensor.registerHook': () => [() => {}],
  'Tensor.grad =': () => [ones([2, 3])],
  'Tensor.name =': () => ['weight'],
  'Generator.getState': () => [],
  'Generator.setState': () => [generator().getState()],
  'Generator.next': () => [],
  'Generator.uniform': () => [0, 1],
  'Generator.integer': () => [3],
  'Generator.normal': () => [],
  'Generator.fork': () => ['noise'],
};

export const tensorObjects = {
  Tensor: () => tensor([[1, 2, 3], [4, 5, 6]], { requiresGrad: true }).mul(1), // biome-ignore format: a matrix
};

/** Why something is not walked. */
export const tensorExceptions: Exceptions = {
  'Tensor.item': 'takes nothing, and works for one element only',
  'Tensor.backward': 'is `backward`, which is walked; here a valid call would free the graph',
  'Tensor.withoutData': 'internal',
  sameShape: 'of shapes that are checked: several times in each op',
  useGpu: 'packages/tensor/test/gpu has its options; it needs a GPU',
};
