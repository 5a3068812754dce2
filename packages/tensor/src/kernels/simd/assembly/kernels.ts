// AssemblyScript: the syntax of TypeScript with the types of WebAssembly. `node scripts/build-simd.mjs` compiles it into
// binary.ts. Here are the kernels as JavaScript calls them: each sets its arguments and starts its jobs. Addresses and
// strides are in bytes, sizes in numbers.

import { setArgument } from './arguments';
import { COPY_ROWS, ELEMENTWISE, MULTIPLY, PACK, TRANSPOSE } from './chunks';
import { ELEMENTS_PER_CHUNK } from './elementwise';
import { start } from './jobs';
import { packChunk, packColumn, ROWS_PER_TRANSPOSE, rowsPerChunk } from './matmul';
import { ROWS_PER_COPY } from './rows';

export { fail, prepare, serve, stop } from './jobs';
export { adam, addSquares, average, scale } from './parameters';
export { sumColumns } from './rows';

/**
 * z[i] = f(a[i], b[i]) for i < n. Op numbers are those of simd.ts; an op with one operand ignores b. Overwrites up to
 * three numbers behind z.
 */
export function elementwise(op: i32, n: usize, a: usize, b: usize, z: usize, shared: bool): void {
  setArgument(0, op);
  setArgument(1, n);
  setArgument(2, a);
  setArgument(3, b);
  setArgument(4, z);
  start(ELEMENTWISE, i32((n + ELEMENTS_PER_CHUNK - 1) / ELEMENTS_PER_CHUNK), shared);
}

/** Copies `rows` rows of `length` numbers from x, where one begins every `xRow` bytes, to y, every `yRow` bytes. */
// biome-ignore format: sizes and operands stay together
export function copyRows(
  rows: usize, length: usize, x: usize, xRow: usize, y: usize, yRow: usize, shared: bool,
): void {
  setArgument(0, rows);
  setArgument(1, length);
  setArgument(2, x);
  setArgument(3, xRow);
  setArgument(4, y);
  setArgument(5, yRow);
  start(COPY_ROWS, i32((rows + ROWS_PER_COPY - 1) / ROWS_PER_COPY), shared);
}

/**
 * C [m, n] = activation(op(A) op(B) + bias), dense. op(A)[i, p] is at a + i aRow + p aCol and op(B)[p, j] is at
 * b + p bRow + j bCol. bias [n], if not 0, is added to every row. activation: 0 none, 1 relu, 2 tanh.
 *
 * First, op(B) is packed into panels of eight columns; `panels` has room for k n numbers, with n rounded up to a multiple
 * of eight. If A is stored transposed and `transposedA` has room for m k numbers, A is then transposed, because reading
 * it column by column misses the nearest cache. Then the rows of C are computed. A chunk has `rowsPerChunk` rows, enough
 * to be worth handing to another thread.
 */
// biome-ignore format: sizes and operands stay together
export function matmul(
  m: usize, k: usize, n: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize, bCol: usize,
  bias: usize, c: usize, panels: usize, transposedA: usize, activation: i32, shared: bool,
): void {
  const narrow = (n < 8 || m === 1) && aCol === 4;
  const rows = rowsPerChunk(m, k, n);
  setArgument(0, m);
  setArgument(1, k);
  setArgument(2, n);
  setArgument(3, a);
  setArgument(4, aRow);
  setArgument(5, aCol);
  setArgument(6, b);
  setArgument(7, bRow);
  setArgument(8, bCol);
  setArgument(9, bias);
  setArgument(10, c);
  setArgument(11, panels);
  setArgument(12, activation);
  setArgument(13, rows);
  setArgument(14, usize(narrow));
  if (!narrow) {
    if (k * n >= SMALL) start(PACK, i32((n + 7) / 8), shared);
    else for (let panel: usize = 0; panel * 8 < n; panel++) packChunk(panel);
  } else if (bRow !== 4) {
    for (let j: usize = 0; j < n; j++) packColumn(k, b + j * bCol, bRow, panels + j * k * 4);
    setArgument(6, panels);
    setArgument(8, k * 4);
  }
  if (transposedA) {
    setArgument(15, transposedA);
    start(TRANSPOSE, i32((m + ROWS_PER_TRANSPOSE - 1) / ROWS_PER_TRANSPOSE), shared);
    setArgument(3, transposedA);
    setArgument(4, k * 4);
    setArgument(5, 4);
  }
  start(MULTIPLY, i32((m + rows - 1) / rows), shared);
}

/** Packing fewer numbers than this takes less time than waking another thread. */
const SMALL: usize = 16_384;
