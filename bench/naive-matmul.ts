/**
 * C [m, n] = A [m, k] B [k, n] in three plain loops, to compare with. The order of the loops reads every matrix along its rows.
 */
export function naiveMatmul(
  [m, k, n]: readonly [number, number, number],
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): void {
  c.fill(0);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p];
      for (let j = 0; j < n; j++) c[i * n + j] += factor * b[p * n + j];
    }
  }
}
