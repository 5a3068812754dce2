/** One constructor parameter: what it is without being given, and what may be given. */
export interface Param<T> {
  readonly initial: T;
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** The parameters of a scenario or of every environment, by name. */
export type ParamTable = Record<string, Param<unknown>>;

/** The values that a table of parameters describes. */
export type ParamValues<Table> = { [Name in keyof Table]: Table[Name] extends Param<infer T> ? T : never };

/** A whole number, `least` or more. */
export function count(initial: number, least = 1): Param<number> {
  return { initial, expected: `an integer of at least ${least}`, accepts: (value) => isCount(value, least) };
}

/** How many neighbors an agent sees; null, the default, for all of them. */
export const neighbors: Param<number | null> = {
  initial: null,
  expected: 'null (all) or an integer of at least 0',
  accepts: (value) => value === null || isCount(value, 0),
};

export function share(initial: number): Param<number> {
  return {
    initial,
    expected: 'a number from 0 to 1',
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  };
}

/** An option that is off unless it is asked for. */
export const flag: Param<boolean> = {
  initial: false,
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

/** One of a few words; the first is the default. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Param<T> {
  return {
    initial: words[0],
    expected: `one of ${words.join(', ')}`,
    accepts: (value) => words.includes(value as T),
  };
}

/**
 * The given values, and the initial ones for those that are not given.
 *
 * @throws TypeError on what is no object, on a name that is not in the table, and on a value that its parameter doesn't accept.
 */
export function readParams<Table extends ParamTable>(
  op: string,
  table: Table,
  given: object,
): ParamValues<Table> {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`${op}: the parameters are ${given}; give an object, or nothing for the defaults`);
  }
  const values: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(table)) values[name] = param.initial;
  for (const [name, value] of Object.entries(given)) {
    const param = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!param) {
      throw new TypeError(`${op}: there is no parameter ${name}; there are ${Object.keys(table).join(', ')}`);
    }
    if (value === undefined) continue;
    if (!param.accepts(value)) {
      throw new TypeError(
        `${op}: ${name} is ${typeof value === 'number' ? value : JSON.stringify(value)}; give ${param.expected}`,
      );
    }
    values[name] = value;
  }
  return values as ParamValues<Table>;
}

function isCount(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
