import { currentScope } from './scope.js';
import { Storage } from './storage.js';

/** The numbers of a tensor. Float32 is what everything trains in; float64 is there to check gradients with. */
export type FloatArray = Float32Array | Float64Array;
export type DType = 'float32' | 'float64';

/** The one place that memory of tensors comes from: the scope's, inside one. All 0. */
export function allocate(length: number, dtype: DType): Storage {
  const inScope = reserve(length, dtype);
  inScope?.array.fill(0);
  return inScope ?? fresh(length, dtype);
}

/** The same with arbitrary contents, for a kernel that writes all of it. */
export function allocateRaw(length: number, dtype: DType): Storage {
  return reserve(length, dtype) ?? fresh(length, dtype);
}

/** In the scope's memory; null outside one, and where it has no room. */
function reserve(length: number, dtype: DType): Storage | null {
  const scope = currentScope();
  if (!scope || dtype !== 'float32') return null;
  const address = scope.arena.reserve(length);
  return address === 0 ? null : new Storage(scope.arena.at(address, length), scope);
}

function fresh(length: number, dtype: DType): Storage {
  return new Storage(dtype === 'float32' ? new Float32Array(length) : new Float64Array(length));
}

/** For whole numbers that say where something is. */
export function allocateIndices(length: number): Int32Array {
  return new Int32Array(length);
}

export function dtypeOf(data: FloatArray): DType {
  return data instanceof Float32Array ? 'float32' : 'float64';
}
