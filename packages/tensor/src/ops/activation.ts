import { defineOp } from '../autograd/record.js';
import type { Tensor } from '../tensor.js';
import { mul, square, sub } from './arithmetic.js';
import { gt, where, wherePositive } from './compare.js';
import { parametric, type UnaryOp, unary } from './elementwise.js';

/** y = max(x, 0);  dx = 0 where x ≤ 0, else dy (0 at the kink, as in PyTorch) */
export const relu: UnaryOp = unary('relu', (dy, { output: y }) => wherePositive(dy, y));

/** y = x where x > 0, else `negativeSlope` x. */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return leakyReluOp([x], { slope: negativeSlope });
}

/** dx = dy where x > 0, else slope dy (slope dy at the kink, as in PyTorch; 0 for slope 0, even if dy is infinite) */
const leakyReluOp = defineOp<[x: Tensor], { slope: number }>('leakyRelu', {
  forward: ([x], { slope }) => parametric('leakyRelu', x, slope),
  gradient: [
    (dy, { inputs: [x], attrs: { slope } }) => where(gt(x, 0), dy, slope === 0 ? 0 : mul(dy, slope)),
  ],
});

/** y = tanh x;  dx = dy (1 - y²) */
export const tanh: UnaryOp = unary('tanh', (dy, { output: y }) => sub(dy, mul(dy, square(y))));

/** y = 1 / (1 + e^-x);  dx = dy y (1 - y) */
export const sigmoid: UnaryOp = unary('sigmoid', (dy, { output: y }) => mul(dy, mul(y, sub(1, y))));

export interface SoftplusOptions {
  /** The sharpness of the bend at 0. Default 1. */
  beta?: number;
  /** Where beta x is above this, y = x. Default 20. */
  threshold?: number;
}

/** y = log(1 + e^(beta x)) / beta: a smooth relu. */
export function softplus(x: Tensor, { beta = 1, threshold = 20 }: SoftplusOptions = {}): Tensor {
  if (!(beta > 0)) throw new Error(`softplus: beta ${beta}; give a number above 0`);
  return softplusOp([x], { beta, threshold });
}

/** dx = dy sigmoid(beta x), and dy above the threshold */
const softplusOp = defineOp<[x: Tensor], Required<SoftplusOptions>>('softplus', {
  forward: ([x], { beta, threshold }) => parametric('softplus', x, beta, threshold),
  gradient: [
    (dy, { inputs: [x], attrs: { beta, threshold } }) => {
      const scaled = mul(x, beta);
      return where(gt(scaled, threshold), dy, mul(dy, sigmoid(scaled)));
    },
  ],
});
