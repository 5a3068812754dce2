/** Calls functions with wrong arguments, and says which calls fail in another way than with an error that teaches. */
import { ParagradError } from '@paragrad/check';
import { Generator, zeros } from '@paragrad/tensor';

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
  '0': () => 0,
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
  '[null]': () => [null],
  "['x']": () => ['x'],
  function: () => () => {},
  true: () => true,
  date: () => new Date(0),
  map: () => new Map(),
  'typed array': () => new Float32Array([1, 2]),
  tensor: () => zeros([2]),
  generator: () => new Generator(2),
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
  const { message } = error;
  if (message.includes(NO_READING)) return undefined;
  if (!(error instanceof ParagradError)) return `${error.constructor.name}: ${message}`;
  if (error.name !== error.constructor.name) return `${error.constructor.name} is named ${error.name}`;
  if (ENGINE.test(message)) return `words of the engine: ${message}`;
  if (!/^[\w'.(), []+[\])]?:/.test(message)) return `no caller in front: ${message}`;
  return undefined;
}

/** They say something about any value, or have no use for one. No other function takes a symbol. */
const TAKES_ANYTHING = /^check\w+$|^describe$|\.contains$|^(CentralizedCritic|TwinCritic)\.forward$/;

/** Options with which somebody may ask for years of work. */
const WORK = /^(numRuns|episodes|maxSteps)$/;

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
  const works = async (when: string): Promise<boolean> => {
    try {
      await call(...(valid() as never[]));
      return true;
    } catch (error) {
      outcome.complaints.push(`${name}: the valid arguments fail${when}: ${String(error)}`);
      return false;
    }
  };
  if (!(await works(''))) return;
  /** Valid arguments, but with another one in this place. */
  const changed = (place: number, change: (argument: unknown) => unknown): unknown[] => {
    const args = [...valid()];
    args[place] = change(args[place]);
    return args;
  };
  for (const [i, argument] of valid().entries()) {
    for (const [what, make] of Object.entries(wrongValues)) {
      const nowhere = (what === 'symbol' || what === '1n') && !TAKES_ANYTHING.test(name);
      await attempt(`argument ${i} ${what}`, changed(i, make), nowhere);
    }
    await attempt(`only ${i} arguments`, valid().slice(0, i), false);
    if (!isRecord(argument)) continue;
    const withOption = (option: string, value: unknown) => (record: unknown) =>
      changedCopy(record as object, option, value);
    for (const option of Object.keys(argument)) {
      for (const [what, make] of Object.entries(wrongValues)) {
        if (WORK.test(option) && /1e12|53/.test(what)) continue;
        await attempt(`option ${option} ${what}`, changed(i, withOption(option, make())), false);
      }
    }
    await attempt('an unknown option', changed(i, withOption('banana', 1)), !isOpen(argument));
  }
  await attempt('one argument more', [...valid(), { banana: 1 }], false);
  await works(' after the wrong ones');
}

/** A record that is not options, so it may have further names: of agents, of tensors, of another type. */
export const open = <T extends object>(record: T): T => Object.assign(Object.create(null), record);

const isOpen = (value: object): boolean => Object.getPrototypeOf(value) === null;

function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return isOpen(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function changedCopy(record: object, name: string, value: unknown): object {
  return Object.assign(Object.create(Object.getPrototypeOf(record)), record, { [name]: value });
}
