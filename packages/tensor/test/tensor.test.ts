import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as library from '../src/index.js';
import {
  broadcastTo,
  full,
  Generator,
  matmul,
  normal,
  ones,
  sumToSize,
  Tensor,
  tensor,
  transpose,
  zeros,
} from '../src/index.js';
import * as ops from '../src/ops/index.js';
import { shapes, tensors } from '../src/testing/index.js';

test('a shape belongs to its tensor: whoever gave it may change their array', () => {
  const x = tensor([1, 2, 3, 4]);
  const makers: ((shape: number[]) => Tensor)[] = [
    (shape) => zeros(shape),
    (shape) => full(shape, 1),
    (shape) => normal(shape, new Generator(1)),
    (shape) => new Tensor(new Float32Array(4), shape),
    (shape) => x.reshape(shape),
    (shape) => broadcastTo(x, shape),
    (shape) => sumToSize(x, shape),
  ];
  for (const make of makers) {
    const shape = [4];
    const y = make(shape);
    shape[0] = 5;
    expect(y.shape).toEqual([4]);
  }
});

test.each<[string, () => unknown, RegExp]>([
  ['tensor, ragged', () => tensor([[1, 2], [3]]), /the nesting is ragged: .*\[2, 2\]/],
  [
    'Tensor, size',
    () => new Tensor(new Float32Array(5), [2, 3]),
    /5 numbers for shape \[2, 3\], which holds 6/,
  ],
  ['tensor, no numbers', () => tensor(['a'] as unknown as number[]), /tensor: "a" is not a number/],
  [
    'tensor, big integers',
    () => tensor(new BigInt64Array(1) as never),
    /tensor: 0n is not a number; give numbers/,
  ],
  [
    'tensor, a tensor',
    () => tensor(zeros([2]) as never),
    /the values are a tensor already; clone\(x\) copies it/,
  ],
  [
    'tensor, ragged typed arrays',
    () => tensor([new Float32Array(2), new Float32Array(3)]),
    /ragged: .*\[2, 2\]/,
  ],
  ['tensor, nothing', () => tensor([undefined] as unknown as number[]), /tensor: undefined is not a number/],
  ['zeros, a number', () => zeros(3 as unknown as number[]), /zeros: the shape is 3; give an array/],
  ['ones, length', () => ones([-1]), /^ones: the shape is \[-1\]; give an array of integers of at least 0/],
  [
    'reshape, side by side',
    () => zeros([4]).reshape(4 as unknown as number[]),
    /reshape: the shape is 4; give an array/,
  ],
  [
    'normal, no generator',
    () => normal([2], undefined as unknown as Generator),
    /normal: generator is undefined; give new Generator/,
  ],
  [
    'zeros, length',
    () => zeros([2, -1]),
    /zeros: the shape is \[2, -1\]; give an array of integers of at least 0/,
  ],
  ['item', () => zeros([2, 3]).item(), /holds 6 numbers, not one/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

/** Numbers that PyTorch takes one by one, in plain JavaScript. */
test.each<[call: string, message: string]>([
  ['x.reshape(3, 2)', 'reshape: the shape is 3, 2; give an array, such as [3, 2]'],
  ['t.reshape(x, 3, 2)', 'reshape: the shape is 3, 2; give an array, such as [3, 2]'],
  ['x.reshape(-1)', 'reshape: the shape is -1; give an array, such as [-1]'],
  ['x.permute(1, 0)', 'permute: the list of axes is 1, 0; give an array, such as [1, 0]'],
  ['t.permute(x, 1, 0)', 'permute: the list of axes is 1, 0; give an array, such as [1, 0]'],
  ['t.broadcastTo(x, 4, 2, 3)', 'broadcastTo: the shape is 4, 2, 3; give an array, such as [4, 2, 3]'],
  ['t.sumToSize(x, 1, 3)', 'sumToSize: the shape is 1, 3; give an array, such as [1, 3]'],
  ['x.flip(0, 1)', 'flip: axis is 0, 1; give an array, such as [0, 1]'],
  ['t.flip(x, 0, 1)', 'flip: axis is 0, 1; give an array, such as [0, 1]'],
  ['x.squeeze(0, 1)', 'squeeze: axis is 0, 1; give an array, such as [0, 1]'],
  ['t.squeeze(x, 0, 1)', 'squeeze: axis is 0, 1; give an array, such as [0, 1]'],
  ['t.zeros(3, 2)', 'zeros: the shape is 3, 2; give an array, such as [3, 2]'],
  ['t.ones(3, 2)', 'ones: the shape is 3, 2; give an array, such as [3, 2]'],
  ['t.full(3, 2)', 'full: the shape is 3; give an array, such as [3]'],
  ['t.normal(3, 2, new t.Generator(1))', 'normal: the shape is 3, 2; give an array, such as [3, 2]'],
  ['t.uniform(3, 2)', 'uniform: the shape is 3, 2; give an array, such as [3, 2]'],
  ['t.tensor(1, 2, 3)', 'tensor: the list of numbers is 1, 2, 3; give an array, such as [1, 2, 3]'],
  ['t.eye([3, 2])', 'eye: there is an array, [3, 2]; give numbers, as in eye(3, 2)'],
  ['t.arange([0, 4])', 'arange: there is an array, [0, 4]; give numbers, as in arange(0, 4)'],
])('%s says where the numbers go', (call, message) => {
  const compute = new Function('t', 'x', `return ${call}`);
  expect(() => compute(library, zeros([2, 3]))).toThrow(message);
});

/** The arguments of PyTorch, in plain JavaScript. */
test.each<
  [method: 'clamp' | 'mean' | 'sum' | 'softmax' | 'var' | 'argmax', given: unknown[], message: string]
>([
  [
    'clamp',
    [0, 1],
    'clamp: 0 stands where the options do; give an object such as { min: 0 }. The options are min, max',
  ],
  [
    'mean',
    [0, true],
    'mean: 0 stands where the options do; give an object such as { axis: 0 }. The options are axis, k',
  ],
  ['sum', [1], 'sum: 1 stands where the options do; give an object such as { axis: 1 }.'],
  ['sum', [[0, 1]], 'sum: [0, 1] stands where the options do; give an object such as { axis: [0, 1] }.'],
  ['softmax', [-1], 'softmax: -1 stands where the options do; give an object such as { axis: -1 }.'],
  ['var', [0, false], 'var: 0 stands where the options do; give an object such as { axis: 0 }.'],
  ['argmax', [true], 'argmax: true stands where the options do; give an object such as { keepDim: true }.'],
  ['mean', [{ axis: 0 }, true], 'mean: there is a further argument, true; give at most 1'],
])('%s(...%j) names the option', (method, given, message) => {
  const call = zeros([2, 2])[method] as (...given: unknown[]) => unknown;
  expect(() => call.apply(zeros([2, 2]), given)).toThrow(message);
});

test('float64 in, float64 out', () => {
  const x = tensor([[0.1]], { dtype: 'float64' });
  expect(x.add(0.2).item()).toBe(0.1 + 0.2);
  expect(transpose(matmul(x, x)).dtype).toBe('float64');
});

test('a vector prints on one line, a matrix as a matrix, with the dtype and the op that computed it', () => {
  expect(String(tensor([1, 2], { requiresGrad: true }).mul(2))).toBe('Tensor [2] float32, from mul: [2, 4]');
  const x = tensor(
    [
      [1, -20, 3.5],
      [0.25, 5, 6],
    ],
    { dtype: 'float64', requiresGrad: true },
  );
  x.name = 'w';
  expect(inspect({ x })).toBe(`{
  x: Tensor "w" [2, 3] float64, requiresGrad:
  [[  1.00, -20.00,   3.50],
   [  0.25,   5.00,   6.00]]
}`);
});

test('the input of a record that was freed prints without numbers', () => {
  const y = tensor([1, 2], { requiresGrad: true }).square();
  const { record } = y;
  y.sum().backward();
  expect(String(record!.call.inputs[0])).toBe('Tensor [2] float32, freed');
});

test('JSON has the numbers, and nothing of the graph', () => {
  const x = tensor([1, 2, 3, 4], { requiresGrad: true }).reshape([2, 2]);
  expect(JSON.stringify({ x: x.mul(2), none: tensor([]), loss: tensor(Number.NaN) })).toBe(
    '{"x":[[2,4],[6,8]],"none":[],"loss":null}',
  );
});

test('tolist gives nested arrays, from which tensor makes the same tensor', () => {
  fc.assert(
    fc.property(
      shapes().chain((shape) => tensors(shape)),
      (x) => {
        const { shape, data } = tensor(x.tolist(), { dtype: 'float64' });
        expect(shape).toEqual(x.shape);
        expect(data).toEqual(x.data);
      },
    ),
  );
  expect(zeros([2, 0]).tolist()).toEqual([[], []]);
  expect(tensor(0.1).tolist()).toBe(Math.fround(0.1));
});

test('a tensor is made of typed arrays, at any depth', () => {
  const x = tensor(new Float32Array([1, 2]));
  expect([x.shape, x.dtype, x.tolist()]).toEqual([[2], 'float32', [1, 2]]);
  const rows = tensor([new Int32Array([1, 2]), new Uint8Array([3, 4])]);
  expect(rows.tolist()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(tensor(new Float64Array([0.1]), { dtype: 'float64' }).item()).toBe(0.1);
  expect(tensor(new Float32Array(0)).shape).toEqual([0]);
});

test('a tensor of a typed array is a copy', () => {
  const numbers = new Float32Array([1, 2]);
  const x = tensor(numbers);
  numbers.fill(7);
  expect(x.tolist()).toEqual([1, 2]);
});

/** The other arguments of methods that take more than the tensor. Those of two tensors get `other`. */
const ARGUMENTS: Record<string, unknown[]> = {
  pow: [3],
  clamp: [{ max: 2 }],
  max: [1],
  min: [1],
  cumsum: [1],
  topk: [1],
  sort: [{ descending: true }],
  reshape: [[4]],
  permute: [[1, 0]],
  narrow: [1, 0, 1],
  slice: [1, { start: 1 }],
  split: [1],
  chunk: [2],
  flip: [1],
  roll: [1],
  unsqueeze: [0],
  to: ['float64'],
};

test('every method gives what the function of the same name gives', () => {
  const x = tensor([
    [0.5, 3],
    [0.25, 0.75],
  ]);
  const other = tensor([
    [2, 3],
    [0, 0.25],
  ]);
  const functions = { ...ops, var: ops.variance } as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  const names = Object.getOwnPropertyNames(Tensor.prototype).filter((name) => Object.hasOwn(functions, name));
  expect(names.length).toBeGreaterThan(60);
  for (const name of names) {
    const method = (x as unknown as typeof functions)[name];
    const takesAnother = /^(add|sub|mul|div|matmul|less|greater|eq$|notEqual|logical(?!Not))/.test(name);
    const more = ARGUMENTS[name] ?? (takesAnother ? [other] : []);
    expect(inspect(method.apply(x, more)), name).toBe(inspect(functions[name](x, ...more)));
  }
});

test('toEqual compares numbers, shapes and dtypes of tensors, also inside of objects', () => {
  expect({ x: tensor([1, Number.NaN]) }).toEqual({ x: tensor([1, Number.NaN]) });
  expect({ x: tensor([1, 2]) }).not.toEqual({ x: tensor([1, 3]) });
  expect(tensor([1, 2])).not.toEqual(tensor([[1, 2]]));
  expect(tensor([1, 2])).not.toEqual(tensor([1, 2], { dtype: 'float64' }));
});

test('operators of JavaScript are refused, but text is text', () => {
  const x = tensor(3) as unknown as number;
  for (const wrong of [
    () => x * 2,
    () => x + 1,
    () => -x,
    () => x < 4,
    () => new Date(x),
    () => Math.exp(x),
  ]) {
    expect(wrong).toThrow('Tensor: JavaScript has no operators for tensors; write x.mul(2)');
  }
  expect(`${x}`).toBe('Tensor [] float32: 3');
  expect(String(x)).toBe('Tensor [] float32: 3');
  expect(`x: ${x}`).toBe(['x: ', x].join(''));
});
