import {
  ArgumentError,
  checkArgument,
  checkOptions,
  integer,
  integerFrom0,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { currentKernels } from '../kernels/select.js';
import { allocateIndices } from '../memory/allocate.js';
import { formatShape, resolveAxis, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { gather } from './indexing.js';
import type { ValuesAndIndices } from './reduce.js';

// Both ops find indices, which have no gradient, and gather the numbers at these indices: dx = dy at the index that each
// number came from, else 0. NaN counts as the largest number.

/** Options of `sort`. */
export interface SortOptions {
  /** Negative axes count from the back. Default: the last. */
  axis?: number;
  /** The largest first. Default false. */
  descending?: boolean;
}

const sortOptions: OptionChecks<SortOptions> = { axis: integer, descending: trueOrFalse };

/**
 * The numbers in order along one axis, and the index of each before. Equal numbers keep their order.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function sort(x: Tensor, options: SortOptions = {}): ValuesAndIndices {
  checkArgument('sort', 'x', x, aTensor);
  checkOptions('sort', options, sortOptions);
  const { axis = -1, descending = false } = options;
  const along = resolveAxis('sort', axis, x.rank);
  return firstInOrder(x, along, x.shape[along], descending);
}

/** Options of `topk`. */
export interface TopkOptions {
  /** Negative axes count from the back. Default: the last. */
  axis?: number;
  /** The largest numbers; if false, the smallest. Default true. */
  largest?: boolean;
}

const topkOptions: OptionChecks<TopkOptions> = { axis: integer, largest: trueOrFalse };

/**
 * The k largest numbers along one axis, the largest first, and their indices. Of equal numbers, the first are taken first.
 *
 * @throws ArgumentError if there is no such axis, or k is more than its length.
 */
export function topk(x: Tensor, k: number, options: TopkOptions = {}): ValuesAndIndices {
  checkArgument('topk', 'x', x, aTensor);
  checkArgument('topk', 'k', k, integerFrom0);
  checkOptions('topk', options, topkOptions);
  const { axis = -1, largest = true } = options;
  const along = resolveAxis('topk', axis, x.rank);
  const length = x.shape[along];
  if (k > length) {
    throw new ArgumentError(
      `topk: k is ${k} along axis ${axis} of shape ${formatShape(x.shape)}; give an integer from 0 to ${length}`,
    );
  }
  return firstInOrder(x, along, k, largest);
}

function firstInOrder(x: Tensor, axis: number, count: number, descending: boolean): ValuesAndIndices {
  const shape = x.shape.with(axis, count);
  const indices = { data: allocateIndices(sizeOf(shape)), shape };
  const inner = sizeOf(x.shape.slice(axis + 1));
  currentKernels().argsort(x.values, x.shape[axis], inner, descending, indices.data);
  return { values: gather(x, axis, indices), indices };
}
