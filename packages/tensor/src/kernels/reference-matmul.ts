import type { FloatArray } from '../dtype.js';
import type { MatmulProduct } from './kernel-set.js';

/**
 * C = op(A) op(B) + bias in tiles of 4 x 4. Sixteen sums stay in registers while one pass over k reads eight numbers
 * for every sixteen multiply-adds; the textbook's triple loop reads two numbers for each. Sums are float64, as all of
 * JavaScript's numbers.
 *
 * The three forms differ only in the strides with which op(A) and op(B) are read.
 */
// biome-ignore format: the rows of a tile stay together
export function multiply(product: MatmulProduct, a: FloatArray, b: FloatArray, c: FloatArray): void {
  const { form, m, k, n, bias, columns } = product;
  const [aRow, aCol] = form === 'tn' ? [1, m] : [k, 1]; // op(A)[i, p] is a[i aRow + p aCol]
  const width = columns?.total ?? (form === 'nt' ? k : n);
  const [bRow, bCol] = form === 'nt' ? [1, width] : [width, 1]; // op(B)[p, j] is b[bStart + p bRow + j bCol]
  const bStart = columns?.start ?? 0;
  const tiledRows = m - (m % 4);
  const tiledCols = n - (n % 4);

  for (let j = 0; j < tiledCols; j += 4) {
    const bias0 = bias ? bias[j] : 0;
    const bias1 = bias ? bias[j + 1] : 0;
    const bias2 = bias ? bias[j + 2] : 0;
    const bias3 = bias ? bias[j + 3] : 0;
    for (let i = 0; i < tiledRows; i += 4) {
      let c00 = bias0, c01 = bias1, c02 = bias2, c03 = bias3;
      let c10 = bias0, c11 = bias1, c12 = bias2, c13 = bias3;
      let c20 = bias0, c21 = bias1, c22 = bias2, c23 = bias3;
      let c30 = bias0, c31 = bias1, c32 = bias2, c33 = bias3;
      let ap = i * aRow;
      let bp = bStart + j * bCol;
      for (let p = 0; p < k; p++, ap += aCol, bp += bRow) {
        const a0 = a[ap], a1 = a[ap + aRow], a2 = a[ap + 2 * aRow], a3 = a[ap + 3 * aRow];
        const b0 = b[bp], b1 = b[bp + bCol], b2 = b[bp + 2 * bCol], b3 = b[bp + 3 * bCol];
        c00 += a0 * b0; c01 += a0 * b1; c02 += a0 * b2; c03 += a0 * b3;
        c10 += a1 * b0; c11 += a1 * b1; c12 += a1 * b2; c13 += a1 * b3;
        c20 += a2 * b0; c21 += a2 * b1; c22 += a2 * b2; c23 += a2 * b3;
        c30 += a3 * b0; c31 += a3 * b1; c32 += a3 * b2; c33 += a3 * b3;
      }
      let at = i * n + j;
      c[at] = c00; c[at + 1] = c01; c[at + 2] = c02; c[at + 3] = c03;
      at += n;
      c[at] = c10; c[at + 1] = c11; c[at + 2] = c12; c[at + 3] = c13;
      at += n;
      c[at] = c20; c[at + 1] = c21; c[at + 2] = c22; c[at + 3] = c23;
      at += n;
      c[at] = c30; c[at + 1] = c31; c[at + 2] = c32; c[at + 3] = c33;
    }
  }

  // The elements outside the tiles: the last columns of every row, and the last rows.
  for (let i = 0; i < m; i++) {
    for (let j = i < tiledRows ? tiledCols : 0; j < n; j++) {
      let sum = bias ? bias[j] : 0;
      for (let p = 0; p < k; p++) sum += a[i * aRow + p * aCol] * b[bStart + p * bRow + j * bCol];
      c[i * n + j] = sum;
    }
  }
}
