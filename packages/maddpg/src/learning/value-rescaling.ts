/**
 * Value rescaling (Pohlen et al. 2018, "Observe and look further", arXiv 1805.11593): a critic learns h(Q) instead of Q. h is
 * like a square root, on both sides of 0: it is steep near 0 and flat far away. So errors of small values count more.
 *
 *     h(z)    = sign(z) (√(k|z| + 1) - 1)         = k z / (√(k|z| + 1) + 1)
 *     h^-1(y) = sign(y) ((|y| + 1)² - 1) / k      = y (|y| + 2) / k
 *
 * Values far below 1 / k are multiplied by k / 2, and those far above become √(k|z|). The paper has k = 1, and adds a small
 * multiple of z. With k = 0 both functions change nothing.
 */
import { abs, add, div, mul, sqrt, type Tensor } from '@paragrad/tensor';

/** h(z), element by element. */
export function rescale(z: Tensor, k: number): Tensor {
  return k === 0 ? z : div(mul(z, k), add(sqrt(add(mul(abs(z), k), 1)), 1));
}

/** h^-1(y), element by element. */
export function unscale(y: Tensor, k: number): Tensor {
  return k === 0 ? y : div(mul(y, add(abs(y), 2)), k);
}
