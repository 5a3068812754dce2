// AssemblyScript: TypeScript's syntax, WebAssembly's types. `node scripts/build-simd.mjs` compiles it into binary.ts.
// Addresses and strides are in bytes, sizes in numbers. Behind C and the bias, 32 bytes must be there to overrun.

/**
 * C [m, n] = op(A) op(B) + bias, dense, where op(A)[i, p] is at a + i aRow + p aCol, op(B)[p, j] is at
 * b + p bRow + j bCol, and bias [n] is added to every row. `panel` has room for 8 k numbers.
 */
// biome-ignore format: sizes and operands stay together
export function matmul(
  m: usize, k: usize, n: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize, bCol: usize,
  bias: usize, c: usize, panel: usize,
): void {
  if ((m === 1 || n === 1) && aCol === 4 && bRow === 4) {
    dots(m, k, n, a, aRow, b, bCol, bias, c);
    return;
  }
  for (let j: usize = 0; j < n; j += 8) {
    const first = min(j, max(n, 8) - 8); // the last panel overlaps the one before it, if it has to
    pack(k, min(n, 8), b + first * bCol, bRow, bCol, panel);
    multiply(m, k, n, a, aRow, aCol, panel, bias + first * 4, c + first * 4);
  }
}

/** Columns of op(B), side by side: row p of the panel is eight numbers, of which the first `columns` are B's. */
function pack(k: usize, columns: usize, b: usize, bRow: usize, bCol: usize, panel: usize): void {
  for (const end = panel + k * 32; panel < end; panel += 32, b += bRow) {
    if (columns === 8 && bCol === 4) {
      v128.store(panel, v128.load(b));
      v128.store(panel, v128.load(b, 16), 16);
    } else {
      for (let j: usize = 0; j < columns; j++) store<f32>(panel + j * 4, load<f32>(b + j * bCol));
    }
  }
}

/**
 * Eight columns of C, four rows at a time. The tile of 4 x 8 sums is eight vectors of four, all in registers while p
 * runs over the summed axis:
 *
 *                       left (4)   right (4)     row p of the panel
 *     op(A)[i, p]      | c00      | c01      |
 *     op(A)[i + 1, p]  | c10      | c11      |   each p adds (number of op(A)) x (vector of the panel),
 *     op(A)[i + 2, p]  | c20      | c21      |   6 loads for 64 floating-point operations
 *     op(A)[i + 3, p]  | c30      | c31      |
 *
 * V8 has 15 vector registers to give. A tile of 6 x 8 needs 16, and ran at 22 GFLOP/s where this one ran at 29.
 *
 * Rows past the last one are the last one again, to the same result. Where C has fewer than eight columns, a row's
 * store runs into the rows below, which are stored later.
 */
// biome-ignore format: the rows of a tile stay together
function multiply(
  m: usize, k: usize, n: usize, a: usize, aRow: usize, aCol: usize, panel: usize, bias: usize, c: usize,
): void {
  const end = panel + k * 32;
  const biasLeft = v128.load(bias), biasRight = v128.load(bias, 16);
  for (let i: usize = 0; i < m; i += 4) {
    const i1 = min(i + 1, m - 1), i2 = min(i + 2, m - 1), i3 = min(i + 3, m - 1);
    const a0 = a + i * aRow, a1 = a + i1 * aRow, a2 = a + i2 * aRow, a3 = a + i3 * aRow;
    let c00 = biasLeft, c01 = biasRight;
    let c10 = biasLeft, c11 = biasRight;
    let c20 = biasLeft, c21 = biasRight;
    let c30 = biasLeft, c31 = biasRight;
    for (let at = panel, p: usize = 0; at < end; at += 32, p += aCol) {
      const left = v128.load(at), right = v128.load(at, 16);
      let x = v128.load32_splat(a0 + p);
      c00 = f32x4.add(c00, f32x4.mul(x, left)); c01 = f32x4.add(c01, f32x4.mul(x, right));
      x = v128.load32_splat(a1 + p);
      c10 = f32x4.add(c10, f32x4.mul(x, left)); c11 = f32x4.add(c11, f32x4.mul(x, right));
      x = v128.load32_splat(a2 + p);
      c20 = f32x4.add(c20, f32x4.mul(x, left)); c21 = f32x4.add(c21, f32x4.mul(x, right));
      x = v128.load32_splat(a3 + p);
      c30 = f32x4.add(c30, f32x4.mul(x, left)); c31 = f32x4.add(c31, f32x4.mul(x, right));
    }
    const row = n * 4;
    v128.store(c + i * row, c00);  v128.store(c + i * row, c01, 16);
    v128.store(c + i1 * row, c10); v128.store(c + i1 * row, c11, 16);
    v128.store(c + i2 * row, c20); v128.store(c + i2 * row, c21, 16);
    v128.store(c + i3 * row, c30); v128.store(c + i3 * row, c31, 16);
  }
}

/**
 * Every element as a product of a row of A with a column of B, both contiguous. A tile would compute eight columns
 * where there is one: 1024 x 64 x 1 takes 15 microseconds in this way, 38 in tiles.
 */
// biome-ignore format: sizes and operands stay together
function dots(
  m: usize, k: usize, n: usize, a: usize, aRow: usize, b: usize, bCol: usize, bias: usize, c: usize,
): void {
  for (let i: usize = 0; i < m; i++) {
    for (let j: usize = 0; j < n; j++, c += 4) {
      let x = a + i * aRow, y = b + j * bCol;
      const end = x + k * 4;
      let sums = f32x4.splat(0);
      for (const vectors = x + (k & ~3) * 4; x < vectors; x += 16, y += 16) {
        sums = f32x4.add(sums, f32x4.mul(v128.load(x), v128.load(y)));
      }
      let sum = load<f32>(bias + j * 4);
      sum += f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1);
      sum += f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3);
      for (; x < end; x += 4, y += 4) sum += load<f32>(x) * load<f32>(y);
      store<f32>(c, sum);
    }
  }
}
