/** Compares values and gradients of every op with PyTorch's, edge cases included. See fixtures/golden/torch/README.md. */
import { describe, expect, test } from 'vitest';
import { list, readJson, torchDir } from '../../../fixtures/golden/read.js';
import * as t from '../src/index.js';

interface Recorded {
  shape: number[];
  f32: number[];
  f64: number[];
}

interface RecordedIndices {
  shape: number[];
  i32: number[];
}

interface Case {
  id: string;
  op: string;
  attrs: Record<string, unknown>;
  edge?: boolean;
  inputs: { name: string; shape: number[]; dtype: 'f32' | 'i32'; grad: boolean; data: number[] }[];
  output: Recorded | RecordedIndices;
  extra?: Extra;
  grad_output?: number[];
  grads?: Record<string, Recorded | null>;
  /** The gradients of the sum of the squares of all `grads`, in float64. */
  second?: Record<string, number[] | null>;
  tol?: Record<string, number>;
}

/** Recorded in addition to the output. */
type Extra = Record<string, Recorded & RecordedIndices>;

type Run = (inputs: t.Tensor[], attrs: Record<string, never>, extra: Extra, recorded: Case) => t.Tensor;

/** How the recorded ops are called here. */
const OPS: Record<string, Run> = {
  add: (inputs, attrs) => t.add(...operands(inputs, attrs)),
  sub: (inputs, attrs) => t.sub(...operands(inputs, attrs)),
  mul: (inputs, attrs) => t.mul(...operands(inputs, attrs)),
  div: (inputs, attrs) => t.div(...operands(inputs, attrs)),
  minimum: ([a, b]) => t.minimum(a, b),
  maximum: ([a, b]) => t.maximum(a, b),
  pow: ([x], { exponent }) => t.pow(x, exponent),
  powTensor: ([x, y]) => t.pow(x, y),
  neg: ([x]) => t.neg(x),
  exp: ([x]) => t.exp(x),
  log: ([x]) => t.log(x),
  sqrt: ([x]) => t.sqrt(x),
  abs: ([x]) => t.abs(x),
  clamp: ([x], { min, max }) => t.clamp(x, { ...(min !== null && { min }), ...(max !== null && { max }) }),
  relu: ([x]) => t.relu(x),
  leakyRelu: ([x], { negative_slope }) => t.leakyRelu(x, negative_slope),
  tanh: ([x]) => t.tanh(x),
  sigmoid: ([x]) => t.sigmoid(x),
  sin: ([x]) => t.sin(x),
  cos: ([x]) => t.cos(x),
  log1p: ([x]) => t.log1p(x),
  expm1: ([x]) => t.expm1(x),
  erf: ([x]) => t.erf(x),
  silu: ([x]) => t.silu(x),
  elu: ([x], { alpha }) => t.elu(x, alpha),
  gelu: ([x], { approximate }) => t.gelu(x, { approximate }),
  less: ([a, b]) => t.less(a, b),
  lessEqual: ([a, b]) => t.lessEqual(a, b),
  greater: ([a, b]) => t.greater(a, b),
  greaterEqual: ([a, b]) => t.greaterEqual(a, b),
  eq: ([a, b]) => t.eq(a, b),
  notEqual: ([a, b]) => t.notEqual(a, b),
  logicalAnd: ([a, b]) => t.logicalAnd(a, b),
  logicalOr: ([a, b]) => t.logicalOr(a, b),
  logicalXor: ([a, b]) => t.logicalXor(a, b),
  logicalNot: ([x]) => t.logicalNot(x),
  isnan: ([x]) => t.isnan(x),
  isinf: ([x]) => t.isinf(x),
  isfinite: ([x]) => t.isfinite(x),
  softplus: ([x], { beta, threshold }) => t.softplus(x, { beta, threshold }),
  sum: ([x], { dims, keepdim }) => t.sum(x, reduceOptions(dims, keepdim)),
  mean: ([x], { dims, keepdim }) => t.mean(x, reduceOptions(dims, keepdim)),
  amax: ([x], { dim, keepdim }) => t.amax(x, { axis: dim, keepDim: keepdim }),
  amin: ([x], { dim, keepdim }) => t.amin(x, { axis: dim, keepDim: keepdim }),
  maxDim: ([x], { dim, keepdim }, extra) => valuesOf(t.max(x, dim, { keepDim: keepdim }), extra),
  minDim: ([x], { dim, keepdim }, extra) => valuesOf(t.min(x, dim, { keepDim: keepdim }), extra),
  argmax: ([x], { dim, keepdim }) => asTensor(t.argmax(x, reduceOptions(dim, keepdim))),
  argmin: ([x], { dim, keepdim }) => asTensor(t.argmin(x, reduceOptions(dim, keepdim))),
  var: ([x], { dim, keepdim, correction }) => t.variance(x, { axis: dim, keepDim: keepdim, correction }),
  std: ([x], { dim, keepdim, correction }) => t.std(x, { axis: dim, keepDim: keepdim, correction }),
  prod: ([x], { dim, keepdim }) => t.prod(x, reduceOptions(dim, keepdim)),
  cumsum: ([x], { dim }) => t.cumsum(x, dim),
  sort: ([x], { dim, descending }, extra) => valuesOf(t.sort(x, { axis: dim, descending }), extra),
  topk: ([x], { k, dim, largest }, extra) => valuesOf(t.topk(x, k, { axis: dim, largest }), extra),
  softmax: ([x], { dim }) => t.softmax(x, { axis: dim }),
  logSoftmax: ([x], { dim }) => t.logSoftmax(x, { axis: dim }),
  logsumexp: ([x], { dim, keepdim }) => t.logsumexp(x, { axis: dim, keepDim: keepdim }),
  bmm: ([a, b]) => t.matmul(a, b),
  matmul: ([a, b], { transA, transB }) => t.matmul(a, b, { transposeA: transA, transposeB: transB }),
  linear: ([x, weight, bias]) => t.linear(x, weight, bias),
  concat: (inputs, { dim }) => t.concat(inputs, dim),
  stack: (inputs, { dim }) => t.stack(inputs, dim),
  gather: ([x, index], { dim }) => t.gather(x, dim, indicesOf(index)),
  indexSelect: ([x, index], { dim }) => t.indexSelect(x, dim, indicesOf(index).data),
  oneHot: ([index], { numClasses }) => t.oneHot(indicesOf(index), numClasses),
  selectByOneHot: ([x, index], { numClasses }) =>
    t.sum(x.mul(t.oneHot(indicesOf(index), numClasses, { dtype: x.dtype })), { axis: -1 }),
  narrow: ([x], { dim, start, length }) => t.narrow(x, dim, start, length),
  slice: ([x], { dim, start, end, step }) =>
    t.slice(x, dim, { step, ...(start !== null && { start }), ...(end !== null && { end }) }),
  split: ([x], { lengths, dim, parts, part }) => partOf(t.split(x, lengths, dim), parts, part),
  chunk: ([x], { chunks, dim, parts, part }) => partOf(t.chunk(x, chunks, dim), parts, part),
  squeeze: ([x], { dim }) => t.squeeze(x, dim),
  unsqueeze: ([x], { dim }) => t.unsqueeze(x, dim),
  flatten: ([x], { start, end }) => t.flatten(x, start, end),
  flip: ([x], { dims }) => t.flip(x, dims),
  roll: ([x], { shifts, dims }) => t.roll(x, shifts, dims ?? undefined),
  tril: ([x], { diagonal }) => t.tril(x, diagonal),
  triu: ([x], { diagonal }) => t.triu(x, diagonal),
  clone: ([x]) => t.clone(x),
  arange: (_, { numbers }) => t.arange(...(numbers as [number, number, number])),
  linspace: (_, { numbers }) => t.linspace(...(numbers as [number, number, number])),
  eye: (_, { numbers }) => t.eye(...(numbers as [number, number])),
  einsum: (inputs, { equation }) => t.einsum(equation, ...inputs),
  embedding: ([index, weight], { paddingIdx }) =>
    t.embedding(indicesOf(index), weight, paddingIdx === null ? {} : { paddingIdx }),
  reshape: ([x], { shape }) => t.reshape(x, shape),
  transpose: ([x], { perm }) => t.permute(x, perm),
  mseLoss: ([input, target], { reduction }) => t.mseLoss(input, target, { reduction }),
  smoothL1Loss: ([input, target], { reduction, beta }) => t.smoothL1Loss(input, target, { reduction, beta }),
  huberLoss: ([input, target], { reduction, delta }) => t.huberLoss(input, target, { reduction, delta }),
  crossEntropy: ([x, target, weight], { reduction, labelSmoothing }, _, { inputs }) =>
    t.crossEntropy(x, inputs[1].dtype === 'i32' ? indicesOf(target) : target, {
      reduction,
      labelSmoothing,
      ...(weight && { weight }),
    }),
  binaryCrossEntropyWithLogits: ([x, target, weight, posWeight], { reduction }) =>
    t.binaryCrossEntropyWithLogits(x, target, { reduction, ...(weight && { weight, posWeight }) }),
  klDiv: ([x, target], { reduction, logTarget }) => t.klDiv(x, target, { reduction, logTarget }),
  layerNorm: ([x, weight, bias], { eps }) => t.layerNorm(x, { eps, ...(weight && { weight, bias }) }),
  batchNorm1d: ([x, ...rest], { training, momentum, eps }, extra) => {
    const [runningMean, runningVar] = rest.slice(-2);
    const [weight, bias] = rest.slice(0, -2);
    const statistics = { runningMean, runningVar, training, momentum, eps };
    const y = t.batchNorm1d(x, { ...statistics, ...(weight && { weight, bias }) });
    expectNear('runningMean', runningMean, extra.newRunningMean);
    expectNear('runningVar', runningVar, extra.newRunningVar);
    return y;
  },
  sdpa: ([query, key, value, mask]) =>
    t.scaledDotProductAttention(query, key, value, { ...(mask && { mask }) }).output,
  multiHeadSelfAttention: ([x, ...projections], { numHeads }, extra) => {
    const [inProjWeight, inProjBias, outProjWeight, outProjBias] = projections;
    const all = { inProjWeight, inProjBias, outProjWeight, outProjBias };
    const { output, weights } = t.multiHeadAttention(x, x, x, all, { numHeads });
    expectNear('weights', t.mean(weights, { axis: 1 }), extra.attnWeightsMeanOverHeads);
    return output;
  },
  gumbelSoftmax: ([logits, noise], { tau, hard, dim }) =>
    t.gumbelSoftmax(logits, { noise, tau, hard, axis: dim }),
};

/** One of the parts; their number is recorded, too. */
function partOf(parts: t.Tensor[], count: number, index: number): t.Tensor {
  expect(parts).toHaveLength(count);
  return parts[index];
}

function valuesOf({ values, indices }: t.ValuesAndIndices, extra: Extra): t.Tensor {
  expect([indices.shape, [...indices.data]]).toEqual([extra.indices.shape, extra.indices.i32]);
  return values;
}

function asTensor({ data, shape }: t.Indices): t.Tensor {
  return new t.Tensor(Float64Array.from(data), shape);
}

function indicesOf({ data, shape }: t.Tensor): t.Indices {
  return { data: Int32Array.from(data), shape };
}

/** Two tensors, or a tensor and a number on either side. */
function operands(
  [a, b]: t.Tensor[],
  { scalar, side }: { scalar?: number; side?: 'left' | 'right' },
): [t.Tensor | number, t.Tensor | number] {
  if (scalar === undefined) return [a, b];
  return side === 'left' ? [scalar, a] : [a, scalar];
}

function reduceOptions<Axes>(axis: Axes | null, keepDim: boolean): { axis?: Axes; keepDim: boolean } {
  return axis === null ? { keepDim } : { axis, keepDim };
}

const cases = list(torchDir)
  .filter((name) => /^ops_.*\.json$/.test(name))
  .flatMap((name) => readJson<{ cases: Case[] }>(torchDir, name).cases);

/** The recorded small graphs. Each follows the formula in its note. */
const GRAPHS: Record<string, Run> = {
  reuse: ([x]) => x.mul(x).add(x),
  detach: ([x]) => x.detach().mul(x),
  sharedWeight: ([x, w]) => x.matmul(w).tanh().matmul(w).tanh(),
  unusedInput: ([x]) => x.mul(2),
  mlpQ: ([obs, act, w1, b1, w2, b2]) =>
    t
      .linear(t.linear(t.concat([obs, act.tanh()], 1), w1, b1).relu(), w2, b2)
      .mean()
      .neg(),
  diamond: ([x, w]) => {
    const h = x.matmul(w);
    return h.mul(h.sigmoid()).add(h.tanh());
  },
  logProbGaussian: ([mu, logStd, a]) => {
    const z = a.sub(mu).div(logStd.exp());
    const logProb = z
      .square()
      .mul(-0.5)
      .sub(logStd)
      .sub(0.5 * Math.log(2 * Math.PI));
    return logProb.sum({ axis: -1 });
  },
  narrowConcatMix: ([x]) => t.concat([x.narrow(1, 1, 4), x.narrow(1, 0, 1).mul(3)], 1).mul(x),
};

test('every recorded op has a counterpart here', () => {
  expect(cases.length).toBeGreaterThan(0);
  expect(cases.filter(({ op }) => !(op in OPS || op in GRAPHS)).map(({ id }) => id)).toEqual([]);
});

describe.each<t.DType>(['float32', 'float64'])('PyTorch parity of ops in %s', (dtype) => {
  const numbers = (values: number[]) => {
    const float32 = Float32Array.from(values); // the inputs were recorded as float32, also for the results in float64
    return dtype === 'float32' ? float32 : Float64Array.from(float32);
  };

  test.each(cases)('$id', (recorded) => {
    const run = OPS[recorded.op] ?? GRAPHS[recorded.op];
    const inputs = recorded.inputs.map(
      ({ data, shape, grad }) => new t.Tensor(numbers(data), shape, { requiresGrad: grad }),
    );
    const output = run(inputs, recorded.attrs as Record<string, never>, recorded.extra ?? {}, recorded);
    if ('i32' in recorded.output) {
      expect([output.shape, [...output.data]]).toEqual([recorded.output.shape, recorded.output.i32]);
      return;
    }
    expectClose('output', output, recorded.output, recorded);

    const { grads, grad_output, second } = recorded;
    const wanted = inputs.filter(({ requiresGrad }) => requiresGrad);
    if (!grads || !grad_output || wanted.length === 0) return;
    const nameOf = (input: t.Tensor) => recorded.inputs[inputs.indexOf(input)].name;
    const gradOutput = new t.Tensor(numbers(grad_output), output.shape);
    const options = { gradOutput, allowUnused: true, createGraph: second !== undefined } as const;
    const gradients = output.requiresGrad ? t.grad(output, wanted, options) : wanted.map(() => null);
    wanted.forEach((input, k) => {
      const [expected, got] = [grads[nameOf(input)], gradients[k]];
      if (expected && got) expectClose(nameOf(input), got, expected, recorded);
      else expectZeros(`gradient of ${nameOf(input)}`, got?.data ?? expected?.f64);
    });

    if (!second || dtype === 'float32') return;
    const squares = gradients.filter((g) => g?.requiresGrad).map((g) => g!.square().sum());
    const total = squares.reduce((sum, square) => sum.add(square), t.scalar(0, dtype));
    const seconds = total.requiresGrad
      ? t.grad(total, wanted, { allowUnused: true })
      : wanted.map(() => null);
    wanted.forEach((input, k) => {
      const [expected, got] = [second[nameOf(input)], seconds[k]];
      if (expected && got) expectExact(`second gradient of ${nameOf(input)}`, got, expected);
      else expectZeros(`second gradient of ${nameOf(input)}`, got?.data ?? expected ?? []);
    });
  });
});

function expectZeros(name: string, numbers: Iterable<number> = []): void {
  expect(
    [...numbers].every((value) => value === 0),
    name,
  ).toBe(true);
}

function expectClose(name: string, got: t.Tensor, { shape, f32, f64 }: Recorded, { edge, tol }: Case): void {
  expect(got.shape, `shape of ${name}`).toEqual(shape);
  expect(got.size).toBe(f64.length);
  if (got.dtype === 'float64') {
    expectExact(name, got, f64);
    return;
  }
  f64.forEach((expected, k) => {
    const value = got.data[k];
    const where = `${name}[${k}]: got ${value}, expected ${expected}`;
    if (!Number.isFinite(f32[k])) expect(value, where).toBe(f32[k]);
    else if (edge) {
      expect(Math.abs(value - expected), where).toBeLessThanOrEqual(
        4e-6 * Math.abs(expected) + 2 * Math.abs(f32[k] - expected) + 1e-37,
      );
    } else expect(Math.abs(value - expected), where).toBeLessThanOrEqual(tol![name]);
  });
}

/** Float64 with float64: they differ only by roundings, in the last of 16 digits. */
function expectExact(name: string, got: t.Tensor, f64: number[]): void {
  const scale = Math.max(0, ...f64.filter(Number.isFinite).map(Math.abs));
  f64.forEach((expected, k) => {
    const value = got.data[k];
    const where = `${name}[${k}]: got ${value}, expected ${expected}`;
    if (!Number.isFinite(expected)) expect(value, where).toBe(expected);
    else expect(Math.abs(value - expected), where).toBeLessThanOrEqual(1e-13 * scale + 1e-14);
  });
}

/** For values that are recorded without a tolerance. */
function expectNear(name: string, got: t.Tensor, { shape, f64 }: Recorded): void {
  expect(got.shape, `shape of ${name}`).toEqual(shape);
  f64.forEach((expected, k) => {
    expect(got.data[k], `${name}[${k}]`).toBeCloseTo(expected, 5);
  });
}
