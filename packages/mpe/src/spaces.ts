import { checkRandom, type Random } from './random.js';

/** The integers from 0 to n - 1. */
export class Discrete {
  constructor(readonly n: number) {}

  sample(random: Random): number {
    checkRandom(random);
    return random.integer(this.n);
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && 0 <= (value as number) && (value as number) < this.n;
  }

  toString(): string {
    return `Discrete(${this.n})`;
  }
}

/** Vectors of `shape[0]` float64 numbers, each from `low` to `high`, both included. */
export class Box {
  constructor(
    readonly low: number,
    readonly high: number,
    readonly shape: readonly [number],
  ) {}

  /**
   * A uniformly random vector, as a new `Float64Array` of length `shape[0]`.
   *
   * @throws Error if a bound is infinite, TypeError without a generator.
   */
  sample(random: Random): Float64Array {
    if (!Number.isFinite(this.high - this.low)) {
      throw new Error(
        `sample: the bounds are ${this.low} and ${this.high}; only a Box with finite bounds can be sampled`,
      );
    }
    checkRandom(random);
    return Float64Array.from({ length: this.shape[0] }, () => random.uniform(this.low, this.high));
  }

  contains(value: unknown): value is ArrayLike<number> {
    if (!isArrayLike(value) || value.length !== this.shape[0]) return false;
    return Array.from(value).every((x) => typeof x === 'number' && this.low <= x && x <= this.high);
  }

  toString(): string {
    return `Box(${this.low}, ${this.high}, [${this.shape}])`;
  }
}

export type Space = Box | Discrete;

export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { length?: unknown }).length === 'number'
  );
}
