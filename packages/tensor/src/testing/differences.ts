import type { FloatArray } from '../dtype.js';

/**
 * One-sided and central finite differences of F = sum w f(x) along one element of x, in float64.
 *
 * A central difference of step h is wrong by the truncation, about h² F'''/6, and by the rounding, about 1e-16 |f| / h. Neither
 * F''' nor the ops' own rounding is known. So the step goes from 2^-7 to 2^-25 in seven steps, times |x| if that is above 1. While
 * the truncation is larger, two neighbors differ by it, and each difference is 1/64 of the one before. When the rounding is
 * larger, the differences grow by 8. So the difference of two neighbors is an upper bound of the error of the finer one, and the
 * pair with the smallest bound is taken. For a function of scale 1 that leaves about 1e-10. Small steps are what a function with
 * a bend nearby needs, and large ones a flat function: at 10, tanh has the slope 8e-9, and it is found to four digits.
 */
const STEPS = Array.from({ length: 7 }, (_, i) => 2 ** (-7 - 3 * i));
const QUICK_STEP = 2 ** -17;
const EPSILON = 2 ** -52;

/** Computes f(x) as it is now. A new array each time. */
export type Evaluate = () => FloatArray;

interface Difference {
  slope: number;
  /** An upper bound of the rounding in `slope`. */
  rounding: number;
  /** Sum w |f|, over the outputs that differ. */
  size: number;
}

export interface Slope {
  /** The best estimate. NaN if there is none. */
  numeric: number;
  /** How wrong it can be. */
  error: number;
  left: number;
  right: number;
  /** What f looks like around x. */
  shape: 'smooth' | 'kink' | 'jump' | 'edge' | 'steep';
  /** The size of f: sum w |f|, over the outputs that x has influence on. */
  size: number;
  /** The weight of the one output that x has influence on; 1 if there are several. */
  weight: number;
  /** Whether f(x) itself is finite. */
  isDefined: boolean;
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
    return this.#between(QUICK_STEP, QUICK_STEP).slope;
  }

  /** The slope as exactly as finite differences can say, and what f looks like around x. */
  precise(): Slope {
    const central = STEPS.map((h) => this.#between(h, h));
    const best = bestOf(central);
    const [coarse, fine] = [STEPS[4], STEPS[5]].map((h) => ({
      left: this.#between(h, 0),
      right: this.#between(0, h),
    }));
    const limit = (side: 'left' | 'right') => (8 * fine[side].slope - coarse[side].slope) / 7;
    const [left, right] = [limit('left'), limit('right')];
    const shape = ((): Slope['shape'] => {
      const finest = central.slice(-3).map(({ slope }) => slope);
      if (!finest.every(Number.isFinite)) return 'edge';
      const growth = Math.min(finest[1] / finest[0], finest[2] / finest[1]);
      if (growth > 7) return 'jump';
      if (growth > 1.3) return 'steep';
      const gap = (of: typeof fine) => Math.abs(of.right.slope - of.left.slope);
      const rounding = fine.left.rounding + fine.right.rounding;
      const stays = gap(fine) > 0.5 * gap(coarse) && gap(fine) < 2 * gap(coarse);
      return stays && gap(fine) > 100 * rounding + 1e-6 * Math.abs(best.numeric) ? 'kink' : 'smooth';
    })();
    const [only, ...others] = this.#influenced;
    const weight = only === undefined || others.length > 0 ? 1 : this.weights[only];
    const isDefined = this.#atX?.every(Number.isFinite) ?? true;
    return { ...best, left, right, shape, weight, isDefined };
  }

  #between(below: number, above: number): Difference {
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
    let size = 0;
    for (let j = 0; j < weights.length; j++) {
      if (atHigh[j] === atLow[j]) continue; // also two equal infinities
      rise += weights[j] * (atHigh[j] - atLow[j]);
      size += weights[j] * Math.max(Math.abs(atHigh[j]), Math.abs(atLow[j]));
      this.#influenced.add(j);
    }
    return { slope: rise / (high - low), rounding: (EPSILON * size) / (high - low), size };
  }
}

function bestOf(central: readonly Difference[]): Pick<Slope, 'numeric' | 'error' | 'size'> {
  const change = central.slice(1).map(({ slope }, i) => Math.abs(slope - central[i].slope));
  let best = { numeric: Number.NaN, error: Number.POSITIVE_INFINITY, size: 0 };
  for (let i = 0; i < change.length; i++) {
    const fine = central[i + 1];
    // Two differences can be equal by chance, three hardly.
    const error = Math.max(change[i], (change[i + 1] ?? 0) / 8) + fine.rounding;
    if (error < best.error) {
      best = { numeric: fine.slope + (fine.slope - central[i].slope) / 63, error, size: fine.size };
    }
  }
  return best;
}
