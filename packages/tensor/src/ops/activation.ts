import {
  above0,
  anyNumber,
  checkArgument,
  checkNoMore,
  checkOptions,
  finite,
  type OptionChecks,
  oneOf,
} from '@paragrad/check';
import { defineOp } from '../autograd/record.js';
import type { FusedActivation } from '../kernels/kernel-set.js';
import type { Tensor } from '../tensor.js';
import { add, clamp, erf, expm1, mul, square, sub } from './arithmetic.js';
import { greater, where, wherePositive } from './compare.js';
import { type FusableOp, parametric, type UnaryOp, unary } from './elementwise.js';

const reluOp = unary('relu', (dy, { output: y }) => wherePositive(dy, y));
/** y = max(x, 0) of each element;  dx = 0 where x ≤ 0, else dy (0 at the kink, as in PyTorch) */
export const relu: UnaryOp = reluOp;

/**
 * y = x where x > 0, else `negativeSlope` x; `negativeSlope` is 0.01 by default.
 *
 * @throws ArgumentError if `negativeSlope` is not finite.
 */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  checkNoMore('leakyRelu', arguments, 2);
  checkArgument('leakyRelu', 'negativeSlope', negativeSlope, finite);
  return leakyReluOp([x], { slope: negativeSlope });
}

/** dx = dy where x > 0, else slope dy (slope dy at the kink, as in PyTorch; 0 for slope 0, even if dy is infinite) */
const leakyReluOp = defineOp<[x: Tensor], { slope: number }>('leakyRelu', {
  forward: ([x], { slope }) => parametric('leakyRelu', x, slope),
  gradient: [
    (dy, { inputs: [x], attrs: { slope } }) => where(greater(x, 0), dy, slope === 0 ? 0 : mul(dy, slope)),
  ],
});

/**
 * y = x where x > 0, else alpha (e^x - 1) (Clevert et al. 2016). The slope at 0 is alpha, as in PyTorch.
 *
 * @throws ArgumentError if `alpha` is not finite.
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  checkNoMore('elu', arguments, 2);
  checkArgument('elu', 'alpha', alpha, finite);
  return add(relu(x), mul(expm1(clamp(x, { max: 0 })), alpha));
}

/** y = x sigmoid(x), also called swish (Elfwing et al. 2018). */
export function silu(x: Tensor): Tensor {
  checkNoMore('silu', arguments, 1);
  return mul(x, sigmoid(x));
}

/** Options of `gelu`. */
export interface GeluOptions {
  /** 'none': with the error function. 'tanh': with a formula that differs by at most 0.0005. Default 'none'. */
  approximate?: 'none' | 'tanh';
}

const geluOptions: OptionChecks<GeluOptions> = { approximate: oneOf('none', 'tanh') };

/** y = x Φ(x), where Φ is the distribution function of the standard normal distribution (Hendrycks and Gimpel 2016). */
export function gelu(x: Tensor, options: GeluOptions = {}): Tensor {
  checkOptions('gelu', options, geluOptions);
  const curve = // 2 Φ(x) - 1
    options.approximate === 'tanh'
      ? tanh(mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI)))
      : erf(mul(x, Math.SQRT1_2));
  return mul(mul(x, 0.5), add(curve, 1));
}

const tanhOp = unary('tanh', (dy, { output: y }) => sub(dy, mul(dy, square(y))));
/** y = tanh x of each element: from -1 to 1;  dx = dy (1 - y²) */
export const tanh: UnaryOp = tanhOp;

/** The activations that other ops apply in the same pass. */
export const fusable: Readonly<Record<FusedActivation, FusableOp>> = { relu: reluOp, tanh: tanhOp };

/** y = 1 / (1 + e^-x) of each element: from 0 to 1;  dx = dy y (1 - y) */
export const sigmoid: UnaryOp = unary('sigmoid', (dy, { output: y }) => mul(dy, mul(y, sub(1, y))));

/** Options of `softplus`. */
export interface SoftplusOptions {
  /** The sharpness of the bend at 0. Default 1. */
  beta?: number;
  /** Where beta x is above this, y = x. Default 20. */
  threshold?: number;
}

const softplusOptions: OptionChecks<SoftplusOptions> = { beta: above0, threshold: anyNumber };

/**
 * y = log(1 + e^(beta x)) / beta: a smooth relu.
 *
 * @throws ArgumentError if `beta` is not a finite number above 0.
 */
export function softplus(x: Tensor, options: SoftplusOptions = {}): Tensor {
  checkOptions('softplus', options, softplusOptions);
  const { beta = 1, threshold = 20 } = options;
  return softplusOp([x], { beta, threshold });
}

/** dx = dy sigmoid(beta x), and dy above the threshold */
const softplusOp = defineOp<[x: Tensor], Required<SoftplusOptions>>('softplus', {
  forward: ([x], { beta, threshold }) => parametric('softplus', x, beta, threshold),
  gradient: [
    (dy, { inputs: [x], attrs: { beta, threshold } }) => {
      const scaled = mul(x, beta);
      return where(greater(scaled, threshold), dy, mul(dy, sigmoid(scaled)));
    },
  ],
});
