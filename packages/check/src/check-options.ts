import { describe } from './describe.js';
import { ArgumentError } from './errors.js';
import { likelyMeant, noSuch } from './unknown-name.js';

/** A set of allowed values. */
export interface Check<T> {
  /** The allowed values in words, for error messages: "give <in words>". */
  readonly inWords: string;
  /** The allowed values, if they are words. An error says which one was likely meant. */
  readonly words?: readonly string[];
  /** Whether it is one of the values. */
  accepts(value: unknown): value is T;
  /** Why a value is not accepted; it follows the name in the error. Undefined: the error says only what the value is. */
  explain?(value: unknown): string | undefined;
}

/** A check for each option: a forgotten one does not compile. */
export type OptionChecks<Options extends object> = {
  readonly [Name in keyof Required<Options>]: Check<Exclude<Options[Name], undefined>>;
};

/** Checks an argument. @throws ArgumentError unless `value` passes: "<caller>: <name> is <value>; give <what is possible>". */
export function checkArgument<T>(
  caller: string,
  name: string,
  value: unknown,
  check: Check<T>,
): asserts value is T {
  if (!check.accepts(value)) throw wrongValue(caller, name, value, check);
}

/**
 * Checks an object of options. An option that is undefined has its default, unless its name is in `required`.
 *
 * @throws ArgumentError if `given` is no such object, has a name that is not in `checks`, or a value that does not pass.
 */
export function checkOptions<Options extends object>(
  caller: string,
  given: Options,
  checks: OptionChecks<Options>,
  required: readonly (string & keyof Options)[] = NONE,
): void {
  if (given === undefined && required.length > 0) throw missing(caller, required[0], checks);
  if (typeof given !== 'object' || given === null) throw notOptions(caller, given, checks);
  // for-in, because ops run this in every training step: it makes no array.
  let isEmpty = true;
  for (const name in given) {
    isEmpty = false;
    const check: Check<unknown> | undefined = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw unknownOption(caller, given, name, checks);
    const value = given[name];
    if (value !== undefined && !check.accepts(value)) throw wrongValue(caller, name, value, check);
  }
  if (isEmpty && !isPlain(given)) throw notOptions(caller, given, checks);
  for (const name of required) {
    if (given[name] === undefined) throw missing(caller, name, checks);
  }
}

/** "<name> is <value>; give <what is possible>". */
export function wrongValueInWords(name: string, value: unknown, check: Check<unknown>): string {
  const explanation = check.explain?.(value);
  if (explanation !== undefined) return `${name} ${explanation}`;
  const { inWords, words = NONE } = check;
  const likely = typeof value === 'string' ? likelyMeant(value, words) : undefined;
  const guess = likely === undefined ? '' : ` (did you mean ${likely}?)`;
  return `${name} is ${describe(value)}${guess}; give ${inWords}`;
}

const NONE: readonly never[] = [];

type Checks = Readonly<Record<string, Check<unknown>>>;

/**
 * Checks that a function got at most `most` arguments: plain JavaScript would drop the others. It may get the two further ones
 * that methods of arrays pass, the index and the array: `xs.map(exp)`, `xs.reduce(add)`.
 *
 * @throws ArgumentError if there are more.
 */
export function checkNoMore(caller: string, given: ArrayLike<unknown>, most: number): void {
  if (given.length > most && !(given.length === most + 2 && Array.isArray(given[most + 1]))) {
    const count = most === 0 ? 'none' : `at most ${most} argument${most === 1 ? '' : 's'}`;
    throw new ArgumentError(
      `${caller}: there is a further argument, ${describe(given[most])}; give ${count}`,
    );
  }
}

/**
 * From now on, every method of the class throws if it gets more arguments than it has parameters. None of them may have
 * parameters with default values, which JavaScript does not count.
 */
export function countArguments({ prototype }: { prototype: object }): void {
  for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof method !== 'function' || name === 'constructor') continue;
    const most: number = method.length; // read once: with this and without an array of arguments, it takes 7 ns instead of 100
    const { [name]: counting } = {
      [name](): unknown {
        if (arguments.length > most) {
          // Of a number where the options do, the method itself says which option takes it: x.clamp(0, 1).
          if (isPrimitive(arguments[most - 1])) method.apply(this, arguments);
          checkNoMore(name, arguments, most);
        }
        return method.apply(this, arguments);
      },
    };
    Object.defineProperty(prototype, name, { value: counting, writable: true, configurable: true });
  }
}

function missing<Name extends string>(
  caller: string,
  name: Name,
  checks: Readonly<Record<Name, Check<unknown>>>,
): ArgumentError {
  return new ArgumentError(`${caller}: ${name} is missing; give ${checks[name].inWords}`);
}

function wrongValue(caller: string, name: string, value: unknown, check: Check<unknown>): ArgumentError {
  return new ArgumentError(`${caller}: ${wrongValueInWords(name, value, check)}`);
}

const isPrimitive = (given: unknown): boolean => ['number', 'boolean', 'string'].includes(typeof given);

/** Whether it is an object as from { }, also from another realm. */
function isPlain(given: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(given);
  return prototype === null || prototype === Object.prototype || prototype.constructor?.name === 'Object';
}

/** Its example has the first option that takes what was given. */
function notOptions(caller: string, given: unknown, checks: Checks): ArgumentError {
  const names = Object.keys(checks);
  const name = names.find((one) => checks[one].accepts(given)) ?? names[0];
  const isShown = isPrimitive(given) || Array.isArray(given);
  const value = isShown && checks[name].accepts(given) ? describe(given) : '...';
  return new ArgumentError(
    `${caller}: ${describe(given)} stands where the options do; give an object such as { ${name}: ${value} }. ` +
      `The options are ${names.join(', ')}`,
  );
}

function unknownOption(caller: string, given: object, name: string, checks: Checks): ArgumentError {
  if (!isPlain(given)) return notOptions(caller, given, checks);
  return new ArgumentError(`${caller}: there is ${noSuch('option', name, Object.keys(checks))}`);
}
