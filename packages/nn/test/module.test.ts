import { full, Generator, type Tensor, zeros } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { Adam, Linear, Module } from '../src/index.js';

test('a further argument is an error: plain JavaScript would drop it', () => {
  const layer = new Linear(2, 1, { generator: new Generator(1) });
  const optimizer = new Adam(layer.parameters(), { lr: 0.1 });
  const further = [
    () => layer.loadStateDict(layer.stateDict(), ...([{ strict: false }] as unknown as [])),
    () => layer.train(true, ...([1] as unknown as [])),
    () => layer.zeroGrad(...([{ setToNone: true }] as unknown as [])),
    () => optimizer.step(...([() => 1] as unknown as [])),
    () => optimizer.zeroGrad(...([{ setToNone: true }] as unknown as [])),
  ];
  for (const call of further) expect(call).toThrow(/there is a further argument, .*; give/);
});

test('a module that is inside itself is an error that says where', () => {
  class Holder extends Module {
    inner: { next?: Module } = {};
    readonly weight = zeros([1], { requiresGrad: true });

    forward(x: Tensor): Tensor {
      return x;
    }
  }
  const outer = new Holder();
  const middle = new Holder();
  outer.inner.next = middle;
  expect(outer.namedParameters().map(([name]) => name)).toEqual(['weight', 'inner.next.weight']);
  middle.inner.next = outer;
  const message =
    'Holder: inner.next.inner.next leads back to a module that holds it; a module cannot be inside itself';
  for (const call of ['parameters', 'namedBuffers', 'stateDict', 'train', 'eval', 'zeroGrad'] as const) {
    expect(() => outer[call](), call).toThrow(message);
  }
});

test('two tensors with one name in the state are an error: one of them would be lost', () => {
  class Heads extends Module {
    constructor(readonly heads: Record<string, Tensor>) {
      super();
    }

    forward(x: Tensor): Tensor {
      return x;
    }
  }
  const one = () => full([1], 1, { requiresGrad: true });
  for (const names of [
    ['agentA', 'agent_a'],
    ['W', 'w'],
  ]) {
    const net = new Heads(Object.fromEntries(names.map((name) => [name, one()])));
    expect(() => net.stateDict()).toThrow(
      `Heads: two tensors have the name heads.${names[1]} in the state, where names are in snake_case; rename one`,
    );
  }
  expect(Object.keys(new Heads({ W: one(), inProj: one() }).stateDict())).toEqual([
    'heads.w',
    'heads.in_proj',
  ]);
});

test('an optimizer keeps its own list of parameters', () => {
  const parameters = new Linear(2, 1, { generator: new Generator(1) }).parameters();
  const optimizer = new Adam(parameters, { lr: 0.1 });
  const added = full([1], 1, { requiresGrad: true });
  parameters.push(added);
  added.grad = full([1], 1);
  optimizer.step();
  expect(added.item()).toBe(1);
});
