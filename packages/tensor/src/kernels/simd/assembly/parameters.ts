// What training does to whole parameters, in place: two numbers at a time, in float64, in the order of
// reference-parameters.ts. So the results have the same bits. Loops write up to three numbers behind the end.

/** One step of Adam: see `adam` in kernel-set.ts. */
// biome-ignore format: operands and numbers stay together
export function adam(
  n: usize, p: usize, g: usize, m: usize, v: usize,
  beta1: f64, beta2: f64, eps: f64, stepSize: f64, correction: f64, weightDecay: f64, factor: f64,
): void {
  for (let i: usize = 0; i < n * 4; i += 8) {
    const scaled = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.splat(factor), two(p + i)));
    let pi = f64x2.promote_low_f32x4(scaled);
    const gi = f64x2.add(two(g + i), f64x2.mul(f64x2.splat(weightDecay), pi));
    const mi = keepTwo(m + i, f64x2.add(f64x2.mul(f64x2.splat(beta1), two(m + i)), f64x2.mul(f64x2.splat(1 - beta1), gi)));
    const squares = f64x2.mul(f64x2.mul(f64x2.splat(1 - beta2), gi), gi);
    const vi = keepTwo(v + i, f64x2.add(f64x2.mul(f64x2.splat(beta2), two(v + i)), squares));
    const root = f64x2.add(f64x2.div(f64x2.sqrt(vi), f64x2.splat(correction)), f64x2.splat(eps));
    pi = f64x2.sub(pi, f64x2.div(f64x2.mul(f64x2.splat(stepSize), mi), root));
    keepTwo(p + i, pi);
  }
}

/** y = share x + (1 - share) y */
export function average(n: usize, x: usize, y: usize, share: f64): void {
  const a = f64x2.splat(share),
    b = f64x2.splat(1 - share);
  for (let i: usize = 0; i < n * 4; i += 8) {
    keepTwo(y + i, f64x2.add(f64x2.mul(a, two(x + i)), f64x2.mul(b, two(y + i))));
  }
}

/** x = factor x */
export function scale(n: usize, x: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  for (let i: usize = 0; i < n * 4; i += 16) v128.store(x + i, f32x4.mul(f, v128.load(x + i)));
}

/** sum + x[0]² + x[1]² + ... One number at a time, because the order decides the last bits. */
export function addSquares(n: usize, x: usize, sum: f64): f64 {
  for (const end = x + n * 4; x < end; x += 4) sum += f64(load<f32>(x)) * f64(load<f32>(x));
  return sum;
}

/** Two numbers of float32, as float64. */
function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Stores two numbers as float32. Returns them as they are now, rounded. */
function keepTwo(at: usize, x: v128): v128 {
  const rounded = f32x4.demote_f64x2_zero(x);
  v128.store64_lane(at, rounded, 0);
  return f64x2.promote_low_f32x4(rounded);
}
