import { ArgumentError, describe, FileError } from '@paragrad/check';
import { Tensor } from '@paragrad/tensor';

/** A state as what files can hold: JSON, and tensors by name. */
export interface EncodedState {
  readonly json: unknown;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** In the JSON, records of one field stand for what JSON has not: `{ $tensor: name }`, `{ $number: 'NaN' }`. */
const TENSOR = '$tensor';
const NUMBER = '$number';

/**
 * The state's arrays of floats become tensors, named by their place in it. They share the numbers. The rest becomes JSON, which
 * keeps every number exactly, also -0 and NaN. Throws on what neither can hold, with its place.
 */
export function encodeState(state: unknown): EncodedState {
  const tensors: Record<string, Tensor> = {};
  const encode = (value: unknown, path: string): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      const isPlain = Number.isFinite(value) && !Object.is(value, -0);
      return isPlain ? value : { [NUMBER]: Object.is(value, -0) ? '-0' : String(value) };
    }
    if (value instanceof Float32Array || value instanceof Float64Array) {
      let name = path;
      while (Object.hasOwn(tensors, name)) name += "'"; // a key may contain a dot
      tensors[name] = new Tensor(value, [value.length]);
      return { [TENSOR]: name };
    }
    const within = (key: string) => (path ? `${path}.${key}` : key);
    if (Array.isArray(value)) return value.map((element, index) => encode(element, within(String(index))));
    if (!isRecord(value) || TENSOR in value || NUMBER in value) {
      throw new ArgumentError(
        `${path || 'the state'} is ${describe(value)}, which cannot be saved; a state has records, arrays, numbers, texts, ` +
          'true, false, null, Float32Arrays and Float64Arrays',
      );
    }
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return Object.fromEntries(fields.map(([key, field]) => [key, encode(field, within(key))]));
  };
  return { json: encode(state, ''), tensors };
}

/** Other objects, such as a Map, would lose what they hold. */
function isRecord(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  );
}

/** The state that was encoded. Throws if a tensor is missing. */
export function decodeState({ json, tensors }: EncodedState): unknown {
  const decode = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value;
    const { [TENSOR]: name, [NUMBER]: number, ...fields } = value as Readonly<Record<string, unknown>>;
    if (typeof number === 'string') return Number(number);
    if (typeof name === 'string') {
      if (!Object.hasOwn(tensors, name)) throw new FileError(`there is no tensor ${name}`);
      return tensors[name].data;
    }
    return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, decode(field)]));
  };
  return decode(json);
}
