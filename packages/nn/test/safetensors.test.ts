import { Tensor, tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSafetensors, readSafetensors, type SafetensorsFile, writeSafetensors } from '../src/index.js';

const names = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  fc.constantFrom('__proto__', 'constructor', 'toString', '"', '\\', '\\"', '10', '9', '{"a":'),
);
const values = fc.array(fc.float({ noNaN: true }), { maxLength: 20 });

test('written tensors are read back, float32 and float64, with any names', () => {
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
  const { length } = headerOf(bytes);
  expect(length % 8).toBe(0);
  expect(JSON.parse(headerOf(bytes))).toEqual({
    __metadata__: { note: 'x' },
    w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
  });
  expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  expect(parseSafetensors(bytes).metadata).toEqual({ note: 'x' });
});

test('a file that is part of a larger Node buffer is read correctly', () => {
  const bytes = writeSafetensors({ w: tensor([1, 2, 3]) });
  const pool = Buffer.alloc(bytes.length + 100);
  pool.set(bytes, 13);
  expect([...readSafetensors(pool.subarray(13, 13 + bytes.length)).w.data]).toEqual([1, 2, 3]);
});

test('tensors are in the order of the reference implementation: float64 first, then by name', () => {
  const one = tensor([1]);
  const double = tensor([1], { dtype: 'float64' });
  const bytes = writeSafetensors({ b: one, z: double, a: one, 10: one, 9: one, y: double, B: one });
  expect([...parseSafetensors(bytes).entries.keys()]).toEqual(['y', 'z', '10', '9', 'B', 'a', 'b']);
  expect(headerOf(bytes).match(/"\w+"(?=:\{)/g)).toEqual(['"y"', '"z"', '"10"', '"9"', '"B"', '"a"', '"b"']);
});

test('a file has the same bytes as one by the reference implementation, and is read back', () => {
  // Written by safetensors 0.8.0 for Python, from the same tensors.
  const reference = Buffer.from(
    [
      '6AEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJub3RlIjoieCJ9LCJ5Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOltdLCJk',
      'YXRhX29mZnNldHMiOlswLDhdfSwieiI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6Wzgs',
      'MTZdfSwiMTAiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlsxNiwyMF19LCI5Ijp7ImR0',
      'eXBlIjoiRjMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMjAsMjRdfSwiX19wcm90b19fIjp7ImR0eXBlIjoi',
      'RjMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMjQsMjhdfSwiYiI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpb',
      'MiwyXSwiZGF0YV9vZmZzZXRzIjpbMjgsNDRdfSwiZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMF0sImRhdGFfb2Zm',
      'c2V0cyI6WzQ0LDQ0XX0sIsOpXCJcXCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzQ0',
      'LDQ4XX19ICAgICAgIAAAAAAAABxAAAAAAAAA+D8AAIA/AAAAQAAAoEAAAIA/AAAAQAAAQEAAAIBAAADAQA==',
    ].join(''),
    'base64',
  );
  const tensors = {
    b: tensor([
      [1, 2],
      [3, 4],
    ]),
    10: tensor([1]),
    9: tensor([2]),
    z: tensor([1.5], { dtype: 'float64' }),
    y: tensor(7, { dtype: 'float64' }),
    ['__proto__']: tensor([5]),
    'é"\\': tensor([6]),
    e: tensor([]),
  };
  expect(Buffer.from(writeSafetensors(tensors, { note: 'x' }))).toEqual(reference);
  expect(readSafetensors(reference)).toEqual(tensors);
});

test('reserved and invalid names are not written', () => {
  const x = tensor([1]);
  expect(() => writeSafetensors({ __metadata__: x })).toThrow(/a tensor cannot be called __metadata__/);
  expect(() => writeSafetensors({ 'a\ud800': x })).toThrow(/"a\\ud800" is not valid Unicode/);
  expect(() => writeSafetensors({ x }, { note: '\udfff' })).toThrow(/"\\udfff" is not valid Unicode/);
  const numbers = { note: 1 } as unknown as Record<string, string>;
  expect(() => writeSafetensors({ x }, numbers)).toThrow(/__metadata__ is not an object of strings/);
});

test('an empty tensor may be described after another tensor with the same start', () => {
  const [full, empty] = [
    { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    { dtype: 'F32', shape: [0] },
  ];
  const bytes = file({ full, empty: { ...empty, data_offsets: [0, 0] } }, 4);
  expect([...parseSafetensors(bytes).entries.keys()]).toEqual(['empty', 'full']);
});

test('null as metadata means no metadata', () => {
  expect(parseSafetensors(file('{"__metadata__":null}', 0))).toEqual({ entries: new Map(), metadata: {} });
});

function file(header: unknown, dataLength: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function headerOf(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

describe('a damaged file is rejected, with an error that says what is wrong', () => {
  const two = { dtype: 'F32', shape: [2] };

  test.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /0 bytes, too short/],
    [
      'a header longer than the file',
      file('{}', 0).with(0, 200),
      /header should have 200 bytes, but only 2 are left/,
    ],
    ['an absurd header', new Uint8Array(16).fill(255), /is this a safetensors file\?/],
    ['not JSON', file('{"w": ', 0), /the header is not a JSON object/],
    ['an unknown type', file({ w: { dtype: 'F8', shape: [1], data_offsets: [0, 1] } }, 1), /w has type F8/],
    ['a bad shape', file({ w: { ...two, shape: [-2], data_offsets: [0, 8] } }, 8), /w has no valid shape/],
    ['bad offsets', file({ w: { ...two, data_offsets: [8, 0] } }, 8), /w has no valid data_offsets/],
    ['a wrong length', file({ w: { ...two, data_offsets: [0, 4] } }, 4), /shape \[2\] needs 8 bytes, not 4/],
    ['cut short', file({ w: { ...two, data_offsets: [0, 8] } }, 5), /it is cut short/],
    [
      'an overlap',
      file({ a: { ...two, data_offsets: [0, 8] }, b: { ...two, data_offsets: [4, 12] } }, 12),
      /b begins at byte 4, but the tensors before it end at 8/,
    ],
    ['a gap', file({ w: { ...two, data_offsets: [4, 12] } }, 12), /w begins at byte 4, but .* end at 0/],
    [
      'more data than is described',
      file({ w: { ...two, data_offsets: [0, 8] } }, 9),
      /1 bytes at the end belong to no tensor/,
    ],
    ['no object', file('[]', 0), /the header does not begin with \{/],
    ['a space first', file(' {}', 0), /the header does not begin with \{/],
    ['an empty header', file('', 0), /the header does not begin with \{/],
    ['broken UTF-8', file('{"?":1}', 0).with(10, 0xff), /the header is not a JSON object/],
    ['no description', file({ w: null }, 0), /w has no type; this reader supports F64, F32, I32/],
    ['a type that is an object', file({ w: { dtype: { toString: 1 } } }, 0), /w has no type/],
    ['a type only by inheritance', file({ w: { dtype: 'constructor' } }, 0), /w has type constructor/],
    ['half precision', file({ w: { ...two, dtype: 'BF16' } }, 4), /w has type BF16; this reader supports/],
    ['a fractional size', file({ w: { ...two, shape: [1.5], data_offsets: [0, 6] } }, 6), /no valid shape/],
    ['a size as text', file({ w: { ...two, shape: ['2'], data_offsets: [0, 8] } }, 8), /no valid shape/],
    ['an overflow', file({ w: { ...two, shape: [2 ** 40, 2 ** 40], data_offsets: [0, 0] } }, 0), /too large/],
    [
      'an overflow times zero',
      file(`{"w":{"dtype":"F32","shape":[${`${2 ** 52},`.repeat(30)}0],"data_offsets":[0,0]}}`, 0),
      /too large/,
    ],
    ['no pair of offsets', file({ w: { ...two, data_offsets: 5 } }, 8), /w has no valid data_offsets/],
    ['fractional offsets', file({ w: { ...two, data_offsets: [0.5, 8.5] } }, 9), /no valid data_offsets/],
    [
      'a far range',
      file({ w: { ...two, data_offsets: [2 ** 52, 2 ** 52 + 8] } }, 8),
      /w begins at byte 4503599627370496, but the tensors before it end at 0/,
    ],
    ['a name twice', file('{"a":{},"b":{},"a":{}}', 0), /the header has "a" twice/],
    ['a name twice, once escaped', file('{"a\\"":{},"\\u0061\\u0022":{}}', 0), /the header has "a\\"" twice/],
    ['a property twice', file('{"w":{"dtype":"F32","shape":[2],"shape":[1]}}', 0), /"shape" twice/],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}', 0), /"__metadata__" twice/],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }, 0), /__metadata__ is not an object of strings/],
    ['metadata as text', file({ __metadata__: 'a' }, 0), /__metadata__ is not an object of strings/],
    ['integers', file({ i: { dtype: 'I32', shape: [1], data_offsets: [0, 4] } }, 4), /i contains integers/],
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

test('text that looks like a repeated key is no repeated key', () => {
  const metadata = { a: '"a":1,"a":2', b: '{"a":1}', 'a":{"b': '\\' };
  expect(parseSafetensors(file({ __metadata__: metadata }, 0)).metadata).toEqual(metadata);
});

test('a long or deep header does not crash the reader', () => {
  expect(() => parseSafetensors(file(`{"${'\\u0041'.repeat(2e5)}":1}`, 0))).toThrow(
    /^safetensors: A+ has no type/,
  );
  expect(() => parseSafetensors(file(`{"a":${'['.repeat(2e5)}${']'.repeat(2e5)}}`, 0))).toThrow(
    /^safetensors: a has/,
  );
  const deep = `{"dtype":${'['.repeat(2e5)}${']'.repeat(2e5)}}`;
  expect(() => parseSafetensors(file(`{"a":${deep}}`, 0))).toThrow(/^safetensors: a has no type/);
});

describe('after any change, a valid file is rejected or read consistently', () => {
  const valid = writeSafetensors(
    {
      a: tensor([1, 2]),
      'b"': tensor([[3], [4]], { dtype: 'float64' }),
      c: new Tensor(new Float32Array(0), [0, 3]),
    },
    { note: 'x' },
  );

  const expectConsistent = (bytes: Uint8Array) => {
    let read: SafetensorsFile;
    try {
      read = parseSafetensors(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toMatch(/^safetensors: /);
      expect(() => readSafetensors(bytes)).toThrow(/^safetensors: /);
      return;
    }
    let total = 0;
    for (const { data, shape } of read.entries.values()) {
      expect(data.length === shape.reduce((product, n) => product * n, 1)).toBe(true);
      total += data.byteLength;
    }
    expect(total).toBe(bytes.length - 8 - Number(new DataView(bytes.buffer).getBigUint64(0, true)));
  };

  test('bytes overwritten, removed or inserted', () => {
    const edit = fc.record({
      // Errors in the header matter most, so most edits are made there.
      at: fc.oneof(fc.nat(valid.length), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 8, max: 180 })),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc
          .constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '-', '0', '9', '.', 'e')
          .map((c) => new TextEncoder().encode(c)),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.boolean(), (edits, fixLength) => {
        let bytes = Array.from(valid);
        for (const { at, remove, insert } of edits) bytes = bytes.toSpliced(at, remove, ...insert);
        const edited = Uint8Array.from(bytes);
        if (fixLength && edited.length >= 8) {
          // Otherwise most edits would be rejected only because the end of the header has moved.
          const length = BigInt(Math.max(0, edited.length - 8 - 24));
          new DataView(edited.buffer).setBigUint64(0, length, true);
        }
        expectConsistent(edited);
      }),
      { numRuns: 3000 },
    );
  });

  test('values in the header replaced by any others', () => {
    const sizes = fc.oneof(
      fc.nat(32),
      fc.constantFrom(-1, -0, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e300, null, '4', [4]),
    );
    const lists = fc.oneof(fc.array(sizes, { maxLength: 3 }), fc.jsonValue());
    const description = fc.oneof(
      fc.record(
        {
          dtype: fc.oneof(fc.constantFrom('F32', 'F64', 'I32', 'BF16', 'toString'), fc.jsonValue()),
          shape: lists,
          data_offsets: lists,
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    );
    const header = fc.dictionary(
      fc.oneof(fc.constantFrom('a', 'b"', 'c', '__metadata__', '__proto__')),
      description,
    );
    fc.assert(
      fc.property(header, (changes) => {
        const original = JSON.parse(headerOf(valid)) as object;
        const merged = [...Object.entries(original), ...Object.entries(changes)];
        expectConsistent(file(Object.fromEntries(merged), 24));
      }),
      { numRuns: 3000 },
    );
  });

  test('valid ranges in the header, but at random places', () => {
    const range = fc.tuple(fc.constantFrom('F32', 'F64', 'I32'), fc.nat(3), fc.nat(4), fc.nat(4));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 3 }), fc.nat(6), (ranges, words) => {
        const header = ranges.map(([dtype, size, begin, length], k) => [
          `t${k}`,
          { dtype, shape: [size], data_offsets: [4 * begin, 4 * (begin + length)] },
        ]);
        expectConsistent(file(Object.fromEntries(header), 4 * words));
      }),
      { numRuns: 3000 },
    );
  });
});
