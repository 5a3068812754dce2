import { checkArgument, checkNoMore } from '@paragrad/check';
import { someTensors } from './argument-checks.js';
import { currentKernels } from './kernels/select.js';
import { pinLater, pinWaiting } from './memory/pinning.js';
import type { Tensor } from './tensor.js';

/**
 * Stores the numbers of these tensors in the memory that the kernels compute in, where they need not be copied for each
 * kernel. For tensors that live long and are used often: parameters, and what an optimizer remembers. Optimizers pin
 * theirs. Results do not change.
 *
 * A tensor that was made from an array of yours, or whose `data` was read or given to `update`, is not pinned, or not any
 * more: its numbers are in an array that you may have kept. (`values` and `updateValues` change nothing.) Nothing happens either for float64, and on kernel sets that have no such memory.
 * While a `scope` runs, the tensors wait for the next one.
 */
export function pin(tensors: readonly Tensor[]): void {
  checkNoMore('pin', arguments, 1);
  checkArgument('pin', 'tensors', tensors, someTensors);
  const { arena } = currentKernels();
  if (!arena) return;
  for (const { storage } of tensors) pinLater(storage);
  pinWaiting(arena);
}
