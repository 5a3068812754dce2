import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeState, encodeState } from '../src/state/encode.js';

const numbers = fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY));
const floats = fc.oneof(
  fc.array(fc.float()).map((values) => Float32Array.from(values)),
  fc.array(fc.double()).map((values) => Float64Array.from(values)),
);
const keys = fc
  .oneof(fc.string(), fc.constantFrom('a', 'b', 'a.b', '0'))
  .filter((key) => key !== '__proto__');
const { state } = fc.letrec((tie) => ({
  state: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.string(),
    numbers,
    floats,
    fc.array(tie('state')),
    fc.dictionary(keys, tie('state'), { noNullPrototype: true }),
  ),
}));

test('a state comes back exactly from JSON and tensors', () => {
  fc.assert(
    fc.property(state, (value) => {
      fc.pre(!JSON.stringify(value).includes('"$'));
      const { json, tensors } = encodeState(value);
      expect(decodeState({ json: JSON.parse(JSON.stringify(json)), tensors })).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test.each([
  [new Map(), /the state is/],
  [{ a: [1, new Date()] }, /^a\.1 is/],
  [{ a: 1n }, /^a is/],
  [{ a: new Int32Array(3) }, /^a is/],
  [{ a: { $number: 3 } }, /^a is/],
  [{ a: () => 1 }, /^a is/],
])('what files cannot hold is an error with its place: %o', (value, message) => {
  expect(() => encodeState(value)).toThrow(message);
});
