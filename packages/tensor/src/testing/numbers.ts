import {
  ArgumentError,
  above0,
  atLeast0,
  checkOptions,
  finite,
  listOf,
  type OptionChecks,
} from '@paragrad/check';

/** Which numbers a random tensor holds. */
export interface NumberConstraints {
  /** Default -2. */
  min?: number;
  /** Default 2. */
  max?: number;
  /** The smallest absolute value, for ops with a kink or a pole at 0. Default 0. */
  awayFromZero?: number;
  /** Where the op bends or jumps: every number is at least `gap` away from each of these. Default: nowhere. */
  kinks?: readonly number[];
  /** Default 0.1. */
  gap?: number;
}

const NUMBER_CHECKS: OptionChecks<NumberConstraints> = {
  min: finite,
  max: finite,
  awayFromZero: atLeast0,
  kinks: listOf(finite),
  gap: above0,
};

/** The numbers that a tensor draws from. */
export interface NumberTable {
  /** The simplest first. A number can occur several times. */
  readonly numbers: readonly number[];
  /** The numbers of a tensor with few different ones. */
  readonly few: readonly number[];
}

const FEW = 3;

/** A table without special numbers. */
export function tableOf(numbers: readonly number[]): NumberTable {
  return { numbers, few: numbers.slice(0, FEW) };
}

/** How many different numbers an even spread has, at most. */
const GRID = 256;
/** The share of draws that are special numbers. */
export const SPECIAL_SHARE = 1 / 3;
/** The inner part of a wide range, where most functions bend. It has a grid of its own. */
const INNER = 2;

/**
 * Two draws of three are spread evenly over a grid of at most 257 numbers from `min` to `max`, multiples of 1/64 by
 * default. If the range is wider than -2 to 2, half of them are on a grid of 1/64 from -2 to 2. One draw of three is a
 * special number: 0, ±1, ±0.5, ±0.001, ±0.00001, `min`, `max`, and the numbers next to a kink.
 *
 * The simplest number comes first: shrinking walks to the front. Special numbers come last, because at them a function
 * may bend: a case that fails for another reason must not shrink into one that fails for that.
 */
export function numberTable(caller: string, constraints: NumberConstraints = {}): NumberTable {
  checkOptions(caller, constraints, NUMBER_CHECKS);
  const { min = -2, max = 2, awayFromZero = 0, kinks = [], gap = 0.1 } = constraints;
  const far = (x: number) => Math.abs(x) >= awayFromZero && kinks.every((kink) => Math.abs(x - kink) >= gap);
  const isAllowed = (x: number) => x >= min && x <= max && far(x);
  const edges = [min, max, -awayFromZero, awayFromZero, ...kinks.flatMap((kink) => [kink - gap, kink + gap])];
  const special = unique([0, 1, -1, 0.5, -0.5, 1e-3, -1e-3, 1e-5, -1e-5, ...edges]).filter(isAllowed);
  const spread = grid(min, max).filter(isAllowed);
  const inner = grid(Math.max(min, -INNER), Math.min(max, INNER)).filter(isAllowed);
  const even = max - min > 2 * INNER ? [...spread, ...inner] : spread;
  if (even.length + special.length === 0) throw noNumbers(caller, min, max, awayFromZero, kinks, gap);
  const regular = even.filter((x) => !special.includes(x)).sort(bySimplicity);
  const times = shareTimes(regular.length, special.length);
  special.sort(bySimplicity);
  return {
    numbers: [...regular, ...special.flatMap((x) => Array<number>(times).fill(x))],
    few: [...special.slice(0, 1), ...regular].slice(0, FEW),
  };
}

/** How often each special number stands in the table. */
function shareTimes(regular: number, special: number): number {
  return Math.max(1, Math.round((regular * SPECIAL_SHARE) / (1 - SPECIAL_SHARE) / special));
}

/** Multiples of a power of two from `low` to `high`: at most 257. */
function grid(low: number, high: number): number[] {
  if (!(low < high)) return low === high ? [low] : [];
  return multiples('numbers', 2 ** Math.ceil(Math.log2((high - low) / GRID)), low, high);
}

const MOST = 1e6;

/** All `offset` + k `step` from `low` to `high`. */
export function multiples(caller: string, step: number, low: number, high: number, offset = 0): number[] {
  const first = Math.ceil((low - offset) / step);
  const count = Math.max(0, Math.floor((high - offset) / step) - first + 1);
  if (count > MOST) {
    throw new ArgumentError(
      `${caller}: there are ${count} numbers from ${low} to ${high} at distances of ${step}; give a smaller range or a larger gap`,
    );
  }
  return Array.from({ length: count }, (_, k) => offset + (first + k) * step);
}

/** Short to write first, then close to 0, then positive. */
export function bySimplicity(a: number, b: number): number {
  const lengthOf = (x: number) => String(Math.abs(x)).length;
  return lengthOf(a) - lengthOf(b) || Math.abs(a) - Math.abs(b) || b - a;
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers.map((x) => x + 0))]; // + 0 turns -0 into 0
}

function noNumbers(
  caller: string,
  min: number,
  max: number,
  awayFromZero: number,
  kinks: readonly number[],
  gap: number,
): Error {
  const conditions = [
    ...(awayFromZero > 0 ? [`has an absolute value of ${awayFromZero} or more`] : []),
    ...(kinks.length > 0 ? [`is ${gap} or more away from ${kinks.join(', ')}`] : []),
  ];
  if (!(min <= max))
    return new ArgumentError(`${caller}: min ${min} and max ${max}; min must be at most max`);
  return new ArgumentError(
    `${caller}: no number from ${min} to ${max} ${conditions.join(' and ')}; widen the range`,
  );
}
