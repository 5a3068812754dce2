import {
  above0,
  atLeast0,
  type Check,
  finite,
  integer,
  integerFrom0,
  integerFrom1,
  trueOrFalse,
} from '@paragrad/check';

/** What the options of the testing tools can be. */
export const checks = {
  above0,
  atLeast0,
  finite,
  trueOrFalse,
  integer,
  integerFrom0,
  integerFrom1,
  numbers: {
    inWords: 'a list of numbers, such as [0, 1]',
    accepts: (value): value is readonly number[] => Array.isArray(value) && value.every(Number.isFinite),
  } satisfies Check<readonly number[]>,
};
