import {
  ArgumentError,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  finite,
  integerBelow2To32,
  integerFrom1,
  listOf,
  type OptionChecks,
  text,
} from '@paragrad/check';

/** Where a generator is in its sequence, as plain data. JSON keeps it exactly. */
export interface GeneratorState {
  /** The seed that the generator was made with. */
  readonly seed: number;
  /** The four words of sfc32. */
  readonly words: readonly number[];
  /** The second number of the last pair of `normal`, if it was not returned yet. */
  readonly spareNormal?: number;
}

const stateChecks: OptionChecks<GeneratorState> = {
  seed: integerBelow2To32,
  words: {
    inWords: 'four whole numbers from 0 to 2^32 - 1',
    accepts: (value): value is number[] => listOf(integerBelow2To32).accepts(value) && value.length === 4,
  } satisfies Check<readonly number[]>,
  spareNormal: finite,
};

/** Of more numbers, `next` would draw only some. */
const upTo2To32: Check<number> = {
  inWords: 'an integer from 1 to 2^32',
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= 2 ** 32,
};
const aPurpose: Check<string> = {
  inWords: 'a string, such as "weights"',
  accepts: (value): value is string => text.accepts(value) && value !== '',
};

/**
 * A seeded random number generator. Every function that draws random numbers takes one; there is no global generator.
 * So a seed decides a whole run.
 *
 * The algorithm is sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, 128 bits of state). The seed is spread
 * by splitmix32, so that neighboring seeds give unrelated numbers.
 */
export class Generator {
  /** The seed that it was made with. */
  readonly seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | undefined;

  /**
   * A generator of random numbers: the same seed gives the same numbers everywhere.
   *
   * @param seed a whole number from 0 to 2^32 - 1
   * @throws ArgumentError on another seed.
   */
  constructor(seed: number) {
    checkNoMore('Generator', arguments, 1);
    checkArgument('Generator', 'seed', seed, integerBelow2To32);
    this.seed = seed;
    const mix = splitmix32(seed);
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const result = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result;
    return result;
  }

  /** Uniform in [low, high). @throws ArgumentError if `low` is above `high`. */
  uniform(low = 0, high = 1): number {
    checkNoMore('uniform', arguments, 2);
    checkArgument('uniform', 'low', low, finite);
    checkArgument('uniform', 'high', high, finite);
    if (low > high) throw new ArgumentError(`uniform: low is ${low} and high is ${high}; give low <= high`);
    checkArgument('uniform', 'high - low', high - low, finite);
    const drawn = this.#between(low, high);
    return drawn < high ? drawn : low; // the sum may be rounded up to high
  }

  #between(low: number, high: number): number {
    return low + (high - low) * (this.next() / 2 ** 32);
  }

  /** A whole number from 0 to n - 1. At most 2^32 - 1. */
  integer(n: number): number {
    checkNoMore('integer', arguments, 1);
    checkArgument('integer', 'n', n, upTo2To32);
    return Math.floor(this.#between(0, 1) * n);
  }

  /** Gaussian with mean 0 and standard deviation 1 (Marsaglia's polar method, which gives two numbers at a time). */
  normal(): number {
    checkNoMore('normal', arguments, 0);
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = this.#between(-1, 1);
      const y = this.#between(-1, 1);
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spareNormal = y * scale;
        return x * scale;
      }
    }
  }

  /** Where the generator is in its sequence. A generator with the same seed goes on from there after `setState`. */
  getState(): GeneratorState {
    const words = [this.#a, this.#b, this.#c, this.#counter].map((word) => word >>> 0);
    const spare = this.#spareNormal;
    return { seed: this.seed, words, ...(spare !== undefined && { spareNormal: spare }) };
  }

  /**
   * Goes on from where `getState` was called.
   *
   * @throws ArgumentError if that was a generator with another seed: its forks would differ.
   */
  setState(state: GeneratorState): void {
    checkNoMore('setState', arguments, 1);
    checkOptions('setState', state, stateChecks, ['seed', 'words']);
    if (state.seed !== this.seed) {
      throw new ArgumentError(
        `setState: the state is that of a generator with seed ${state.seed}, but this one's is ${this.seed}; ` +
          `make it with new Generator(${state.seed})`,
      );
    }
    [this.#a, this.#b, this.#c, this.#counter] = state.words;
    this.#spareNormal = state.spareNormal;
  }

  /**
   * A new, unrelated generator for one purpose. It depends only on this generator's seed and on the name of the
   * purpose, not on how many numbers were drawn before or on the order of the forks.
   */
  fork(purpose: string): Generator {
    checkNoMore('fork', arguments, 1);
    checkArgument('fork', 'purpose', purpose, aPurpose);
    let hash = this.seed ^ 0x9e3779b9;
    for (const character of purpose) hash = splitmix32(hash ^ character.codePointAt(0)!)();
    return new Generator(hash >>> 0);
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
}
