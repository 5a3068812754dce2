import { Generator, grad, normal, stack, type Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { GRUCell, Linear, type Module, ReLU, Sequential, Stacked, Tanh } from '../src/index.js';

const generator = new Generator(1);
const linear = (from: number, to: number, bias = true) => new Linear(from, to, { generator, bias });
const network = () => new Sequential(linear(5, 6), new ReLU(), linear(6, 4), new Tanh(), linear(4, 2, false));
const parametersOf = (networks: Module[]) => [...new Set(networks.flatMap((one) => one.parameters()))];

/** The same values, and the same gradients of x (if there is any) and of all weights. */
function expectSame(networks: Sequential[], x: Tensor, atOnce: Tensor, oneByOne: Tensor[]): void {
  const leaves = [...(x.requiresGrad ? [x] : []), ...parametersOf(networks)];
  const together = stack(oneByOne);
  expect(atOnce.shape).toEqual(together.shape);
  const [one, other] = [atOnce, together].map((y) => [y, ...grad(y.square().sum(), leaves)]);
  for (const [k, { data }] of one.entries())
    data.forEach((value, i) => void expect(value).toBeCloseTo(other[k].data[i], 5));
}

describe.each([
  ['three networks', [network(), network(), network()]],
  ['one network', [network()]],
  ['the same network three times', new Array<Sequential>(3).fill(network())],
])('%s', (_, networks) => {
  const n = networks.length;
  const stacked = new Stacked(networks);

  test('give what each gives for its part of x, with the same gradients', () => {
    const x = normal([n, 7, 5], generator, { requiresGrad: true });
    const parts = networks.map((one, k) => one.forward(x.narrow(0, k, 1).reshape([7, 5])));
    expectSame(networks, x, stacked.forward(x), parts);
  });

  test('give what each gives for an x that all see', () => {
    const x = normal([7, 5], generator, { requiresGrad: true });
    expectSame(
      networks,
      x,
      stacked.forward(x),
      networks.map((one) => one.forward(x)),
    );
  });

  test.each([false, true])('own columns are added to x; at the same place for all: %s', (isSamePlace) => {
    const x = normal([7, 5], generator);
    const own = normal([n, 7, 2], generator, { requiresGrad: true });
    const columns = networks.map((_, k) => (isSamePlace ? 3 : k));
    const changed = networks.map((one, k) => {
      const added = own.narrow(0, k, 1).reshape([7, 2]);
      const before = x.narrow(1, 0, columns[k]);
      const after = x.narrow(1, columns[k] + 2, 3 - columns[k]);
      return one.forward([before, x.narrow(1, columns[k], 2).add(added), after]);
    });
    expectSame(networks, own, stacked.forward(x, { own, columns }), changed);
  });

  test('has the parameters of its networks', () => {
    expect(stacked.parameters()).toEqual(parametersOf(networks));
  });
});

test.each<[() => Sequential[], string]>([
  [() => [], 'networks are empty; give networks of one shape'],
  [
    () => [new Sequential(linear(2, 3)), new Sequential(linear(2, 4))],
    'Linear [3, 2] and Linear [4, 2]; give networks of one shape',
  ],
  [
    () => [new Sequential(linear(2, 3)), new Sequential(linear(2, 3, false))],
    'Linear [3, 2] and Linear [3, 2] without bias',
  ],
  [() => [new Sequential(new ReLU(), linear(2, 3))], 'layer 0 is a ReLU; give networks of Linear'],
  [() => [new Sequential(linear(2, 3), new ReLU(), new Tanh())], 'layer 2 is a Tanh'],
  [() => [new Sequential(new GRUCell(2, 2, { generator }))], 'layer 0 is a GRUCell'],
])('what cannot be stacked: %#', (networks, message) => {
  expect(() => new Stacked(networks())).toThrow(message);
});
