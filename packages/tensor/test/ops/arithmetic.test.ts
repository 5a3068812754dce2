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
import {
  broadcastableShapes,
  type NumberConstraints,
  shapes,
  tensors,
  tensorsApart,
} from '../../src/testing/index.js';
import { checkGradients, type Sample, unary } from './check-gradients.js';

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
  tensorsApart().map((inputs) => ({ f: op, inputs }));

checkGradients<typeof import('../../src/ops/arithmetic.js')>({
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div, {}, { awayFromZero: 0.5 }),
  // Where the operands are equal, there is a kink; but not if they are the same tensor.
  minimum: fc.oneof(
    binaryApart(minimum),
    unary((x) => minimum(x, x)),
  ),
  maximum: fc.oneof(
    binaryApart(maximum),
    unary((x) => maximum(x, x)),
  ),
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
      tensors(shape, { kinks: Object.values(bounds) }).map((x) => ({
        f: (y) => clamp(y, bounds),
        inputs: [x],
      })),
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

test.each([
  [1e-10, 1.1283791670955126e-10],
  [0.3, 0.3286267594591274],
  [0.84375, 0.7672256612323416],
  [1, 0.8427007929497149],
  [1.25, 0.9229001282564582],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [4.5, 0.9999999998033839],
  [6, 1],
])('erf %d to the last digit but one', (x, expected) => {
  const y = erf(tensor([x, -x], { dtype: 'float64' })).data;
  expect(Math.abs(y[0] - expected)).toBeLessThanOrEqual(2 ** -52 * expected);
  expect(y[1]).toBe(-y[0]);
});

test('erf, sin and cos of 0, infinities and NaN', () => {
  const x = tensor([-0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  expect([...erf(x).data]).toEqual([-0, 1, -1, Number.NaN]);
  expect([...sin(x).data]).toEqual([-0, Number.NaN, Number.NaN, Number.NaN]);
  expect([...cos(x).data]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
});
