/**
 * The ranges that settings can have. Which setting has which one is said in the tables: learning-settings.ts for all algorithms,
 * maddpg-settings.ts, and for the settings of one algorithm in its own file (`Matd3.settings` in variants/matd3.ts).
 */

/** A set of allowed values: in words, as a check, as JSON schema, and as the text of a command-line flag. */
export interface Range<T> {
  /** The allowed values in words, for error messages: "give <in words>". */
  readonly inWords: string;
  accepts(value: unknown): value is T;
  readonly schema: object;
  /** What a flag's help shows in place of the value, such as `<n>`. */
  readonly argument: string;
  /** The value that a flag's text stands for. Returns the text itself if it stands for none: then `accepts` refuses it. */
  parse(text: string): unknown;
}

function numberRange(inWords: string, schema: object, accepts: (value: number) => boolean, argument = '<x>') {
  const kind: Range<number> = {
    inWords,
    // JSON has neither NaN nor Infinity, so a file could not hold them.
    accepts: (value): value is number => Number.isFinite(value) && accepts(value as number),
    schema,
    argument,
    parse: (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)),
  };
  return kind;
}

const isWhole = (value: number) => Number.isSafeInteger(value);

export const above0 = numberRange(
  'a finite number above 0',
  { type: 'number', exclusiveMinimum: 0 },
  (value) => value > 0,
);
export const atLeast0 = numberRange(
  'a finite number of at least 0',
  { type: 'number', minimum: 0 },
  (value) => value >= 0,
);
export const from0To1 = numberRange(
  'a number from 0 to 1',
  { type: 'number', minimum: 0, maximum: 1 },
  (value) => value >= 0 && value <= 1,
);
export const above0To1 = numberRange(
  'a number above 0 and at most 1',
  { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  (value) => value > 0 && value <= 1,
);
export const integerFrom1 = numberRange(
  'an integer of at least 1',
  { type: 'integer', minimum: 1 },
  (value) => isWhole(value) && value >= 1,
  '<n>',
);
const MAX_SEED = 2 ** 32 - 1;
export const integerBelow2To32 = numberRange(
  'an integer from 0 to 2^32 - 1',
  { type: 'integer', minimum: 0, maximum: MAX_SEED },
  (value) => isWhole(value) && value >= 0 && value <= MAX_SEED,
  '<n>',
);

export const trueOrFalse: Range<boolean> = {
  inWords: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
  schema: { type: 'boolean' },
  argument: '<bool>',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

/** A list of integers of at least 1. It may be empty. As a flag: `64,64`. */
export const integersFrom1: Range<readonly number[]> = {
  inWords: 'a list of integers of at least 1, such as [64, 64]',
  accepts: (value): value is number[] =>
    Array.isArray(value) && value.every((size) => integerFrom1.accepts(size)),
  schema: { type: 'array', items: integerFrom1.schema },
  argument: '<sizes>',
  parse: (text) => text.split(',').map((size) => integerFrom1.parse(size)),
};

/** Any object. Something else checks its fields. */
export const object: Range<object> = {
  inWords: 'an object',
  accepts: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
  schema: { type: 'object' },
  argument: '<json>',
  parse(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  },
};

/** One of the given words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Range<Word> {
  return {
    inWords: `one of ${words.join(', ')}`,
    accepts: (value): value is Word => words.includes(value as Word),
    schema: { enum: words },
    argument: '<name>',
    parse: (text) => text,
  };
}
