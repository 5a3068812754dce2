import { ArgumentError, atLeast0, checkOptions, type OptionChecks, trueOrFalse } from '@paragrad/check';
import { type FloatArray, type Tensor, zeros } from '@paragrad/tensor';
import { Optimizer } from './optimizer.js';

/** Options of `SGD`. */
export interface SGDOptions {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** μ. Default 0. */
  momentum?: number;
  /** Use Nesterov momentum, which looks one step ahead. Default false. */
  nesterov?: boolean;
  /** λ. Default 0. */
  weightDecay?: number;
}

const sgdOptions: OptionChecks<SGDOptions> = {
  lr: atLeast0,
  momentum: atLeast0,
  nesterov: trueOrFalse,
  weightDecay: atLeast0,
};

/** The state of one parameter; empty without momentum. */
export type SGDState = {
  /** b, the moving sum of gradients. */
  momentumBuffer?: Tensor;
};

/**
 * Stochastic gradient descent, as `torch.optim.SGD` with dampening 0:
 *
 *     g <- g + λ p
 *     b <- μ b + g
 *     p <- p - lr b          nesterov:  p <- p - lr (g + μ b)
 */
export class SGD extends Optimizer<SGDState> {
  readonly #momentum: number;
  readonly #nesterov: boolean;
  readonly #weightDecay: number;

  /**
   * Stochastic gradient descent, which moves these parameters at each `step()`. As `torch.optim.SGD`.
   *
   * @throws ArgumentError on unknown options and values out of range, on `nesterov` without momentum, and where `Optimizer` does.
   */
  constructor(parameters: readonly Tensor[], options: SGDOptions = {}) {
    checkOptions('SGD', options, sgdOptions);
    const { lr = 1e-3, momentum = 0, nesterov = false, weightDecay = 0 } = options;
    super(parameters, lr, ({ shape, dtype }) =>
      momentum === 0 ? {} : { momentumBuffer: zeros(shape, { dtype }) },
    );
    if (nesterov && momentum === 0)
      throw new ArgumentError('SGD: nesterov without momentum; give a momentum, such as 0.9');
    this.#momentum = momentum;
    this.#nesterov = nesterov;
    this.#weightDecay = weightDecay;
  }

  protected override updateParameter(p: FloatArray, g: FloatArray, { momentumBuffer }: SGDState): void {
    const b = momentumBuffer?.values;
    for (let i = 0; i < p.length; i++) {
      let direction = g[i] + this.#weightDecay * p[i];
      if (b) {
        b[i] = this.#momentum * b[i] + direction;
        direction = this.#nesterov ? direction + this.#momentum * b[i] : b[i];
      }
      p[i] -= this.lr * direction;
    }
  }
}
