import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { arange, einsum, matmul, ones, type Tensor, tensor, zeros } from '../../src/index.js';
import { inspect, toText } from '../../src/inspect/index.js';
import { sizeOf, stridesOf } from '../../src/shape.js';
import { tensors } from '../../src/testing/index.js';
import { checkGradients } from './check-gradients.js';

interface Case {
  equation: string;
  terms: string[];
  output: string;
  inputs: Tensor[];
}

/** Random equations: letters may repeat in a term, and an operand may have a letter in length 1 that is longer in others. */
const cases = ({ maxLength = 3, minLength = 1 } = {}): Arbitrary<Case> =>
  fc
    .record({
      lengths: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: minLength, max: maxLength }))),
      terms: fc.array(fc.array(fc.constantFrom('a', 'B', 'c'), { maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
      }),
      stretched: fc.array(fc.constantFrom('', '', 'a', 'B', 'c'), { minLength: 3, maxLength: 3 }),
      order: fc.shuffledSubarray(['a', 'B', 'c']),
      implicit: fc.boolean(),
    })
    .chain(({ lengths, terms, stretched, order, implicit }) => {
      const letters = terms.flat();
      const once = letters.filter((one) => letters.filter((other) => other === one).length === 1).sort();
      const output = implicit
        ? once.join('')
        : order.filter((one) => letters.some((other) => other === one)).join('');
      const equation = terms.map((term) => term.join('')).join(', ') + (implicit ? '' : ` -> ${output}`);
      const shapes = terms.map((term, k) =>
        term.map((one) => (one === stretched[k] ? 1 : lengths['aBc'.indexOf(one)])),
      );
      return fc.tuple(...shapes.map((shape) => tensors(shape))).map((inputs) => ({
        equation,
        terms: terms.map((term) => term.join('')),
        output,
        inputs,
      }));
    });

checkGradients<typeof import('../../src/ops/einsum.js')>({
  einsum: cases().map(({ equation, inputs }) => ({ f: (...xs) => einsum(equation, ...xs), inputs })),
});

/** The definition: for every value of all letters, the product of the operands is added to the output. */
function byDefinition({ terms, output, inputs }: Case): { shape: number[]; data: number[] } {
  const letters = [...new Set(terms.join(''))];
  const lengthOf = (letter: string) => {
    const all = terms.flatMap((term, k) =>
      [...term].flatMap((one, axis) => (one === letter ? inputs[k].shape[axis] : [])),
    );
    return all.find((length) => length !== 1) ?? 1;
  };
  const lengths = letters.map(lengthOf);
  const shape = [...output].map(lengthOf);
  const data = new Array<number>(sizeOf(shape)).fill(0);
  for (let flat = 0; flat < sizeOf(lengths); flat++) {
    const strides = stridesOf(lengths);
    const at = (letter: string) => {
      const k = letters.indexOf(letter);
      return Math.floor(flat / strides[k]) % lengths[k];
    };
    const position = (text: string, dims: readonly number[]) =>
      [...text].reduce(
        (sum, letter, axis) => sum + (dims[axis] === 1 ? 0 : at(letter)) * stridesOf(dims)[axis],
        0,
      );
    data[position(output, shape)] += terms.reduce(
      (product, term, k) => product * inputs[k].data[position(term, inputs[k].shape)],
      1,
    );
  }
  return { shape, data };
}

test.each([
  ['', 1],
  [', also with empty axes', 0],
])('the result is the one of the definition%s', (_, minLength) => {
  fc.assert(
    fc.property(cases({ minLength }), (one) => {
      const result = einsum(one.equation, ...one.inputs);
      const { shape, data } = byDefinition(one);
      expect(result.shape).toEqual(shape);
      data.forEach((value, k) => {
        expect(result.data[k]).toBeCloseTo(value, 8);
      });
    }),
    { numRuns: 300 },
  );
});

test('... stands for any axes, which broadcast from the last', () => {
  const [a, b] = [arange(12).reshape([2, 1, 2, 3]), arange(24).reshape([4, 3, 2])];
  expect(einsum('...ij,...jk->...ik', a, b).tolist()).toEqual(matmul(a, b).tolist());
  expect(einsum('...ij,...jk', a, b).tolist()).toEqual(matmul(a, b).tolist());
  expect(einsum('i...->...i', a).shape).toEqual([1, 2, 3, 2]);
  expect(einsum('...ii->i...', zeros([4, 3, 3])).shape).toEqual([3, 4]);
  expect(einsum('i...j->', ones([2, 3, 4])).tolist()).toBe(24);
  expect(einsum('...,...', tensor(2), arange(3)).tolist()).toEqual([0, 2, 4]);
});

test('without ->, the letters that occur once are in alphabetical order, capital letters first', () => {
  expect(einsum('aB', zeros([2, 3])).shape).toEqual([3, 2]);
  expect(einsum('ba', zeros([2, 3])).shape).toEqual([3, 2]);
  expect(einsum('ii', arange(9).reshape([3, 3])).item()).toBe(12);
  expect(einsum('i,i', arange(3), arange(3)).item()).toBe(5);
});

test('a product of two matrices is one matmul', () => {
  const [a, b] = [ones([2, 3], { requiresGrad: true }), ones([3, 4])];
  expect(toText(inspect(einsum('ij,jk->ik', a, b))).split('\n')[0]).toBe('matmul [2, 4]');
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  [
    'no equation',
    () => einsum(x as never, x),
    /the equation is a Tensor; give it first, then the tensors one by one/,
  ],
  ['a list', () => einsum('ij,ij', [x, x] as never), /operand 0 is \[a Tensor, a Tensor\]; give a tensor/],
  ['too few operands', () => einsum('ij,jk->ik', x), /"ij,jk->ik" has terms for 2 operands, but there are 1/],
  ['no operand', () => einsum(''), /has terms for 1 operands, but there are 0/],
  ['digits', () => einsum('i1', x), /"i1" is not an equation; give letters and \.\.\./],
  ['two dots', () => einsum('..i', x), /is not an equation/],
  ['two arrows', () => einsum('ij->i->', x), /at most one '->'/],
  [
    'rank',
    () => einsum('ijk', x),
    /"ijk" has the term "ijk" for shape \[2, 3\]; give a letter for each axis/,
  ],
  ['rank with dots', () => einsum('i...jk', x), /has the term "i...jk" for shape \[2, 3\]/],
  [
    'lengths',
    () => einsum('ij,ji', x, x),
    /for shapes \[2, 3\], \[2, 3\]: an axis called j has length 3, another 2/,
  ],
  ['lengths of dots', () => einsum('...,...', x, zeros([2])), /an axis of ... has length 3, another 2/],
  ['a diagonal of lengths 3 and 1', () => einsum('ii', zeros([3, 1])), /called i has length 3, another 1/],
  ['output', () => einsum('ij->ik', x), /"ij->ik" has k in the output, but in no operand/],
  ['output twice', () => einsum('ij->ii', x), /has i twice in the output; name it once/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
