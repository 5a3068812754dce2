/** Pinned tensors are stored where the kernels compute, and users notice nothing. */
import { expect, test } from 'vitest';
import {
  currentKernels,
  Generator,
  linear,
  normal,
  pin,
  referenceKernels,
  scope,
  Tensor,
  tensor,
  useKernels,
  zeros,
} from '../src/index.js';

const arena = currentKernels().arena!;
const isPinned = (x: Tensor): boolean => arena.addressOf(x.values as Float32Array) !== 0;
const weight = (): Tensor => normal([4, 3], new Generator(1), { requiresGrad: true });

test('a pinned tensor has the same numbers, and ops compute the same', () => {
  const [pinned, other, x] = [weight(), weight(), normal([2, 3], new Generator(2))];
  pin([pinned]);
  expect([isPinned(pinned), isPinned(other)]).toEqual([true, false]);
  expect(pinned.tolist()).toEqual(other.tolist());
  for (const w of [pinned, other]) linear(x, w).sum().backward();
  expect(linear(x, pinned).tolist()).toEqual(linear(x, other).tolist());
  expect(pinned.grad!.tolist()).toEqual(other.grad!.tolist());
  expect(isPinned(pinned)).toBe(true); // nothing of this moved it
});

test('its data is an array to keep, with the numbers of the tensor from then on', () => {
  const x = weight();
  pin([x]);
  const before = x.values;
  const { data } = x;
  expect(isPinned(x)).toBe(false);
  expect(structuredClone(data)).toEqual(before);
  x.updateValues((values) => values.fill(2));
  expect([...data]).toEqual(Array(12).fill(2));
  data[0] = 5;
  expect(x.sum().item()).toBe(27);
  pin([x]);
  expect(isPinned(x)).toBe(false);
  expect(x.data).toBe(data);
});

test('update gives an array to keep, too', () => {
  const x = weight();
  pin([x]);
  let kept: unknown;
  x.update((data) => {
    kept = data;
  });
  expect(x.data).toBe(kept);
});

test('tensors on arrays of users, in float64 or in a scope stay where they are', () => {
  const own = Float32Array.of(1, 2);
  const others = [new Tensor(own, [2]), zeros([2], { dtype: 'float64' })];
  pin(others);
  own[0] = 3;
  expect(others.map(isPinned)).toEqual([false, false]);
  expect(others[0].tolist()).toEqual([3, 2]);
  scope(() => {
    const inside = zeros([3]);
    pin([inside]);
    const address = arena.addressOf(inside.values as Float32Array);
    scope(() => zeros([3]));
    expect(arena.addressOf(inside.values as Float32Array)).toBe(address);
  });
});

test('what is to be pinned inside a scope waits for the next one', () => {
  const x = weight();
  scope(() => {
    zeros([3]);
    pin([x]);
    scope(() => void expect(isPinned(x)).toBe(false));
  });
  expect(isPinned(x)).toBe(false);
  scope(() => void expect(isPinned(x)).toBe(true));
  expect(x.tolist()).toEqual(weight().tolist());
});

test('a scope whose memory is empty can pin, and does not release it', () => {
  const x = weight();
  scope(() => pin([x]));
  expect(isPinned(x)).toBe(true);
  scope(() => zeros([1000]).add(9));
  expect(x.tolist()).toEqual(weight().tolist());
});

test('scopes do not touch pinned memory, also when the memory grows', () => {
  const x = weight();
  pin([x]);
  for (const length of [100, 1_000_000, 10_000_000]) scope(() => zeros([length]).add(7).sum());
  expect(x.tolist()).toEqual(weight().tolist());
});

test('without a memory of kernels, nothing is pinned', () => {
  const byDefault = useKernels(referenceKernels);
  try {
    const x = weight();
    pin([x]);
    scope(() => void expect(isPinned(x)).toBe(false));
  } finally {
    useKernels(byDefault);
  }
});

test('a gradient stays in the memory of the scope until the end, then only what is still a grad is copied', () => {
  const [x, y] = [tensor([1, 2], { requiresGrad: true }), tensor([1, 2], { requiresGrad: true })];
  let dropped: Tensor | null = null;
  scope(() => {
    x.mul(3).sum().backward();
    dropped = x.grad;
    expect(arena.addressOf(dropped!.values as Float32Array)).not.toBe(0);
    x.grad = null;
    x.mul(4).add(y.mul(5)).sum().backward();
  });
  scope(() => zeros([1000]).add(9));
  expect([x.grad!.tolist(), y.grad!.tolist()]).toEqual([
    [4, 4],
    [5, 5],
  ]);
  expect(() => dropped!.tolist()).toThrow(/scope: this tensor was made in a scope that has ended/);
});

test('a gradient of an outer scope that is set in an inner one is kept at the end of the outer one', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  scope(() => {
    const g = tensor([1, 2]).mul(2);
    scope(() => {
      x.grad = g;
    });
    expect(x.grad!.tolist()).toEqual([2, 4]);
  });
  scope(() => zeros([1000]).add(9));
  expect(x.grad!.tolist()).toEqual([2, 4]);
});

test('gradients stay valid if the scope ends in an error', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  expect(() =>
    scope(() => {
      x.mul(3).sum().backward();
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(x.grad!.tolist()).toEqual([3, 3]);
});
