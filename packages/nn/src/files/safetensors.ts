import {
  ArgumentError,
  aFunction,
  type Check,
  checkArgument,
  checkOptions,
  FileError,
  instanceOf,
  mapOf,
  type OptionChecks,
  PlatformError,
  text,
} from '@paragrad/check';
import { aTensor, type FloatArray, type Shape, Tensor } from '@paragrad/tensor';
import { parseJsonObject, repeatedKey } from './json-keys.js';
import { isNumberType, NUMBER_TYPES, type SafetensorsData, type SafetensorsType } from './number-types.js';

/**
 * The contents of a safetensors file (https://github.com/huggingface/safetensors). The format: 8 bytes with the length of
 * the header, little endian; the header, JSON of name -> { dtype, shape, data_offsets }; the data. Python's safetensors
 * library reads the files that are written here, and the other way round.
 */
export interface SafetensorsFile {
  /** The tensors, by name. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor in a safetensors file. */
export interface SafetensorsEntry {
  /** Such as `F32`, `BF16` or `I64`. */
  readonly dtype: SafetensorsType | (string & {});
  /** The length of each axis. */
  readonly shape: Shape;
  /** The numbers: floats of 16 and 8 bits as float32, which contains them exactly. For a type that is not known, the bytes. */
  readonly data: SafetensorsData;
}

const METADATA = '__metadata__';
const OPENING_BRACE = 0x7b;
const HEADER_LIMIT = 100_000_000; // the reference implementation's
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * The bytes of a safetensors file that contains these tensors. They are in the order of the reference implementation:
 * larger number types first, then by name. So each tensor is aligned.
 *
 * @throws ArgumentError on names that are reserved or not valid Unicode.
 */
export function writeSafetensors(
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  checkArgument('safetensors', 'tensors', tensors, tensorsByName);
  checkArgument('safetensors', 'metadata', metadata, mapOf(text));
  checkEndianness();
  checkNames(Object.keys(tensors), Object.entries(metadata).flat());
  const sorted = Object.entries(tensors).sort(byTypeAndName);
  const header = Object.keys(metadata).length > 0 ? [member(METADATA, metadata)] : [];
  let offset = 0;
  for (const [name, { values, dtype, shape }] of sorted) {
    const begin = offset;
    offset += values.byteLength;
    const type: SafetensorsType = dtype === 'float64' ? 'F64' : 'F32';
    header.push(member(name, { dtype: type, shape, data_offsets: [begin, offset] }));
  }
  const json = new TextEncoder().encode(`{${header.join(',')}}`);
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { values }] of sorted) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

const tensorsByName = mapOf(aTensor);
const someBytes = instanceOf(Uint8Array, 'a Uint8Array: the bytes of a file');

/** Options of `readSafetensors`. */
export interface ReadOptions {
  /** Called with each tensor that float64 cannot represent, and the reason. Default: a warning in the console. */
  onLeftOut?: (name: string, why: string) => void;
}

const readOptions: OptionChecks<ReadOptions> = {
  onLeftOut: aFunction as Check<ReadOptions['onLeftOut'] & object>,
};

/**
 * The tensors of a safetensors file, by name. A tensor of another type than F32 and F64 is converted without rounding: to
 * float32 if it contains all numbers of the type (F16, BF16, 8-bit floats, BOOL, integers of 8 and 16 bits), else to float64
 * (integers of 32 and 64 bits up to 2^53). What cannot be converted like this is left out, and `onLeftOut` is told.
 *
 * @throws FileError like `parseSafetensors`.
 */
export function readSafetensors(bytes: Uint8Array, options: ReadOptions = {}): Record<string, Tensor> {
  checkOptions('readSafetensors', options, readOptions);
  const { onLeftOut = warn } = options;
  const tensors: [string, Tensor][] = [];
  for (const [name, entry] of parseSafetensors(bytes).entries) {
    const data = floatsOf(entry);
    if (typeof data === 'string') onLeftOut(name, data);
    else tensors.push([name, new Tensor(data, entry.shape)]);
  }
  return Object.fromEntries(tensors);
}

/** The same numbers as floats, or the reason why this is not possible. */
function floatsOf({ dtype, data }: SafetensorsEntry): FloatArray | string {
  if (!isNumberType(dtype)) return `${dtype} is not a type of numbers that tensors here can have`;
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const floats = Float64Array.from(data as ArrayLike<bigint>, Number);
    const large = floats.findIndex((value) => !Number.isSafeInteger(value));
    return large < 0 ? floats : `${dtype} ${data[large]} is too large: float64 is exact up to 2^53`;
  }
  return data.BYTES_PER_ELEMENT <= 2 ? Float32Array.from(data) : Float64Array.from(data);
}

declare const console: { warn(message: string): void };

function warn(name: string, why: string): void {
  console.warn(`safetensors: ${name} is left out: ${why}`);
}

/**
 * Everything in a safetensors file.
 *
 * @throws FileError if the file is cut short, or if its header does not describe every byte of the data exactly once.
 */
export function parseSafetensors(bytes: Uint8Array): SafetensorsFile {
  checkArgument('safetensors', 'bytes', bytes, someBytes);
  checkEndianness();
  if (bytes.length < 8) throw safetensorsError(`${bytes.length} bytes, too short for the header's length`);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (headerLength > HEADER_LIMIT)
    throw safetensorsError(`a header of ${headerLength} bytes; is this a safetensors file?`);
  const dataStart = 8 + Number(headerLength);
  if (dataStart > bytes.length) {
    throw safetensorsError(
      `the header should have ${headerLength} bytes, but only ${bytes.length - 8} are left`,
    );
  }
  const { [METADATA]: metadata, ...described } = parseHeader(bytes.subarray(8, dataStart));

  const entries = new Map<string, SafetensorsEntry>();
  let used = 0;
  const descriptions = Object.entries(described).map(checkDescription).sort(byOffsets);
  for (const { name, dtype, shape, data_offsets: offsets } of descriptions) {
    const [start, end] = offsets;
    const type = isNumberType(dtype) ? NUMBER_TYPES[dtype] : null;
    // The numbers of a type that is not known may have any length, even less than a byte.
    const length = type ? shape.reduce((product, n) => product * n, type.bytes) : end - start;
    if (!Number.isSafeInteger(length))
      throw safetensorsError(`${name} of shape [${shape.join(', ')}] is too large`);
    if (start !== used)
      throw safetensorsError(
        `${name} begins at byte ${start}, but the tensors before it end at ${used}: a gap or an overlap`,
      );
    if (end - start !== length)
      throw safetensorsError(
        `${name} of shape [${shape.join(', ')}] needs ${length} bytes, not ${end - start}`,
      );
    if (dataStart + end > bytes.length) {
      throw safetensorsError(
        `${name} ends at byte ${dataStart + end}, but the file has ${bytes.length} bytes: it is cut short`,
      );
    }
    // A copy, because the bytes of the file may not be aligned in memory. Not slice(), which in a Node Buffer shares memory.
    const { buffer } = new Uint8Array(bytes.subarray(dataStart + start, dataStart + end));
    entries.set(name, { dtype, shape, data: type?.read(buffer) ?? new Uint8Array(buffer) });
    used = end;
  }
  if (dataStart + used !== bytes.length)
    throw safetensorsError(`${bytes.length - dataStart - used} bytes at the end belong to no tensor`);
  return { entries, metadata: checkMetadata(metadata) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== OPENING_BRACE) throw safetensorsError('the header does not begin with {');
  let text: string;
  let header: Record<string, unknown>;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = parseJsonObject(text);
  } catch {
    throw safetensorsError('the header is not a JSON object');
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw safetensorsError(`the header has ${JSON.stringify(repeated)} twice`);
  return header;
}

interface Description {
  name: string;
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function checkDescription([name, description]: [string, unknown]): Description {
  const { dtype, shape, data_offsets: offsets } = (description ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string') throw safetensorsError(`${name} has no type`);
  if (!isSizes(shape)) throw safetensorsError(`${name} has no valid shape`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[1] < offsets[0])
    throw safetensorsError(`${name} has no valid data_offsets`);
  return { name, dtype, shape, data_offsets: offsets as [number, number] };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function checkMetadata(metadata: unknown): Record<string, string> {
  const texts = metadata ?? {};
  const isObject = typeof texts === 'object' && !Array.isArray(texts);
  if (!isObject || !Object.values(texts).every((text) => typeof text === 'string'))
    throw safetensorsError(`${METADATA} is not an object of strings`);
  return texts as Record<string, string>;
}

/** Sorts by start; an empty tensor comes before another tensor with the same start. */
function byOffsets({ data_offsets: a }: Description, { data_offsets: b }: Description): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** One member of a JSON object, as text. (A JavaScript object would reorder names like `10` and drop `__proto__`.) */
function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function byTypeAndName([nameA, a]: [string, Tensor], [nameB, b]: [string, Tensor]): number {
  return b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1);
}

function checkNames(names: string[], texts: string[]): void {
  if (names.includes(METADATA))
    throw new ArgumentError(
      `safetensors: a tensor cannot be called ${METADATA}; that name is reserved for the metadata`,
    );
  const broken = [...names, ...texts].find((text) => /\p{Surrogate}/u.test(text));
  if (broken !== undefined)
    throw new ArgumentError(`safetensors: ${JSON.stringify(broken)} is not valid Unicode`);
}

function safetensorsError(what: string): ArgumentError {
  return new FileError(`safetensors: ${what}`);
}

function checkEndianness(): void {
  if (!LITTLE_ENDIAN)
    throw new PlatformError('safetensors: this machine is big-endian, and the format is little-endian');
}
