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
  return { of: [x], args: { axis: d.axes(x), keepDim: d.bool(), correction: d.int(0, 1) } };
};

/** A maximum's index. The axis null: of all elements. */
const arg = (f: (x: t.Tensor, options: t.ArgOptions) => t.Indices): Entry => ({
  draw(d) {
    const x = d.any();
    return {
      of: [x],
      args: { axis: d.values[x].rank > 0 && d.bool(0.7) ? d.axis(x) : null, keepDim: d.bool() },
    };
  },
  run: ([x], { axis, keepDim }) => numbersOf(f(x, { keepDim, ...(axis !== null && { axis }) }), x),
});

const valuesOrIndices = (d: Draw) => d.from(['values', 'values', 'indices']);
const outputOrWeights = (d: Draw) => d.from(['output', 'output', 'weights']);

const picked = ({ values, indices }: t.ValuesAndIndices, result: 'values' | 'indices', x: t.Tensor) =>
  result === 'values' ? values : numbersOf(indices, x);

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
  'ij,ij->ij',
  'bi,bj->bij',
  'i,i',
  'ij,jk,ki->i',
  'bik->kib',
];

const dropout = (x: t.Tensor, { p, seed, training }: { p: number; seed: number; training: boolean }) =>
  t.dropout(x, { p, training, generator: new t.Generator(seed) });

type Name = keyof typeof all;

// biome-ignore format: one op a line
export const OPS: Record<Name, Entry> = {
  abs: one(t.abs),
  add: two(t.add),
  amax: reduced(t.amax),
  amin: reduced(t.amin),
  argmax: arg(t.argmax),
  argmin: arg(t.argmin),
  batchNorm1d: {
    draw(d) {
      const x = d.where((x) => (x.rank === 2 || x.rank === 3) && x.size > x.shape[1], () => d.leaf([d.int(2, 3), 2, d.int(2, 3)]));
      const channels = [d.values[x].shape[1]];
      const variances = d.leaf(channels, () => d.int(1, 12) / 4);
      const args = { training: d.bool(0.7), affine: d.bool(0.8), result: d.from(['output', 'output', 'mean', 'variance']), momentum: d.int(0, 4) / 4, eps: d.from([1e-5, 0.5]) };
      return { of: [x, finite(d, channels), finite(d, channels), d.ofShape(channels), variances], args };
    },
    run([x, weight, bias, mean, variance], { training, affine, result, momentum, eps }) {
      const [runningMean, runningVar] = training ? [t.clone(mean).detach(), t.clone(variance).detach()] : [mean, variance];
      const y = t.batchNorm1d(x, { ...(affine ? { weight, bias } : {}), training, runningMean, runningVar, momentum, eps });
      return !training || result === 'output' ? y : result === 'mean' ? runningMean : runningVar;
    },
  },
  binaryCrossEntropyWithLogits: {
    draw(d) {
      const x = d.any();
      const { shape } = d.values[x];
      const target = d.where((y) => String(y.shape) === String(shape) && y.data.every((p) => p >= 0 && p <= 1), () => d.leaf(shape, () => d.int(0, 4) / 4));
      const weights = ['weight', 'posWeight'].filter(() => d.bool(0.3));
      const of = [x, target, ...weights.map(() => d.leaf(d.smaller(shape), () => positiveNumber(d)))];
      return { of, args: { reduction: d.from(['mean', 'sum', 'none']), weights } };
    },
    run([logits, target, ...given], { reduction, weights }) {
      const [weight, posWeight] = ['weight', 'posWeight'].map((name) => given[(weights as string[]).indexOf(name)]);
      return t.binaryCrossEntropyWithLogits(logits, target, { reduction, ...(weight && { weight }), ...(posWeight && { posWeight }) });
    },
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
      const x = d.ofRank(1);
      const { shape } = d.values[x];
      const axis = Math.min(shape.length - 1, 1);
      const other = shape.toSpliced(axis, 1);
      const isSoft = d.bool(0.4);
      const target = isSoft ? null : d.indices(size(other), shape[axis]);
      const of = [x, ...(isSoft ? [d.ofShape(shape)] : []), ...(d.bool(0.4) ? [d.leaf([shape[axis]], () => positiveNumber(d))] : [])];
      return { of, args: { target, shape: other, ignoreIndex: isSoft ? -100 : d.from([-100, 0, 1]), reduction: d.from(['mean', 'sum', 'none']), labelSmoothing: d.from([0, 0.25]) } };
    },
    run([x, ...rest], { target, shape, ignoreIndex, reduction, labelSmoothing }) {
      const goal = target ? indexed(target, shape) : rest.shift()!;
      const [weight] = rest;
      return t.crossEntropy(x, goal, { reduction, labelSmoothing, ignoreIndex, ...(weight && { weight }) });
    },
  },
  cumsum: along((x, axis) => t.cumsum(x, axis)),
  div: two(t.div, (d) => d.positive()),
  dropout: {
    draw(d) { // PyTorch draws other numbers. So the arguments say what becomes of ones.
      const x = d.any();
      const args = { p: d.from([0, 0.25, 0.5, 1]), seed: d.int(0, 99), training: d.bool(0.8) };
      return { of: [x], args: { ...args, kept: Array.from(dropout(t.ones(d.values[x].shape, { dtype: 'float64' }), args).data) } };
    },
    run: ([x], { p, seed, training }) => dropout(x, { p, seed, training }),
  },
  einsum: {
    draw(d) {
      const equation = d.from(EINSUMS.filter((one) => d.kind !== 'large' || !/\w{3}/.test(one)));
      const lengths = Object.fromEntries([...'ijkb'].map((label) => [label, d.length()]));
      return { of: equation.split('->')[0].split(',').map((term) => d.ofShape([...term].map((label) => lengths[label]))), args: { equation } };
    },
    run: (x, { equation }) => t.einsum(equation, ...x),
  },
  elu: withArgs((d) => ({ alpha: d.bool(0.8) ? positiveNumber(d) : -0.5 }), (x, { alpha }) => t.elu(x, alpha)),
  embedding: {
    draw(d) {
      const weight = d.ofRank(2, 2);
      const [rows] = d.values[weight].shape;
      return { of: [weight], args: { indices: d.indices(3, rows), paddingIdx: d.bool(0.4) ? d.int(-rows, rows - 1) : null } };
    },
    run: ([weight], { indices, paddingIdx }) => t.embedding(indices, weight, paddingIdx === null ? {} : { paddingIdx }),
  },
  eq: two(t.eq),
  erf: one(t.erf),
  exp: one(t.exp),
  expm1: one(t.expm1),
  flatten: { draw(d) {
    const x = d.any();
    const { rank } = d.values[x];
    const start = d.int(0, Math.max(rank - 1, 0));
    return { of: [x], args: rank > 0 && d.bool() ? { start, end: d.int(start, rank - 1) } : { start: 0, end: -1 } };
  }, run: ([x], { start, end }) => t.flatten(x, start, end) },
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
  klDiv: loss((a, b, { reduction, logTarget }) => t.klDiv(a, b, { reduction, logTarget }), (d) => ({ logTarget: d.bool(), ...(d.bool(0.2) && { reduction: 'batchmean' }) })),
  layerNorm: {
    draw(d) {
      const x = d.ofRank(1);
      const normalizedShape = d.values[x].shape.slice(d.int(0, d.values[x].rank - 1));
      return { of: [x, finite(d, normalizedShape), finite(d, normalizedShape)], args: { normalizedShape, affine: d.bool(0.8), eps: d.from([1e-5, 0.5]) } };
    },
    run: ([x, weight, bias], { normalizedShape, affine, eps }) => t.layerNorm(x, { normalizedShape, eps, ...(affine ? { weight, bias } : {}) }),
  },
  leakyRelu: withArgs((d) => ({ slope: d.from([0, 0.01, 0.5, -0.5]) }), (x, { slope }) => t.leakyRelu(x, slope)),
  less: two(t.less),
  lessEqual: two(t.lessEqual),
  linear: {
    draw(d) {
      const x = d.ofRank(1);
      const [out, into] = [d.length(), d.values[x].shape.at(-1)!];
      const parts = d.from([1, 1, 2]);
      const of = [...new Array<number>(parts).fill(x), d.ofShape([out, into * parts]), ...(d.bool(0.8) ? [d.ofShape([out])] : [])];
      return { of, args: { activation: d.from([null, 'relu', 'tanh']), parts } };
    },
    run(x, { activation, parts }) {
      const [weight, bias] = x.slice(parts);
      return t.linear(parts === 1 ? x[0] : x.slice(0, parts), weight, bias, activation ? { activation } : {});
    },
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
      const [inner, outer] = [transposeA ? rows : columns, d.length()];
      const b = d.ofShape([...(d.bool() ? shape.slice(0, -2) : d.bool(0.8) ? [] : [2, 1].slice(d.int(0, 1))), ...(transposeB ? [outer, inner] : [inner, outer])]);
      return { of: [a, b], args: { transposeA, transposeB } };
    },
    run: ([a, b], options) => t.matmul(a, b, options),
  },
  max: along((x, axis, { keepDim, result }) => picked(t.max(x, axis, { keepDim }), result, x), (d) => ({ keepDim: d.bool(), result: valuesOrIndices(d) })),
  maximum: two(t.maximum),
  mean: reduced(t.mean),
  min: along((x, axis, { keepDim, result }) => picked(t.min(x, axis, { keepDim }), result, x), (d) => ({ keepDim: d.bool(), result: valuesOrIndices(d) })),
  minimum: two(t.minimum),
  mseLoss: loss((a, b, { reduction }) => t.mseLoss(a, b, { reduction })),
  mul: two(t.mul),
  multiHeadAttention: {
    draw(d) {
      const [n, m, args] = [d.int(1, 3), d.int(1, 3), { numHeads: d.int(1, 2), bias: d.bool(0.8), result: outputOrWeights(d) }];
      const mask = d.bool() ? [d.leaf([n, m], () => d.int(0, 1))] : [];
      return { of: [[2, n, 2], [2, m, 2], [2, m, 2], [6, 2], [6], [2, 2], [2]].map((shape) => d.ofShape(shape)).concat(mask), args };
    },
    run([query, key, value, inProjWeight, inProjBias, outProjWeight, outProjBias, mask], { numHeads, bias, result }) {
      const weights = { inProjWeight, outProjWeight, ...(bias ? { inProjBias, outProjBias } : {}) };
      return t.multiHeadAttention(query, key, value, weights, { numHeads, ...(mask && { mask }) })[result];
    },
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
  roll: { draw(d) {
    const x = d.any();
    const axes = d.axes(x);
    return { of: [x], args: axes ? { axis: axes, shift: axes.map(() => d.int(-3, 3)) } : { axis: null, shift: d.int(-3, 3) } };
  }, run: ([x], { shift, axis }) => (axis ? t.roll(x, shift, axis) : t.roll(x, shift)) },
  scaledDotProductAttention: {
    draw(d) {
      const query = d.ofRank(2, 3);
      const { shape } = d.values[query];
      const [batch, n, size, keys] = [shape.slice(0, -2), shape.at(-2)!, shape.at(-1)!, d.int(1, 3)];
      const mask = d.bool() ? [d.leaf(d.smaller([...batch, n, keys]), () => d.int(0, 1))] : [];
      return { of: [query, d.ofShape([...batch, keys, size]), d.ofShape([...batch, keys, d.int(1, 2)]), ...mask], args: { result: outputOrWeights(d) } };
    },
    run: ([query, key, value, mask], { result }) => t.scaledDotProductAttention(query, key, value, mask ? { mask } : {})[result],
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
  slice: along((x, axis, { start, end, step }) => t.slice(x, axis, { ...(start !== null && { start }), ...(end !== null && { end }), step }), (d, length) => {
    const bound = () => (d.bool(0.3) ? null : d.int(-length - 1, length + 1));
    return { start: bound(), end: bound(), step: d.from([1, 2, 3, -1, -2]) };
  }),
  smoothL1Loss: loss((a, b, { reduction, beta }) => t.smoothL1Loss(a, b, { reduction, beta }), (d) => ({ beta: positiveNumber(d) })),
  softmax: along((x, axis) => t.softmax(x, { axis })),
  softplus: withArgs((d) => ({ beta: positiveNumber(d), threshold: d.from([1, 20]) }), (x, { beta, threshold }) => t.softplus(x, { beta, threshold })),
  sort: along((x, axis, { descending, result }) => picked(t.sort(x, { axis, descending }), result, x), (d) => ({ descending: d.bool(), result: valuesOrIndices(d) })),
  split: along((x, axis, { length, part }) => t.split(x, length, axis).at(part)!, (d, total) => ({ length: d.int(1, total), part: d.from([0, -1]) })),
  sqrt: ofPositive(t.sqrt),
  square: one(t.square),
  squeeze: { draw(d) {
    const x = d.any();
    const { shape } = d.values[x];
    return { of: [x], args: { axis: shape.length > 0 && d.bool() ? d.axis(x) : null } };
  }, run: ([x], { axis }) => (axis === null ? t.squeeze(x) : t.squeeze(x, axis)) },
  stack: {
    draw(d) {
      const x = d.any();
      return { of: [x, d.ofShape(d.values[x].shape)], args: { axis: d.int(0, d.values[x].rank) } };
    },
    run: (parts, { axis }) => t.stack(parts, axis),
  },
  stackedLinear: {
    draw(d) {
      const x = d.where(({ rank }) => rank === 2 || rank === 3, () => d.leaf([2, d.length(), d.length()]));
      const { rank, shape } = d.values[x];
      const [n, out, into] = [rank === 3 ? shape[0] : d.int(1, 3), d.length(), shape.at(-1)!];
      const bias = d.bool(0.8);
      const layers = (of: number[]) => Array.from({ length: n }, () => d.ofShape(of));
      return { of: [x, ...layers([out, into]), ...(bias ? layers([out]) : [])], args: { n, activation: d.from([null, 'relu', 'tanh']) } };
    },
    run: ([x, ...rest], { n, activation }) => t.stackedLinear(x, rest.slice(0, n), rest.slice(n), activation ? { activation } : {}),
  },
  std: { draw: overOrdinary, run: ([x], { axis, keepDim, correction }) => t.std(x, { ...over({ axis, keepDim }), correction }) },
  sub: two(t.sub),
  sum: reduced(t.sum),
  sumToSize: { draw: (d) => {
    const x = d.any();
    return { of: [x], args: { shape: d.smaller(d.values[x].shape) } };
  }, run: ([x], { shape }) => t.sumToSize(x, shape) },
  tanh: one(t.tanh),
  to: withArgs((d) => ({ dtype: d.from(['float32', 'float64']) }), (x, { dtype }) => t.to(t.to(x, dtype), x.dtype)),
  topk: along((x, axis, { k, largest, result }) => picked(t.topk(x, k, { axis, largest }), result, x),
    (d, length) => ({ k: d.int(1, length), largest: d.bool(), result: valuesOrIndices(d) })),
  transpose: { draw(d) {
    const x = d.ofRank(2);
    return { of: [x], args: { axes: d.bool() ? [-2, -1] : [d.axis(x), d.axis(x)] } };
  }, run: ([x], { axes }) => t.transpose(x, axes[0], axes[1]) },
  tril: withArgs((d) => ({ diagonal: d.int(-2, 2) }), (x, { diagonal }) => t.tril(x, diagonal), 2),
  triu: withArgs((d) => ({ diagonal: d.int(-2, 2) }), (x, { diagonal }) => t.triu(x, diagonal), 2),
  unsqueeze: { draw: (d) => {
    const x = d.any();
    return { of: [x], args: { axis: d.int(0, d.values[x].rank) } };
  }, run: ([x], { axis }) => t.unsqueeze(x, axis) },
  variance: { draw: overOrdinary, run: ([x], { axis, keepDim, correction }) => t.variance(x, { ...over({ axis, keepDim }), correction }) },
  where: { draw: (d) => {
    const a = d.any();
    return { of: [d.partner(a), a, ...(d.bool(0.8) ? [d.partner(a)] : [])], args: { number: d.int(-2, 2) } };
  }, run: ([condition, a, b], { number }) => t.where(condition, a, b ?? number) },
  wherePositive: two(t.wherePositive),
};
