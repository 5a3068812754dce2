import { Generator, mseLoss, normal, type Tensor, tensor, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { Adam, Linear, Module, ReLU, Sequential, Tanh } from '../src/index.js';

const generator = new Generator(1);
const network = () =>
  new Sequential(new Linear(3, 4, { generator }), new ReLU(), new Linear(4, 2, { generator }), new Tanh());

describe('Linear', () => {
  test('starts as PyTorch: uniform in ±1/sqrt(in), weight and bias', () => {
    const { weight, bias } = new Linear(100, 200, { generator });
    expect(weight.shape).toEqual([200, 100]);
    expect(bias!.shape).toEqual([200]);
    for (const { data } of [weight, bias!]) {
      expect(Math.max(...data)).toBeLessThanOrEqual(0.1);
      expect(Math.min(...data)).toBeGreaterThanOrEqual(-0.1);
      expect(Math.max(...data)).toBeGreaterThan(0.09);
      const variance = Array.from(data).reduce((sum, x) => sum + x * x, 0) / data.length;
      expect(variance).toBeCloseTo(0.1 ** 2 / 3, 3);
    }
  });

  test('without a bias has no bias parameter', () => {
    const layer = new Linear(2, 2, { generator, bias: false });
    expect(layer.namedParameters().map(([name]) => name)).toEqual(['weight']);
    expect([...layer.forward(zeros([1, 2])).data]).toEqual([0, 0]);
  });
});

describe('Module', () => {
  test('finds parameters in order, named as in PyTorch', () => {
    expect(
      network()
        .namedParameters()
        .map(([name, { shape }]) => [name, shape]),
    ).toEqual([
      ['0.weight', [4, 3]],
      ['0.bias', [4]],
      ['2.weight', [2, 4]],
      ['2.bias', [2]],
    ]);
  });

  test('finds those of modules held as properties, and no tensor that needs no gradient', () => {
    class Two extends Module<[a: Tensor, b: Tensor]> {
      readonly scale = tensor([2]);
      readonly gain = tensor([1], { requiresGrad: true });
      readonly body = network();
      forward(a: Tensor, b: Tensor): Tensor {
        return this.body.forward(a.add(b)).mul(this.gain).mul(this.scale);
      }
    }
    expect(new Two().namedParameters().map(([name]) => name)).toEqual([
      'gain',
      'body.0.weight',
      'body.0.bias',
      'body.2.weight',
      'body.2.bias',
    ]);
  });

  test('a state dict carries the weights over', () => {
    const source = network();
    const target = network();
    const x = normal([5, 3], generator);
    target.loadStateDict(source.stateDict());
    expect(target.forward(x).data).toEqual(source.forward(x).data);
  });

  test('a state dict that does not fit is refused before anything changes', () => {
    const target = network();
    const before = target.parameters().map(({ data }) => data.slice());
    const state = network().stateDict();
    const { '2.bias': bias, ...missing } = state;
    expect(() => target.loadStateDict(missing)).toThrow(/missing \[2\.bias\], unknown \[\]/);
    expect(() => target.loadStateDict({ ...state, extra: bias })).toThrow(/unknown \[extra\]/);
    expect(() => target.loadStateDict({ ...state, '2.bias': zeros([3]) })).toThrow(
      /2\.bias has shape \[3\] in the state and \[2\] in this module/,
    );
    expect(target.parameters().map(({ data }) => data)).toEqual(before);
  });
});

describe('Adam', () => {
  test('learns a linear map', () => {
    const layer = new Linear(3, 2, { generator });
    const truth = new Linear(3, 2, { generator });
    const adam = new Adam(layer.parameters(), { lr: 0.05 });
    const x = normal([64, 3], generator);
    for (let step = 0; step < 300; step++) {
      adam.zeroGrad();
      mseLoss(layer.forward(x), truth.forward(x).detach()).backward();
      adam.step();
    }
    layer.weight.data.forEach((w: number, k: number) => {
      expect(w).toBeCloseTo(truth.weight.data[k], 3);
    });
  });

  test('its first step has the length of the learning rate, whatever the gradient: the bias correction is there', () => {
    for (const g of [1e-3, 1, 1e3]) {
      const p = tensor([5], { requiresGrad: true });
      p.grad = tensor([g]);
      new Adam([p], { lr: 0.1 }).step();
      expect(p.item()).toBeCloseTo(4.9, 4);
    }
  });

  test('refuses nonsense', () => {
    expect(() => new Adam([])).toThrow(/no parameters; pass module.parameters\(\)/);
    expect(() => new Adam([tensor([1])], { lr: -1 })).toThrow(/lr -1/);
    expect(() => new Adam([tensor([1])], { betas: [0.9, 1] })).toThrow(/beta 1; give a number in \[0, 1\)/);
  });
});
