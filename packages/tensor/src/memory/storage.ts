import type { FloatArray } from './allocate.js';
import type { Scope } from './scope.js';

/** Where the numbers of a tensor are; tensors that share their numbers (`detach`, `reshape`) share this. */
export class Storage {
  /** The number of the update that last changed it (autograd/versions.ts); 0 if none did. */
  version = 0;
  #array: FloatArray;
  /** The scope whose memory they are in, until it ends. */
  #scope: Scope | null;

  constructor(array: FloatArray, scope: Scope | null = null) {
    this.#array = array;
    this.#scope = scope;
  }

  /** As they are now, for a kernel to read or write. Not to be kept: a scope's memory is used again. */
  get array(): FloatArray {
    if (this.#scope?.ended) {
      throw new Error(
        'scope: this tensor was made in a scope that has ended, and its memory is used again; ' +
          'return it from the scope, or read its data there',
      );
    }
    return this.#array;
  }

  /** Moves them out of the scope's memory, if they are in one: this array stays theirs. */
  keep(): FloatArray {
    if (this.#scope) {
      this.#array = this.array.slice();
      this.#scope = null;
    }
    return this.#array;
  }
}
