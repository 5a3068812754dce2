/** The numbers of a tensor. Training uses float32; gradient checks use float64. */
export type FloatArray = Float32Array | Float64Array;
/** The types of numbers that a tensor can hold. */
export type DType = 'float32' | 'float64';

export function dtypeOf(data: FloatArray): DType {
  return data instanceof Float32Array ? 'float32' : 'float64';
}
