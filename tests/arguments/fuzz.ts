/** Calls functions with wrong arguments, and says which calls fail in another way than with an error that teaches. */

export type Call = (...args: never[]) => unknown;
/** Valid arguments, made anew for each call: a call may change them. */
export type ValidArguments = () => readonly unknown[];

const NO_READING = 'this getter does not let itself be read';

/** What plain JavaScript, a file or a bug may put in the place of an argument. Made anew for each call. */
export const wrongValues: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  '-Infinity': () => Number.NEGATIVE_INFINITY,
  '-1': () => -1,
  '0.5': () => 0.5,
  '1e12': () => 1e12,
  '2^53': () => 2 ** 53,
  "''": () => '',
  "'x'": () => 'x',
  "'3'": () => '3',
  '1n': () => 1n,
  symbol: () => Symbol('s'),
  '{}': () => ({}),
  '[]': () => [],
  '[NaN]': () => [Number.NaN],
  '[1e12]': () => [1e12],
  '[undefined]': () => [undefined],
  function: () => () => {},
  true: () => true,
  date: () => new Date(0),
  map: () => new Map(),
  'typed array': () => new Float32Array([1, 2]),
  circle: () => {
    const circle: unknown[] = [];
    circle.push(circle);
    return circle;
  },
  'unknown name': () => ({ banana: 1 }),
  getter: () => ({
    get axis() {
      throw new Error(NO_READING);
    },
  }),
  'no prototype': () => Object.create(null),
};

/** Texts of the engine: the mistake was noticed too late. */
const ENGINE =
  /Cannot (read|set|convert|mix|destructure|access)|is not a (function|constructor)|is not iterable|not an? (object|iterable)|Invalid (array|typed array|string) length|Maximum call stack|Array buffer allocation|is not defined|Spread syntax|Reduce of empty|before initialization|must be called|incompatible receiver|private/;

/** Why an error does not teach; undefined if it does. */
export function complaintAbout(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (error.message === NO_READING) return undefined;
  const kind = error.constructor.name;
  if (kind !== 'Error' && kind !== 'ArgumentError' && kind !== 'GradcheckError')
    return `${kind}: ${error.message}`;
  if (ENGINE.test(error.message)) return `words of the engine: ${error.message}`;
  if (!/^[\w'.(), []+[\])]?:/.test(error.message)) return `no caller in front: ${error.message}`;
  return undefined;
}

export interface Outcome {
  tried: number;
  complaints: string[];
}

/** Tries `call` with every argument replaced, left out, and one more; and with every option wrong, and an unknown one. */
export async function fuzz(name: string, call: Call, valid: ValidArguments, outcome: Outcome): Promise<void> {
  const attempt = async (what: string, args: readonly unknown[], mustFail: boolean): Promise<void> => {
    outcome.tried++;
    try {
      await call(...(args as never[]));
    } catch (error) {
      const complaint = complaintAbout(error);
      if (complaint) outcome.complaints.push(`${name}, ${what}: ${complaint}`);
      return;
    }
    if (mustFail) outcome.complaints.push(`${name}, ${what}: accepted`);
  };
  try {
    await call(...(valid() as never[]));
  } catch (error) {
    outcome.complaints.push(`${name}: the valid arguments fail: ${String(error)}`);
    return;
  }
  for (let i = 0; i < valid().length; i++) {
    for (const [what, make] of Object.entries(wrongValues)) {
      const symbols = what === 'symbol' || what === '1n'; // no function of this project takes one
      await attempt(`argument ${i} ${what}`, valid().toSpliced(i, 1, make()), symbols);
    }
    await attempt(`only ${i} arguments`, valid().slice(0, i), false);
    if (!isPlain(valid()[i])) continue;
    for (const option of Object.keys(valid()[i] as object)) {
      for (const [what, make] of Object.entries(wrongValues)) {
        const changed = { ...(valid()[i] as object), [option]: make() };
        await attempt(`option ${option} ${what}`, valid().toSpliced(i, 1, changed), false);
      }
    }
    const surplus = { ...(valid()[i] as object), banana: 1 };
    await attempt('an unknown option', valid().toSpliced(i, 1, surplus), true);
  }
  await attempt('one argument more', [...valid(), { banana: 1 }], false);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
