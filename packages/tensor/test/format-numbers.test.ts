import { expect, test } from 'vitest';
import { arange, Generator, normal, tensor, zeros } from '../src/index.js';

/** What is printed after the head. */
const numbers = (x: { toString(): string }) => String(x).replace(/^[^:]*:\s/, '');

test.each<[number[], string]>([
  [[1, -2, 30], '[ 1, -2, 30]'],
  [[0.5, 2], '[0.5, 2.0]'],
  [[0.1, 0.25], '[0.10, 0.25]'],
  [[1 / 3, 2], '[0.3333, 2.0000]'],
  [[0.999999, 2], '[1.0, 2.0]'], // with a decimal: not a whole number
  [[0, 1e-5], '[0.0000e+0, 1.0000e-5]'],
  [[0.5, 600], '[5.0000e-1, 6.0000e+2]'],
  [[0, 3e9], '[0.0000e+0, 3.0000e+9]'],
  [[Number.NaN, 1.5, Number.NEGATIVE_INFINITY], '[      NaN,       1.5, -Infinity]'],
  [[Number.NaN], '[NaN]'],
  [[], '[]'],
])('%j', (values, text) => {
  expect(numbers(tensor(values))).toBe(text);
});

test('a scalar has no brackets', () => {
  expect(numbers(tensor(3.5))).toBe('3.5');
});

test('of long axes, the ends are shown', () => {
  expect(numbers(arange(11))).toBe('[ 0,  1,  2, ...,  8,  9, 10]');
  expect(numbers(arange(10))).toBe('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]');
  expect(numbers(arange(22).reshape([11, 2]))).toBe(`[[ 0,  1],
 [ 2,  3],
 [ 4,  5],
 ...,
 [16, 17],
 [18, 19],
 [20, 21]]`);
  expect(numbers(arange(60).reshape([4, 5, 3]))).toBe(`[[[ 0,  1,  2],
  ...,
  [12, 13, 14]],
 ...,
 [[45, 46, 47],
  ...,
  [57, 58, 59]]]`);
});

test('brackets are closed, and at most a few lines are long', () => {
  for (const shape of [[1000], [1000, 1000], [50, 50, 50], [9, 9, 9, 9], [1, 1, 1, 1, 5], [0, 4], [4, 0]]) {
    const text = numbers(shape.includes(0) ? zeros(shape) : normal(shape, new Generator(1)));
    expect(text.split('[').length).toBe(text.split(']').length);
    expect(text.split('\n').length).toBeLessThanOrEqual(15);
  }
});
