import { ArgumentError, anyNumber, type Check, checkArgument, describe } from '@paragrad/check';
import { checkRandom, type Random } from './random.js';

/** Any action or observation: an index, numbers, a list of parts (`Tuple`), or a record of parts (`Dict`). */
export type SpaceValue =
  | number
  | ArrayLike<number>
  | readonly SpaceValue[]
  | { readonly [name: string]: SpaceValue };

/** The integers from `start` to `start + n - 1`. */
export class Discrete {
  /** The integers from `start` to `start + n - 1`. @throws ArgumentError if `n` is below 1, or one of the two is no integer. */
  constructor(
    /** How many integers there are. */
    readonly n: number,
    /** The smallest of them. Default 0. */
    readonly start = 0,
  ) {
    checkOptions('Discrete', 'n', n);
    if (!Number.isSafeInteger(start)) {
      throw new ArgumentError(`Discrete: start is ${describe(start)}; give a whole number`);
    }
  }

  /** Draws an integer, each with the same probability. */
  sample(random: Random): number {
    checkRandom('sample', random);
    return this.start + random.integer(this.n);
  }

  /** Whether it is one of these integers. */
  contains(value: unknown): value is number {
    return Number.isInteger(value) && isBetween(value as number, this.start, this.start + this.n - 1);
  }

  /** Its name and its form, for messages. */
  toString(): string {
    return this.start === 0 ? `Discrete(${this.n})` : `Discrete(${this.n}, ${this.start})`;
  }
}

/** Several choices at once: a list with an integer from 0 to `nvec[k] - 1` for each k. */
export class MultiDiscrete {
  /**
   * Several choices at once: a list with an integer from 0 to `nvec[k] - 1` for each k.
   *
   * @throws ArgumentError if a number of options is not a whole number of at least 1.
   */
  constructor(
    /** The number of options of each choice. */
    readonly nvec: readonly number[],
  ) {
    if (!Array.isArray(nvec)) {
      throw new ArgumentError(
        `MultiDiscrete: nvec is ${describe(nvec)}; give a list, such as [5, 3] for one of 5 and one of 3`,
      );
    }
    nvec.forEach((n, k) => {
      checkOptions('MultiDiscrete', `nvec[${k}]`, n);
    });
  }

  /** Draws an integer for each choice, each with the same probability. */
  sample(random: Random): Int32Array {
    checkRandom('sample', random);
    return Int32Array.from(this.nvec, (n) => random.integer(n));
  }

  /** Whether it has an integer in the range for each choice. */
  contains(value: unknown): value is ArrayLike<number> {
    if (!isArrayLike(value) || value.length !== this.nvec.length) return false;
    return this.nvec.every((n, k) => Number.isInteger(value[k]) && isBetween(value[k], 0, n - 1));
  }

  /** Its name and its form, for messages. */
  toString(): string {
    return `MultiDiscrete([${this.nvec.join(', ')}])`;
  }
}

const aBound: Check<number | ArrayLike<number>> = {
  inWords: 'a number, or a list with one for each component',
  accepts: (value): value is number | ArrayLike<number> =>
    anyNumber.accepts(value) ||
    (isArrayLike(value) && typeof value === 'object' && Array.from(value).every(anyNumber.accepts)),
};

/**
 * Arrays of float64 numbers, each from `low` to `high`, both included. The bounds are one number for all, or one for each
 * component. A bound may be infinite.
 *
 * An array is flat, in row-major order, whatever the shape: one of shape [4, 4, 3] has 48 numbers. `contains` also takes
 * nested arrays of that shape.
 */
export class Box {
  /** The length of each axis. */
  readonly shape: readonly number[];

  /**
   * Arrays of float64 numbers, each from `low` to `high`, both included.
   *
   * @param low a number, or a flat list with one for each component.
   * @param shape default: the length of the list, if a bound is one.
   * @throws ArgumentError if a lower bound is above its upper bound or NaN, or if a length is wrong.
   */
  constructor(
    /** The lower bound of all numbers, or of each. */
    readonly low: number | ArrayLike<number>,
    /** The upper bound of all numbers, or of each. */
    readonly high: number | ArrayLike<number>,
    shape?: readonly number[],
  ) {
    checkArgument('Box', 'low', low, aBound);
    checkArgument('Box', 'high', high, aBound);
    const lengths = [low, high].flatMap((bound) => (typeof bound === 'number' ? [] : [bound.length]));
    const given = shape ?? (lengths.length > 0 ? lengths.slice(0, 1) : undefined);
    if (!isArrayLike(given) || !Array.from(given).every((size) => Number.isSafeInteger(size) && size >= 0)) {
      throw new ArgumentError(
        `Box: the shape is ${describe(given)}; give a list of whole numbers, such as [3]`,
      );
    }
    this.shape = given;
    const size = sizeOf(given);
    if (size >= 2 ** 31) {
      throw new ArgumentError(
        `Box: shape [${given.join(', ')}] has ${size} numbers; give one with fewer than 2^31`,
      );
    }
    for (const [name, bound] of Object.entries({ low, high })) {
      if (isArrayLike(bound) && bound.length !== size) {
        throw new ArgumentError(
          `Box: ${name} has ${bound.length} numbers, but shape [${given.join(', ')}] has ${size}; give one for each, or one for all`,
        );
      }
    }
    const components = typeof low === 'number' && typeof high === 'number' ? Math.min(size, 1) : size;
    for (let k = 0; k < components; k++) {
      const [from, to] = [boundAt(low, k), boundAt(high, k)];
      if (from <= to) continue;
      throw new ArgumentError(`Box: component ${k} goes from ${from} to ${to}; give low <= high`);
    }
  }

  /**
   * A uniformly random array, as a new flat `Float64Array`.
   *
   * @throws ArgumentError if a bound is infinite, or without a generator.
   */
  sample(random: Random): Float64Array {
    const size = sizeOf(this.shape);
    const bounds = Array.from({ length: size }, (_, k) => [boundAt(this.low, k), boundAt(this.high, k)]);
    const unbounded = bounds.find(([low, high]) => !Number.isFinite(high) || !Number.isFinite(low));
    if (unbounded) {
      throw new ArgumentError(
        `sample: the bounds are ${unbounded.join(' and ')}; only a Box with finite bounds can be sampled`,
      );
    }
    checkRandom('sample', random);
    return Float64Array.from(bounds, ([low, high]) => {
      // The width of a very wide box is infinite, half of it is not.
      if (Number.isFinite(high - low)) return random.uniform(low, high);
      return 2 * random.uniform(low / 2, high / 2);
    });
  }

  /** Whether it has the shape, and its numbers are within the bounds. */
  contains(value: unknown): value is ArrayLike<number> | readonly SpaceValue[] {
    const numbers = flatNumbers(value, this.shape);
    if (!numbers) return false;
    return Array.from(numbers).every((x, k) => isBetween(x, boundAt(this.low, k), boundAt(this.high, k)));
  }

  /** Its name and its form, for messages. */
  toString(): string {
    return `Box(${describe(this.low)}, ${describe(this.high)}, [${this.shape.join(', ')}])`;
  }
}

/** Lists with one value of each space, such as numbers and choices of one agent. */
export class Tuple {
  constructor(
    /** The space of each part. */
    readonly spaces: readonly Space[],
  ) {
    if (!Array.isArray(spaces))
      throw new ArgumentError(`Tuple: the spaces are ${describe(spaces)}; give a list of spaces`);
  }

  /** Draws each part. */
  sample(random: Random): SpaceValue[] {
    return this.spaces.map((space) => space.sample(random));
  }

  /** Whether it is a list with a value of each space. */
  contains(value: unknown): value is readonly SpaceValue[] {
    if (!isArrayLike(value) || value.length !== this.spaces.length) return false;
    return this.spaces.every((space, k) => space.contains(value[k]));
  }

  /** Its name and its form, for messages. */
  toString(): string {
    return `Tuple(${this.spaces.join(', ')})`;
  }
}

/** Records with one value of each space, by name. */
export class Dict {
  constructor(
    /** The space of each part, by name. */
    readonly spaces: Readonly<Record<string, Space>>,
  ) {
    if (typeof spaces !== 'object' || spaces === null) {
      throw new ArgumentError(`Dict: the spaces are ${describe(spaces)}; give a record of spaces`);
    }
  }

  /** Draws each part. */
  sample(random: Random): Record<string, SpaceValue> {
    return Object.fromEntries(
      Object.entries(this.spaces).map(([name, space]) => [name, space.sample(random)]),
    );
  }

  /** Whether it is a record with a value of each space, and nothing else. */
  contains(value: unknown): value is Readonly<Record<string, SpaceValue>> {
    if (typeof value !== 'object' || value === null) return false;
    const names = Object.keys(this.spaces);
    return (
      Object.keys(value).length === names.length &&
      names.every((name) => this.spaces[name].contains((value as Record<string, unknown>)[name]))
    );
  }

  /** Its name and its form, for messages. */
  toString(): string {
    const parts = Object.entries(this.spaces).map(([name, space]) => `${name}: ${space}`);
    return `Dict(${parts.join(', ')})`;
  }
}

/** A space of actions or observations. */
export type Space = Box | Discrete | MultiDiscrete | Tuple | Dict;

/** Component k's bound. */
export function boundAt(bound: number | ArrayLike<number>, k: number): number {
  return typeof bound === 'number' ? bound : bound[k];
}

/** How many numbers an array of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The numbers of a flat array, or of nested arrays of this shape, in row-major order; of a single number if the shape is
 * []. Undefined if the value is something else.
 */
export function flatNumbers(value: unknown, shape: readonly number[]): ArrayLike<number> | undefined {
  if (typeof value === 'number') return shape.length === 0 ? [value] : undefined;
  if (!isArrayLike(value)) return undefined;
  if (typeof value[0] !== 'object') {
    return value.length === sizeOf(shape) && areNumbers(value) ? value : undefined;
  }
  const [length, ...rest] = shape;
  if (rest.length === 0 || value.length !== length) return undefined;
  const parts = Array.from(value, (part) =>
    isArrayLike(part) && nests(part, rest) ? flatNumbers(part, rest) : undefined,
  );
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => Array.from(part!));
}

/** A loop, because acting asks this of every observation. */
function areNumbers(values: ArrayLike<unknown>): values is ArrayLike<number> {
  for (let k = 0; k < values.length; k++) if (typeof values[k] !== 'number') return false;
  return true;
}

/** Whether this part of a nested array has the shape, level by level. */
function nests(part: ArrayLike<unknown>, shape: readonly number[]): boolean {
  return part.length === shape[0] && (shape.length === 1 || typeof part[0] === 'object');
}

export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { length?: unknown }).length === 'number'
  );
}

function isBetween(x: unknown, low: number, high: number): boolean {
  return typeof x === 'number' && low <= x && x <= high;
}

function checkOptions(owner: string, name: string, n: number): void {
  if (Number.isSafeInteger(n) && n >= 1) return;
  throw new ArgumentError(
    `${owner}: ${name} is ${describe(n)}; give a whole number of at least 1, how many options there are`,
  );
}
