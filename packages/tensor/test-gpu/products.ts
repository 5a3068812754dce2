/** Compares products on the current kernels with the reference kernels in float64. Runs in Node and in browsers. */
import {
  currentKernels,
  Generator,
  type MatmulProduct,
  normal,
  referenceKernels,
  uniform,
} from '@paragrad/tensor';

/** The product of the same numbers on both. */
export function multiply(product: MatmulProduct, a: Float32Array, b: Float32Array) {
  const { bias, ...rest } = product;
  const c = new Float32Array(rest.m * rest.n);
  const exact = new Float64Array(c.length);
  currentKernels().matmul(product, a, b, c);
  const inFloat64 = { ...rest, ...(bias && { bias: Float64Array.from(bias) }) };
  referenceKernels.matmul(inFloat64, Float64Array.from(a), Float64Array.from(b), exact);
  return { c, exact };
}

/** The largest difference, relative to the largest element. */
export function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
  }
  return difference === 0 ? 0 : difference / largest;
}

export const numbers = (length: number, seed: number) =>
  normal([length], new Generator(seed)).data as Float32Array;

/**
 * The error of a product of random operands. All terms of a column of C have the same sign, and each sum is about 1: if
 * terms canceled, no float32 sum would be within 1e-5, and if sums were large, every tanh would be 1.
 */
export function errorOfRandom(
  { withBias, ...product }: Omit<MatmulProduct, 'bias'> & { withBias: boolean },
  seed: number,
): number {
  const { form, k, m, n } = product;
  const generator = new Generator(seed);
  const between = (low: number, high: number, length: number) =>
    uniform([length], generator, { low, high }).data as Float32Array;

  const a = between(0.5 / k, 1.5 / k, m * k);
  const signs = between(-1, 1, n).map(Math.sign);
  const b = between(0.5, 1.5, k * n).map((x, i) => x * signs[form === 'nt' ? Math.floor(i / k) : i % n]);
  const bias = between(0, 1, n).map((x, j) => x * signs[j]);
  const { c, exact } = multiply({ ...product, ...(withBias && { bias }) }, a, b);
  return errorOf(c, exact);
}

/** An element of ones [8, k] times ones [k, 8], on the current kernels. The right answer is k. */
export function multiplyOnes(k: number): number {
  const ones = new Float32Array(8 * k).fill(1);
  const c = new Float32Array(64);
  currentKernels().matmul({ form: 'nn', m: 8, k, n: 8 }, ones, ones, c);
  return c[63];
}
