import type { FloatArray } from '../dtype.js';

/** A piece of memory that is valid until it ends. */
export interface Lifetime {
  readonly ended: boolean;
}

/** Holds the numbers of a tensor. Tensors that share their numbers (`detach`, `reshape`) share one storage. */
export class Storage {
  /** The number of the last update that changed this storage (autograd/versions.ts); 0 before the first. */
  version = 0;
  #array: FloatArray;
  /** The scope whose memory the array is in; null if the array is on JavaScript's heap. */
  #scope: Lifetime | null;

  constructor(array: FloatArray, scope: Lifetime | null = null) {
    this.#array = array;
    this.#scope = scope;
  }

  /**
   * The array, for a kernel to read or write now. Do not keep it: when the scope ends, its memory is reused. Throws if
   * the scope has ended.
   */
  get array(): FloatArray {
    if (this.#scope?.ended) {
      throw new Error(
        'scope: this tensor was made in a scope that has ended, and its memory has been reused; ' +
          'return the tensor from the scope, or read its data inside',
      );
    }
    return this.#array;
  }

  /** The array, to keep. Copies the numbers out of the scope's memory if they are there. */
  keep(): FloatArray {
    if (this.#scope) {
      this.#array = this.array.slice();
      this.#scope = null;
    }
    return this.#array;
  }
}

/** The storage of a tensor; undefined for any other value. For files in which an import of Tensor would close a circle. */
export function storageOf(value: unknown): Storage | undefined {
  const storage = (value as { storage?: unknown } | null | undefined)?.storage;
  return storage instanceof Storage ? storage : undefined;
}
