import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  elu,
  gelu,
  grad,
  leakyRelu,
  relu,
  sigmoid,
  silu,
  softplus,
  tanh,
  tensor,
  zeros,
} from '../../src/index.js';
import { checkGradients, unary } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/activation.js')>({
  relu: unary(relu, { awayFromZero: 0.1 }),
  tanh: unary(tanh),
  leakyRelu: fc
    .constantFrom(0.01, 0.3, 2)
    .chain((slope) => unary((x) => leakyRelu(x, slope), { awayFromZero: 0.1 })),
  elu: fc.constantFrom(1, 0.3, -2).chain((alpha) => unary((x) => elu(x, alpha), { awayFromZero: 0.1 })),
  silu: unary(silu, { min: -5, max: 5 }),
  gelu: fc.oneof(
    unary(gelu, { min: -5, max: 5 }),
    // Below -3 the slope is a small difference of numbers near 1, and finite differences find its rounding.
    unary((x) => gelu(x, { approximate: 'tanh' }), { min: -3, max: 3 }),
  ),
  sigmoid: unary(sigmoid, { min: -5, max: 5 }),
  // It jumps at the threshold; at the default of 20 by 2e-9.
  softplus: fc
    .tuple(fc.constantFrom(0.5, 1, 3), fc.constantFrom(20, 1.5))
    .chain(([beta, threshold]) =>
      unary((x) => softplus(x, { beta, threshold }), { min: -30, max: 30, kinks: [threshold / beta] }),
    ),
});

test('softplus rejects a beta of 0', () => {
  expect(() => softplus(zeros([2]), { beta: 0 })).toThrow(
    /softplus: beta is 0; give a finite number above 0/,
  );
});

test('relu passes NaN on', () => {
  expect(relu(tensor([Number.NaN])).item()).toBeNaN();
});

test('elu and gelu say what they take', () => {
  expect(() => elu(zeros([2]), { alpha: 1 } as unknown as number)).toThrow(
    /elu: alpha is { alpha: 1 }; give a finite number/,
  );
  expect(() => gelu(zeros([2]), { approximate: 'sigmoid' as 'tanh' })).toThrow(
    /gelu: approximate is "sigmoid"; give one of none, tanh/,
  );
});

test('elu is not infinite where e^x is, and its slope at 0 is alpha', () => {
  const x = tensor([800, 0, -800], { dtype: 'float64', requiresGrad: true });
  const y = elu(x, 2);
  expect([...y.data]).toEqual([800, 0, -2]);
  expect([...grad(y.sum(), [x])[0].data]).toEqual([1, 2, 0]);
});

test('the approximation of gelu differs by at most 0.0005', () => {
  const x = tensor(
    Array.from({ length: 2001 }, (_, k) => k / 100 - 10),
    { dtype: 'float64' },
  );
  const largest = gelu(x)
    .sub(gelu(x, { approximate: 'tanh' }))
    .abs()
    .amax()
    .item();
  expect(largest).toBeGreaterThan(0.0004);
  expect(largest).toBeLessThan(0.0005);
});
