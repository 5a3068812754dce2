import { type Check, checkOptions, integerFrom0, object } from '@paragrad/check';

/** A parameter that `makeEnv` takes: its default, and which values it accepts. The functions of `param` make them. */
export interface Param<T> {
  /** Its value if none is given. */
  readonly defaultValue: T;
  /** Which values it takes. */
  readonly check: Check<T>;
}

export const aParam: Check<Param<unknown>> = {
  inWords: 'what a function of `param` makes, such as param.count(3)',
  accepts: (value): value is Param<unknown> =>
    object.accepts(value) && 'defaultValue' in value && 'check' in value,
};

/** The range of `param.neighbors`, and of what `neighborFinder` takes. */
export const nullOrCount: Check<number | null> = {
  inWords: 'null (all) or an integer from 0 to 1,000,000',
  accepts: (value): value is number | null => value === null || (integerFrom0.accepts(value) && value <= 1e6),
};

/** Parameters by name. */
export type ParamTable = Record<string, Param<unknown>>;

/** The values of a table's parameters, by name. */
export type ParamValues<Table> = { [Name in keyof Table]: Table[Name] extends Param<infer T> ? T : never };

/**
 * The given values. A parameter that is not given has its default.
 *
 * @param caller what the user called, for error messages.
 * @throws ArgumentError if `given` is not an object, if a name is not in the table, or if a parameter does not accept its value.
 */
export function readParams<Table extends ParamTable>(
  caller: string,
  table: Table,
  given: { readonly [name: string]: unknown },
): ParamValues<Table> {
  const checks = Object.entries(table).map(([name, { check }]) => [name, check]);
  checkOptions(caller, given, Object.fromEntries(checks));
  const values = Object.entries(table).map(([name, { defaultValue }]) => [
    name,
    given[name] === undefined ? defaultValue : given[name],
  ]);
  return Object.fromEntries(values) as ParamValues<Table>;
}
