import { type Check, checkArgument } from './check-options.js';
import { isOfClassNamed, ofAnotherCopy } from './copies.js';

/**
 * The values that arguments can have. A `Range` is a `Check` that settings can have, too: it knows its JSON schema and the text of
 * a flag. Which setting has which range is said in the tables of `@paragrad/maddpg`: learning-settings.ts for all algorithms,
 * maddpg-settings.ts, and for the settings of one algorithm in its own file (`Matd3.settings` in variants/matd3.ts).
 */

/** A set of allowed values, also as JSON schema and as the text of a command-line flag. */
export interface Range<T> extends Check<T> {
  /** The same values, as JSON schema. */
  readonly schema: object;
  /** What a flag's help shows in place of the value, such as `<n>`. */
  readonly argument: string;
  /** The value that a flag's text stands for. Returns the text itself if it stands for none: then `accepts` refuses it. */
  parse(text: string): unknown;
}

function numberRange(
  inWords: string,
  schema: object,
  accepts: (value: number) => boolean,
  argument = '<x>',
): Range<number> {
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

/** Numbers above 0. */
export const above0 = numberRange(
  'a finite number above 0',
  { type: 'number', exclusiveMinimum: 0 },
  (value) => value > 0,
);
/** Numbers of at least 0. */
export const atLeast0 = numberRange(
  'a finite number of at least 0',
  { type: 'number', minimum: 0 },
  (value) => value >= 0,
);
/** Numbers from 0 to 1. */
export const from0To1 = numberRange(
  'a number from 0 to 1',
  { type: 'number', minimum: 0, maximum: 1 },
  (value) => value >= 0 && value <= 1,
);
/** Numbers above 0 and at most 1. */
export const above0To1 = numberRange(
  'a number above 0 and at most 1',
  { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  (value) => value > 0 && value <= 1,
);
/** Integers that a float64 holds exactly. */
export const integer: Check<number> = {
  inWords: 'an integer',
  accepts: (value): value is number => isWhole(value as number),
};
/** Integers of at least `minimum`. */
export function integerFrom(minimum: number): Range<number> {
  checkArgument('integerFrom', 'minimum', minimum, integer);
  return numberRange(
    `an integer of at least ${minimum}`,
    { type: 'integer', minimum },
    (value) => isWhole(value) && value >= minimum,
    '<n>',
  );
}
/** 0, 1, 2, ... */
export const integerFrom0 = integerFrom(0);
/** 1, 2, 3, ... */
export const integerFrom1 = integerFrom(1);
const MAX_SEED = 2 ** 32 - 1;
/** Seeds: integers from 0 to 2^32 - 1. */
export const integerBelow2To32 = numberRange(
  'an integer from 0 to 2^32 - 1',
  { type: 'integer', minimum: 0, maximum: MAX_SEED },
  (value) => isWhole(value) && value >= 0 && value <= MAX_SEED,
  '<n>',
);

/** true and false. */
export const trueOrFalse: Range<boolean> = {
  inWords: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
  schema: { type: 'boolean' },
  argument: '<bool>',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

/** A list of integers of at least 1. It may be empty. As a flag: `64,64`. */
export const integersFrom1: Range<readonly number[]> = {
  inWords: 'a list of integers of at least 1, such as [64, 64], or 64,64 as a flag',
  accepts: (value): value is number[] =>
    Array.isArray(value) && value.every((size) => integerFrom1.accepts(size)),
  schema: { type: 'array', items: integerFrom1.schema },
  argument: '<sizes>',
  parse(text) {
    const sizes = text.split(',').map((size) => integerFrom1.parse(size));
    return sizes.every((size) => typeof size === 'number') ? sizes : text;
  },
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
  for (const word of words) checkArgument('oneOf', 'a word', word, text);
  return {
    inWords: words.length === 1 ? words[0] : `one of ${words.join(', ')}`,
    words,
    accepts: (value): value is Word => words.includes(value as Word),
    schema: { enum: words },
    argument: '<name>',
    parse: (text) => text,
  };
}

// Checks that no setting needs

/** All numbers except NaN and the infinities. */
export const finite: Check<number> = {
  inWords: 'a finite number',
  accepts: (value): value is number => Number.isFinite(value),
};
/** NaN and the infinities, too. */
export const anyNumber: Check<number> = {
  inWords: 'a number',
  accepts: (value): value is number => typeof value === 'number',
};
/** Strings. */
export const text: Check<string> = {
  inWords: 'a string',
  accepts: (value): value is string => typeof value === 'string',
};
/** Which parameters it has and what it returns cannot be checked before it is called. */
export const aFunction: Check<(...args: never[]) => unknown> = {
  inWords: 'a function',
  accepts: (value): value is (...args: never[]) => unknown => typeof value === 'function',
};
/** Arrays with any elements. */
export const anArray: Check<readonly unknown[]> = {
  inWords: 'an array',
  accepts: (value): value is readonly unknown[] => Array.isArray(value),
};

const aCheck: Check<Check<unknown>> = {
  inWords: 'a check, such as integer or { inWords, accepts }',
  accepts: (value): value is Check<unknown> =>
    typeof (value as Check<unknown> | null | undefined)?.accepts === 'function' &&
    typeof (value as Check<unknown>).inWords === 'string',
};

/** Arrays whose elements all pass the check. */
export function listOf<T>(element: Check<T>): Check<readonly T[]> {
  checkArgument('listOf', 'element', element, aCheck);
  return {
    inWords: `an array, each element ${element.inWords}`,
    accepts(value): value is readonly T[] {
      if (!Array.isArray(value)) return false;
      for (let i = 0; i < value.length; i++) if (!element.accepts(value[i])) return false;
      return true;
    },
    explain(value) {
      if (!Array.isArray(value)) return undefined;
      const wrong = value.findIndex((one) => !element.accepts(one));
      const explanation = element.explain?.(value[wrong]);
      return explanation && `has element ${wrong}, which ${explanation}`;
    },
  };
}

/** A plain object. All its values pass the check. */
export function mapOf<T>(value: Check<T>): Check<Readonly<Record<string, T>>> {
  checkArgument('mapOf', 'value', value, aCheck);
  return {
    inWords: `an object, each value ${value.inWords}`,
    accepts: (given): given is Record<string, T> =>
      object.accepts(given) && Object.values(given).every((one) => value.accepts(one)),
  };
}

/** Objects of a class, which `inWords` names in errors: `instanceOf(Tensor, 'a tensor')`. */
export function instanceOf<T>(kind: abstract new (...args: never[]) => T, inWords: string): Check<T> {
  checkArgument('instanceOf', 'kind', kind, aFunction);
  checkArgument('instanceOf', 'inWords', inWords, text);
  const members = Object.getOwnPropertyNames(kind.prototype ?? {});
  return {
    inWords,
    accepts: (value): value is T => value instanceof kind,
    // Others have classes with this name, too, such as WebAssembly.Module.
    explain: (value) =>
      isOfClassNamed(kind.name, value) && members.every((name) => name in (value as object))
        ? ofAnotherCopy(kind.name)
        : undefined,
  };
}

/** What at least one of two checks accepts. */
export function either<A, B>(a: Check<A>, b: Check<B>): Check<A | B> {
  checkArgument('either', 'a', a, aCheck);
  checkArgument('either', 'b', b, aCheck);
  return {
    inWords: `${a.inWords} or ${b.inWords}`,
    accepts: (value): value is A | B => a.accepts(value) || b.accepts(value),
    explain: (value) => a.explain?.(value) ?? b.explain?.(value),
  };
}
