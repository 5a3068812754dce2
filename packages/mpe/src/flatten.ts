import {
  ArgumentError,
  type Check,
  checkArgument,
  describe,
  integerFrom0,
  integerFrom1,
  listOf,
  text,
} from '@paragrad/check';
import { flatNumbers, isArrayLike, sizeOf } from './spaces.js';

/** What an environment says about a space, as plain data. The classes of spaces.ts have these fields; so may your own. */
export type SpaceLike =
  | { readonly shape: readonly number[] }
  | { readonly n: number; readonly start?: number }
  | { readonly nvec: readonly number[] }
  | { readonly spaces: readonly SpaceLike[] | Readonly<Record<string, SpaceLike>> };

/** How many numbers `flatten` makes of a value of this space, as Gymnasium's `flatdim`. */
export function flatdim(space: SpaceLike): number {
  checkArgument('flatdim', 'space', space, aSpace);
  return lengthOf(space);
}

function lengthOf(space: SpaceLike): number {
  if ('shape' in space) return sizeOf(space.shape);
  if ('n' in space) return space.n;
  if ('nvec' in space) return space.nvec.reduce((sum, n) => sum + n, 0);
  return Object.values(space.spaces).reduce((sum: number, part) => sum + lengthOf(part), 0);
}

/**
 * A value of a space as one vector, as Gymnasium's `flatten`: the numbers of a `Box` in row-major order, a one-hot vector for
 * each choice, and the parts of a `Tuple` or `Dict` one after the other. It is a new array. Bounds are not checked.
 *
 * @param what names the value in errors.
 * @throws ArgumentError if the value has another form than the space.
 */
export function flatten(space: SpaceLike, value: unknown, what = 'flatten: the value'): Float64Array {
  checkArgument('flatten', 'space', space, aSpace);
  checkArgument('flatten', 'what', what, text);
  const flat = new Float64Array(lengthOf(space));
  write(space, value, flat, 0, what);
  return flat;
}

/** Writes a value from `to[at]` on. Returns where it ends. */
function write(space: SpaceLike, value: unknown, to: Float64Array, at: number, what: string): number {
  if ('shape' in space) {
    const numbers = flatNumbers(value, space.shape);
    if (!numbers)
      throw mismatch(what, value, `an array of shape [${space.shape.join(', ')}], flat or nested`);
    to.set(numbers, at);
    return at + numbers.length;
  }
  if ('n' in space) return writeChoice(space.n, space.start ?? 0, value, to, at, what);
  const parts = 'nvec' in space ? space.nvec : space.spaces;
  const isList = Array.isArray(parts);
  if (
    isList
      ? !isArrayLike(value) || value.length !== parts.length
      : typeof value !== 'object' || value === null
  ) {
    const names = Object.keys(parts);
    throw mismatch(what, value, isList ? `a list of ${names.length}` : `a record of ${names.join(', ')}`);
  }
  let end = at;
  for (const [key, part] of Object.entries(parts)) {
    const inside = (value as Record<string, unknown>)[key];
    const where = isList ? `${what}[${key}]` : `${what}.${key}`;
    end =
      typeof part === 'number'
        ? writeChoice(part, 0, inside, to, end, where)
        : write(part, inside, to, end, where);
  }
  return end;
}

function writeChoice(
  n: number,
  start: number,
  value: unknown,
  to: Float64Array,
  at: number,
  what: string,
): number {
  // NumPy's integers come as arrays of one.
  const chosen = (isArrayLike(value) && value.length === 1 ? value[0] : value) as number;
  if (!(Number.isInteger(chosen) && chosen >= start && chosen < start + n)) {
    throw mismatch(what, value, `a whole number from ${start} to ${start + n - 1}`);
  }
  to[at + chosen - start] = 1;
  return at + n;
}

function mismatch(what: string, value: unknown, expected: string): ArgumentError {
  const given = isArrayLike(value) ? `has ${lengthsOf(value)}` : `is ${describe(value)}`;
  return new ArgumentError(`${what} ${given}; give ${expected}`);
}

/** The shape of nested arrays in words, or why they have none. */
function lengthsOf(value: ArrayLike<unknown>): string {
  const shape: number[] = [];
  let part: unknown = value;
  for (; isArrayLike(part) && shape.length < 8; part = part[0]) shape.push(part.length);
  const numbers = flatNumbers(value, shape);
  return numbers
    ? `shape [${shape.join(', ')}]`
    : `parts of several lengths, or other things than numbers: ${describe(value, 3)}`;
}

const aSpace: Check<SpaceLike> = {
  inWords: 'a Box, Discrete, MultiDiscrete, Tuple or Dict',
  accepts: (value): value is SpaceLike => isSpace(value, MOST_LEVELS),
};
const MOST_LEVELS = 32; // stops at a space that contains itself

function isSpace(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || levels === 0) return false;
  const { shape, n, nvec, spaces } = value as Record<string, unknown>;
  if (shape !== undefined) return listOf(integerFrom0).accepts(shape);
  if (n !== undefined) return integerFrom1.accepts(n);
  if (nvec !== undefined) return listOf(integerFrom1).accepts(nvec);
  return (
    typeof spaces === 'object' &&
    spaces !== null &&
    Object.values(spaces).every((part) => isSpace(part, levels - 1))
  );
}
