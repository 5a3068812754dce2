import { atLeast0, type Check, checkOptions, type OptionChecks } from '@paragrad/check';
import { currentKernels, type FloatArray, type Tensor, zeros } from '@paragrad/tensor';
import { Optimizer } from './optimizer.js';

/** Options of `Adam` and `AdamW`. */
export interface AdamOptions {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** Decay rates of the two moving averages. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** λ. Default 0 (`AdamW`: 0.01). */
  weightDecay?: number;
}

const decayRates: Check<readonly [number, number]> = {
  inWords: 'two numbers of at least 0 and below 1, such as [0.9, 0.999]',
  accepts: (value): value is readonly [number, number] =>
    Array.isArray(value) && value.length === 2 && value.every((beta) => atLeast0.accepts(beta) && beta < 1),
};
const adamOptions: OptionChecks<AdamOptions> = {
  lr: atLeast0,
  betas: decayRates,
  eps: atLeast0,
  weightDecay: atLeast0,
};

/** The state of one parameter. */
export type AdamState = {
  /** t, the number of steps. */
  step: number;
  /** m, the moving average of g. */
  mean: Tensor;
  /** v, the moving average of g². */
  meanSquare: Tensor;
};

/**
 * Adam (Kingma & Ba 2015, algorithm 1). As in `torch.optim.Adam`, eps is added after the bias correction of v, and the
 * defaults are the same:
 *
 *     g <- g + λ p                    (weight decay as a penalty λ/2 p² in the loss)
 *     m <- b1 m + (1 - b1) g          v <- b2 v + (1 - b2) g²
 *     p <- p - lr  m / (1 - b1^t)  /  (sqrt(v / (1 - b2^t)) + eps)
 */
export class Adam extends Optimizer<AdamState> {
  readonly #betas: readonly [number, number];
  readonly #eps: number;
  readonly #weightDecay: number;

  /**
   * Adam (Kingma & Ba 2015), which moves these parameters at each `step()`. As `torch.optim.Adam`.
   *
   * @throws ArgumentError on unknown options and values out of range, and where `Optimizer` does.
   */
  constructor(parameters: readonly Tensor[], options: AdamOptions = {}) {
    checkOptions('Adam', options, adamOptions);
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    super(parameters, lr, ({ shape, dtype }) => ({
      step: 0,
      mean: zeros(shape, { dtype }),
      meanSquare: zeros(shape, { dtype }),
    }));
    this.#betas = betas;
    this.#eps = eps;
    this.#weightDecay = weightDecay;
  }

  protected override updateParameter(p: FloatArray, g: FloatArray, state: AdamState): void {
    const [beta1, beta2] = this.#betas;
    const t = ++state.step;
    const step = {
      beta1,
      beta2,
      eps: this.#eps,
      stepSize: this.lr / (1 - beta1 ** t),
      correction: Math.sqrt(1 - beta2 ** t),
      weightDecay: this.#weightDecay,
      factor: this.decay(),
    };
    currentKernels().adam(step, p, g, state.mean.values, state.meanSquare.values);
  }

  /** What p is multiplied by before the step. */
  protected decay(): number {
    return 1;
  }
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), as `torch.optim.AdamW`: the decay does not
 * enter the moving averages.
 *
 *     p <- p - lr λ p,  then Adam's step with λ = 0
 */
export class AdamW extends Adam {
  readonly #weightDecay: number;

  /**
   * Adam with decoupled weight decay (Loshchilov & Hutter 2019), for these parameters. As `torch.optim.AdamW`.
   *
   * @throws ArgumentError on unknown options and values out of range, and where `Optimizer` does.
   */
  constructor(parameters: readonly Tensor[], options: AdamOptions = {}) {
    checkOptions('AdamW', options, adamOptions);
    const { weightDecay = 0.01, ...others } = options;
    super(parameters, others);
    this.#weightDecay = weightDecay;
  }

  protected override decay(): number {
    return 1 - this.lr * this.#weightDecay;
  }
}
