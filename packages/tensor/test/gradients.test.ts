/** Every op's gradient, and the gradient of its gradient, against finite differences in float64, on random shapes. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Tensor, tensor } from '../src/index.js';
import * as ops from '../src/ops/index.js';
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

const length = fc.integer({ min: 1, max: 5 });

const products = (op: (a: Tensor, b: Tensor) => Tensor, form: 'nn' | 'nt' | 'tn'): Arbitrary<Sample> =>
  fc
    .tuple(length, length, length)
    .chain(([m, k, n]) =>
      fc
        .tuple(tensors(form === 'tn' ? [k, m] : [m, k]), tensors(form === 'nt' ? [n, k] : [k, n]))
        .map((inputs) => ({ f: op, inputs })),
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

const reductions = (op: typeof ops.sum): Arbitrary<Sample> =>
  shapes().chain((shape) =>
    fc
      .tuple(tensors(shape), fc.subarray(shape.map((_, axis) => axis)), fc.boolean())
      .map(([x, axis, keepDim]) => ({ f: (y) => op(y, { axis, keepDim }), inputs: [x] })),
  );

// Keyed by every exported op, so that one without a check does not compile.
const samples: { [Op in keyof typeof ops]: Arbitrary<Sample> } = {
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div, {}, { awayFromZero: 0.5 }),
  gate: binary(ops.gate, {}, { awayFromZero: 0.1 }),
  neg: unary(ops.neg),
  square: unary(ops.square),
  relu: unary(ops.relu, { awayFromZero: 0.1 }),
  tanh: unary(ops.tanh),
  sum: reductions(ops.sum),
  mean: reductions(ops.mean),
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
  mseLoss: fc
    .tuple(shapes(), fc.constantFrom('mean' as const, 'sum' as const, 'none' as const))
    .chain(([shape, reduction]) =>
      fc
        .tuple(tensors(shape), tensors(shape))
        .map((inputs) => ({ f: (a, b) => ops.mseLoss(a, b, { reduction }), inputs })),
    ),
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

describe.each(Object.entries(samples))('%s', (_, sample) => {
  test('gradient', () => {
    fc.assert(fc.property(sample, ({ f, inputs }) => gradcheck(f, inputs)));
  });

  test('gradient of the gradient', () => {
    fc.assert(fc.property(sample, ({ f, inputs }) => gradgradcheck(f, inputs)));
  });
});

test('gradcheck names what is wrong', () => {
  const wrong = (x: Tensor) => x.square().add(x.detach());
  expect(() => gradcheck(wrong, [tensor([1, 2], { dtype: 'float64' })])).toThrow(
    /input 0 of shape \[2\], element 0: the gradient says 1\.?\d*, finite differences say 1\.\d+/,
  );
});

function tensorOf(shape: readonly number[]): Tensor {
  return ops.reshape(
    tensor(new Array(shape.reduce((p, n) => p * n, 1)).fill(0), { dtype: 'float64' }),
    shape,
  );
}
