/** What a setting may be: the kinds of values, each with its range. */

/** A set of values, in words, as a check, as JSON schema, and as a command-line flag takes it. */
export interface Kind<T> {
  /** What an error asks for: "give ...". */
  readonly range: string;
  accepts(value: unknown): value is T;
  /** As JSON schema. */
  readonly schema: object;
  /** What a flag's help shows for the value, such as `<n>`. */
  readonly argument: string;
  /** A flag's text -> the value, or the text itself where it makes no sense, for `accepts` to refuse. */
  parse(text: string): unknown;
}

function numbers(range: string, schema: object, accepts: (value: number) => boolean, argument = '<x>') {
  const kind: Kind<number> = {
    range,
    // JSON has no NaN and no Infinity, so a setting that is one could not be written to a file.
    accepts: (value): value is number => Number.isFinite(value) && accepts(value as number),
    schema,
    argument,
    parse: (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)),
  };
  return kind;
}

const isWhole = (value: number) => Number.isSafeInteger(value);

export const positive = numbers(
  'a finite number above 0',
  { type: 'number', exclusiveMinimum: 0 },
  (value) => value > 0,
);
export const fromZero = numbers(
  'a finite number from 0',
  { type: 'number', minimum: 0 },
  (value) => value >= 0,
);
export const fraction = numbers(
  'a number in [0, 1]',
  { type: 'number', minimum: 0, maximum: 1 },
  (value) => value >= 0 && value <= 1,
);
export const positiveFraction = numbers(
  'a number in (0, 1]',
  { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  (value) => value > 0 && value <= 1,
);
export const count = numbers(
  'a whole number from 1',
  { type: 'integer', minimum: 1 },
  (value) => isWhole(value) && value >= 1,
  '<n>',
);
const MAX_SEED = 2 ** 32 - 1;
export const seed = numbers(
  'a whole number from 0 to 2^32 - 1',
  { type: 'integer', minimum: 0, maximum: MAX_SEED },
  (value) => isWhole(value) && value >= 0 && value <= MAX_SEED,
  '<n>',
);

export const trueOrFalse: Kind<boolean> = {
  range: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
  schema: { type: 'boolean' },
  argument: '<bool>',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

/** A list of whole numbers from 1, which may be empty: `64,64` as a flag. */
export const counts: Kind<readonly number[]> = {
  range: 'a list of whole numbers from 1, such as [64, 64]',
  accepts: (value): value is number[] => Array.isArray(value) && value.every((size) => count.accepts(size)),
  schema: { type: 'array', items: count.schema },
  argument: '<sizes>',
  parse: (text) => text.split(',').map((size) => count.parse(size)),
};

/** An object that something else checks. */
export const object: Kind<object> = {
  range: 'an object',
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

/** One of a few words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    range: `one of ${words.join(', ')}`,
    accepts: (value): value is Word => words.includes(value as Word),
    schema: { enum: words },
    argument: '<name>',
    parse: (text) => text,
  };
}
