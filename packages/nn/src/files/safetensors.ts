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
const METADATA = '__metadata__';
const OPENING_BRACE = 0x7b;
const HEADER_LIMIT = 100_000_000; // the reference implementation's
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * The bytes of a safetensors file that holds these tensors. In the reference implementation's order, which keeps each one
 * aligned: larger number types first, and by name. Throws on names that no reader could make sense of.
 */
export function writeSafetensors(
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  checkEndianness();
  checkNames(Object.keys(tensors), metadata);
  const sorted = Object.entries(tensors).sort(byTypeAndName);
  const header = Object.keys(metadata).length > 0 ? [member(METADATA, metadata)] : [];
  let offset = 0;
  for (const [name, { data, dtype, shape }] of sorted) {
    const begin = offset;
    offset += data.byteLength;
    const type: SafetensorsType = dtype === 'float64' ? 'F64' : 'F32';
    header.push(member(name, { dtype: type, shape, data_offsets: [begin, offset] }));
  }
  const json = new TextEncoder().encode(`{${header.join(',')}}`);
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
  return Object.fromEntries(
    Array.from(parseSafetensors(bytes).entries, ([name, { data, shape }]) => {
      if (data instanceof Int32Array)
        throw damaged(`${name} holds integers, and tensors here are of floats; parseSafetensors reads them`);
      return [name, new Tensor(data, shape)];
    }),
  );
}

/**
 * Everything in a safetensors file. Throws on a file that is cut short, or whose header does not describe every byte of
 * its data exactly once.
 */
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
  const { [METADATA]: metadata, ...described } = parseHeader(bytes.subarray(8, dataStart));

  const entries = new Map<string, SafetensorsEntry>();
  let used = 0;
  const inOrder = Object.entries(described).map(checkedDescription).sort(byOffsets);
  for (const { name, dtype, shape, data_offsets: offsets } of inOrder) {
    const [start, end] = offsets;
    const TypedArray = TYPES[dtype];
    const length = shape.reduce((product, n) => product * n, TypedArray.BYTES_PER_ELEMENT);
    if (!Number.isSafeInteger(length)) throw damaged(`${name} of shape [${shape.join(', ')}] is too large`);
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
  return { entries, metadata: checkedMetadata(metadata) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== OPENING_BRACE) throw damaged('the header does not begin with {');
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw damaged('the header is not a JSON object');
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) throw damaged(`the header has ${JSON.stringify(twice)} twice`);
  return header as Record<string, unknown>;
}

/** A key that an object in this valid JSON has twice. `JSON.parse` would keep the last one and say nothing. */
function repeatedKey(json: string): string | undefined {
  const keys: Set<string>[] = []; // of each object and array that is open, outermost first
  let quote = -1; // where the string begins that we are in
  let latest = ''; // the string before, quotes and all
  for (const { 0: token, index } of json.matchAll(/\\.|["{}[\]:]/g)) {
    if (token === '"') {
      if (quote !== -1) latest = json.slice(quote, index + 1);
      quote = quote === -1 ? index : -1;
    } else if (quote !== -1) {
      // inside a string nothing else counts, and `\\.` has passed over its escaped quotes
    } else if (token === '{' || token === '[') keys.push(new Set());
    else if (token === '}' || token === ']') keys.pop();
    else {
      const key = JSON.parse(latest) as string; // "a" and "\u0061" are the same
      const siblings = keys.at(-1)!;
      if (siblings.has(key)) return key;
      siblings.add(key);
    }
  }
  return undefined;
}

interface Description {
  name: string;
  dtype: SafetensorsType;
  shape: number[];
  data_offsets: [number, number];
}

function checkedDescription([name, description]: [string, unknown]): Description {
  const { dtype, shape, data_offsets: offsets } = (description ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(TYPES, dtype)) {
    const type = typeof dtype === 'string' ? `type ${dtype}` : 'no type';
    throw damaged(`${name} is of ${type}; this reader knows ${Object.keys(TYPES).join(', ')}`);
  }
  if (!isSizes(shape)) throw damaged(`${name} has no valid shape`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[1] < offsets[0])
    throw damaged(`${name} has no valid data_offsets`);
  return { name, dtype: dtype as SafetensorsType, shape, data_offsets: offsets as [number, number] };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function checkedMetadata(metadata: unknown): Record<string, string> {
  const texts = metadata ?? {};
  const isObject = typeof texts === 'object' && !Array.isArray(texts);
  if (!isObject || !Object.values(texts).every((text) => typeof text === 'string'))
    throw damaged(`${METADATA} is not an object of strings`);
  return texts as Record<string, string>;
}

/** By where they begin, and an empty one before the one that begins at the same place. */
function byOffsets({ data_offsets: a }: Description, { data_offsets: b }: Description): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** One member of a JSON object. An object of them all would reorder names like `10`, and drop `__proto__`. */
function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function byTypeAndName([nameA, a]: [string, Tensor], [nameB, b]: [string, Tensor]): number {
  return b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1);
}

function checkNames(names: string[], metadata: Record<string, string>): void {
  if (names.includes(METADATA))
    throw damaged(`a tensor cannot be called ${METADATA}; that is the metadata's place`);
  checkedMetadata(metadata);
  const broken = [...names, ...Object.entries(metadata).flat()].find((text) => /\p{Surrogate}/u.test(text));
  if (broken !== undefined) throw damaged(`${JSON.stringify(broken)} is not valid Unicode`);
}

function damaged(what: string): Error {
  return new Error(`safetensors: ${what}`);
}

function checkEndianness(): void {
  if (!LITTLE_ENDIAN)
    throw new Error('safetensors: this machine is big-endian, and the format is little-endian');
}
