import { type Shape, Tensor } from '@paragrad/tensor';

/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length, little endian; a
 * JSON header of name -> { dtype, shape, data_offsets }; the data. Weights written here load in PyTorch's library and
 * the other way round.
 */
export interface SafetensorsFile {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface SafetensorsEntry {
  readonly dtype: SafetensorsType;
  readonly shape: Shape;
  readonly data: Float32Array | Float64Array | Int32Array;
}

export type SafetensorsType = keyof typeof TYPES;

const TYPES = { F64: Float64Array, F32: Float32Array, I32: Int32Array } as const;
const HEADER_LIMIT = 100_000_000; // the reference implementation's
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The bytes of a safetensors file that holds these tensors, in an order that keeps each one aligned. */
export function writeSafetensors(
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  checkEndianness();
  const sorted = Object.entries(tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  let offset = 0;
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  for (const [name, { data, dtype, shape }] of sorted) {
    const type: SafetensorsType = dtype === 'float64' ? 'F64' : 'F32';
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** The float tensors of a safetensors file, by name. Throws as `parseSafetensors` does, and on integers. */
export function readSafetensors(bytes: Uint8Array): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, { data, shape }] of parseSafetensors(bytes).entries) {
    if (data instanceof Int32Array)
      throw new Error(`safetensors: ${name} holds integers, and tensors here are of floats`);
    tensors[name] = new Tensor(data, shape);
  }
  return tensors;
}

/** Everything in a safetensors file. Throws on a file that is cut short, or whose header does not describe its data. */
export function parseSafetensors(bytes: Uint8Array): SafetensorsFile {
  checkEndianness();
  if (bytes.length < 8) throw damaged(`${bytes.length} bytes, too short for the header's length`);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (headerLength > HEADER_LIMIT)
    throw damaged(`a header of ${headerLength} bytes; is this a safetensors file?`);
  const dataStart = 8 + Number(headerLength);
  if (dataStart > bytes.length) {
    throw damaged(`the header should be ${headerLength} bytes, and ${bytes.length - 8} are there`);
  }
  const { __metadata__: metadata = {}, ...described } = parseHeader(bytes.subarray(8, dataStart));

  const entries = new Map<string, SafetensorsEntry>();
  let used = 0;
  const inOrder = Object.entries(described).sort(([, a], [, b]) => byOffsets(a, b));
  for (const [name, description] of inOrder) {
    const { dtype, shape, data_offsets: offsets } = checkedDescription(name, description);
    const [start, end] = offsets;
    const TypedArray = TYPES[dtype];
    const length = shape.reduce((product, n) => product * n, 1) * TypedArray.BYTES_PER_ELEMENT;
    if (start !== used)
      throw damaged(`${name} begins at ${start} where ${used} bytes are taken: a gap or an overlap`);
    if (end - start !== length)
      throw damaged(`${name} of shape [${shape.join(', ')}] takes ${length} bytes, not ${end - start}`);
    if (dataStart + end > bytes.length) {
      throw damaged(`${name} ends at byte ${dataStart + end} of a file of ${bytes.length}: it is cut short`);
    }
    // Copied, because the file's bytes need not lie aligned in memory. Not by slice(): a Node Buffer's shares memory.
    const { buffer } = new Uint8Array(bytes.subarray(dataStart + start, dataStart + end));
    entries.set(name, { dtype, shape, data: new TypedArray(buffer) });
    used = end;
  }
  if (dataStart + used !== bytes.length)
    throw damaged(`${bytes.length - dataStart - used} bytes at the end belong to no tensor`);
  return { entries, metadata: metadata as Record<string, string> };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // falls through to the one error for all that is not a JSON object
  }
  throw damaged('the header is not a JSON object');
}

interface Description {
  dtype: SafetensorsType;
  shape: number[];
  data_offsets: [number, number];
}

/** By where they begin, and an empty one before the one that begins at the same place. */
function byOffsets(a: unknown, b: unknown): number {
  const [beginA = 0, endA = 0] = (a as Partial<Description> | null)?.data_offsets ?? [];
  const [beginB = 0, endB = 0] = (b as Partial<Description> | null)?.data_offsets ?? [];
  return beginA - beginB || endA - endB;
}

function checkedDescription(name: string, description: unknown): Description {
  const { dtype, shape, data_offsets: offsets } = (description ?? {}) as Record<string, unknown>;
  const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof dtype !== 'string' || !(dtype in TYPES)) {
    throw damaged(`${name} is of type ${dtype}; this reader knows ${Object.keys(TYPES).join(', ')}`);
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) throw damaged(`${name} has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize) || offsets[1] < offsets[0]) {
    throw damaged(`${name} has no valid data_offsets`);
  }
  return description as Description;
}

function damaged(what: string): Error {
  return new Error(`safetensors: ${what}`);
}

function checkEndianness(): void {
  if (!LITTLE_ENDIAN)
    throw new Error('safetensors: this machine is big-endian, and the format is little-endian');
}
