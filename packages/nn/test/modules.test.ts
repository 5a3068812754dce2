import { Generator, mseLoss, normal, type Tensor, tensor, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { Adam, BatchNorm1d, Linear, Module, ReLU, Sequential, Tanh } from '../src/index.js';

const generator = new Generator(1);
const network = () =>
  new Sequential(new Linear(3, 4, { generator }), new ReLU(), new Linear(4, 2, { generator }), new Tanh());

test('layers in sequence give the same result as one by one, in any order', () => {
  class Doubled extends Linear {
    override forward(x: Tensor): Tensor {
      return super.forward(x).mul(2);
    }
  }
  const square = (Layer: typeof Linear) => new Layer(3, 3, { generator });
  const x = normal([5, 3], generator);
  for (const layers of [
    [square(Linear), new ReLU(), square(Linear), new Tanh()],
    [square(Linear), new ReLU(), new ReLU(), new Tanh(), square(Linear)],
    [new Tanh(), square(Doubled), new ReLU(), square(Linear), square(Doubled), new Tanh()],
  ] as Module[][]) {
    const oneByOne = layers.reduce((value, layer) => layer.forward(value), x);
    expect(new Sequential(...layers).forward(x).data).toEqual(oneByOne.data);
  }
});

describe('Linear', () => {
  test('the initial weight and bias are uniform in ±1/sqrt(in), as in PyTorch', () => {
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

  test('rejects invalid sizes and a missing generator', () => {
    expect(() => new Linear(-1, 3, { generator })).toThrow(
      'Linear: inFeatures is -1; give an integer of at least 1',
    );
    expect(() => new Linear(3, 0.5, { generator })).toThrow(/^Linear: outFeatures is 0.5/);
    for (const options of [undefined, {}, { generator: 7 }, generator])
      expect(() => new Linear(1, 1, options as never)).toThrow(
        /^Linear: (generator is (missing|7); give new Generator|a Generator stands where)/,
      );
  });

  test('has no bias parameter with bias: false', () => {
    const layer = new Linear(2, 2, { generator, bias: false });
    expect(layer.namedParameters().map(([name]) => name)).toEqual(['weight']);
    expect([...layer.forward(zeros([1, 2])).data]).toEqual([0, 0]);
  });
});

describe('Sequential', () => {
  test('rejects arguments that are not modules', () => {
    const layers = [new ReLU(), new Tanh()];
    expect(() => new Sequential(layers as never)).toThrow(
      'Sequential: argument 0 is not a module; pass modules one by one, and an array as ...layers',
    );
    class Lacking extends (Module as unknown as new () => object) {}
    expect(() => new Sequential(layers[0], new Lacking() as never)).toThrow(
      'Sequential: argument 1 has no method forward',
    );
    expect(() => new Sequential(...layers, 3 as never)).toThrow(/argument 2 is not a module/);
  });

  test('a subclass has the parameters of its layers and its own', () => {
    class Headed extends Sequential {
      readonly head = new Linear(1, 1, { generator });
    }
    const names = new Headed(new Linear(1, 1, { generator })).namedParameters().map(([name]) => name);
    expect(names).toEqual(['0.weight', '0.bias', 'head.weight', 'head.bias']);
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

  test('finds parameters of modules in properties, but no tensors without requiresGrad', () => {
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

  test('finds parameters in arrays, and in arrays of arrays', () => {
    class Many extends Module {
      readonly hiddenSizes = [3, 4];
      readonly scales = [tensor([1], { requiresGrad: true }), tensor([1])];
      readonly twoHeads = [[new Linear(1, 1, { generator })], [new BatchNorm1d(1)]];
      readonly forward = (x: Tensor) => x;
    }
    const many = new Many();
    expect(Object.keys(many.stateDict())).toEqual([
      'scales.0',
      'two_heads.0.0.weight',
      'two_heads.0.0.bias',
      'two_heads.1.0.weight',
      'two_heads.1.0.bias',
      'two_heads.1.0.running_mean',
      'two_heads.1.0.running_var',
    ]);
    expect(many.eval().twoHeads[1][0].training).toBe(false);
  });

  test('finds parameters in plain objects, but none that were computed, and no module twice in a circle', () => {
    class Heads extends Module {
      readonly scale = tensor(2, { requiresGrad: true });
      readonly heads = {
        move: new Linear(2, 5, { generator, bias: false }),
        words: [new Linear(2, 3, { generator, bias: false })],
        back: {},
      };
      lastOutput: Tensor | null = null;
      constructor() {
        super();
        this.heads.back = this.heads;
      }
      forward(x: Tensor): Tensor {
        this.lastOutput = this.heads.move.forward(x).mul(this.scale);
        return this.lastOutput;
      }
    }
    const network = new Heads();
    network.forward(zeros([1, 2]));
    const names = ['scale', 'heads.move.weight', 'heads.words.0.weight'];
    expect(network.namedParameters().map(([name]) => name)).toEqual(names);
    expect(Object.keys(network.stateDict())).toEqual(names);
    expect(network.eval().heads.words[0].training).toBe(false);
    new Heads().loadStateDict(network.stateDict());
  });

  test('a Map or Set of modules or parameters is an error: they would not be learned', () => {
    class Odd extends Module {
      constructor(readonly parts: unknown) {
        super();
      }
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    const weight = tensor([1], { requiresGrad: true });
    for (const parts of [new Map([['relu', new ReLU()]]), new Map([['w', weight]])])
      expect(() => new Odd(parts).parameters()).toThrow(
        'Odd: parts is a Map of modules or parameters, which would not be learned; give an array or a plain object',
      );
    expect(() => new Odd({ in: new Set([weight]) }).parameters()).toThrow(
      /^Odd: parts.in is a Set of modules/,
    );
    expect(new Odd(new Map([['one', tensor([1])]])).parameters()).toEqual([]);
  });

  test('a buffer is a tensor that ownBuffers names', () => {
    class Shifted extends Module {
      readonly mean = zeros([3]);
      readonly scratch = zeros([3]);
      protected override ownBuffers(): [string, Tensor][] {
        return [['mean', this.mean]];
      }
      forward(x: Tensor): Tensor {
        return x.sub(this.mean);
      }
    }
    expect(Object.keys(new Sequential(new Shifted()).stateDict())).toEqual(['0.mean']);
  });

  test('lists a tensor with two names once, under the first; the state dict has both names', () => {
    class Tied extends Module {
      readonly encoder = new Linear(2, 2, { generator });
      readonly decoder = this.encoder;
      readonly norms = [new BatchNorm1d(2)];
      readonly last = this.norms[0];
      readonly tied = this.encoder.weight;
      readonly forward = (x: Tensor) => this.decoder.forward(this.encoder.forward(x));
    }
    const module = new Tied();
    expect(module.namedParameters().map(([name]) => name)).toEqual([
      'tied',
      'encoder.bias',
      'norms.0.weight',
      'norms.0.bias',
    ]);
    expect(module.namedBuffers().map(([name]) => name)).toEqual([
      'norms.0.running_mean',
      'norms.0.running_var',
    ]);
    expect(new Adam(module.parameters()).parameters).toHaveLength(4);
    const state = module.stateDict();
    expect(state['decoder.weight']).toBe(state['encoder.weight']);
    const other = new Tied();
    other.loadStateDict(state);
    expect(other.tied.data).toEqual(module.tied.data);
  });

  test('a state dict copies the weights', () => {
    const source = network();
    const target = network();
    const x = normal([5, 3], generator);
    target.loadStateDict(source.stateDict());
    expect(target.forward(x).data).toEqual(source.forward(x).data);
  });

  test('a state dict that does not fit is rejected before anything changes', () => {
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

  test('the first step has the length of the learning rate for any gradient, because of the bias correction', () => {
    for (const g of [1e-3, 1, 1e3]) {
      const p = tensor([5], { requiresGrad: true });
      p.grad = tensor([g]);
      new Adam([p], { lr: 0.1 }).step();
      expect(p.item()).toBeCloseTo(4.9, 4);
    }
  });

  test('rejects invalid arguments', () => {
    expect(() => new Adam([])).toThrow(/no parameters; pass module.parameters\(\)/);
    const p = tensor([1], { requiresGrad: true });
    expect(() => new Adam([p], { lr: -1 })).toThrow(/Adam: lr is -1/);
    expect(() => new Adam([p], { betas: [0.9, 1] })).toThrow(
      /Adam: betas is \[0.9, 1\]; give two numbers of at least 0 and below 1/,
    );
  });
});
