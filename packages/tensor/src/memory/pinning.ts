import type { Arena } from '../kernels/arena.js';
import type { Storage } from './storage.js';

/** The storages to pin as soon as no scope runs. */
const waiting = new Set<Storage>();

export function pinLater(storage: Storage): void {
  waiting.add(storage);
}

/** Pins what waits, unless a scope has memory. */
export function pinWaiting(arena: Arena): void {
  if (waiting.size === 0 || !arena.isEmpty) return;
  for (const storage of waiting) storage.pin(arena);
  waiting.clear();
}
