import { AutogradError } from '@paragrad/check';
import { type DType, dtypeOf, type FloatArray } from '../dtype.js';
import type { Arena } from '../kernels/arena.js';

/** A scope, as the storages in its memory see it. */
export interface Lifetime {
  readonly ended: boolean;
  /** Called when a tensor in this scope's memory becomes the `grad` of another. */
  holdsGradOf(owner: GradOwner): void;
}

/** A tensor that has a gradient. */
export interface GradOwner {
  readonly grad: { readonly storage: Storage } | null;
}

/**
 * Holds the numbers of a tensor. Tensors that share their numbers (`detach`, `reshape`) share one storage. The numbers are
 *
 * - on JavaScript's heap, in an array that users may keep; or
 * - in the memory of a scope, until it ends; or
 * - pinned in the kernels' memory: see `pin`.
 */
export class Storage {
  /** The number of the last update that changed this storage (autograd/versions.ts); 0 before the first. */
  version = 0;
  readonly dtype: DType;
  #array: FloatArray;
  /** The scope whose memory the array is in. */
  #scope: Lifetime | null;
  #isPinned = false;
  /** Whether a user may have the array, and expect that it always has the numbers of this storage. */
  #isShared: boolean;

  constructor(array: FloatArray, scope: Lifetime | null = null, isShared = false) {
    this.dtype = dtypeOf(array);
    this.#array = array;
    this.#scope = scope;
    this.#isShared = isShared;
  }

  /**
   * The array, for a kernel to read or write now. Do not keep it: when the scope ends, its memory is reused. Throws if
   * the scope has ended.
   */
  get array(): FloatArray {
    if (this.#scope?.ended) {
      throw new AutogradError(
        'scope: this tensor was made in a scope that has ended, and its memory has been reused; ' +
          'return the tensor from the scope, or read its data inside',
      );
    }
    return this.#array;
  }

  /** The scope whose memory the numbers are in; null if they stay valid without one. */
  get scope(): Lifetime | null {
    return this.#scope;
  }

  /** The array, to keep. Copies the numbers to JavaScript's heap if they are in other memory. */
  keep(): FloatArray {
    if (this.#scope || this.#isPinned) {
      this.#array = this.array.slice();
      this.#scope = null;
      this.#isPinned = false;
    }
    this.#isShared = true;
    return this.#array;
  }

  /** Moves the numbers into the arena, whose stack is empty. Not if somebody may have the array, or if there is no room. */
  pin(arena: Arena): void {
    if (this.#isShared || this.#isPinned || this.#scope || !(this.#array instanceof Float32Array)) return;
    const pinned = arena.pin(this.#array);
    if (!pinned) return;
    this.#array = pinned;
    this.#isPinned = true;
  }
}

/** The storage of a tensor; undefined for any other value. For files in which an import of Tensor would close a circle. */
export function storageOf(value: unknown): Storage | undefined {
  const storage = (value as { storage?: unknown } | null | undefined)?.storage;
  return storage instanceof Storage ? storage : undefined;
}
