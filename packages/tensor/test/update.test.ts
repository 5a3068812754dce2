/** Changes in place: a gradient throws if, and only if, it needs a value from before the change. */
import { describe, expect, test } from 'vitest';
import {
  add,
  concat,
  defineOp,
  div,
  type FloatArray,
  grad,
  linear,
  matmul,
  mul,
  ones,
  Tensor,
  tensor,
} from '../src/index.js';

const leaf = (values: number[] | number[][]) => tensor(values, { requiresGrad: true });
const change = (x: Tensor) => x.update((data) => data.fill(9));

test('update changes the data and increases the version', () => {
  const x = leaf([1, 2]);
  expect(x.version).toBe(0);
  x.update((data) => data.set([3, 4]));
  const first = x.version;
  x.update((data) => data.set([5, 6]));
  expect(x.version).toBeGreaterThan(first);
  expect([...x.data]).toEqual([5, 6]);
  x.square().sum().backward(); // computed from the new numbers, so there is no error
  expect([...x.grad!.data]).toEqual([10, 12]);
});

test('a write into data, or into the array of new Tensor, goes unnoticed: docs/pitfalls.md says so', () => {
  const array = Float32Array.of(1, 2);
  const wrapped = new Tensor(array, [2], { requiresGrad: true });
  const made = leaf([1, 2]);
  const losses = [wrapped, made].map((x) => x.square().sum());
  array[0] = 5;
  made.data[0] = 5;
  for (const loss of losses) loss.backward();
  for (const x of [wrapped, made]) expect([...x.grad!.data]).toEqual([10, 4]); // instead of 2, 4
});

test('a change that returns other numbers, or is async, would change nothing: an error', () => {
  const x = leaf([1, 2]);
  for (const returned of [
    (data: FloatArray) => data.map((v) => v + 1),
    () => [3, 4],
    () => tensor([3, 4]).data,
  ])
    for (const change of ['update', 'updateValues'] as const)
      expect(() => x[change](returned)).toThrow(
        `${change}: change returned new numbers, which are not used; write into the array that it gets, as data.set(...) does`,
      );
  expect(() =>
    x.update(async () => {
      throw new Error('nobody hears this, and the process goes on');
    }),
  ).toThrow(/^update: the function is async/);
  x.update((data) => data.fill(5)); // these return the array itself, a part of it, or a number
  x.update((data) => data.subarray(1).fill(6));
  x.update((data) => (data[0] += 1));
  expect(x.tolist()).toEqual([6, 6]);
});

describe('a gradient that needs a changed value throws', () => {
  test('an input: the error names the op, the tensor and its shape', () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    b.name = 'b';
    const y = mul(a, b).sum();
    change(b);
    expect(() => grad(y, [a])).toThrow(
      'mul: the gradient for input 0 needs the value of its input 1 "b", [2], but update() has changed it since the op ' +
        'ran; call backward before the update, or compute the output again after it',
    );
  });

  test('the output', () => {
    const x = leaf([1, 2]);
    const y = x.tanh();
    const loss = y.sum();
    change(y);
    expect(() => loss.backward()).toThrow(
      /tanh: the gradient for input 0 needs the value of its output, \[2\]/,
    );
  });

  test.each([
    ['detach', (x: Tensor) => x.detach()],
    ['reshape', (x: Tensor) => x.reshape([2, 1])],
  ])('a value that was changed through a tensor that shares the data: %s', (_, share) => {
    const x = leaf([1, 2]);
    const y = x.square().sum();
    change(share(x));
    expect(() => y.backward()).toThrow(/square.*changed/);
  });

  test('a value that the gradient of a user’s op reads directly, without an op', () => {
    const cube = defineOp<[x: Tensor]>('cube', {
      forward: ([x]) =>
        new Tensor(
          x.data.map((v) => v ** 3),
          x.shape,
        ),
      gradient: [
        (dy, { inputs: [x] }) =>
          new Tensor(
            dy.data.map((g, i) => 3 * g * x.data[i] ** 2),
            x.shape,
          ),
      ],
    });
    const x = leaf([2]);
    const y = cube([x]);
    change(x);
    expect(() => y.backward()).toThrow(/cube.*changed/);
  });

  test('a value in the graph of a gradient', () => {
    const x = leaf([2]);
    const [first] = grad(x.square().mul(x), [x], { createGraph: true });
    change(x);
    expect(() => first.backward()).toThrow(/changed/);
  });

  test('even if the change threw half-way', () => {
    const x = leaf([1, 2]);
    const y = x.square().sum();
    expect(() =>
      x.update((data) => {
        data[0] = 5;
        throw new Error('half-way');
      }),
    ).toThrow('half-way');
    expect(() => y.backward()).toThrow(/changed/);
  });
});

describe('a gradient that reads an input in another shape, or detached', () => {
  const readers: Record<string, (x: Tensor) => Tensor> = {
    reshape: (x) => x.reshape(x.shape),
    'unsqueeze and squeeze': (x) => x.unsqueeze(0).squeeze(0),
    detach: (x) => x.detach(),
  };

  test.each(Object.entries(readers))(
    '%s: throws after an update, and after the values are freed',
    (_, read) => {
      const square = defineOp<[x: Tensor]>('square', {
        forward: ([x]) => x.mul(x),
        gradient: [(dy, { inputs: [x] }) => dy.mul(read(x)).mul(2)],
      });
      const x = leaf([1, 2, 3]);
      const y = square([x]).sum();
      y.backward();
      expect([...x.grad!.data]).toEqual([2, 4, 6]);
      expect(() => y.backward()).toThrow(/was freed by an earlier backward/);
      const other = square([x]).sum();
      change(x);
      expect(() => other.backward()).toThrow(/update\(\) has changed it/);
    },
  );
});

describe('a gradient that needs no changed value is still correct', () => {
  const w = () =>
    leaf([
      [1, 2],
      [3, 4],
    ]);

  test('ops whose gradients need no values', () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    const y = concat([add(a, b), a.reshape([1, 2]).sum({ axis: 0 })])
      .narrow(0, 1, 2)
      .sum();
    change(a);
    change(b);
    y.backward(); // y = a1 + b1 + a0
    expect([...a.grad!.data, ...b.grad!.data]).toEqual([1, 1, 0, 1]);
  });

  test('mul: the gradient for a does not need a', () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    const y = mul(a, b).sum();
    change(a);
    expect([...grad(y, [a], { retainGraph: true })[0].data]).toEqual([3, 4]);
    expect(() => grad(y, [b])).toThrow(/its input 0/);
  });

  test('div: no gradient needs a, and the gradient for a does not need the output', () => {
    const a = leaf([6]);
    const b = leaf([2]);
    const y = div(a, b);
    change(a);
    expect(grad(y, [b], { retainGraph: true })[0].item()).toBe(-1.5);
    change(y);
    expect(grad(y, [a], { retainGraph: true })[0].item()).toBe(0.5);
    expect(() => grad(y, [b])).toThrow(/its output/);
  });

  test('matmul: the gradient for an operand does not need this operand', () => {
    const [a, b] = [w(), w()];
    const y = matmul(a, b).sum();
    change(a);
    expect([...grad(y, [a])[0].data]).toEqual([3, 7, 3, 7]);
  });

  test('linear: no gradient needs the bias, and those for weight and bias do not need the weight', () => {
    const [x, weight, bias] = [w(), w(), leaf([0, 0])];
    const y = linear(x, weight, bias).sum();
    change(bias);
    change(weight);
    expect([...grad(y, [weight, bias], { retainGraph: true })[0].data]).toEqual([4, 6, 4, 6]);
    expect(() => grad(y, [x])).toThrow(/linear: the gradient for input 0 needs the value of its input 1/);
  });

  test('a change before the op ran', () => {
    const x = leaf([1]);
    change(x);
    const y = x.square();
    change(ones([1])); // another tensor
    y.backward();
    expect(x.grad!.item()).toBe(18);
  });
});
