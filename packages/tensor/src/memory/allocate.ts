/** The numbers of a tensor. Float32 is what everything trains in; float64 is there to check gradients with. */
export type FloatArray = Float32Array | Float64Array;
export type DType = 'float32' | 'float64';

/** The one place that buffers of tensors come from. Zero-filled. */
export function allocate(length: number, dtype: DType): FloatArray {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

/** The same for whole numbers that say where something is. */
export function allocateIndices(length: number): Int32Array {
  return new Int32Array(length);
}

export function dtypeOf(data: FloatArray): DType {
  return data instanceof Float32Array ? 'float32' : 'float64';
}
