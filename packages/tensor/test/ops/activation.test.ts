import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leakyRelu, relu, sigmoid, softplus, tanh, tensor, zeros } from '../../src/index.js';
import { checkGradients, unary } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/activation.js')>({
  relu: unary(relu, { awayFromZero: 0.1 }),
  tanh: unary(tanh),
  leakyRelu: fc
    .constantFrom(0.01, 0.3, 2)
    .chain((slope) => unary((x) => leakyRelu(x, slope), { awayFromZero: 0.1 })),
  sigmoid: unary(sigmoid, { min: -5, max: 5 }),
  softplus: fc
    .constantFrom(0.5, 1, 3)
    .chain((beta) => unary((x) => softplus(x, { beta }), { min: -30, max: 30 })),
});

test('softplus rejects a beta of 0', () => {
  expect(() => softplus(zeros([2]), { beta: 0 })).toThrow(/softplus: beta 0; give a number above 0/);
});

test('relu passes NaN on', () => {
  expect(relu(tensor([Number.NaN])).item()).toBeNaN();
});
