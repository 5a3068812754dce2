import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Address, formatAddress, overlayNames, parseAddress, viewNames } from '../src/address.js';

const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,12}$/);
const anAddress: fc.Arbitrary<Address> = fc.record({
  run: word,
  seed: fc.nat(999_999),
  step: fc.nat(999),
  places: fc.array(
    fc.integer({ min: -3000, max: 3000 }).map((x) => x / 1000),
    { maxLength: 8 },
  ),
  part: fc.constantFrom('page', 'view', 'arena', 'stage'),
  play: fc.constantFrom('no', 'yes'),
  view: fc.constantFrom(...viewNames),
  agent: fc.nat(9),
  batch: fc.constantFrom('moment', 'batch'),
  overlay: fc.constantFrom(...overlayNames),
  chapter: fc.nat(9),
  unfolded: fc.array(word, { maxLength: 3 }),
  phase: fc.nat(30),
  mistakes: fc.array(word, { maxLength: 3 }),
  preset: fc.constantFrom('tuned', 'defaults', 'lowe2017', 'openai2018'),
  scenario: word,
  settings: fc.array(
    fc.tuple(
      word.map((name) => name.replaceAll('-', '_')),
      fc.stringMatching(/^[^;]*$/),
    ),
    { maxLength: 3 },
  ),
});

test('a link shows the same page again', () => {
  fc.assert(
    fc.property(anAddress, (address) => {
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
  );
});

test('any text is a link to some page; what is wrong in it has its initial value', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const address = parseAddress(`#${text}`);
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
  );
  expect(parseAddress('#view=nothing&seed=-3&agent=x&places=1,b')).toEqual(parseAddress(''));
  expect(formatAddress(parseAddress(''))).toBe('');
});
