import {
  ArgumentError,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  describe,
  finite,
  integerFrom0,
  integerFrom1,
} from '@paragrad/check';
/** What this package needs of a random generator: any object with these two methods. */
export interface Random {
  /** A number from `low` (included) to `high` (excluded). */
  uniform(low: number, high: number): number;
  /** An integer from 0 to `n - 1`. */
  integer(n: number): number;
}

/**
 * The seed in the options of `reset`.
 *
 * @throws ArgumentError if they are not an object. Otherwise `reset(42)` would silently run without a seed.
 */
export function seedOf(options: { seed?: number | undefined }): number | undefined {
  checkOptions<{ seed?: number }>('reset', options as { seed?: number }, { seed: seedCheck });
  return options.seed;
}

export const seedCheck: Check<number> = {
  inWords: 'an integer from 0 to 2^53 - 1',
  accepts: (value): value is number => integerFrom0.accepts(value),
};

/** @throws ArgumentError without a generator. */
export function checkRandom(caller: string, random: Random): void {
  if (typeof random?.uniform === 'function' && typeof random.integer === 'function') return;
  throw new ArgumentError(
    `${caller}: the generator is ${describe(random)}; make one with new SeededRandom(seed), and pass it to every call`,
  );
}

/**
 * A random generator with a seed. The same seed gives the same numbers on every machine.
 *
 * It is sfc32, the "small fast counter" generator of Chris Doty-Humphrey (PractRand). The seed fills two of its four
 * words. The first twelve numbers are dropped. After that, similar seeds give unrelated numbers.
 */
export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;

  /**
   * A random generator: the same seed gives the same numbers on every machine.
   *
   * @throws ArgumentError if the seed is not an integer from 0 to 2^53 - 1.
   */
  constructor(seed: number) {
    checkNoMore('SeededRandom', arguments, 1);
    checkArgument('SeededRandom', 'seed', seed, seedCheck);
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    for (let round = 0; round < 12; round++) this.#next();
  }

  /** Uniform in [low, high). @throws ArgumentError if low is above high. */
  uniform(low: number, high: number): number {
    checkNoMore('uniform', arguments, 2);
    checkArgument('uniform', 'low', low, finite);
    checkArgument('uniform', 'high', high, finite);
    if (low > high) throw new ArgumentError(`uniform: low is ${low} and high is ${high}; give low <= high`);
    const drawn = low + (high - low) * this.#fraction();
    return drawn < high ? drawn : low; // the sum may be rounded up to high
  }

  integer(n: number): number {
    checkNoMore('integer', arguments, 1);
    checkArgument('integer', 'n', n, integerFrom1);
    return Math.floor(this.#fraction() * n);
  }

  /** A multiple of 2^-53 in [0, 1). */
  #fraction(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  #next(): number {
    const value = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + value) | 0;
    return value;
  }
}
