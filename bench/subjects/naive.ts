import { Generator, normal } from '@paragrad/tensor';
import { type Effort, type Timing, time } from '../timing.js';

/** The yardstick of matmul: the textbook's three loops, in the order that walks every matrix along its rows. */
export function naive(effort: Effort): Promise<Timing[]> {
  const [m, k, n] = [1024, 64, 64];
  const name = `matmul nn ${m}x${k}x${n}`;
  const generator = new Generator(1);
  const a = Float32Array.from(normal([m * k], generator).data);
  const b = Float32Array.from(normal([k * n], generator).data);
  const c = new Float32Array(m * n);
  return time([{ name, flop: 2 * m * k * n, prepare: () => () => naiveMatmul(m, k, n, a, b, c) }], effort);
}

function naiveMatmul(m: number, k: number, n: number, a: Float32Array, b: Float32Array, c: Float32Array) {
  c.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p];
      for (let j = 0; j < n; j++) c[i * n + j] += factor * b[p * n + j];
    }
  }
}
