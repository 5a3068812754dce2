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

/** While a gradient is computed: called with every tensor whose numbers are read. Otherwise null. */
export let readCheck: ((x: Tensor) => void) | null = null;

/** Runs `compute`, and calls `check` with every tensor whose numbers it reads. */
export function checkingReads<T>(check: (x: Tensor) => void, compute: () => T): T {
  const before = readCheck;
  readCheck = check;
  try {
    return compute();
  } finally {
    readCheck = before;
  }
}
