import { ArgumentError } from './argument-error.js';
import { describe } from './describe.js';
import type { Check } from './ranges.js';
import { noSuch } from './unknown-name.js';

/** A check for each option: a forgotten one does not compile. */
export type OptionChecks<Options extends object> = {
  readonly [Name in keyof Required<Options>]: Check<Exclude<Options[Name], undefined>>;
};

/** Throws unless `value` passes the check: "<caller>: <name> is <value>; give <what is possible>". */
export function checkArgument<T>(
  caller: string,
  name: string,
  value: unknown,
  check: Check<T>,
): asserts value is T {
  if (!check.accepts(value)) {
    throw new ArgumentError(`${caller}: ${name} is ${describe(value)}; give ${check.inWords}`);
  }
}

/**
 * Throws if `given` is not an object of options, has a name that is not in `checks`, or a value that does not pass. An option
 * that is undefined has its default, unless its name is in `required`.
 */
export function checkOptions<Options extends object>(
  caller: string,
  given: Options,
  checks: OptionChecks<Options>,
  required: readonly (string & keyof Options)[] = [],
): void {
  if (typeof given !== 'object' || given === null) throw notOptions(caller, given, checks);
  // for-in, because ops run this in every training step: it makes no array.
  for (const name in given) {
    const check: Check<unknown> | undefined = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw unknownOption(caller, given, name, checks);
    const value = given[name];
    if (value !== undefined && !check.accepts(value)) {
      throw new ArgumentError(`${caller}: ${name} is ${describe(value)}; give ${check.inWords}`);
    }
  }
  for (const name of required) {
    if (given[name] === undefined) {
      throw new ArgumentError(`${caller}: ${name} is missing; give ${checks[name].inWords}`);
    }
  }
}

function notOptions(caller: string, given: unknown, checks: object): ArgumentError {
  const names = Object.keys(checks);
  return new ArgumentError(
    `${caller}: ${describe(given)} stands where the options do; give an object such as { ${names[0]}: ... }. ` +
      `The options are ${names.join(', ')}`,
  );
}

function unknownOption(caller: string, given: object, name: string, checks: object): ArgumentError {
  const isPlain = Object.getPrototypeOf(given)?.constructor?.name === 'Object';
  if (!isPlain && Object.getPrototypeOf(given) !== null) return notOptions(caller, given, checks);
  return new ArgumentError(`${caller}: there is ${noSuch('option', name, Object.keys(checks))}`);
}
