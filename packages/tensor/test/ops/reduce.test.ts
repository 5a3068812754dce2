import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  amax,
  amin,
  argmax,
  argmin,
  cumsum,
  grad,
  max,
  mean,
  min,
  norm,
  oneHot,
  ones,
  prod,
  std,
  sum,
  Tensor,
  tensor,
  variance,
  zeros,
} from '../../src/index.js';
import { distinctTensors, tensors } from '../../src/testing/index.js';
import { checkGradients, overAxes, withAxis } from './check-gradients.js';

const alongAxis = (op: (x: Tensor, axis: number, keepDim: boolean) => Tensor) =>
  withAxis.chain(({ shape, axis }) =>
    fc
      .tuple(distinctTensors(shape), fc.boolean())
      .map(([x, keepDim]) => ({ f: (y: Tensor) => op(y, axis, keepDim), inputs: [x] })),
  );

/** All below 1: over no axes, there is one number. */
const corrections = fc.constantFrom(0, 0.5, -1);

checkGradients<typeof import('../../src/ops/reduce.js')>({
  sum: overAxes((x, axis, keepDim) => sum(x, { axis, keepDim })),
  mean: overAxes((x, axis, keepDim) => mean(x, { axis, keepDim })),
  prod: overAxes((x, axis, keepDim) => prod(x, { axis, keepDim })),
  variance: corrections.chain((correction) =>
    overAxes((x, axis, keepDim) => variance(x, { axis, keepDim, correction })),
  ),
  std: corrections.chain((correction) =>
    overAxes((x, axis, keepDim) => std(x, { axis, keepDim, correction }), distinctTensors),
  ),
  amin: overAxes((x, axis, keepDim) => amin(x, { axis, keepDim }), distinctTensors),
  amax: overAxes((x, axis, keepDim) => amax(x, { axis, keepDim }), distinctTensors),
  norm: overAxes(
    (x, axis, keepDim) => norm(x, { axis, keepDim }),
    (shape) => tensors(shape, { awayFromZero: 0.1 }),
  ),
  max: alongAxis((x, axis, keepDim) => max(x, axis, { keepDim }).values),
  min: alongAxis((x, axis, keepDim) => min(x, axis, { keepDim }).values),
  argmax: { constant: (x) => oneHot(argmax(x), 3, { dtype: 'float64' }) },
  argmin: { constant: (x) => oneHot(argmin(x, { axis: 0 }), 3, { dtype: 'float64' }) },
});

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

test.each<[string, () => unknown, RegExp]>([
  [
    'sum, axis',
    () => sum(x, { axis: 2 }),
    /sum: axis 2 of a tensor with 2 axes; give a whole number from -2 to 1/,
  ],
  ['mean, twice', () => mean(x, { axis: [0, -2] }), /name the same axis twice/],
  ['amax of an empty tensor', () => amax(zeros([0])), /amax: shape \[0\] is empty/],
  ['min of an empty axis', () => min(zeros([2, 0]), 1), /min: shape \[2, 0\] is empty/],
  ['argmax of an empty tensor', () => argmax(zeros([2, 0])), /argmax: shape \[2, 0\] is empty/],
  ['amin of an empty axis', () => amin(zeros([2, 0]), { axis: 1 }), /amin: shape \[2, 0\] is empty/],
  [
    'PyTorch name',
    () => variance(x, { dim: 0 } as object),
    /var: there is no option dim \(did you mean axis\?\)/,
  ],
  [
    'an option of a neighbor',
    () => sum(x, { keepdim: true } as object),
    /sum: there is no option keepdim \(did you mean keepDim\?\)/,
  ],
  ['argmin of no tensor', () => argmin(3 as never), /argmin: x is 3; give a tensor/],
  ['min of no tensor', () => min(3 as never, 0), /min: x is 3; give a tensor/],
  [
    'argmax over two axes',
    () => argmax(x, { axis: [0, 1] as unknown as number }),
    /argmax: axis is \[0, 1\]; give an integer/,
  ],
  ['max of an empty axis', () => max(zeros([2, 0]), 1), /max: shape \[2, 0\] is empty/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('sums and means over no axis, one axis and all axes', () => {
  expect([...sum(x, { axis: [] }).data]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...mean(x, { axis: 0 }).data]).toEqual([2.5, 3.5, 4.5]);
  expect(mean(x, { axis: 1, keepDim: true }).shape).toEqual([2, 1]);
  expect(mean(x).item()).toBe(3.5);
  expect(mean(zeros([0])).item()).toBeNaN();
});

test('a long float32 sum does not drift', () => {
  const total = sum(new Tensor(new Float32Array(1e6).fill(0.1), [1e6])).item();
  expect(total).toBeCloseTo(1e6 * Math.fround(0.1), 1);
});

test('the first and second derivatives of a norm at 0 are 0, not NaN', () => {
  const x = zeros([2, 3], { requiresGrad: true });
  const [dx] = grad(norm(x), [x], { createGraph: true });
  expect([...dx.data]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(grad(dx.sum(), [x])[0].data.every((value) => value === 0)).toBe(true);
  expect(norm(tensor([3, Number.NaN])).item()).toBeNaN();
});

test('NaN counts as the maximum', () => {
  const x = tensor([[1, Number.NaN, 3]]);
  expect(amax(x).item()).toBeNaN();
  expect([...max(x, 1).indices.data]).toEqual([1]);
});

test('NaN counts as the minimum, too; of ties, the first', () => {
  const x = tensor([
    [3, 1, 1],
    [0, Number.NaN, Number.NaN],
  ]);
  expect(amin(x).item()).toBeNaN();
  expect([...min(x, 1).indices.data]).toEqual([1, 1]);
  expect([...min(x, 1).values.data]).toEqual([1, Number.NaN]);
  expect(argmin(x)).toEqual({ data: Int32Array.of(4), shape: [] });
});

test('argmax and argmin: along one axis, or as one index of all elements', () => {
  const x = tensor([
    [1, 3, 2],
    [3, 0, -1],
  ]);
  expect(argmax(x)).toEqual({ data: Int32Array.of(1), shape: [] });
  expect(argmax(x, { keepDim: true })).toEqual({ data: Int32Array.of(1), shape: [1, 1] });
  expect(argmax(x, { axis: -1 })).toEqual({ data: Int32Array.of(1, 0), shape: [2] });
  expect(argmin(x, { axis: 0, keepDim: true })).toEqual({ data: Int32Array.of(0, 1, 1), shape: [1, 3] });
  expect(argmin(tensor(5))).toEqual({ data: Int32Array.of(0), shape: [] });
});

test('a minimum that is shared by ties shares its gradient with amin, and goes to the first with min', () => {
  const x = tensor([2, 1, 1], { requiresGrad: true });
  expect([...grad(amin(x), [x])[0].data]).toEqual([-0, 0.5, 0.5]);
  expect([...grad(min(x, 0).values, [x])[0].data]).toEqual([0, 1, 0]);
});

test('gradients of a product are right with no zero, one and several', () => {
  const gradient = (...factors: number[]) => {
    const x = tensor(factors, { requiresGrad: true });
    return [...grad(prod(x), [x])[0].data];
  };
  expect(gradient(2, 3, 4)).toEqual([12, 8, 6]);
  expect(gradient(2, 0, 4)).toEqual([0, 8, 0]);
  expect(gradient(0, 0, 4)).toEqual([0, 0, 0]);
  const x = tensor([0, 0, 4], { requiresGrad: true });
  const [dx] = grad(prod(x), [x], { createGraph: true });
  expect([...grad(dx.sum(), [x])[0].data]).toEqual([4, 4, 0]); // d²/dx0 dx1 = x2
});

test('products of many numbers, and of none', () => {
  const x = new Tensor(
    Float64Array.from({ length: 1001 }, (_, k) => 1 + (k % 7) / 1000),
    [1001],
  );
  const expected = [...x.data].reduce((product, factor) => product * factor, 1);
  expect(prod(x).item() / expected).toBeCloseTo(1, 12);
  const empty = zeros([0, 2], { requiresGrad: true });
  expect([...prod(empty, { axis: 0 }).data]).toEqual([1, 1]);
  expect(grad(prod(empty), [empty])[0].shape).toEqual([0, 2]);
  expect(prod(zeros([2, 0]), { axis: 0 }).shape).toEqual([0]);
});

test('running sums: exact for long float32 rows, empty for empty ones', () => {
  const sums = cumsum(new Tensor(new Float32Array(1e5).fill(0.1), [1e5]), 0);
  expect(sums.data[99_999]).toBeCloseTo(1e5 * Math.fround(0.1), 2);
  expect(cumsum(zeros([0, 2]), 0).shape).toEqual([0, 2]);
  expect(cumsum(zeros([2, 0]), 0).shape).toEqual([2, 0]);
  expect([...cumsum(ones([2, 2]), -2).data]).toEqual([1, 1, 2, 2]);
});

test('variance of float32 numbers that hardly differ', () => {
  const x = Float32Array.from({ length: 1001 }, (_, k) => 10_000 + ((k * 0.618034) % 1) / 50);
  const average = [...x].reduce((sum, value) => sum + value) / x.length;
  const exact = [...x].reduce((sum, value) => sum + (value - average) ** 2, 0) / (x.length - 1);
  expect(variance(new Tensor(x, [1001])).item() / exact).toBeCloseTo(1, 5);
});

test('the variance of equal numbers is exactly 0, and the gradient of its root is 0', () => {
  for (let n = 2; n < 20; n++) {
    for (const dtype of ['float32', 'float64'] as const) {
      const x = tensor(new Array(n).fill(0.1), { dtype, requiresGrad: true });
      expect([variance(x).item(), std(x).item()]).toEqual([0, 0]);
      expect(grad(std(x), [x])[0].data.every((g) => g === 0)).toBe(true);
    }
  }
});

test('variance of one number, and of none', () => {
  expect([variance(tensor([3])).item(), variance(zeros([0])).item()]).toEqual([Number.NaN, Number.NaN]);
  for (const correction of [0, 1])
    expect(std(zeros([2, 0]), { axis: 1, correction }).tolist()).toEqual([Number.NaN, Number.NaN]);
  expect(variance(tensor([3]), { correction: 0 }).item()).toBe(0);
  expect(std(zeros([3, 0]), { axis: 0 }).shape).toEqual([0]);
  const x = tensor([[3], [4]], { requiresGrad: true });
  for (const op of [variance, std]) {
    const y = op(x, { axis: 1 });
    expect([...y.data, ...grad(sum(y), [x])[0].data]).toEqual(new Array(4).fill(Number.NaN));
  }
});

test('the mean of ones is 1, and of any whole numbers their sum divided by n', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (let n = 1; n <= 300; n++) {
      expect(ones([n], { dtype }).mean().item()).toBe(1);
      const numbers = tensor(
        Float64Array.from({ length: n }, (_, k) => k),
        { dtype },
      );
      expect(numbers.mean().item()).toBe((n - 1) / 2);
    }
  }
});
