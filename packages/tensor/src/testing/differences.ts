import type { FloatArray } from '../dtype.js';

/**
 * One-sided and central finite differences of F = sum w f(x) along one element of x, in float64.
 *
 * A central difference of step h is wrong by the truncation, about h² F'''/6, and by the rounding, about 1e-16 |f| / h. Neither
 * F''' nor the ops' own rounding is known. So the step goes from 2^-7 to 2^-25 in seven steps, times |x| if that is above 1. While
 * the truncation is larger, two neighbors differ by it, and each difference is 1/64 of the one before. When the rounding is
 * larger, the differences grow by 8. So the difference of two neighbors is an upper bound of the error of the finer one, and the
 * pair with the smallest bound is taken. For a function of scale 1 that leaves about 1e-10. Small steps are what a function with
 * a bend nearby needs, and large ones a flat function.
 */
const STEPS = Array.from({ length: 7 }, (_, i) => 2 ** (-7 - 3 * i));
const QUICK_STEP = 2 ** -17;
const EPSILON = 2 ** -52;

/** Computes f(x) as it is now. A new array each time. */
export type Evaluate = () => FloatArray;

export interface Slope {
  /** The best estimate. NaN if there is none. */
  numeric: number;
  /** How wrong it can be. */
  error: number;
  left: number;
  right: number;
  /** What f looks like around x. */
  shape: 'smooth' | 'kink' | 'jump' | 'edge' | 'steep';
  /** The size of f: sum |w f|, over the outputs that x has influence on. */
  size: number;
  /** The weight of the one output that x has influence on; 1 if there are several. */
  weight: number;
  /** Whether f(x) itself is finite. */
  isDefined: boolean;
  /** Whether any step has changed f. */
  isSeen: boolean;
}

/** The finite differences along element `k` of the data. They change the data, and restore it. */
export class Differences {
  readonly #x: number;
  readonly #scale: number;
  readonly #influenced = new Set<number>();
  #atX: FloatArray | undefined;

  constructor(
    readonly evaluate: Evaluate,
    readonly data: FloatArray,
    readonly k: number,
    readonly weights: FloatArray,
  ) {
    this.#x = data[k];
    this.#scale = Math.max(1, Math.abs(this.#x));
  }

  /** A central difference with a step that is good for most functions. */
  quick(): number {
    return this.#between(QUICK_STEP, QUICK_STEP);
  }

  /** The slope as exactly as finite differences can say, and what f looks like around x. */
  precise(): Slope {
    const central = STEPS.map((h) => this.#between(h, h));
    const sides = STEPS.slice(4, 6).map((h) => ({ left: this.#between(h, 0), right: this.#between(0, h) }));
    const gaps = sides.map(({ left, right }) => Math.abs(right - left));
    const limit = (side: 'left' | 'right') => (8 * sides[1][side] - sides[0][side]) / 7;
    const size = this.#sizeOfInfluenced();
    const roundings = STEPS.map((h) => (EPSILON * size) / (h * this.#scale));
    const best = bestOf(central, roundings);
    const least = 100 * roundings[5] + 1e-6 * Math.abs(best.numeric);
    const [only, ...others] = this.#influenced;
    return {
      ...best,
      left: limit('left'),
      right: limit('right'),
      shape: shapeOf(central.slice(-3), gaps, least),
      size,
      weight: only === undefined || others.length > 0 ? 1 : this.weights[only],
      isDefined: this.#atX?.every(Number.isFinite) ?? true,
      isSeen: only !== undefined,
    };
  }

  /** The slope from x - below to x + above. */
  #between(below: number, above: number): number {
    const { data, k, weights } = this;
    const low = this.#x - below * this.#scale;
    const high = this.#x + above * this.#scale;
    const [atLow, atHigh] = [low, high].map((x) => {
      if (x === this.#x && this.#atX) return this.#atX;
      data[k] = x;
      const values = this.evaluate();
      if (x === this.#x) this.#atX = values;
      return values;
    });
    data[k] = this.#x;
    let rise = 0;
    for (let j = 0; j < weights.length; j++) {
      if (atHigh[j] === atLow[j]) continue; // also two equal infinities
      rise += weights[j] * (atHigh[j] - atLow[j]);
      this.#influenced.add(j);
    }
    return rise / (high - low);
  }

  /** Of all outputs that any step has changed: a small step may change only the small ones of them. */
  #sizeOfInfluenced(): number {
    const values = this.#atX;
    if (!values) return 0;
    const sizes = Array.from(this.#influenced, (j) => Math.abs(this.weights[j] * values[j]));
    return sizes.filter(Number.isFinite).reduce((a, b) => a + b, 0);
  }
}

function bestOf(central: readonly number[], roundings: readonly number[]): Pick<Slope, 'numeric' | 'error'> {
  const change = central.slice(1).map((slope, i) => Math.abs(slope - central[i]));
  let best = { numeric: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (let i = 0; i + 1 < change.length; i++) {
    // Two slopes can be equal by chance, three hardly.
    const error = Math.max(change[i], change[i + 1] / 8) + roundings[i + 1];
    if (error < best.error) best = { numeric: central[i + 1] + (central[i + 1] - central[i]) / 63, error };
  }
  return best;
}

/**
 * What f looks like, from the slopes with the finest steps, each 1/8 of the one before, and from the gaps between the
 * slopes on both sides. A gap of less than `least` is rounding.
 */
function shapeOf(
  finest: readonly number[],
  [coarse, fine]: readonly number[],
  least: number,
): Slope['shape'] {
  if (!finest.every(Number.isFinite)) return 'edge';
  const growth = Math.min(finest[1] / finest[0], finest[2] / finest[1]);
  if (growth > 7) return 'jump';
  if (growth > 1.3) return 'steep';
  return fine > 0.5 * coarse && fine < 2 * coarse && fine > least ? 'kink' : 'smooth';
}
