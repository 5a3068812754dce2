import type { Random } from './random.js';

/** The integers 0 to n - 1. */
export class Discrete {
  constructor(readonly n: number) {}

  sample(random: Random): number {
    return random.integer(this.n);
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && 0 <= (value as number) && (value as number) < this.n;
  }

  toString(): string {
    return `Discrete(${this.n})`;
  }
}

/** Vectors of `shape[0]` float64 numbers, each from `low` to `high` (both included). */
export class Box {
  constructor(
    readonly low: number,
    readonly high: number,
    readonly shape: readonly [number],
  ) {}

  /**
   * A uniform draw, as a fresh `Float64Array` of shape `shape`.
   *
   * @throws Error if a bound is infinite.
   */
  sample(random: Random): Float64Array {
    if (!Number.isFinite(this.high - this.low)) {
      throw new Error(
        `sample: no uniform draw from ${this.low} to ${this.high}; only a bounded Box can be sampled`,
      );
    }
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
