// Copies of rows, for concat, narrow and broadcasting along a batch; and sums over a batch.

import { argument } from './arguments';

export const ROWS_PER_COPY: usize = 256;

export function copyRowsChunk(chunk: usize): void {
  const first = chunk * ROWS_PER_COPY;
  const end = min(first + ROWS_PER_COPY, argument(0));
  const length = argument(1),
    xRow = argument(3),
    yRow = argument(5);
  let x = argument(2) + first * xRow,
    y = argument(4) + first * yRow;
  for (let row = first; row < end; row++, x += xRow, y += yRow) {
    if (length > 8) memory.copy(y, x, length * 4);
    else for (let i: usize = 0; i < length * 4; i += 4) store<f32>(y + i, load<f32>(x + i));
  }
}

/**
 * y [columns] = the sum of the rows of x [rows, columns]. Sums in float64, as the reference kernel does, because a
 * float32 sum over a batch would be less precise. Eight columns at a time, in four independent sums; then one by one.
 */
export function sumColumns(rows: usize, columns: usize, x: usize, y: usize): void {
  const row = columns * 4;
  let at: usize = 0;
  for (; at + 32 <= row; at += 32) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    for (let p = x + at, end = p + rows * row; p < end; p += row) {
      a = f64x2.add(a, f64x2.promote_low_f32x4(v128.load64_zero(p)));
      b = f64x2.add(b, f64x2.promote_low_f32x4(v128.load64_zero(p, 8)));
      c = f64x2.add(c, f64x2.promote_low_f32x4(v128.load64_zero(p, 16)));
      d = f64x2.add(d, f64x2.promote_low_f32x4(v128.load64_zero(p, 24)));
    }
    v128.store64_lane(y + at, f32x4.demote_f64x2_zero(a), 0);
    v128.store64_lane(y + at, f32x4.demote_f64x2_zero(b), 0, 8);
    v128.store64_lane(y + at, f32x4.demote_f64x2_zero(c), 0, 16);
    v128.store64_lane(y + at, f32x4.demote_f64x2_zero(d), 0, 24);
  }
  for (; at < row; at += 4) {
    let sum: f64 = 0;
    for (let p = x + at, end = p + rows * row; p < end; p += row) sum += load<f32>(p);
    store<f32>(y + at, f32(sum));
  }
}
