// Functions of vectors of four numbers.

/** x y + z. The relaxed build rounds once, if the processor has such an instruction; the plain build rounds twice. */
export function multiplyAdd(x: v128, y: v128, z: v128): v128 {
  if (isDefined(RELAXED)) return f32x4.relaxed_madd(x, y, z);
  return f32x4.add(f32x4.mul(x, y), z);
}

/** t plus the first two numbers of x, in float64. */
export function addLow(t: v128, x: v128): v128 {
  return f64x2.add(t, f64x2.promote_low_f32x4(x));
}

/** t plus the last two numbers of x, in float64. */
export function addHigh(t: v128, x: v128): v128 {
  return f64x2.add(t, f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)));
}

/** Two numbers of float64 and two more, as four of float32. */
export function rounded(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** tanh x, two numbers at a time, in float64: so 1 - tanh² is exact enough where tanh is close to 1. */
export function tanh(x: v128): v128 {
  const low = tanhOfTwo(f64x2.promote_low_f32x4(x));
  const high = tanhOfTwo(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)));
  return rounded(low, high);
}

/**
 * Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + ... + x² / 29))), with an error of at most 3e-10, as the
 * quotient of two polynomials in x² with constant terms 1. Above 9.1, where tanh is 1 in float32, x counts as 9.1. NaN
 * stays NaN.
 */
function tanhOfTwo(x: v128): v128 {
  const clamped = f64x2.max(f64x2.min(x, f64x2.splat(9.1)), f64x2.splat(-9.1));
  const s = f64x2.mul(clamped, clamped);
  let p = f64x2.splat(1.6154349370997664e-16);
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.1534205450892331e-12));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.2820269358666827e-9));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(4.935803703086729e-7));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(8.0277321656632e-5));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(0.00561941251596424));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(0.14942528735632185));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1));
  let q = f64x2.splat(1.9385219245197195e-14);
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(4.4983401258480094e-11));
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(2.8204592589067017e-8));
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(6.9806366657940875e-6));
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(7.492550021285653e-4));
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(0.033205619412515965));
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(0.4827586206896552));
  q = f64x2.add(f64x2.mul(q, s), f64x2.splat(1));
  return f64x2.div(f64x2.mul(clamped, p), q);
}

/** max(x, 0). NaN stays NaN. */
export function relu(x: v128): v128 {
  return f32x4.max(x, f32x4.splat(0));
}
