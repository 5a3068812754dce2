/** The numbers of one tensor in a safetensors file. */
export type SafetensorsData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** The types of numbers that can be read. Other types are left as they are, as bytes. */
export type SafetensorsType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'F8_E5M2'
  | 'F8_E4M3'
  | 'I64'
  | 'U64'
  | 'I32'
  | 'U32'
  | 'I16'
  | 'U16'
  | 'I8'
  | 'U8'
  | 'BOOL';

interface NumberType {
  /** The bytes of one number. */
  readonly bytes: number;
  /** The numbers in this memory, which begins at a multiple of their size. */
  read(buffer: ArrayBuffer): SafetensorsData;
}

export const NUMBER_TYPES: Readonly<Record<SafetensorsType, NumberType>> = {
  F64: { bytes: 8, read: (buffer) => new Float64Array(buffer) },
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  // Float32 contains all numbers of the shorter types exactly.
  F16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), shortFloat(5, 10)) },
  BF16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), shortFloat(8, 7)) },
  F8_E5M2: { bytes: 1, read: (buffer) => Float32Array.from(new Uint8Array(buffer), shortFloat(5, 2)) },
  F8_E4M3: { bytes: 1, read: (buffer) => Float32Array.from(new Uint8Array(buffer), float8WithoutInfinity) },
  I64: { bytes: 8, read: (buffer) => new BigInt64Array(buffer) },
  U64: { bytes: 8, read: (buffer) => new BigUint64Array(buffer) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, read: (buffer) => new Uint32Array(buffer) },
  I16: { bytes: 2, read: (buffer) => new Int16Array(buffer) },
  U16: { bytes: 2, read: (buffer) => new Uint16Array(buffer) },
  I8: { bytes: 1, read: (buffer) => new Int8Array(buffer) },
  U8: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  BOOL: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
};

export function isNumberType(dtype: string): dtype is SafetensorsType {
  return Object.hasOwn(NUMBER_TYPES, dtype);
}

/**
 * Reads a number of the form of IEEE 754 from its bits: sign, exponent, fraction. The largest exponent means infinity, or NaN
 * if the fraction is not 0; the smallest means a fraction without a 1 in front.
 */
function shortFloat(exponentBits: number, fractionBits: number): (bits: number) => number {
  const largest = 2 ** exponentBits - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  return (bits) => {
    const sign = bits >>> (exponentBits + fractionBits) ? -1 : 1;
    const exponent = (bits >>> fractionBits) & largest;
    const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
    if (exponent === largest) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
  };
}

/** F8_E4M3: the largest exponent has ordinary numbers, too; NaN has all bits set (Micikevicius et al. 2022). */
function float8WithoutInfinity(bits: number): number {
  const sign = bits >>> 7 ? -1 : 1;
  const [exponent, fraction] = [(bits >>> 3) & 15, (bits & 7) / 8];
  if (exponent === 15 && fraction === 7 / 8) return Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -6 : (1 + fraction) * 2 ** (exponent - 7));
}
