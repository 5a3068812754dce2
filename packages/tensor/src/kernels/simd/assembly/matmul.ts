// The chunks of a matrix product. Its arguments are those of `matmul` in kernels.ts. Addresses and strides are in bytes,
// sizes in numbers.

import { argument } from './arguments';
import { addHigh, addLow, multiplyAdd, relu, rounded, tanh } from './vectors';

/** The number of operations that are worth handing to another thread: about ten microseconds. */
const OPERATIONS_PER_CHUNK: usize = 400_000;

/**
 * The number of rows of C in a chunk. It is a multiple of four, the rows of a tile, and at least eight, because each
 * chunk reads all panels.
 */
export function rowsPerChunk(m: usize, k: usize, n: usize): usize {
  const wanted = OPERATIONS_PER_CHUNK / max<usize>(2 * k * n, 1);
  return (max(min(max(wanted, 8), 512), m / 32_768 + 1) + 3) & ~3;
}

/** Packs columns 8 panel to 8 panel + 7 of op(B) side by side: row p of the panel is eight numbers. */
export function packChunk(panel: usize): void {
  const k = argument(1),
    n = argument(2),
    bRow = argument(7),
    bCol = argument(8);
  const columns = min(n, 8);
  const first = min(panel * 8, n - columns); // the last panel may overlap the one before it
  let b = argument(6) + first * bCol;
  let to = argument(11) + panel * k * 32;
  let p: usize = 0;
  if (columns === 8 && bRow === 4) {
    for (; p + 4 <= k; p += 4, b += 16, to += 128) {
      transpose(b, bCol, to, 32);
      transpose(b + 4 * bCol, bCol, to + 16, 32);
    }
  }
  for (; p < k; p++, b += bRow, to += 32) {
    if (columns === 8 && bCol === 4) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
    } else {
      for (let j: usize = 0; j < columns; j++) store<f32>(to + j * 4, load<f32>(b + j * bCol));
    }
  }
}

export const ROWS_PER_TRANSPOSE: usize = 16;

/** Copies rows of op(A) that are stored as columns, so that they are stored as rows. */
export function transposeChunk(chunk: usize): void {
  const k = argument(1);
  const aCol = argument(5);
  let i = chunk * ROWS_PER_TRANSPOSE;
  const end = min(i + ROWS_PER_TRANSPOSE, argument(0));
  let a = argument(3) + i * 4;
  let to = argument(15) + i * k * 4;
  for (; i + 4 <= end; i += 4, a += 16, to += k * 16) {
    let p: usize = 0;
    for (; p + 4 <= k; p += 4) transpose(a + p * aCol, aCol, to + p * 4, k * 4);
    for (; p < k; p++) {
      for (let row: usize = 0; row < 4; row++)
        store<f32>(to + (row * k + p) * 4, load<f32>(a + p * aCol + row * 4));
    }
  }
  for (; i < end; i++, a += 4, to += k * 4) packColumn(k, a, aCol, to);
}

/** Transposes 4 x 4 numbers. Rows begin every `fromRow` bytes at `from`, and every `toRow` bytes at `to`. */
function transpose(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const a = v128.load(from),
    b = v128.load(from + fromRow);
  const c = v128.load(from + 2 * fromRow),
    d = v128.load(from + 3 * fromRow);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5),
    AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5),
    CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to + toRow, v128.shuffle<i64>(ab, cd, 1, 3));
  v128.store(to + 2 * toRow, v128.shuffle<i64>(AB, CD, 0, 2));
  v128.store(to + 3 * toRow, v128.shuffle<i64>(AB, CD, 1, 3));
}

/** Copies k numbers, stored `bRow` bytes apart, to contiguous memory. */
export function packColumn(k: usize, b: usize, bRow: usize, to: usize): void {
  for (let p: usize = 0; p < k; p++) store<f32>(to + p * 4, load<f32>(b + p * bRow));
}

/** Computes some rows of C. */
export function multiplyChunk(chunk: usize): void {
  const m = argument(0),
    k = argument(1),
    n = argument(2),
    rows = argument(13);
  const first = chunk * rows;
  const end = min(first + rows, m);
  if (argument(14)) {
    dots(first, end);
  } else {
    for (let panel: usize = 0; panel * 8 < n; panel++) {
      const column = min(panel * 8, max(n, 8) - 8);
      const packed = argument(11) + panel * k * 32;
      if (isLong(k)) multiplyPanel<f64>(first, end, column, packed);
      else multiplyPanel<f32>(first, end, column, packed);
    }
  }
  let c = argument(10) + first * n * 4;
  const to = argument(10) + end * n * 4;
  switch (i32(argument(12))) {
    case 1:
      for (; c + 16 <= to; c += 16) v128.store(c, relu(v128.load(c)));
      if (c < to) putFew(c, (to - c) / 4, relu(v128.load(c)), v128.load(c));
      break;
    case 2:
      for (; c + 16 <= to; c += 16) v128.store(c, tanh(v128.load(c)));
      if (c < to) putFew(c, (to - c) / 4, tanh(v128.load(c)), v128.load(c));
      break;
  }
}

/**
 * Computes eight columns of C, four rows at a time. A tile of 4 x 8 sums is eight vectors of four numbers, which stay in
 * registers while p runs over the summed axis:
 *
 *                       left (4)   right (4)     row p of the panel
 *     op(A)[i, p]      | c00      | c01      |
 *     op(A)[i + 1, p]  | c10      | c11      |   each p adds (number of op(A)) x (vector of the panel),
 *     op(A)[i + 2, p]  | c20      | c21      |   6 loads for 64 floating-point operations
 *     op(A)[i + 3, p]  | c30      | c31      |
 *
 * V8 can use 15 vector registers. A tile of 6 x 8 needs 16; it ran at 22 GFLOP/s, and this one at 29.
 *
 * If fewer than four rows are left, the tile computes the last row several times, with the same result.
 *
 * With Total = f64, a sum is cut into blocks of TERMS_PER_BLOCK. Each block is summed in float32, and the blocks in float64, because
 * the error of one float32 sum grows with its length. With Total = f32 there is one block: the compiler leaves the totals out.
 */
// biome-ignore format: the rows of a tile stay together
function multiplyPanel<Total>(first: usize, last: usize, column: usize, panel: usize): void {
  const k = argument(1), n = argument(2), aRow = argument(4), aCol = argument(5);
  const a = argument(3), c = argument(10) + column * 4;
  const bias = argument(9) ? argument(9) + column * 4 : 0;
  const end = panel + k * 32;
  const block = sizeof<Total>() === 8 ? TERMS_PER_BLOCK * 32 : k * 32;
  const zero = f32x4.splat(0);
  const biasLeft = bias ? v128.load(bias) : zero, biasRight = bias ? v128.load(bias, 16) : zero;
  // The sums of the blocks so far, two numbers each: those of c00 are t00 and u00.
  let t00 = zero, u00 = zero, t01 = zero, u01 = zero;
  let t10 = zero, u10 = zero, t11 = zero, u11 = zero;
  let t20 = zero, u20 = zero, t21 = zero, u21 = zero;
  let t30 = zero, u30 = zero, t31 = zero, u31 = zero;
  for (let i = first; i < last; i += 4) {
    const i1 = min(i + 1, last - 1), i2 = min(i + 2, last - 1), i3 = min(i + 3, last - 1);
    const a0 = a + i * aRow, a1 = a + i1 * aRow, a2 = a + i2 * aRow, a3 = a + i3 * aRow;
    let c00 = biasLeft, c01 = biasRight;
    let c10 = biasLeft, c11 = biasRight;
    let c20 = biasLeft, c21 = biasRight;
    let c30 = biasLeft, c31 = biasRight;
    let at = panel, p0 = a0, p1 = a1, p2 = a2, p3 = a3;
    for (let blockEnd = panel + block; ; blockEnd = min(blockEnd + block, end)) {
      for (; at < blockEnd; at += 32, p0 += aCol, p1 += aCol, p2 += aCol, p3 += aCol) {
        const left = v128.load(at), right = v128.load(at, 16);
        let x = v128.load32_splat(p0);
        c00 = multiplyAdd(x, left, c00); c01 = multiplyAdd(x, right, c01);
        x = v128.load32_splat(p1);
        c10 = multiplyAdd(x, left, c10); c11 = multiplyAdd(x, right, c11);
        x = v128.load32_splat(p2);
        c20 = multiplyAdd(x, left, c20); c21 = multiplyAdd(x, right, c21);
        x = v128.load32_splat(p3);
        c30 = multiplyAdd(x, left, c30); c31 = multiplyAdd(x, right, c31);
      }
      if (sizeof<Total>() === 4) break;
      t00 = addLow(t00, c00); u00 = addHigh(u00, c00); t01 = addLow(t01, c01); u01 = addHigh(u01, c01);
      t10 = addLow(t10, c10); u10 = addHigh(u10, c10); t11 = addLow(t11, c11); u11 = addHigh(u11, c11);
      t20 = addLow(t20, c20); u20 = addHigh(u20, c20); t21 = addLow(t21, c21); u21 = addHigh(u21, c21);
      t30 = addLow(t30, c30); u30 = addHigh(u30, c30); t31 = addLow(t31, c31); u31 = addHigh(u31, c31);
      if (at === end) {
        c00 = rounded(t00, u00); c01 = rounded(t01, u01);
        c10 = rounded(t10, u10); c11 = rounded(t11, u11);
        c20 = rounded(t20, u20); c21 = rounded(t21, u21);
        c30 = rounded(t30, u30); c31 = rounded(t31, u31);
        t00 = zero; u00 = zero; t01 = zero; u01 = zero;
        t10 = zero; u10 = zero; t11 = zero; u11 = zero;
        t20 = zero; u20 = zero; t21 = zero; u21 = zero;
        t30 = zero; u30 = zero; t31 = zero; u31 = zero;
        break;
      }
      c00 = zero; c01 = zero;
      c10 = zero; c11 = zero;
      c20 = zero; c21 = zero;
      c30 = zero; c31 = zero;
    }
    put(c + i * n * 4, n, c00, c01);
    put(c + i1 * n * 4, n, c10, c11);
    put(c + i2 * n * 4, n, c20, c21);
    put(c + i3 * n * 4, n, c30, c31);
  }
}

/** Whether a sum of k products is cut into blocks. Up to 256 terms of about the same size, the error of one sum is below 1e-6. */
function isLong(k: usize): bool {
  return k > 256;
}

const TERMS_PER_BLOCK: usize = 64;

/** Stores one row of a tile: eight numbers, or as many as C has columns. */
function put(c: usize, n: usize, left: v128, right: v128): void {
  if (n < 8) {
    putFew(c, n, left, right);
  } else {
    v128.store(c, left);
    v128.store(c, right, 16);
  }
}

/** Stores the first n < 8 of eight numbers. A whole vector would overwrite the next row, which may be another thread's. */
function putFew(c: usize, n: usize, left: v128, right: v128): void {
  if (n >= 4) {
    v128.store(c, left);
    left = right;
    c += 16;
    n -= 4;
  }
  if (n > 0) v128.store_lane<f32>(c, left, 0);
  if (n > 1) v128.store_lane<f32>(c, left, 1, 4);
  if (n > 2) v128.store_lane<f32>(c, left, 2, 8);
}

/**
 * Computes C if it has fewer than eight columns or a single row: each number is the product of a row of A with a column
 * of B, both contiguous. A tile would compute eight columns and four rows. 1024 x 64 x 1 takes 9 microseconds this way,
 * and 38 in tiles.
 */
function dots(first: usize, last: usize): void {
  const k = argument(1);
  const n = argument(2);
  const aRow = argument(4);
  const b = argument(6);
  const bCol = argument(8);
  const bias = argument(9);
  let c = argument(10) + first * n * 4;
  for (let i = first; i < last; i++) {
    for (let j: usize = 0; j < n; j++, c += 4) {
      let x = argument(3) + i * aRow;
      let column = b + j * bCol;
      const end = x + k * 4;
      const vectors = x + (k & ~3) * 4;
      let sums = f32x4.splat(0);
      if (isLong(k)) {
        let low = sums;
        let high = sums;
        while (x < vectors) {
          sums = f32x4.splat(0);
          for (const blockEnd = min(x + TERMS_PER_BLOCK * 16, vectors); x < blockEnd; x += 16, column += 16) {
            sums = multiplyAdd(v128.load(x), v128.load(column), sums);
          }
          low = addLow(low, sums);
          high = addHigh(high, sums);
        }
        let sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
        sum += f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1);
        for (; x < end; x += 4, column += 4) sum += f64(load<f32>(x)) * f64(load<f32>(column));
        store<f32>(c, f32(bias ? sum + load<f32>(bias + j * 4) : sum));
        continue;
      }
      for (; x < vectors; x += 16, column += 16) {
        sums = multiplyAdd(v128.load(x), v128.load(column), sums);
      }
      let sum = bias ? load<f32>(bias + j * 4) : 0;
      sum += f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
      sum += f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
      for (; x < end; x += 4, column += 4) sum += load<f32>(x) * load<f32>(column);
      store<f32>(c, sum);
    }
  }
}
