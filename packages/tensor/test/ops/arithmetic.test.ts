import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import {
  abs,
  add,
  clamp,
  cos,
  div,
  erf,
  exp,
  expm1,
  grad,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { broadcastableShapes, type NumberConstraints, shapes, tensors } from '../../src/testing/index.js';
import { checkGradients, type Sample, stepped, unary } from './check-gradients.js';

const binary = (
  op: (a: Tensor, b: Tensor) => Tensor,
  numbersOfA: NumberConstraints = {},
  numbersOfB: NumberConstraints = {},
): Arbitrary<Sample> =>
  broadcastableShapes().chain(([a, b]) =>
    fc.tuple(tensors(a, numbersOfA), tensors(b, numbersOfB)).map((inputs) => ({ f: op, inputs })),
  );

/** Operands that are never equal, for ops with a kink where a = b. */
const binaryApart = (op: (a: Tensor, b: Tensor) => Tensor): Arbitrary<Sample> =>
  broadcastableShapes().chain(([a, b]) =>
    fc.tuple(stepped(a, 0), stepped(b, 0.1)).map((inputs) => ({ f: op, inputs })),
  );

checkGradients<typeof import('../../src/ops/arithmetic.js')>({
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div, {}, { awayFromZero: 0.5 }),
  minimum: binaryApart(minimum),
  maximum: binaryApart(maximum),
  neg: unary(neg),
  square: unary(square),
  sqrt: unary(sqrt, { min: 0.5 }),
  exp: unary(exp),
  expm1: unary(expm1),
  log: unary(log, { min: 0.5 }),
  log1p: unary(log1p, { min: -0.5 }),
  sin: unary(sin),
  cos: unary(cos),
  erf: unary(erf),
  abs: unary(abs, { awayFromZero: 0.1 }),
  pow: fc.oneof(
    binary(pow, { min: 0.5 }),
    fc.constantFrom(0, 1, 2, 3, -1).chain((p) => unary((x) => pow(x, p), { awayFromZero: 0.5 })),
    fc.constantFrom(0.5, 2.5).chain((p) => unary((x) => pow(x, p), { min: 0.5 })),
    unary((x) => pow(2, x)),
  ),
  clamp: fc
    .tuple(shapes(), fc.constantFrom({ min: -0.5, max: 1 }, { min: -0.5 }, { max: 0.25 }))
    .chain(([shape, bounds]) =>
      stepped(shape, 0.1).map((x) => ({ f: (y) => clamp(y, bounds), inputs: [x] })),
    ),
});

test('clamp rejects bounds in the wrong order', () => {
  expect(() => clamp(zeros([2]), { min: 1, max: 0 })).toThrow(
    /clamp: min 1 and max 0; min must be at most max/,
  );
});

test('clamp passes NaN on', () => {
  expect(clamp(tensor([Number.NaN]), { min: 0, max: 1 }).item()).toBeNaN();
});

test('pow at 0 has finite derivatives', () => {
  for (const exponent of [0, 1, 2]) {
    const x = zeros([1], { requiresGrad: true });
    const [dx] = grad(x.pow(exponent), [x], { createGraph: true });
    expect(dx.item()).toBe(exponent === 1 ? 1 : 0);
    const [ddx] = grad(dx.add(x), [x]); // + x, because a constant dx has no graph
    expect(ddx.item()).toBe(exponent === 2 ? 3 : 1);
  }
  const [a, b] = [zeros([1], { requiresGrad: true }), zeros([1], { requiresGrad: true })];
  expect(grad(pow(a, b), [a, b]).map((g) => g.item())).toEqual([0, 0]);
});
