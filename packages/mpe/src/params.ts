/** The kinds of parameters that a scenario can have. The package exports them as `param`: `param.count(3)`. */
import {
  type Check,
  checkArgument,
  from0To1,
  integer,
  integerFrom,
  integerFrom1,
  listOf,
  oneOf as oneOfWords,
  text,
  trueOrFalse,
} from '@paragrad/check';
import { nullOrCount, type Param } from './param-table.js';

/** A mistyped number should be an error, and not fill the memory with a world. */
const MAX_COUNT = 10_000;

/** An integer from `minimum` to 10,000. */
export function count(defaultValue: number, minimum = 1): Param<number> {
  checkArgument('param.count', 'minimum', minimum, integer);
  const atLeast = integerFrom(minimum);
  return param('count', defaultValue, {
    inWords: `an integer from ${minimum} to ${MAX_COUNT}`,
    accepts: (value): value is number => atLeast.accepts(value) && value <= MAX_COUNT,
  });
}

/** Steps of an episode. */
export function steps(defaultValue: number): Param<number> {
  return param('steps', defaultValue, integerFrom1);
}

/** A number from 0 to 1. */
export function fraction(defaultValue: number): Param<number> {
  return param('fraction', defaultValue, from0To1);
}

/** True or false. */
export function flag(defaultValue = false): Param<boolean> {
  return param('flag', defaultValue, trueOrFalse);
}

/** One of these words. The first is the default. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Param<T> {
  checkArgument('param.oneOf', 'words', words, listOf(text));
  return param('oneOf', words[0], oneOfWords(...words));
}

/** How many neighbors an agent sees, the nearest ones; null for all of them. For `neighborFinder`. */
export function neighbors(defaultValue: number | null = null): Param<number | null> {
  return param('neighbors', defaultValue, nullOrCount);
}

function param<T>(kind: string, defaultValue: T, check: Check<T>): Param<T> {
  checkArgument(`param.${kind}`, 'the default', defaultValue, check);
  return { defaultValue, check };
}
