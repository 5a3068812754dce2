import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropout, Generator, ones, tensor } from '../../src/index.js';
import { shapes, tensors } from '../../src/testing/index.js';
import { checkGradients } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/dropout.js')>({
  dropout: shapes().chain((shape) =>
    fc.tuple(tensors(shape), fc.constantFrom(0, 0.2, 0.5, 1), fc.nat(1000)).map(([x, p, seed]) => ({
      f: (y) => dropout(y, { p, generator: new Generator(seed) }),
      inputs: [x],
    })),
  ),
});

const generator = new Generator(1);

test('p of all elements are dropped, and the others are larger, so that the mean stays', () => {
  for (const p of [0.1, 0.5, 0.9]) {
    const y = dropout(ones([100, 100]), { p, generator });
    const dropped = y.data.filter((value) => value === 0).length / y.size;
    expect(Math.abs(dropped - p)).toBeLessThan(0.03); // 6 standard deviations of 0.005
    expect(new Set(y.data)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
  }
});

test('each call draws anew, and the seed decides', () => {
  const draw = (one: Generator) => dropout(ones([50]), { generator: one }).tolist();
  expect(draw(generator)).not.toEqual(draw(generator));
  expect(draw(new Generator(3))).toEqual(draw(new Generator(3)));
});

test('with p = 1 all is 0, the gradient too, and without training nothing changes', () => {
  const x = tensor([1, Number.POSITIVE_INFINITY], { requiresGrad: true });
  const y = dropout(x, { p: 1, generator });
  y.sum().backward();
  expect([y.tolist(), x.grad!.tolist()]).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(dropout(x, { generator, training: false })).toBe(x);
});

test.each<[string, () => unknown, RegExp]>([
  [
    'no options',
    () => (dropout as (x: unknown) => unknown)(ones([2])),
    /dropout: generator is missing; give new Generator/,
  ],
  [
    'no generator',
    () => dropout(ones([2]), {} as never),
    /dropout: generator is missing; give new Generator/,
  ],
  ['x', () => dropout([1] as never, { generator }), /dropout: x is \[1\]; give a tensor/],
  ['p', () => dropout(ones([2]), { p: 1.5, generator }), /dropout: p is 1.5; give a number from 0 to 1/],
  ['a name', () => dropout(ones([2]), { rate: 0.1, generator } as never), /dropout: there is no option rate/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});
