import { kernels } from '../kernels/select.js';
import type { Arena } from './arena.js';
import { Storage } from './storage.js';

/** What is running inside `scope`, outermost to innermost. */
export interface Scope {
  readonly arena: Arena;
  ended: boolean;
}

let current: Scope | null = null;

export function currentScope(): Scope | null {
  return current;
}

/**
 * Runs `compute`, and when it is done uses the memory of all tensors made in it again: for a step of training, which is
 * run thousands of times and makes the same tensors each time. It changes nothing else, and is never needed: without
 * it the garbage collector does the same later. Scopes can be nested.
 *
 * What outlives it: tensors that `compute` returns (alone, or in arrays and plain objects), tensors that are some
 * tensor's `grad`, and all that was read as `data`. Any other tensor made in it throws when it is used later.
 *
 * Throws if `compute` is async: it would go on after the scope has ended.
 */
export function scope<T>(compute: () => T): T {
  const { arena } = kernels();
  if (!arena) return checked(compute());
  const outer = current;
  const own: Scope = { arena, ended: false };
  const top = arena.top;
  current = own;
  try {
    const result = checked(compute());
    keepTensors(result, new Set());
    return result;
  } finally {
    current = outer;
    own.ended = true;
    arena.release(top);
  }
}

function checked<T>(result: T): T {
  if (result instanceof Promise) {
    throw new Error('scope: the function is async, and would go on after the scope has ended; await outside');
  }
  return result;
}

function keepTensors(value: unknown, seen: Set<unknown>): void {
  if (seen.has(value)) return;
  seen.add(value);
  const storage = storageOf(value);
  if (storage) storage.keep();
  else if (Array.isArray(value)) for (const item of value) keepTensors(item, seen);
  else if (isPlainObject(value)) for (const item of Object.values(value)) keepTensors(item, seen);
}

/** A tensor's. (To import Tensor here would close a circle.) */
function storageOf(value: unknown): Storage | undefined {
  const { storage } = (value ?? {}) as { storage?: unknown };
  return storage instanceof Storage ? storage : undefined;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
