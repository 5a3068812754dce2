import { Tensor, tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSafetensors, readSafetensors, writeSafetensors } from '../src/index.js';

const names = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !name.startsWith('__'));
const values = fc.array(fc.float({ noNaN: true }), { maxLength: 20 });

test('what is written is read back, float32 and float64, any names', () => {
  fc.assert(
    fc.property(fc.dictionary(names, fc.tuple(values, fc.boolean())), (contents) => {
      const tensors = Object.fromEntries(
        Object.entries(contents).map(([name, [numbers, double]]) => [
          name,
          new Tensor(double ? Float64Array.from(numbers) : Float32Array.from(numbers), [numbers.length, 1]),
        ]),
      );
      const read = readSafetensors(writeSafetensors(tensors, { by: 'test' }));
      expect(Object.keys(read).sort()).toEqual(Object.keys(tensors).sort());
      for (const [name, { data, shape }] of Object.entries(tensors)) {
        expect(read[name].data).toEqual(data);
        expect(read[name].shape).toEqual(shape);
      }
    }),
  );
});

test('the layout is the published one', () => {
  const bytes = writeSafetensors({ w: tensor([[1, 2]]) }, { note: 'x' });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { note: 'x' },
    w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
  });
  expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  expect(parseSafetensors(bytes).metadata).toEqual({ note: 'x' });
});

test('a file that lies anywhere in a larger Node buffer is read right', () => {
  const bytes = writeSafetensors({ w: tensor([1, 2, 3]) });
  const pool = Buffer.alloc(bytes.length + 100);
  pool.set(bytes, 13);
  expect([...readSafetensors(pool.subarray(13, 13 + bytes.length)).w.data]).toEqual([1, 2, 3]);
});

describe('a damaged file is refused, saying what is wrong', () => {
  const file = (header: unknown, dataLength: number): Uint8Array => {
    const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + dataLength);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const two = { dtype: 'F32', shape: [2] };

  test.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /0 bytes, too short/],
    [
      'a header longer than the file',
      file('{}', 0).with(0, 200),
      /header should be 200 bytes, and 2 are there/,
    ],
    ['an absurd header', new Uint8Array(16).fill(255), /is this a safetensors file\?/],
    ['not JSON', file('{"w": ', 0), /the header is not a JSON object/],
    ['an unknown type', file({ w: { dtype: 'F8', shape: [1], data_offsets: [0, 1] } }, 1), /w is of type F8/],
    ['a bad shape', file({ w: { ...two, shape: [-2], data_offsets: [0, 8] } }, 8), /w has no valid shape/],
    ['bad offsets', file({ w: { ...two, data_offsets: [8, 0] } }, 8), /w has no valid data_offsets/],
    ['a wrong length', file({ w: { ...two, data_offsets: [0, 4] } }, 4), /shape \[2\] takes 8 bytes, not 4/],
    ['cut short', file({ w: { ...two, data_offsets: [0, 8] } }, 5), /it is cut short/],
    [
      'an overlap',
      file({ a: { ...two, data_offsets: [0, 8] }, b: { ...two, data_offsets: [4, 12] } }, 12),
      /b begins at 4 where 8 bytes are taken/,
    ],
    ['a gap', file({ w: { ...two, data_offsets: [4, 12] } }, 12), /w begins at 4 where 0 bytes are taken/],
    [
      'more than is described',
      file({ w: { ...two, data_offsets: [0, 8] } }, 9),
      /1 bytes at the end belong to no tensor/,
    ],
    ['integers', file({ i: { dtype: 'I32', shape: [1], data_offsets: [0, 4] } }, 4), /i holds integers/],
  ])('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test('every truncation', () => {
    const bytes = writeSafetensors({ a: tensor([1, 2]), b: tensor([[3]]) });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSafetensors(bytes.subarray(0, length)), `${length} bytes`).toThrow(/^safetensors: /);
    }
  });
});
