/** A parameter that `makeEnv` takes: its default, and which values it accepts. The functions of `param` make them. */
export interface Param<T> {
  readonly defaultValue: T;
  /** What to give, in words, for error messages: 'an integer of at least 1'. */
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** Parameters by name. */
export type ParamTable = Record<string, Param<unknown>>;

/** The values of a table's parameters, by name. */
export type ParamValues<Table> = { [Name in keyof Table]: Table[Name] extends Param<infer T> ? T : never };

/**
 * The given values. A parameter that is not given has its default.
 *
 * @param caller what the user called, for error messages.
 * @throws TypeError if `given` is not an object, if a name is not in the table, or if a parameter does not accept its value.
 */
export function readParams<Table extends ParamTable>(
  caller: string,
  table: Table,
  given: object,
): ParamValues<Table> {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `${caller}: the parameters are ${given}; give an object, or nothing for the defaults`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(table)) values[name] = param.defaultValue;
  for (const [name, value] of Object.entries(given)) {
    const param = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!param) {
      throw new TypeError(
        `${caller}: there is no parameter ${name}; the parameters are ${Object.keys(table).join(', ')}`,
      );
    }
    if (value === undefined) continue;
    if (!param.accepts(value)) {
      throw new TypeError(
        `${caller}: ${name} is ${typeof value === 'number' ? value : JSON.stringify(value)}; give ${param.expected}`,
      );
    }
    values[name] = value;
  }
  return values as ParamValues<Table>;
}
