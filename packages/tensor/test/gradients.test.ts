/** Every op's gradient, and the gradient of its gradient, against finite differences in float64, on random shapes. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attention, LossOptions, Shape } from '../src/index.js';
import { concat, grad, narrow, permute, reshape, Tensor, tensor } from '../src/index.js';
import * as ops from '../src/ops/index.js';
import { sizeOf } from '../src/shape.js';
import {
  broadcastableShapes,
  gradcheck,
  gradgradcheck,
  type NumberConstraints,
  shapes,
  tensors,
} from '../src/testing/index.js';

interface Sample {
  f: (...inputs: Tensor[]) => Tensor;
  inputs: Tensor[];
}

const unary = (op: (x: Tensor) => Tensor, numbers: NumberConstraints = {}): Arbitrary<Sample> =>
  shapes().chain((shape) => tensors(shape, numbers).map((x) => ({ f: op, inputs: [x] })));

const binary = (
  op: (a: Tensor, b: Tensor) => Tensor,
  numbersOfA: NumberConstraints = {},
  numbersOfB: NumberConstraints = {},
): Arbitrary<Sample> =>
  broadcastableShapes().chain(([a, b]) =>
    fc.tuple(tensors(a, numbersOfA), tensors(b, numbersOfB)).map((inputs) => ({ f: op, inputs })),
  );

/** Multiples of a quarter, moved by `offset`: what keeps two operands, or an operand and a bound, apart. */
const stepped = (shape: Shape, offset: number): Arbitrary<Tensor> =>
  tensors(shape).map(
    (x) =>
      new Tensor(
        x.data.map((value) => Math.round(4 * value) / 4 + offset),
        shape,
      ),
  );

/** For ops with a kink where a = b. */
const binaryApart = (op: (a: Tensor, b: Tensor) => Tensor): Arbitrary<Sample> =>
  broadcastableShapes().chain(([a, b]) =>
    fc.tuple(stepped(a, 0), stepped(b, 0.1)).map((inputs) => ({ f: op, inputs })),
  );

/** Numbers of which no two are equal: for ops with a kink at ties. */
const distinct = (shape: Shape): Arbitrary<Tensor> => {
  const ranks = Array.from({ length: sizeOf(shape) }, (_, k) => k);
  return fc.shuffledSubarray(ranks, { minLength: ranks.length }).map(
    (order) =>
      new Tensor(
        Float64Array.from(order, (rank) => rank / 4 - 1),
        shape,
      ),
  );
};

const indices = (count: number, length: number): Arbitrary<number[]> =>
  fc.array(fc.nat({ max: length - 1 }), { minLength: count, maxLength: count });

const masks = (shape: Shape): Arbitrary<Tensor> =>
  indices(sizeOf(shape), 2).map((bits) => new Tensor(Float64Array.from(bits), shape));

const length = fc.integer({ min: 1, max: 5 });

/** Matrices and batches of them, each operand's batch stretched or missing. */
const products = (op: (a: Tensor, b: Tensor) => Tensor, form: 'nn' | 'nt' | 'tn'): Arbitrary<Sample> =>
  fc
    .tuple(length, length, length, broadcastableShapes({ maxRank: 2, maxLength: 2 }))
    .chain(([m, k, n, [batchOfA, batchOfB]]) =>
      fc
        .tuple(
          tensors([...batchOfA, ...(form === 'tn' ? [k, m] : [m, k])]),
          tensors([...batchOfB, ...(form === 'nt' ? [n, k] : [k, n])]),
        )
        .map((inputs) => ({ f: op, inputs })),
    );

const losses = (
  op: (prediction: Tensor, target: Tensor, options: LossOptions) => Tensor,
): Arbitrary<Sample> =>
  fc
    .tuple(shapes(), fc.constantFrom('mean' as const, 'sum' as const, 'none' as const))
    .chain(([shape, reduction]) =>
      fc
        .tuple(stepped(shape, 0), stepped(shape, 0.1))
        .map((inputs) => ({ f: (a, b) => op(a, b, { reduction }), inputs })),
    );

/** With some of the shape's axes, none and all included. */
const overAxes = (
  op: (x: Tensor, axis: number[], keepDim: boolean) => Tensor,
  numbers: (shape: Shape) => Arbitrary<Tensor> = tensors,
): Arbitrary<Sample> =>
  shapes().chain((shape) =>
    fc
      .tuple(numbers(shape), fc.subarray(shape.map((_, axis) => axis)), fc.boolean())
      .map(([x, axis, keepDim]) => ({ f: (y) => op(y, axis, keepDim), inputs: [x] })),
  );

/** With an axis of the shape, a window on it, and a sample on those. */
const windows = shapes({ minRank: 1 }).chain((shape) =>
  fc
    .nat({ max: shape.length - 1 })
    .chain((axis) =>
      fc
        .tuple(tensors(shape), fc.nat({ max: shape[axis] }), fc.nat({ max: shape[axis] }))
        .map(([x, from, to]) => ({ x, axis, start: Math.min(from, to), length: Math.abs(to - from) })),
    ),
);

/** With one axis of the shape. */
const withAxis = shapes({ minRank: 1 }).chain((shape) =>
  fc.nat({ max: shape.length - 1 }).map((axis) => ({ shape, axis })),
);

/** Queries, keys, values and a mask in which whole rows may be masked. */
const attentions = fc
  .tuple(shapes({ maxRank: 1, maxLength: 2 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([batch, n, m]) =>
    fc
      .tuple(
        fc.tuple(tensors([...batch, n, 2]), tensors([...batch, m, 2]), tensors([...batch, m, 3])),
        fc.option(masks([n, m]), { nil: undefined }),
      )
      .map(([inputs, mask]) => ({ inputs, options: mask ? { mask } : {} })),
  );

/** Both results as one tensor. */
const everything = ({ output, weights }: Attention): Tensor =>
  concat([reshape(output, [-1]), reshape(weights, [-1])]);

/** An op that says that no gradient flows through it. */
interface Constant {
  constant: (x: Tensor) => Tensor;
}

// Keyed by every exported op, so that one without a check does not compile.
const samples: { [Op in keyof typeof ops]: Arbitrary<Sample> | Constant } = {
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div, {}, { awayFromZero: 0.5 }),
  gate: binary(ops.gate, {}, { awayFromZero: 0.1 }),
  neg: unary(ops.neg),
  square: unary(ops.square),
  relu: unary(ops.relu, { awayFromZero: 0.1 }),
  tanh: unary(ops.tanh),
  leakyRelu: fc
    .constantFrom(0.01, 0.3, 2)
    .chain((slope) => unary((x) => ops.leakyRelu(x, slope), { awayFromZero: 0.1 })),
  sigmoid: unary(ops.sigmoid, { min: -5, max: 5 }),
  softplus: fc
    .constantFrom(0.5, 1, 3)
    .chain((beta) => unary((x) => ops.softplus(x, { beta }), { min: -30, max: 30 })),
  exp: unary(ops.exp),
  log: unary(ops.log, { min: 0.5 }),
  sqrt: unary(ops.sqrt, { min: 0.5 }),
  abs: unary(ops.abs, { awayFromZero: 0.1 }),
  minimum: binaryApart(ops.minimum),
  maximum: binaryApart(ops.maximum),
  clamp: fc
    .tuple(shapes(), fc.constantFrom({ min: -0.5, max: 1 }, { min: -0.5 }, { max: 0.25 }))
    .chain(([shape, bounds]) =>
      stepped(shape, 0.1).map((x) => ({ f: (y) => ops.clamp(y, bounds), inputs: [x] })),
    ),
  pow: fc.oneof(
    binary(ops.pow, { min: 0.5 }),
    fc.constantFrom(0, 1, 2, 3, -1).chain((p) => unary((x) => ops.pow(x, p), { awayFromZero: 0.5 })),
    fc.constantFrom(0.5, 2.5).chain((p) => unary((x) => ops.pow(x, p), { min: 0.5 })),
    unary((x) => ops.pow(2, x)),
  ),
  greater: { constant: (x) => ops.greater(x, 0) },
  equal: { constant: (x) => ops.equal(x, x) },
  sign: { constant: ops.sign },
  where: fc
    .tuple(broadcastableShapes(), fc.nat({ max: 3 }))
    .chain(([[a, b], dropped]) =>
      fc
        .tuple(masks(a.slice(dropped)), tensors(a), tensors(b))
        .map(([mask, x, y]) => ({ f: (c, d) => ops.where(mask, c, d), inputs: [x, y] })),
    ),
  sum: overAxes((x, axis, keepDim) => ops.sum(x, { axis, keepDim })),
  mean: overAxes((x, axis, keepDim) => ops.mean(x, { axis, keepDim })),
  amax: overAxes((x, axis, keepDim) => ops.amax(x, { axis, keepDim }), distinct),
  norm: overAxes(
    (x, axis, keepDim) => ops.norm(x, { axis, keepDim }),
    (shape) => tensors(shape, { awayFromZero: 0.1 }),
  ),
  max: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(distinct(shape), fc.boolean())
      .map(([x, keepDim]) => ({ f: (y) => ops.max(y, axis, { keepDim }).values, inputs: [x] })),
  ),
  softmax: overAxes((x, axis) => ops.softmax(x, { axis })),
  logSoftmax: overAxes((x, axis) => ops.logSoftmax(x, { axis })),
  logsumexp: overAxes((x, axis, keepDim) => ops.logsumexp(x, { axis, keepDim })),
  gumbelSoftmax: withAxis.chain(({ shape, axis }) =>
    fc.tuple(tensors(shape), tensors(shape), fc.constantFrom(0.5, 1, 2)).map(([x, noise, tau]) => ({
      f: (logits) => ops.gumbelSoftmax(logits, { noise, tau, axis }),
      inputs: [x],
    })),
  ),
  gather: withAxis.chain(({ shape, axis }) =>
    length.chain((count) => {
      const picked = shape.with(axis, count);
      return fc.tuple(tensors(shape), indices(sizeOf(picked), shape[axis])).map(([x, data]) => ({
        f: (y) => ops.gather(y, axis, { data, shape: picked }),
        inputs: [x],
      }));
    }),
  ),
  scatterAdd: withAxis.chain(({ shape, axis }) =>
    length.chain((total) =>
      fc.tuple(tensors(shape), indices(sizeOf(shape), total)).map(([x, data]) => ({
        f: (y) => ops.scatterAdd(y, axis, { data, shape }, total),
        inputs: [x],
      })),
    ),
  ),
  indexSelect: withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(
        tensors(shape),
        length.chain((count) => indices(count, shape[axis])),
      )
      .map(([x, places]) => ({ f: (y) => ops.indexSelect(y, axis, places), inputs: [x] })),
  ),
  oneHot: { constant: (x) => ops.oneHot([2], 3, { dtype: x.dtype }) },
  stack: shapes().chain((shape) =>
    fc
      .tuple(tensors(shape), tensors(shape), fc.nat({ max: shape.length }))
      .map(([a, b, axis]) => ({ f: (...inputs) => ops.stack(inputs, axis), inputs: [a, b, a] })),
  ),
  layerNorm: fc
    .tuple(shapes({ minRank: 1 }), fc.integer({ min: 1, max: 2 }), fc.boolean())
    .chain(([shape, axes, affine]) => {
      const normalizedShape = shape.slice(-axes);
      return fc
        .tuple(tensors(shape), tensors(normalizedShape), tensors(normalizedShape))
        .map(([x, w, b]) => ({
          f: (y, weight, bias) =>
            ops.layerNorm(y, { normalizedShape, eps: 0.01, ...(weight && { weight, bias }) }),
          inputs: affine ? [x, w, b] : [x],
        }));
    }),
  batchNorm1d: fc
    .tuple(fc.integer({ min: 2, max: 4 }), shapes({ minRank: 1, maxRank: 2, maxLength: 3 }), fc.boolean())
    .chain(([batch, rest, training]) => {
      const channels = rest.slice(0, 1);
      return fc
        .tuple(
          tensors([batch, ...rest]),
          tensors(channels),
          tensors(channels),
          tensors(channels),
          tensors(channels, { min: 0.5 }),
        )
        .map(([x, w, b, runningMean, runningVar]) => ({
          f: (y, weight, bias) =>
            ops.batchNorm1d(y, {
              ...{ runningMean: copy(runningMean), runningVar: copy(runningVar) },
              ...{ weight, bias, training, eps: 0.01 },
            }),
          inputs: [x, w, b],
        }));
    }),
  scaledDotProductAttention: attentions.map(({ inputs, options }) => ({
    f: (query, key, value) => everything(ops.scaledDotProductAttention(query, key, value, options)),
    inputs,
  })),
  multiHeadAttention: fc
    .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), fc.constantFrom(1, 2))
    .chain(([n, m, numHeads]) =>
      fc
        .tuple(
          fc.tuple(tensors([1, n, 2]), tensors([1, m, 2]), tensors([1, m, 2])),
          fc.tuple(tensors([6, 2]), tensors([6]), tensors([2, 2]), tensors([2])),
        )
        .map(([x, projections]) => ({
          f: (query, key, value, inProjWeight, inProjBias, outProjWeight, outProjBias) => {
            const all = { inProjWeight, inProjBias, outProjWeight, outProjBias };
            return everything(ops.multiHeadAttention(query, key, value, all, { numHeads }));
          },
          inputs: [...x, ...projections],
        })),
    ),
  matmul: fc.oneof(
    products((a, b) => ops.matmul(a, b), 'nn'),
    products((a, b) => ops.matmul(a, b, { transposeB: true }), 'nt'),
    products((a, b) => ops.matmul(a, b, { transposeA: true }), 'tn'),
  ),
  linear: fc
    .tuple(length, length, length, fc.boolean())
    .chain(([batch, from, to, bias]) =>
      fc
        .tuple(tensors([batch, from]), tensors([to, from]), tensors([to]))
        .map(([x, w, b]) => ({ f: ops.linear, inputs: bias ? [x, w, b] : [x, w] })),
    ),
  mseLoss: losses(ops.mseLoss),
  smoothL1Loss: fc
    .constantFrom(0.5, 1, 2)
    .chain((beta) => losses((a, b, options) => ops.smoothL1Loss(a, b, { beta, ...options }))),
  huberLoss: fc
    .constantFrom(0.5, 1, 2)
    .chain((delta) => losses((a, b, options) => ops.huberLoss(a, b, { delta, ...options }))),
  concat: windows.chain(({ x, axis, length }) =>
    tensors(x.shape.with(axis, length)).map((y) => ({
      f: (...inputs) => ops.concat(inputs, axis),
      inputs: [x, y, x],
    })),
  ),
  narrow: windows.map(({ x, axis, start, length }) => ({
    f: (y) => ops.narrow(y, axis, start, length),
    inputs: [x],
  })),
  broadcastTo: broadcastableShapes().chain(([a, b]) =>
    tensors(a).map((x) => ({ f: (y) => ops.broadcastTo(y, ops.add(x, tensorOf(b)).shape), inputs: [x] })),
  ),
  sumTo: broadcastableShapes().chain(([a, b]) =>
    tensors(ops.add(tensorOf(a), tensorOf(b)).shape).map((x) => ({ f: (y) => ops.sumTo(y, a), inputs: [x] })),
  ),
  reshape: shapes().chain((shape) =>
    tensors(shape).map((x) => ({ f: (y) => ops.reshape(y, [1, -1]), inputs: [x] })),
  ),
  permute: shapes().chain((shape) =>
    fc
      .tuple(
        tensors(shape),
        fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        ),
      )
      .map(([x, axes]) => ({ f: (y) => ops.permute(y, axes), inputs: [x] })),
  ),
  transpose: shapes({ minRank: 2 }).chain((shape) =>
    tensors(shape).map((x) => ({ f: (y) => ops.transpose(y), inputs: [x] })),
  ),
};

const isConstant = (sample: Arbitrary<Sample> | Constant): sample is Constant => 'constant' in sample;
const entries = Object.entries(samples);

describe.each(entries.flatMap(([op, sample]) => (isConstant(sample) ? [] : [{ op, sample }])))(
  '$op',
  ({ sample }) => {
    test('gradient', () => {
      fc.assert(fc.property(sample, ({ f, inputs }) => gradcheck(f, inputs)));
    });

    test('gradient of the gradient', () => {
      fc.assert(fc.property(sample, ({ f, inputs }) => gradgradcheck(f, inputs)));
    });

    test('gradient through views of other tensors', () => {
      fc.assert(
        fc.property(sample, fc.boolean(), (direct, first) => {
          const { f, inputs } = throughViews(direct, first);
          gradcheck(f, inputs);
        }),
      );
    });
  },
);

test.each(entries.flatMap(([op, sample]) => (isConstant(sample) ? [{ op, ...sample }] : [])))(
  '$op lets no gradient through',
  ({ constant }) => {
    const x = tensor([-1, 0, 2], { dtype: 'float64', requiresGrad: true });
    const [dx] = grad(x.sum().add(constant(x).mul(3).sum()), [x]);
    expect([...dx.data]).toEqual([1, 1, 1]);
  },
);

/** The same sample, but every other input is read through a transpose, and the rest out of a larger tensor. */
function throughViews({ f, inputs }: Sample, transposedFirst: boolean): Sample {
  const views = inputs.map((x, k) => {
    const backwards = x.shape.map((_, axis) => x.rank - 1 - axis);
    if ((k % 2 === 0) === transposedFirst || x.rank === 0) {
      return { stored: permute(x, backwards), read: (y: Tensor) => permute(y, backwards) };
    }
    const rows = x.shape[0];
    return { stored: concat([x, x]), read: (y: Tensor) => narrow(y, 0, rows, rows) };
  });
  return {
    f: (...stored) => f(...stored.map((y, k) => views[k].read(y))),
    inputs: views.map(({ stored }) => stored),
  };
}

test('gradcheck names what is wrong', () => {
  const wrong = (x: Tensor) => x.square().add(x.detach());
  expect(() => gradcheck(wrong, [tensor([1, 2], { dtype: 'float64' })])).toThrow(
    /input 0 of shape \[2\], element 0: the gradient says 1\.?\d*, finite differences say 1\.\d+/,
  );
});

function copy({ data, shape }: Tensor): Tensor {
  return new Tensor(data.slice(), shape);
}

function tensorOf(shape: readonly number[]): Tensor {
  return ops.reshape(
    tensor(new Array(shape.reduce((p, n) => p * n, 1)).fill(0), { dtype: 'float64' }),
    shape,
  );
}
