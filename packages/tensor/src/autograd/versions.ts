import type { Storage } from '../memory/storage.js';
import type { Tensor } from '../tensor.js';

// How a gradient knows that a value it needs is no longer what it was when the op ran. All `Tensor.update`s are
// counted together, and each leaves its number with the storage it changed: so a record needs to keep one number, the
// count when it was made, and recording costs nothing else. Tensors that share their data share its version.

let updates = 0;

/** How many updates there have been, of any tensor. */
export function updatesSoFar(): number {
  return updates;
}

export function markChanged(storage: Storage): void {
  storage.version = ++updates;
}

/** Called with every tensor whose numbers are read while a gradient is computed; null otherwise. */
export let readCheck: ((x: Tensor) => void) | null = null;

/** Runs `compute` with `check` called on every tensor whose numbers it reads. */
export function checkingReads<T>(check: (x: Tensor) => void, compute: () => T): T {
  const before = readCheck;
  readCheck = check;
  try {
    return compute();
  } finally {
    readCheck = before;
  }
}
