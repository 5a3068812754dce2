import { ArgumentError, FileError } from '@paragrad/check';
import type { StateDict } from '@paragrad/nn';
import { formatShape, type Tensor } from '@paragrad/tensor';

const MOST_NAMES = 4;
/** Numbers from which a root or a count is taken. */
const NOT_NEGATIVE = /\.(lr|step|meanSquare|count|squares|running_var|target_var)$/;

/** Throws unless `given` has exactly the tensors of `expected`, with their shapes and types, and finite numbers. */
export function checkStates(expected: StateDict, given: StateDict): void {
  const unused = Object.keys(given).filter((name) => !Object.hasOwn(expected, name));
  const missing = Object.keys(expected).filter((name) => !Object.hasOwn(given, name));
  if (unused.length > 0 || missing.length > 0) {
    throw new FileError(
      `the algorithm has other tensors: missing ${listed(missing)}, unused ${listed(unused)}; ` +
        'give the files of one checkpoint, as they were saved',
    );
  }
  for (const [name, x] of Object.entries(expected)) {
    if (kindOf(given[name]) !== kindOf(x)) {
      throw new FileError(
        `${name} is ${kindOf(given[name])}, but this algorithm's is ${kindOf(x)}; ` +
          'give the files of one checkpoint, as they were saved',
      );
    }
  }
  checkNumbers('damaged', given);
}

/** Throws if a number is not finite, or negative where none can be. */
export function checkNumbers(owner: string, states: StateDict): void {
  for (const [name, { data }] of Object.entries(states)) {
    const least = NOT_NEGATIVE.test(name) ? 0 : Number.NEGATIVE_INFINITY;
    const bad = indexOfBad(data, least);
    if (bad >= 0) {
      const needed = least === 0 ? 'finite numbers of at least 0' : 'finite numbers';
      throw new ArgumentError(`${owner}: ${name} contains ${data[bad]} at ${bad}, but needs ${needed}`);
    }
  }
}

/** The first number that is not finite or below the least; -1 if there is none. With a call for each, loading takes 1.5 times as long. */
function indexOfBad(data: Tensor['data'], least: number): number {
  for (let i = 0; i < data.length; i++) {
    const x = data[i];
    if (x - x !== 0 || x < least) return i;
  }
  return -1;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `[${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? `, and ${more} more` : ''}]`;
}

const kindOf = ({ dtype, shape }: Tensor): string => `${dtype} of shape ${formatShape(shape)}`;
