import { Tensor, tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
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

test('names with escapes are read back, whatever was parsed before', () => {
  // JSON.parse of some Node 24 to 26 confuses these: https://github.com/nodejs/node/issues/63785
  const odd = ['', '"', '\\', '\n', '\t', 'a"', 'a\\', 'a\n', '$', '\u0001', '%22', '%'];
  const some = fc.uniqueArray(fc.constantFrom(...odd), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(some, some, (names, keys) => {
      const bytes = writeSafetensors(
        Object.fromEntries(names.map((name, i) => [name, tensor([i])])),
        Object.fromEntries(keys.map((key) => [key, key])),
      );
      expect(
        new Map(Object.entries(readSafetensors(bytes)).map(([name, { data }]) => [name, data[0]])),
      ).toEqual(new Map(names.map((name, i) => [name, i])));
      expect(new Map(Object.entries(parseSafetensors(bytes).metadata))).toEqual(
        new Map(keys.map((key) => [key, key])),
      );
    }),
    { numRuns: 1000 },
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
  expect(() => writeSafetensors({ x }, numbers)).toThrow(
    /^safetensors: metadata is { note: 1 }; give an object, each value a string/,
  );
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

describe('types that tensors here do not have', () => {
  const one = (dtype: string, bytes: ArrayBufferView, shape: number[]) => {
    const result = file({ x: { dtype, shape, data_offsets: [0, bytes.byteLength] } }, bytes.byteLength);
    result.set(new Uint8Array(bytes.buffer), result.length - bytes.byteLength);
    return result;
  };
  const failing = { onLeftOut: (name: string, why: string) => expect.fail(`${name}: ${why}`) };

  test.each<[string, ArrayBufferView, number[], 'float32' | 'float64']>([
    ['BOOL', Uint8Array.of(0, 1), [0, 1], 'float32'],
    ['U8', Uint8Array.of(0, 255), [0, 255], 'float32'],
    ['I8', Int8Array.of(-128, 127), [-128, 127], 'float32'],
    ['U16', Uint16Array.of(0, 65535), [0, 65535], 'float32'],
    ['I16', Int16Array.of(-32768, 32767), [-32768, 32767], 'float32'],
    ['U32', Uint32Array.of(0, 2 ** 32 - 1), [0, 2 ** 32 - 1], 'float64'],
    ['I32', Int32Array.of(-(2 ** 31), 2 ** 31 - 1), [-(2 ** 31), 2 ** 31 - 1], 'float64'],
    ['U64', BigUint64Array.of(0n, 2n ** 53n - 1n), [0, 2 ** 53 - 1], 'float64'],
    ['I64', BigInt64Array.of(-(2n ** 53n) + 1n, 7n), [-(2 ** 53) + 1, 7], 'float64'],
    [
      'F16',
      Uint16Array.of(0x3c00, 0xc500, 0x0001, 0x7bff, 0x3555),
      [1, -5, 2 ** -24, 65504, 1365 / 4096],
      'float32',
    ],
    ['F16', Uint16Array.of(0x7c00, 0xfc00, 0x7e00, 0x8000), [Infinity, -Infinity, NaN, -0], 'float32'],
    [
      'BF16',
      Uint16Array.of(0x3f80, 0xc0a0, 0x0001, 0x7f7f),
      [1, -5, 2 ** -133, (2 - 2 ** -7) * 2 ** 127],
      'float32',
    ],
    ['BF16', Uint16Array.of(0x7f80, 0xff80, 0x7fc0, 0x8000), [Infinity, -Infinity, NaN, -0], 'float32'],
    ['F8_E5M2', Uint8Array.of(0x3c, 0x01, 0x7b, 0xfc, 0x7e), [1, 2 ** -16, 57344, -Infinity, NaN], 'float32'],
    ['F8_E4M3', Uint8Array.of(0x38, 0x01, 0x7e, 0xfe, 0x7f), [1, 2 ** -9, 448, -448, NaN], 'float32'],
  ])('%s is read exactly', (dtype, bytes, values, as) => {
    const { x } = readSafetensors(one(dtype, bytes, [values.length, 1]), failing);
    expect(x.dtype).toBe(as);
    expect(x.shape).toEqual([values.length, 1]);
    expect([...x.data]).toEqual(values);
  });

  test('every float of 16 bits that is a float32 with fewer digits is that float32', () => {
    const upper = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const { x } = readSafetensors(one('BF16', upper, [2 ** 16]));
    expect(x.data).toEqual(new Float32Array(Uint32Array.from(upper, (bits) => bits * 2 ** 16).buffer));
  });

  test('what has no counterpart is left out by name, and the rest is read', () => {
    const bytes = file(
      {
        a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
        c: { dtype: 'C64', shape: [1], data_offsets: [4, 12] },
        d: { dtype: 'F4', shape: [4], data_offsets: [12, 14] },
        e: { dtype: 'constructor', shape: [3], data_offsets: [14, 15] },
        i: { dtype: 'I64', shape: [1], data_offsets: [15, 23] },
      },
      23,
    );
    new DataView(bytes.buffer).setBigInt64(bytes.length - 8, 2n ** 53n, true);
    const leftOut: string[] = [];
    const read = readSafetensors(bytes, { onLeftOut: (name, why) => leftOut.push(`${name}: ${why}`) });
    expect(Object.keys(read)).toEqual(['a']);
    expect(leftOut).toEqual([
      'c: C64 is not a type of numbers that tensors here can have',
      'd: F4 is not a type of numbers that tensors here can have',
      'e: constructor is not a type of numbers that tensors here can have',
      'i: I64 9007199254740992 is too large: float64 is exact up to 2^53',
    ]);
    expect(parseSafetensors(bytes).entries.get('d')!.data).toEqual(new Uint8Array(2));

    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    readSafetensors(bytes);
    expect(warn.mock.calls.map(([text]) => text)).toContain(
      'safetensors: c is left out: C64 is not a type of numbers that tensors here can have',
    );
    warn.mockRestore();
  });

  test('options are checked', () => {
    const bytes = writeSafetensors({});
    expect(() => readSafetensors(bytes, { onLeftOut: 1 as never })).toThrow(
      /onLeftOut is 1; give a function/,
    );
    expect(() => readSafetensors(bytes, { onleftout: null } as never)).toThrow(/did you mean onLeftOut/);
  });
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
    ['no description', file({ w: null }, 0), /w has no type/],
    ['a type that is an object', file({ w: { dtype: { toString: 1 } } }, 0), /w has no type/],
    [
      'half precision, wrong length',
      file({ w: { ...two, dtype: 'BF16', data_offsets: [0, 8] } }, 8),
      /shape \[2\] needs 4 bytes, not 8/,
    ],
    [
      'an unknown type, cut short',
      file({ w: { dtype: 'C64', shape: [1], data_offsets: [0, 8] } }, 4),
      /w ends at byte .*: it is cut short/,
    ],
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

  const BYTES: Record<string, number> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, U8: 1, BOOL: 1 };

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
    for (const { dtype, data, shape } of read.entries.values()) {
      if (dtype in BYTES) expect(data.length === shape.reduce((product, n) => product * n, 1)).toBe(true);
      total += data.length * (BYTES[dtype] ?? 1);
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
          dtype: fc.oneof(
            fc.constantFrom('F32', 'F64', 'I32', 'BF16', 'I64', 'BOOL', 'F4', 'toString'),
            fc.jsonValue(),
          ),
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
    const range = fc.tuple(
      fc.constantFrom('F32', 'F64', 'I32', 'I64', 'F16', 'F4'),
      fc.nat(3),
      fc.nat(4),
      fc.nat(4),
    );
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
