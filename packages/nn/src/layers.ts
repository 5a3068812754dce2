import {
  ArgumentError,
  aFunction,
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  finite,
  from0To1,
  integerFrom1,
  type OptionChecks,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import {
  aGenerator,
  dropout,
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
import { checkWidth } from './check-width.js';
import { type Initializer, linearDefault } from './init.js';
import { aModule, Module } from './module.js';

/** Options of `Linear`. */
export interface LinearOptions {
  /** Draws the initial weights. */
  generator: Generator;
  /** Default true. */
  bias?: boolean;
  /** Sets the initial weight. Default `init.linearDefault`. */
  initialize?: Initializer;
}

const linearOptions: OptionChecks<LinearOptions> = {
  generator: aGenerator,
  bias: trueOrFalse,
  initialize: aFunction as Check<Initializer>,
};

/**
 * y = x Wᵀ + b, from [batch, inFeatures] to [batch, outFeatures]. As in PyTorch's `nn.Linear`, the weight is stored as
 * [out, in], and the initial weight and bias are uniform in ±1/sqrt(inFeatures). `initialize` changes only the weight.
 */
export class Linear extends Module {
  /** W: `[out, in]`. */
  readonly weight: Tensor;
  /** b: `[out]`; undefined with `bias: false`. */
  readonly bias?: Tensor;

  /**
   * y = x Wᵀ + b, from [batch, inFeatures] to [batch, outFeatures].
   *
   * @throws ArgumentError if a size is not an integer of at least 1, or there is no generator.
   */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions) {
    super();
    checkArgument('Linear', 'inFeatures', inFeatures, integerFrom1);
    checkArgument('Linear', 'outFeatures', outFeatures, integerFrom1);
    checkOptions('Linear', options, linearOptions, ['generator']);
    const { generator, bias = true, initialize = linearDefault } = options;
    const bound = 1 / Math.sqrt(inFeatures);
    this.weight = zeros([outFeatures, inFeatures], { requiresGrad: true });
    initialize(this.weight, { generator });
    if (bias) this.bias = uniform([outFeatures], generator, { low: -bound, high: bound, requiresGrad: true });
  }

  /**
   * Several x work as if concatenated. An `activation` is applied in the same pass. See {@link linear}.
   *
   * @throws ShapeError unless the last axis of x has length inFeatures.
   */
  forward(x: Tensor | readonly Tensor[], activation?: FusedActivation): Tensor {
    const [out, into] = this.weight.shape;
    checkWidth(() => `Linear(${into}, ${out})`, 'x', x, into);
    return linear(x, this.weight, this.bias, activation && { activation });
  }
}

/** y = max(x, 0) */
export class ReLU extends Module {
  /** The result has the shape of x. */
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** y = tanh x */
export class Tanh extends Module {
  /** The result has the shape of x. */
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** y = x where x > 0, else `negativeSlope` x */
export class LeakyReLU extends Module {
  /**
   * y = x where x > 0, else `negativeSlope` x.
   *
   * @throws ArgumentError if `negativeSlope` is not finite.
   */
  constructor(
    /** The slope below 0. Default 0.01. */
    readonly negativeSlope = 0.01,
  ) {
    super();
    checkNoMore('LeakyReLU', arguments, 1);
    checkArgument('LeakyReLU', 'negativeSlope', negativeSlope, finite);
  }

  /** The result has the shape of x. */
  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }
}

/** y = 1 / (1 + e^-x) */
export class Sigmoid extends Module {
  /** The result has the shape of x. */
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/**
 * In training, sets each element to 0 with probability p and divides the others by 1 - p; after `eval()` it changes
 * nothing. See {@link dropout}.
 */
export class Dropout extends Module {
  readonly #generator: Generator;

  /**
   * In training, sets each element of x to 0 with probability p, and divides the others by 1 - p.
   *
   * @param options the generator that draws which ones
   * @throws ArgumentError if p is not from 0 to 1, or there is no generator.
   */
  constructor(
    /** The probability that an element is set to 0, from 0 to 1. */
    readonly p: number,
    options: { generator: Generator },
  ) {
    super();
    checkArgument('Dropout', 'p', p, from0To1);
    checkOptions('Dropout', options, { generator: aGenerator }, ['generator']);
    this.#generator = options.generator;
  }

  /** The result has the shape of x. In training it is random; in evaluation it is x. */
  forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training, generator: this.#generator });
  }
}

/** Runs one module after the other. Parameters are named by position, such as `0.weight`, as in `nn.Sequential`. */
export class Sequential extends Module {
  /** The modules, in the order in which they run. */
  readonly layers: readonly Module[];

  /**
   * Modules that run one after the other: each gets the output of the one before.
   *
   * @throws ArgumentError if an argument is not a module with `forward`. Give an array as `...layers`.
   */
  constructor(...layers: Module[]) {
    super();
    const wrong = layers.findIndex((layer) => !aModule.accepts(layer) || !aFunction.accepts(layer.forward));
    if (wrong !== -1) {
      const why = aModule.accepts(layers[wrong])
        ? 'has no method forward'
        : (aModule.explain?.(layers[wrong]) ??
          'is not a module; pass modules one by one, and an array as ...layers');
      throw new ArgumentError(`Sequential: argument ${wrong} ${why}`);
    }
    this.layers = layers;
  }

  protected override namedChildren(): ReturnType<Module['namedChildren']> {
    return super.namedChildren().map(([name, child]) => [name.replace(/^layers\./, ''), child]);
  }

  /**
   * A Linear and a ReLU or Tanh after it run in one pass, with the same result. If the first layer is a Linear, it also
   * takes several x.
   *
   * @throws ShapeError if a layer does not take the shape that it gets. The message has the layer's place.
   */
  forward(x: Tensor | readonly Tensor[]): Tensor {
    return this.layers.reduce((value, layer, index) => {
      if (index > 0 && activationOf(this.layers[index - 1], layer)) return value; // already applied
      const activation = activationOf(layer, this.layers[index + 1]);
      try {
        return activation ? (layer as Linear).forward(value, activation) : layer.forward(value);
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
        throw new ShapeError(`Sequential, layer ${index}: ${error.message}`, { cause: error });
      }
    }, x as Tensor);
  }
}

/** The activation that `next` is, if `layer` can apply it in the same pass. (A subclass may override forward.) */
function activationOf(layer: Module, next: Module | undefined): FusedActivation | undefined {
  if (layer.forward !== Linear.prototype.forward) return undefined;
  if (next?.forward === ReLU.prototype.forward) return 'relu';
  return next?.forward === Tanh.prototype.forward ? 'tanh' : undefined;
}
