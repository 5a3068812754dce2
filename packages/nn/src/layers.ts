import {
  checkCount,
  type FusedActivation,
  type Generator,
  leakyRelu,
  linear,
  relu,
  sigmoid,
  type Tensor,
  tanh,
  uniform,
  zeros,
} from '@paragrad/tensor';
import { type Initializer, linearDefault } from './init.js';
import { Module } from './module.js';
import { withGenerator } from './with-generator.js';

export interface LinearOptions {
  /** Where the initial weights are drawn from. */
  generator: Generator;
  /** Default true. */
  bias?: boolean;
  /** What the weight starts with. Default `init.linearDefault`. */
  initialize?: Initializer;
}

/**
 * y = x Wᵀ + b: [batch, inFeatures] to [batch, outFeatures]. The weight is stored [out, in], and weight and bias start
 * uniform in ±1/sqrt(inFeatures): both as PyTorch's `nn.Linear`. `initialize` is for the weight alone.
 */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias?: Tensor;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions) {
    super();
    checkCount('Linear', 'inFeatures', inFeatures);
    checkCount('Linear', 'outFeatures', outFeatures);
    const { generator, bias = true, initialize = linearDefault } = withGenerator('Linear', options);
    const bound = 1 / Math.sqrt(inFeatures);
    this.weight = zeros([outFeatures, inFeatures], { requiresGrad: true });
    initialize(this.weight, { generator });
    if (bias) this.bias = uniform([outFeatures], generator, { low: -bound, high: bound, requiresGrad: true });
  }

  /** Several x stand side by side. With an `activation`, both in one pass. ({@link linear}) */
  forward(x: Tensor | readonly Tensor[], activation?: FusedActivation): Tensor {
    return linear(x, this.weight, this.bias, activation && { activation });
  }
}

/** y = max(x, 0) */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** y = tanh x */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** y = x where x > 0, else negativeSlope x */
export class LeakyReLU extends Module {
  /** @param negativeSlope the slope below 0 */
  constructor(readonly negativeSlope = 0.01) {
    super();
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }
}

/** y = 1 / (1 + e^-x) */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/** One module after the other. Parameters are named by position: `0.weight`, as PyTorch's `nn.Sequential`. */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    const wrong = layers.findIndex((layer) => !(layer instanceof Module));
    if (wrong !== -1)
      throw new Error(
        `Sequential: argument ${wrong} is no module; pass one after the other, and an array as ...layers`,
      );
    this.layers = layers;
  }

  protected override children(): ReturnType<Module['children']> {
    return super.children().map(([name, child]) => [name.replace(/^layers\./, ''), child]);
  }

  /**
   * A Linear with a ReLU or a Tanh behind it runs as one pass, with the same result. A Linear at the beginning takes several x,
   * too.
   */
  forward(x: Tensor | readonly Tensor[]): Tensor {
    return this.layers.reduce((value, layer, index) => {
      if (index > 0 && activationOf(this.layers[index - 1], layer)) return value; // applied already
      const activation = activationOf(layer, this.layers[index + 1]);
      return activation ? (layer as Linear).forward(value, activation) : layer.forward(value);
    }, x as Tensor);
  }
}

/** What `next` is, if `layer` can apply it too. A subclass may do something else in its forward. */
function activationOf(layer: Module, next: Module | undefined): FusedActivation | undefined {
  if (layer.forward !== Linear.prototype.forward) return undefined;
  if (next?.forward === ReLU.prototype.forward) return 'relu';
  return next?.forward === Tanh.prototype.forward ? 'tanh' : undefined;
}
