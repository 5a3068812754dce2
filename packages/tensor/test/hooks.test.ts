import { describe, expect, test } from 'vitest';
import { grad, ones, type Tensor, tensor } from '../src/index.js';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });

describe('registerHook', () => {
  test.each(['leaf', 'intermediate'])(
    '%s: is called once, with the gradient summed over all uses',
    (kind) => {
      const x = leaf([1, 2]);
      const hooked = kind === 'leaf' ? x : x.mul(1);
      const seen: number[][] = [];
      hooked.registerHook((gradient) => void seen.push([...gradient.data]));
      hooked.mul(3).add(hooked.square()).sum().backward();
      expect(seen).toEqual([[5, 7]]);
      expect([...x.grad!.data]).toEqual([5, 7]);
    },
  );

  test('a returned tensor replaces the gradient, one hook after the other', () => {
    const x = leaf([1, 2]);
    const h = x.mul(10);
    h.registerHook((gradient) => gradient.mul(2));
    h.registerHook((gradient) => gradient.add(1));
    x.registerHook((gradient) => gradient.neg());
    h.sum().backward();
    expect([...x.grad!.data]).toEqual([-30, -30]);
  });

  test('also changes the result of grad', () => {
    const x = leaf([1]);
    const h = x.square();
    h.registerHook((gradient) => gradient.mul(5));
    const [dx, dh] = grad(h.mul(3), [x, h]);
    expect([dx.item(), dh.item()]).toEqual([30, 15]);
  });

  test('a removed hook is not called any more; the others are', () => {
    const x = leaf([1]);
    const double = (gradient: Tensor) => gradient.mul(2);
    const first = x.registerHook(double);
    x.registerHook(double);
    first.remove();
    first.remove();
    x.mul(1).backward();
    expect(x.grad!.item()).toBe(2);
  });

  test('with createGraph the hook is differentiated; without, it gives a constant', () => {
    const x = leaf([3]);
    const h = x.square();
    const hook = h.registerHook((gradient) => gradient.mul(h));
    const [first] = grad(h, [x], { createGraph: true }); // x² 2x
    hook.remove();
    expect([first.item(), grad(first, [x])[0].item()]).toEqual([54, 54]);

    const k = x.square();
    k.registerHook((gradient) => void expect(gradient.mul(k).requiresGrad).toBe(false));
    k.backward();
  });

  test('is not called if no gradient flows through the tensor', () => {
    const a = leaf([1]);
    const b = leaf([1]);
    a.registerHook(() => {
      throw new Error('called');
    });
    a.mul(b).backward({ inputs: [b] });
    expect(b.grad!.item()).toBe(1);
  });

  test('errors', () => {
    expect(() => ones([2]).registerHook(() => {})).toThrow(
      'registerHook: this tensor of shape [2] requires no gradient, so it never gets one; create it with requiresGrad: true',
    );
    const x = leaf([1, 2]);
    x.registerHook(() => ones([3]));
    expect(() => x.sum().backward()).toThrow(
      'registerHook: the result of a hook has shape [3], but the gradient has [2]; the two must be equal',
    );
  });
});

describe('retainGrad', () => {
  test('accumulates the grad of an intermediate tensor, after its hooks', () => {
    const x = leaf([1, 2]);
    const h = x.square();
    h.retainGrad();
    h.registerHook((gradient) => gradient.mul(10));
    const y = h.mul(3).sum();
    y.backward({ retainGraph: true });
    expect([...h.grad!.data]).toEqual([30, 30]);
    y.backward({ inputs: [x] });
    expect([...h.grad!.data]).toEqual([60, 60]);
    expect([...x.grad!.data]).toEqual([120, 240]);
  });

  test('without it there is no grad, and grad() does not fill it', () => {
    const x = leaf([1]);
    const h = x.square();
    h.mul(2).backward({ retainGraph: true });
    expect(h.grad).toBeNull();
    h.retainGrad();
    grad(h.mul(2), [x]);
    expect(h.grad).toBeNull();
  });

  test('changes nothing for a leaf, and is an error for a constant', () => {
    const x = leaf([1]);
    x.retainGrad();
    x.mul(2).backward();
    expect(x.grad!.item()).toBe(2);
    expect(() => ones([]).retainGrad()).toThrow(/retainGrad: this tensor of shape \[\] requires no gradient/);
  });
});

test('a hook may start a pass of its own through the same graph', () => {
  const x = tensor([2, 3], { requiresGrad: true });
  const y = x.mul(x);
  const z = y.mul(5).sum();
  const seen: number[][] = [];
  y.registerHook(() => {
    if (seen.length === 0) {
      seen.push([]);
      seen.push([...grad(z, [x], { retainGraph: true })[0].data]);
    }
  });
  z.backward({ retainGraph: true });
  expect(seen[1]).toEqual([20, 30]);
  expect([...x.grad!.data]).toEqual([20, 30]);
});

test('a gradient that a hook keeps stays as it is when a grad is changed in place', () => {
  const x = tensor([3, 4], { requiresGrad: true });
  const seen: Tensor[] = [];
  x.registerHook((gradient) => void seen.push(gradient));
  const y = x.add(0);
  y.registerHook((gradient) => {
    seen.push(gradient);
    return gradient;
  });
  y.mul(tensor([3, 4]))
    .sum()
    .backward();
  x.grad!.update((data) => data.fill(0));
  for (const gradient of seen) expect([...gradient.data]).toEqual([3, 4]);
});
