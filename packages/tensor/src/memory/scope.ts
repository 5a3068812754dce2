import { aFunction, checkArgument } from '@paragrad/check';
import { checkEnded } from '../autograd/modes.js';
import type { Arena } from '../kernels/arena.js';
import { currentKernels } from '../kernels/select.js';
import { pinWaiting } from './pinning.js';
import { type GradOwner, type Lifetime, storageOf } from './storage.js';

/** One running call of `scope`. */
export class Scope implements Lifetime {
  ended = false;
  /** The tensors that got a gradient in this scope's memory. Most lose it again before the end. */
  readonly #gradOwners: GradOwner[] = [];

  constructor(readonly arena: Arena) {}

  holdsGradOf(owner: GradOwner): void {
    this.#gradOwners.push(owner);
  }

  /** From now on the memory is used for other tensors. Gradients that some tensor still has are copied out of it. */
  end(): void {
    for (const { grad } of this.#gradOwners) if (grad?.storage.scope === this) grad.storage.keep();
    this.ended = true;
  }
}

let current: Scope | null = null;

/** The innermost scope that is running; null outside. */
export function currentScope(): Scope | null {
  return current;
}

/**
 * Runs `compute`, then reuses the memory of all tensors that it made. Meant for a training step, which runs thousands
 * of times and makes the same tensors each time. It is never needed: without it, the garbage collector frees the same
 * memory later. Results do not change. Scopes can be nested.
 *
 * These tensors and arrays stay valid after the scope: tensors that `compute` returns (alone, or in arrays and plain
 * objects), tensors that are some tensor's `grad` when it ends, and every array that was read as `data`. Any other tensor
 * made in the scope throws when it is used later.
 *
 * @throws ArgumentError if `compute` is async or a generator function: it would continue after the scope has ended.
 */
export function scope<T>(compute: () => T): T {
  checkArgument('scope', 'compute', compute, aFunction);
  const { arena } = currentKernels();
  if (!arena) return checkEnded('scope', compute());
  const outer = current;
  pinWaiting(arena);
  const own = new Scope(arena);
  const top = arena.top;
  current = own;
  try {
    const result = checkEnded('scope', compute());
    keepTensors(result, new Set());
    return result;
  } finally {
    current = outer;
    own.end();
    arena.release(top);
  }
}

/** Keeps every tensor in `value`: `value` itself, or inside arrays and plain objects. */
function keepTensors(value: unknown, visited: Set<unknown>): void {
  if (typeof value !== 'object' || visited.has(value)) return;
  visited.add(value);
  const storage = storageOf(value);
  if (storage) storage.keep();
  else if (Array.isArray(value)) for (const item of value) keepTensors(item, visited);
  else if (isPlainObject(value)) for (const item of Object.values(value)) keepTensors(item, visited);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
