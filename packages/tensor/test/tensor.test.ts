import { expect, test } from 'vitest';
import {
  formatShape,
  type Generator,
  matmul,
  normal,
  ones,
  Tensor,
  tensor,
  transpose,
  zeros,
} from '../src/index.js';

test.each<[string, () => unknown, RegExp]>([
  ['tensor, ragged', () => tensor([[1, 2], [3]]), /the nesting is ragged: .*\[2, 2\]/],
  [
    'Tensor, size',
    () => new Tensor(new Float32Array(5), [2, 3]),
    /5 numbers for shape \[2, 3\], which holds 6/,
  ],
  ['tensor, no numbers', () => tensor(['a'] as unknown as number[]), /tensor: a is not a number/],
  ['tensor, nothing', () => tensor([undefined] as unknown as number[]), /tensor: undefined is not a number/],
  ['zeros, a number', () => zeros(3 as unknown as number[]), /zeros: the shape is 3; give an array/],
  ['ones, length', () => ones([-1]), /^ones: .*contains -1/],
  [
    'reshape, side by side',
    () => zeros([4]).reshape(4 as unknown as number[]),
    /reshape: the shape is 4; give an array/,
  ],
  ['normal, no generator', () => normal([2], undefined as unknown as Generator), /normal: no generator/],
  ['zeros, length', () => zeros([2, -1]), /contains -1; lengths must be/],
  ['item', () => zeros([2, 3]).item(), /holds 6 numbers, not one/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('float64 in, float64 out', () => {
  const x = tensor([[0.1]], { dtype: 'float64' });
  expect(x.add(0.2).item()).toBe(0.1 + 0.2);
  expect(transpose(matmul(x, x)).dtype).toBe('float64');
});

test('a tensor prints its shape, its first numbers and the op that computed it', () => {
  expect(String(tensor([1, 2], { requiresGrad: true }).mul(2))).toBe('Tensor [2] (2, 4, from mul)');
  expect(formatShape([])).toBe('[]');
});
