/** Values and gradients of every op against PyTorch's, edge cases included. fixtures/golden/torch/README.md says how. */
import { describe, expect, test } from 'vitest';
import { list, readJson, torchDir } from '../../../fixtures/golden/read.js';
import * as t from '../src/index.js';

interface Recorded {
  shape: number[];
  f32: number[];
  f64: number[];
}

interface Case {
  id: string;
  op: string;
  attrs: Record<string, unknown>;
  edge?: boolean;
  inputs: { name: string; shape: number[]; dtype: 'f32' | 'i32'; grad: boolean; data: number[] }[];
  output: Recorded;
  grad_output?: number[];
  grads?: Record<string, Recorded | null>;
  tol?: Record<string, number>;
}

type Run = (inputs: t.Tensor[], attrs: Record<string, never>) => t.Tensor;

/** How this engine spells the recorded ops. */
const OPS: Record<string, Run> = {
  add: (inputs, attrs) => t.add(...operands(inputs, attrs)),
  sub: (inputs, attrs) => t.sub(...operands(inputs, attrs)),
  mul: (inputs, attrs) => t.mul(...operands(inputs, attrs)),
  div: (inputs, attrs) => t.div(...operands(inputs, attrs)),
  neg: ([x]) => t.neg(x),
  relu: ([x]) => t.relu(x),
  tanh: ([x]) => t.tanh(x),
  sum: ([x], { dims, keepdim }) => t.sum(x, reduceOptions(dims, keepdim)),
  mean: ([x], { dims, keepdim }) => t.mean(x, reduceOptions(dims, keepdim)),
  matmul: ([a, b], { transA, transB }) => t.matmul(a, b, { transposeA: transA, transposeB: transB }),
  linear: ([x, weight, bias]) => t.linear(x, weight, bias),
  concat: (inputs, { dim }) => t.concat(inputs, dim),
  narrow: ([x], { dim, start, length }) => t.narrow(x, dim, start, length),
  reshape: ([x], { shape }) => t.reshape(x, shape),
  transpose: ([x], { perm }) => t.permute(x, perm),
  mseLoss: ([input, target], { reduction }) => t.mseLoss(input, target, { reduction }),
};

/** Recorded ops that this release does not have; the parity suite fails on any other that it can't run. */
const NOT_YET = new Set([
  ...[
    'exp',
    'log',
    'sqrt',
    'abs',
    'leakyRelu',
    'sigmoid',
    'softplus',
    'pow',
    'powTensor',
    'minimum',
    'maximum',
    'clamp',
  ],
  ...[
    'softmax',
    'logSoftmax',
    'logsumexp',
    'maxDim',
    'amax',
    'smoothL1Loss',
    'huberLoss',
    'batchNorm1d',
    'layerNorm',
  ],
  ...['stack', 'gather', 'oneHot', 'selectByOneHot', 'indexSelect', 'bmm'],
  ...['sdpa', 'multiHeadSelfAttention', 'gumbelSoftmax', 'logProbGaussian'],
]);

/** Two tensors, or a tensor and a number on either side. */
function operands(
  [a, b]: t.Tensor[],
  { scalar, side }: { scalar?: number; side?: 'left' | 'right' },
): [t.Tensor | number, t.Tensor | number] {
  if (scalar === undefined) return [a, b];
  return side === 'left' ? [scalar, a] : [a, scalar];
}

function reduceOptions(dims: number[] | null, keepDim: boolean): t.ReduceOptions {
  return dims === null ? { keepDim } : { axis: dims, keepDim };
}

const cases = list(torchDir)
  .filter((name) => /^ops_.*\.json$/.test(name))
  .flatMap((name) => readJson<{ cases: Case[] }>(torchDir, name).cases);

/** The recorded small graphs, each built from the formula in its note. */
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
  narrowConcatMix: ([x]) => t.concat([x.narrow(1, 1, 4), x.narrow(1, 0, 1).mul(3)], 1).mul(x),
};
NOT_YET.add('diamond'); // sigmoid

describe('PyTorch parity of ops', () => {
  const runnable = cases.filter(({ op }) => op in OPS || op in GRAPHS);

  test('every recorded op is either run or known to be missing', () => {
    expect(runnable.length).toBeGreaterThan(0);
    const unknown = cases.filter((one) => !runnable.includes(one) && !NOT_YET.has(one.op));
    expect(unknown.map(({ id }) => id)).toEqual([]);
  });

  test('no op is both exported and excused', () => {
    expect(Object.keys(t).filter((name) => NOT_YET.has(name))).toEqual([]);
  });

  test.each(runnable)('$id', (recorded) => {
    const run = OPS[recorded.op] ?? GRAPHS[recorded.op];
    const inputs = recorded.inputs.map(
      ({ data, shape, grad }) => new t.Tensor(Float32Array.from(data), shape, { requiresGrad: grad }),
    );
    const output = run(inputs, recorded.attrs as Record<string, never>);
    expectClose('output', output, recorded.output, recorded);

    if (!recorded.grads || !recorded.grad_output) return;
    const gradOutput = new t.Tensor(Float32Array.from(recorded.grad_output), output.shape);
    const wanted = inputs.filter(({ requiresGrad }) => requiresGrad);
    if (wanted.length === 0 || !output.requiresGrad) return;
    const gradients = t.grad(output, wanted, { gradOutput, allowUnused: true });
    wanted.forEach((input, k) => {
      const { name } = recorded.inputs[inputs.indexOf(input)];
      const expected = recorded.grads![name];
      const got = gradients[k];
      if (expected && got) expectClose(name, got, expected, recorded);
      else
        expect(
          Array.from(got?.data ?? expected?.f64 ?? []).every((g) => g === 0),
          `gradient of ${name}`,
        ).toBe(true);
    });
  });
});

function expectClose(name: string, got: t.Tensor, { shape, f32, f64 }: Recorded, { edge, tol }: Case): void {
  expect(got.shape, `shape of ${name}`).toEqual(shape);
  expect(got.size).toBe(f64.length);
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
