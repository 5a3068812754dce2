/** The kinds of parameters that a scenario can have. The package exports them as `param`: `param.count(3)`. */
import { from0To1, integerFrom, oneOf as oneOfWords, trueOrFalse } from '@paragrad/check';
import { nullOrCount, type Param } from './param-table.js';

/** An integer of at least `minimum`. */
export function count(defaultValue: number, minimum = 1): Param<number> {
  return { defaultValue, check: integerFrom(minimum) };
}

/** A number from 0 to 1. */
export function fraction(defaultValue: number): Param<number> {
  return { defaultValue, check: from0To1 };
}

/** True or false. */
export function flag(defaultValue = false): Param<boolean> {
  return { defaultValue, check: trueOrFalse };
}

/** One of these words. The first is the default. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Param<T> {
  return { defaultValue: words[0], check: oneOfWords(...words) };
}

/** How many neighbors an agent sees, the nearest ones; null for all of them. For `neighborFinder`. */
export function neighbors(defaultValue: number | null = null): Param<number | null> {
  return { defaultValue, check: nullOrCount };
}
