import { PlatformError } from '@paragrad/check';
import type { DType } from '../dtype.js';
import { currentScope } from './scope.js';
import { Storage } from './storage.js';

// All memory of tensors is allocated here. Inside a `scope` it comes from the scope's arena.

/** Memory filled with zeros. */
export function allocate(length: number, dtype: DType): Storage {
  const inScope = reserve(length, dtype);
  inScope?.array.fill(0);
  return inScope ?? allocateOnHeap(length, dtype);
}

/** Memory with arbitrary contents, for a kernel that writes every element. */
export function allocateRaw(length: number, dtype: DType): Storage {
  return reserve(length, dtype) ?? allocateOnHeap(length, dtype);
}

/** Memory of the current scope. Null outside a scope, for float64, and if the scope has no room. */
function reserve(length: number, dtype: DType): Storage | null {
  const scope = currentScope();
  if (!scope || dtype !== 'float32') return null;
  const address = scope.arena.reserve(length);
  return address === 0 ? null : new Storage(scope.arena.at(address, length), scope);
}

function allocateOnHeap(length: number, dtype: DType): Storage {
  try {
    return new Storage(dtype === 'float32' ? new Float32Array(length) : new Float64Array(length));
  } catch {
    throw new PlatformError(`tensor: there is no memory for ${length} numbers; make smaller tensors`);
  }
}

/** Memory for integer indices. */
export function allocateIndices(length: number): Int32Array {
  return new Int32Array(length);
}
