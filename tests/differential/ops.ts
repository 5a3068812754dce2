/**
 * Every op of packages/tensor, one line each: how its operands and arguments are drawn, and how it is called. in_pytorch.py has a line
 * of the same name, which does the same in PyTorch.
 */
import * as t from '@paragrad/tensor';
import type * as all from '../../packages/tensor/src/ops/index.js';
import type { Draw } from './draw.js';
import { along, type Entry, loss, ofPositive, one, over, pair, reduced, two, withArgs } from './entries.js';

/** Indices as a tensor, so that a program can go on with them. */
const numbersOf = ({ data, shape }: t.Indices, { dtype }: t.Tensor): t.Tensor =>
  new t.Tensor(dtype === 'float64' ? Float64Array.from(data) : Float32Array.from(data), shape);

const indexed = (list: readonly number[], shape: readonly number[]): t.Indices => ({ data: list, shape });

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** An operand with squares that are finite in float32. It is small enough for an exact sine in float64. */
const ordinary = (d: Draw): number =>
  d.where(
    ({ data }) => data.every((value) => !(Math.abs(value) > 2 ** 20)),
    () => d.leaf(d.shape(), () => d.int(-8, 8) / 4),
  );

const overOrdinary: Entry['draw'] = (d) => {
  const x = ordinary(d);
  return { of: [x], args: { axis: d.axes(x), keepDim: d.bool() } };
};

/** Weights: an infinite one times a rounding error would be infinite. */
const finite = (d: Draw, shape: readonly number[]): number =>
  d.where(
    (x) => String(x.shape) === String(shape) && x.data.every(Number.isFinite),
    () => d.leaf(shape, () => d.int(-8, 8) / 4),
  );

const positiveNumber = (d: Draw) => d.int(1, 12) / 4;

const EINSUMS = [
  'ij,jk->ik',
  'ij,kj->ik',
  'ij,ij->',
  'ii->i',
  'ij->ji',
  'ij,j->i',
  'i,j->ij',
  'bij,bjk->bik',
  'bij->b',
];

type Name = keyof typeof all;

// biome-ignore format: one op a line
export const OPS: Record<Name, Entry> = {
  abs: one(t.abs),
  add: two(t.add),
  amax: reduced(t.amax),
  amin: reduced(t.amin),
  argmax: along((x, axis, { keepDim }) => numbersOf(t.argmax(x, { axis, keepDim }), x), (d) => ({ keepDim: d.bool() })),
  argmin: along((x, axis, { keepDim }) => numbersOf(t.argmin(x, { axis, keepDim }), x), (d) => ({ keepDim: d.bool() })),
  batchNorm1d: {
    draw(d) {
      const x = d.where((x) => (x.rank === 2 || x.rank === 3) && x.size > x.shape[1], () => d.leaf([d.int(2, 3), 2, d.int(2, 3)]));
      const channels = [d.values[x].shape[1]];
      const variances = d.leaf(channels, () => d.int(1, 12) / 4);
      return { of: [x, finite(d, channels), finite(d, channels), d.ofShape(channels), variances], args: { training: d.bool(0.7) } };
    },
    run: ([x, weight, bias, mean, variance], { training }) =>
      t.batchNorm1d(x, { weight, bias, training, ...(!training && { runningMean: mean, runningVar: variance }) }),
  },
  binaryCrossEntropyWithLogits: {
    draw(d) {
      const x = d.any();
      const { shape } = d.values[x];
      const target = d.where((y) => String(y.shape) === String(shape) && y.data.every((p) => p >= 0 && p <= 1), () => d.leaf(shape, () => d.int(0, 4) / 4));
      return { of: [x, target], args: { reduction: d.from(['mean', 'sum', 'none']) } };
    },
    run: ([logits, target], options) => t.binaryCrossEntropyWithLogits(logits, target, options),
  },
  broadcastTo: withArgs((d) => ({ more: d.shape(0, 1) }), (x, { more }) => t.broadcastTo(x, [...(more as number[]), ...x.shape])),
  chunk: along((x, axis, { chunks, part }) => t.chunk(x, chunks, axis).at(part)!, (d, length) => ({ chunks: d.int(1, length), part: d.from([0, -1]) })),
  clamp: withArgs((d) => ({ min: d.from([null, -1, 0]), max: d.from([null, 0.5, 1]) }),
    (x, { min, max }) => t.clamp(x, { ...(min !== null && { min }), ...(max !== null && { max }) })),
  clone: one(t.clone),
  concat: {
    draw(d) {
      const x = d.ofRank(1);
      return { of: [x, d.ofShape(d.values[x].shape), x], args: { axis: d.axis(x) } };
    },
    run: (parts, { axis }) => t.concat(parts, axis),
  },
  cos: { draw: (d) => ({ of: [ordinary(d)] }), run: ([x]) => t.cos(x) },
  crossEntropy: {
    draw(d) {
      const x = d.ofRank(2, 2);
      const [rows, classes] = d.values[x].shape;
      return { of: [x], args: { target: d.indices(rows, classes), reduction: d.from(['mean', 'sum', 'none']), labelSmoothing: d.from([0, 0.25]) } };
    },
    run: ([x], { target, reduction, labelSmoothing }) => t.crossEntropy(x, target, { reduction, labelSmoothing }),
  },
  cumsum: along((x, axis) => t.cumsum(x, axis)),
  div: two(t.div, (d) => d.positive()),
  dropout: one((x) => t.dropout(x, { generator: new t.Generator(1), training: false })), // with training it draws other numbers than PyTorch
  einsum: {
    draw(d) {
      const equation = d.from(EINSUMS);
      const lengths = Object.fromEntries([...'ijkb'].map((label) => [label, d.int(1, 3)]));
      return { of: equation.split('->')[0].split(',').map((term) => d.ofShape([...term].map((label) => lengths[label]))), args: { equation } };
    },
    run: (x, { equation }) => t.einsum(equation, ...x),
  },
  elu: withArgs((d) => ({ alpha: positiveNumber(d) }), (x, { alpha }) => t.elu(x, alpha)),
  embedding: {
    draw(d) {
      const weight = d.ofRank(2, 2);
      return { of: [weight], args: { indices: d.indices(3, d.values[weight].shape[0]) } };
    },
    run: ([weight], { indices }) => t.embedding(indices, weight),
  },
  eq: two(t.eq),
  erf: one(t.erf),
  exp: one(t.exp),
  expm1: one(t.expm1),
  flatten: one((x) => t.flatten(x)),
  flip: { draw: reduced(t.sum).draw, run: ([x], { axis }) => t.flip(x, axis) },
  gather: {
    draw(d) {
      const x = d.ofRank(1);
      const axis = d.axis(x);
      const { shape } = d.values[x];
      const own = shape.with(axis, d.int(1, 3));
      return { of: [x], args: { axis, indices: d.indices(size(own), shape.at(axis)!), shape: own } };
    },
    run: ([x], { axis, indices, shape }) => t.gather(x, axis, indexed(indices, shape)),
  },
  gelu: withArgs((d) => ({ approximate: d.from(['none', 'tanh']) }), (x, { approximate }) => t.gelu(x, { approximate })),
  greater: two(t.greater),
  greaterEqual: two(t.greaterEqual),
  gumbelSoftmax: {
    draw(d) {
      const x = d.ofRank(1);
      return { of: [x, d.ofShape(d.values[x].shape)], args: { tau: positiveNumber(d), hard: d.bool(0.3), axis: d.axis(x) } };
    },
    run: ([logits, noise], { tau, hard, axis }) => t.gumbelSoftmax(logits, { noise, tau, hard, axis }),
  },
  huberLoss: loss((a, b, { reduction, delta }) => t.huberLoss(a, b, { reduction, delta }), (d) => ({ delta: positiveNumber(d) })),
  indexSelect: along((x, axis, { indices }) => t.indexSelect(x, axis, indices), (d, length) => ({ indices: d.indices(d.int(1, 3), length) })),
  isfinite: one(t.isfinite),
  isinf: one(t.isinf),
  isnan: one(t.isnan),
  klDiv: loss((a, b, { reduction, logTarget }) => t.klDiv(a, b, { reduction, logTarget }), (d) => ({ logTarget: d.bool() })),
  layerNorm: {
    draw(d) {
      const x = d.ofRank(1);
      const normalizedShape = d.values[x].shape.slice(d.int(0, d.values[x].rank - 1));
      return { of: [x, finite(d, normalizedShape), finite(d, normalizedShape)], args: { normalizedShape } };
    },
    run: ([x, weight, bias], { normalizedShape }) => t.layerNorm(x, { normalizedShape, weight, bias }),
  },
  leakyRelu: withArgs((d) => ({ slope: d.from([0, 0.01, 0.5]) }), (x, { slope }) => t.leakyRelu(x, slope)),
  less: two(t.less),
  lessEqual: two(t.lessEqual),
  linear: {
    draw(d) {
      const x = d.ofRank(1);
      const out = d.int(1, 3);
      return { of: [x, d.ofShape([out, d.values[x].shape.at(-1)!]), d.ofShape([out])], args: { activation: d.from([null, 'relu', 'tanh']) } };
    },
    run: ([x, weight, bias], { activation }) => t.linear(x, weight, bias, activation ? { activation } : {}),
  },
  log: ofPositive(t.log),
  log1p: ofPositive(t.log1p),
  logSoftmax: along((x, axis) => t.logSoftmax(x, { axis })),
  logicalAnd: pair(t.logicalAnd),
  logicalNot: one(t.logicalNot),
  logicalOr: pair(t.logicalOr),
  logicalXor: pair(t.logicalXor),
  logsumexp: reduced(t.logsumexp),
  matmul: {
    draw(d) {
      const a = d.ofRank(2, 3);
      const { shape } = d.values[a];
      const [rows, columns] = shape.slice(-2);
      const [transposeA, transposeB] = d.from([[false, false], [true, false], [false, true]]);
      const [inner, outer] = [transposeA ? rows : columns, d.int(1, 3)];
      const b = d.ofShape([...(d.bool() ? shape.slice(0, -2) : []), ...(transposeB ? [outer, inner] : [inner, outer])]);
      return { of: [a, b], args: { transposeA, transposeB } };
    },
    run: ([a, b], options) => t.matmul(a, b, options),
  },
  max: along((x, axis, { keepDim }) => t.max(x, axis, { keepDim }).values, (d) => ({ keepDim: d.bool() })),
  maximum: two(t.maximum),
  mean: reduced(t.mean),
  min: along((x, axis, { keepDim }) => t.min(x, axis, { keepDim }).values, (d) => ({ keepDim: d.bool() })),
  minimum: two(t.minimum),
  mseLoss: loss((a, b, { reduction }) => t.mseLoss(a, b, { reduction })),
  mul: two(t.mul),
  multiHeadAttention: {
    draw(d) {
      const [query, key] = [d.leaf([2, d.int(1, 3), 2]), d.leaf([2, d.int(1, 3), 2])];
      return { of: [query, key, d.ofShape([6, 2]), d.ofShape([6]), d.ofShape([2, 2]), d.ofShape([2])], args: { numHeads: d.int(1, 2) } };
    },
    run: ([query, key, inProjWeight, inProjBias, outProjWeight, outProjBias], { numHeads }) =>
      t.multiHeadAttention(query, key, key, { inProjWeight, inProjBias, outProjWeight, outProjBias }, { numHeads }).output,
  },
  narrow: along((x, axis, { start, length }) => t.narrow(x, axis, start, length), (d, total) => {
    const start = d.int(0, total - 1);
    return { start, length: d.int(1, total - start) };
  }),
  neg: one(t.neg),
  norm: reduced(t.norm),
  notEqual: two(t.notEqual),
  oneHot: withArgs((d) => ({ indices: d.indices(3, 3) }), (x, { indices }) => t.oneHot(indices, 3, { dtype: x.dtype })),
  permute: { draw: (d) => {
    const x = d.any();
    return { of: [x], args: { axes: d.values[x].shape.map((_, axis) => axis).sort(() => d.int(0, 2) - 1) } };
  }, run: ([x], { axes }) => t.permute(x, axes) },
  pow: two(t.pow, (d) => d.positive()),
  prod: reduced(t.prod),
  relu: one(t.relu),
  reshape: withArgs((d) => ({ shape: d.from([[-1], [1, -1], [-1, 1]]) }), (x, { shape }) => t.reshape(x, shape)),
  roll: along((x, axis, { shift }) => t.roll(x, shift, axis), (d) => ({ shift: d.int(-3, 3) })),
  scaledDotProductAttention: {
    draw(d) {
      const query = d.ofRank(2, 3);
      const { shape } = d.values[query];
      const [batch, n, size, keys] = [shape.slice(0, -2), shape.at(-2)!, shape.at(-1)!, d.int(1, 3)];
      const mask = d.leaf(d.smaller([n, keys]), () => d.int(0, 1));
      return { of: [query, d.ofShape([...batch, keys, size]), d.ofShape([...batch, keys, d.int(1, 2)]), ...(d.bool() ? [mask] : [])] };
    },
    run: ([query, key, value, mask]) => t.scaledDotProductAttention(query, key, value, mask ? { mask } : {}).output,
  },
  scatterAdd: {
    draw(d) {
      const x = d.ofRank(1);
      const length = d.int(1, 4);
      return { of: [x], args: { axis: d.axis(x), indices: d.indices(d.values[x].size, length), length } };
    },
    run: ([x], { axis, indices, length }) => t.scatterAdd(x, axis, indexed(indices, x.shape), length),
  },
  sigmoid: one(t.sigmoid),
  sign: one(t.sign),
  silu: one(t.silu),
  sin: { draw: (d) => ({ of: [ordinary(d)] }), run: ([x]) => t.sin(x) },
  slice: along((x, axis, { start, end, step }) => t.slice(x, axis, { start, end, step }), (d, length) => {
    const start = d.int(0, length - 1);
    return { start, end: d.int(start + 1, length), step: d.int(1, 3) };
  }),
  smoothL1Loss: loss((a, b, { reduction, beta }) => t.smoothL1Loss(a, b, { reduction, beta }), (d) => ({ beta: positiveNumber(d) })),
  softmax: along((x, axis) => t.softmax(x, { axis })),
  softplus: withArgs((d) => ({ beta: positiveNumber(d), threshold: d.from([1, 20]) }), (x, { beta, threshold }) => t.softplus(x, { beta, threshold })),
  sort: along((x, axis, { descending }) => t.sort(x, { axis, descending }).values, (d) => ({ descending: d.bool() })),
  split: along((x, axis, { length, part }) => t.split(x, length, axis).at(part)!, (d, total) => ({ length: d.int(1, total), part: d.from([0, -1]) })),
  sqrt: ofPositive(t.sqrt),
  square: one(t.square),
  squeeze: one((x) => t.squeeze(x)),
  stack: {
    draw(d) {
      const x = d.any();
      return { of: [x, d.ofShape(d.values[x].shape)], args: { axis: d.int(0, d.values[x].rank) } };
    },
    run: (parts, { axis }) => t.stack(parts, axis),
  },
  std: { draw: overOrdinary, run: ([x], { axis, keepDim }) => t.std(x, { ...over({ axis, keepDim }), correction: 0 }) },
  sub: two(t.sub),
  sum: reduced(t.sum),
  sumToSize: { draw: (d) => {
    const x = d.any();
    return { of: [x], args: { shape: d.smaller(d.values[x].shape) } };
  }, run: ([x], { shape }) => t.sumToSize(x, shape) },
  tanh: one(t.tanh),
  to: one((x) => t.to(t.to(x, 'float32'), x.dtype)),
  topk: along((x, axis, { k, largest }) => t.topk(x, k, { axis, largest }).values, (d, length) => ({ k: d.int(1, length), largest: d.bool() })),
  transpose: withArgs(() => ({}), (x) => t.transpose(x), 2),
  tril: withArgs((d) => ({ diagonal: d.int(-2, 2) }), (x, { diagonal }) => t.tril(x, diagonal), 2),
  triu: withArgs((d) => ({ diagonal: d.int(-2, 2) }), (x, { diagonal }) => t.triu(x, diagonal), 2),
  unsqueeze: { draw: (d) => {
    const x = d.any();
    return { of: [x], args: { axis: d.int(0, d.values[x].rank) } };
  }, run: ([x], { axis }) => t.unsqueeze(x, axis) },
  variance: { draw: overOrdinary, run: ([x], { axis, keepDim }) => t.variance(x, { ...over({ axis, keepDim }), correction: 0 }) },
  where: { draw: (d) => {
    const a = d.any();
    return { of: [d.partner(a), a, d.partner(a)] };
  }, run: ([condition, a, b]) => t.where(condition, a, b) },
  wherePositive: two(t.wherePositive),
};
