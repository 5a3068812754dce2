// What the kernels say on vectors of four numbers.

/** x y + z. The relaxed build rounds once, where the processor has such an instruction; the other one twice. */
export function multiplyAdd(x: v128, y: v128, z: v128): v128 {
  if (isDefined(RELAXED)) return f32x4.relaxed_madd(x, y, z);
  return f32x4.add(f32x4.mul(x, y), z);
}

/**
 * tanh x, to 3e-7 of itself: Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + ... + x² / 25))), as a fraction of two
 * polynomials in x² with constant terms 1. Beyond 9, where float32's tanh is 1, x counts as 9. NaN stays.
 */
export function tanh(x: v128): v128 {
  const held = f32x4.max(f32x4.min(x, f32x4.splat(9)), f32x4.splat(-9));
  const s = f32x4.mul(held, held);
  let p = f32x4.splat(1.264885555749117e-13);
  p = multiplyAdd(p, s, f32x4.splat(5.179706350792634e-10));
  p = multiplyAdd(p, s, f32x4.splat(3.2286836253274086e-7));
  p = multiplyAdd(p, s, f32x4.splat(6.625258799171843e-5));
  p = multiplyAdd(p, s, f32x4.splat(0.0052173913043478265));
  p = multiplyAdd(p, s, f32x4.splat(0.14666666666666667));
  p = multiplyAdd(p, s, f32x4.splat(1));
  let q = f32x4.splat(1.1510458557316966e-11);
  q = multiplyAdd(q, s, f32x4.splat(1.5193805295658393e-8));
  q = multiplyAdd(q, s, f32x4.splat(5.230467473030402e-6));
  q = multiplyAdd(q, s, f32x4.splat(6.625258799171842e-4));
  q = multiplyAdd(q, s, f32x4.splat(0.03188405797101449));
  q = multiplyAdd(q, s, f32x4.splat(0.48));
  q = multiplyAdd(q, s, f32x4.splat(1));
  return f32x4.div(f32x4.mul(held, p), q);
}

/** max(x, 0); NaN stays. */
export function relu(x: v128): v128 {
  return f32x4.max(x, f32x4.splat(0));
}
