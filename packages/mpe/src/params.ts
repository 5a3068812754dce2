/** The kinds of parameters that a scenario can have. The package exports them as `param`: `param.count(3)`. */
import type { Param } from './param-table.js';

/** An integer of at least `minimum`. */
export function count(defaultValue: number, minimum = 1): Param<number> {
  return {
    defaultValue,
    expected: `an integer of at least ${minimum}`,
    accepts: (value) => isIntegerFrom(minimum, value),
  };
}

/** A number from 0 to 1. */
export function fraction(defaultValue: number): Param<number> {
  return {
    defaultValue,
    expected: 'a number from 0 to 1',
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  };
}

/** True or false. */
export function flag(defaultValue = false): Param<boolean> {
  return { defaultValue, expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
}

/** One of these words. The first is the default. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Param<T> {
  return {
    defaultValue: words[0],
    expected: `one of ${words.join(', ')}`,
    accepts: (value) => words.includes(value as T),
  };
}

/** How many neighbors an agent sees, the nearest ones; null for all of them. For `neighborFinder`. */
export function neighbors(defaultValue: number | null = null): Param<number | null> {
  return {
    defaultValue,
    expected: 'null (all) or an integer of at least 0',
    accepts: (value) => value === null || isIntegerFrom(0, value),
  };
}

function isIntegerFrom(minimum: number, value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= minimum;
}
