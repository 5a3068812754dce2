// Both work in place on `n` numbers, four at a time; up to three behind them change too. Without a branch on the sign:
// that is what makes them slow in JavaScript, where the processor guesses wrong on every other number.

/** x = max(x, 0); NaN stays. */
export function relu(n: usize, x: usize): void {
  for (const end = x + n * 4; x < end; x += 16) {
    v128.store(x, f32x4.max(v128.load(x), f32x4.splat(0)));
  }
}

/** a = a where b > 0, else 0. */
export function gate(n: usize, a: usize, b: usize): void {
  for (const end = a + n * 4; a < end; a += 16, b += 16) {
    v128.store(a, v128.and(v128.load(a), f32x4.gt(v128.load(b), f32x4.splat(0))));
  }
}
