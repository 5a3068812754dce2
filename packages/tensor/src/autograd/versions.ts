import type { Storage } from '../memory/storage.js';
import type { Tensor } from '../tensor.js';

// How a gradient notices that a value it needs has changed since the op ran. All calls of `Tensor.update` share one
// counter, and each call stores its number in the storage that it changed. So a record stores a single number, the
// count at the time when it was made. Tensors that share their data share its version.

let updates = 0;

/** The number of updates so far, of all tensors together. */
export function updatesSoFar(): number {
  return updates;
}

export function markChanged(storage: Storage): void {
  storage.version = ++updates;
}

/** Sees every tensor whose numbers are read. */
export interface Reader {
  checkRead(x: Tensor): void;
}

/** While a gradient is computed: the record whose gradient it is. Otherwise null. */
export let reader: Reader | null = null;

/** Sets `reader`, and returns the one before. */
export function setReader(next: Reader | null): Reader | null {
  const before = reader;
  reader = next;
  return before;
}

/** The storage of x, for another tensor with the same numbers. Whoever gets that one can read them, so it counts as read. */
export function storageToShare(x: Tensor): Storage {
  reader?.checkRead(x);
  return x.storage;
}
