/** Which values of a graph are freed by a backward pass, and how a second pass behaves. */
import { describe, expect, test } from 'vitest';
import { grad, mul, tensor } from '../src/index.js';

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });

describe('a second backward pass', () => {
  test('without retainGraph on the first, throws and says what to do', () => {
    const x = leaf([1, 2]);
    const y = x.square().sum();
    y.backward();
    expect(() => y.backward()).toThrow(
      'backward: square was freed by an earlier backward, but its gradient for input 0 needs the value of its ' +
        'input 0, [2]; to run backward twice, give retainGraph: true to the first backward or grad',
    );
    expect([...x.grad!.data]).toEqual([2, 4]);
  });

  test('with retainGraph, adds the same gradients again', () => {
    const x = leaf([1, 2]);
    const y = x.square().tanh().sum();
    y.backward({ retainGraph: true });
    const once = x.grad!.data.slice();
    y.backward();
    expect([...x.grad!.data]).toEqual([...once.map((g) => 2 * g)]);
    expect(() => y.backward()).toThrow(/freed/);
  });

  test('works without retainGraph if the gradients need no values, as in PyTorch', () => {
    const x = leaf([1, 2]);
    const y = x.add(x).neg().reshape([2, 1]).sum();
    y.backward();
    y.backward();
    expect([...x.grad!.data]).toEqual([-4, -4]);
  });

  test('also throws if two outputs share a freed part', () => {
    const x = leaf([3]);
    const shared = x.square();
    shared.mul(2).backward();
    expect(() => shared.mul(3).backward()).toThrow(/square was freed/);
    expect(() => grad(shared.mul(x), [x])).toThrow(/square was freed/);
  });

  test('only the nodes that were visited are freed', () => {
    const a = leaf([2]);
    const b = leaf([3]);
    const left = a.square();
    const right = b.square();
    grad(mul(left, right), [a]);
    expect(() => grad(left.add(1), [a])).toThrow(/freed/);
    expect(grad(right.add(1), [b])[0].item()).toBe(6);
    expect(grad(left.mul(5), [left])[0].item()).toBe(5); // stops at left itself

    const c = leaf([4]);
    const h = c.square();
    grad(h.mul(2), [h]);
    expect(grad(h, [c])[0].item()).toBe(8);
  });

  test('grad frees as backward does, and createGraph retains', () => {
    const x = leaf([2]);
    const y = x.square();
    const [first] = grad(y, [x], { createGraph: true });
    expect(grad(first, [x])[0].item()).toBe(2);
    grad(y, [x]);
    expect(() => grad(y, [x])).toThrow(/freed/);

    const z = x.square();
    grad(z, [x], { createGraph: true, retainGraph: false });
    expect(() => z.backward()).toThrow(/freed/);
  });
});

test('a freed graph holds no values, only shapes', () => {
  const x = leaf([1, 2]);
  const h = x.square();
  const y = h.tanh().sum();
  const records = [h, y].map(({ record }) => record!);
  expect(records[0].call.output).toBe(h);
  y.backward();
  for (const { call } of records) {
    for (const value of [...call.inputs, call.output]) expect(value.data.length).toBe(0);
  }
  expect(records[0].call.inputs[0].shape).toEqual([2]);
  expect([...h.data]).toEqual([1, 4]); // a tensor that the user holds is unchanged
});

test('each tensor has its own grad, even if an op passes one gradient on to several inputs', () => {
  const a = leaf([1]);
  const b = leaf([1]);
  const gradOutput = tensor([1]);
  a.add(b).backward({ gradOutput });
  a.grad!.update((data) => data.fill(7));
  expect([b.grad!.item(), gradOutput.item()]).toEqual([1, 1]);
});
