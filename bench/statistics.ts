/** Of a sample: the mean, and half the width of its 95 % interval by Student's t. */
export interface Spread {
  readonly mean: number;
  readonly halfWidth: number;
}

/** Student's t for a two-sided interval of 95 %, by degrees of freedom from 1 on. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** @param values at least two, for an interval */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const t = T[count - 2] ?? T.at(-1)!;
  return { mean, halfWidth: count < 2 ? Number.NaN : t * Math.sqrt(variance / count) };
}

/** Such as "-19.71 ± 0.20 (5 seeds)". */
export function inWords(values: readonly number[]): string {
  const { mean, halfWidth } = spreadOf(values);
  if (values.length < 2) return `${mean.toFixed(2)} (1 seed)`;
  return `${mean.toFixed(2)} ± ${halfWidth.toFixed(2)} (${values.length} seeds)`;
}
