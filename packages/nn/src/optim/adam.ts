import type { FloatArray, Tensor } from '@paragrad/tensor';

export interface AdamOptions {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** Decay rates of the two moving averages. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
}

/** What Adam remembers of one parameter: how often it has stepped, and the averages of g and g². */
export interface AdamMoments {
  step: number;
  readonly mean: FloatArray;
  readonly meanSquare: FloatArray;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1), with `torch.optim.Adam`'s defaults and its place for eps, after the bias
 * correction of v:
 *
 *     m <- b1 m + (1 - b1) g          v <- b2 v + (1 - b2) g²
 *     p <- p - lr  m / (1 - b1^t)  /  (sqrt(v / (1 - b2^t)) + eps)
 */
export class Adam {
  readonly parameters: readonly Tensor[];
  readonly moments: readonly AdamMoments[];
  readonly #lr: number;
  readonly #betas: readonly [number, number];
  readonly #eps: number;

  constructor(
    parameters: readonly Tensor[],
    { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8 }: AdamOptions = {},
  ) {
    if (parameters.length === 0) throw new Error('Adam: no parameters; pass module.parameters()');
    if (!(lr >= 0)) throw new Error(`Adam: lr ${lr}; give a number from 0`);
    for (const beta of betas)
      if (!(beta >= 0 && beta < 1)) throw new Error(`Adam: beta ${beta}; give a number in [0, 1)`);
    this.parameters = parameters;
    this.moments = parameters.map(({ data }) => ({
      step: 0,
      mean: data.slice().fill(0),
      meanSquare: data.slice().fill(0),
    }));
    this.#lr = lr;
    this.#betas = betas;
    this.#eps = eps;
  }

  /** Moves each parameter that has a `grad`. One without is left alone, and so is its step count. */
  step(): void {
    const [beta1, beta2] = this.#betas;
    this.parameters.forEach((parameter, index) => {
      if (!parameter.grad) return;
      const moments = this.moments[index];
      const t = ++moments.step;
      const g = parameter.grad.data;
      const m = moments.mean;
      const v = moments.meanSquare;
      const stepSize = this.#lr / (1 - beta1 ** t);
      const correction = Math.sqrt(1 - beta2 ** t);
      parameter.update((p) => {
        for (let i = 0; i < p.length; i++) {
          m[i] = beta1 * m[i] + (1 - beta1) * g[i];
          v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
          p[i] -= (stepSize * m[i]) / (Math.sqrt(v[i]) / correction + this.#eps);
        }
      });
    });
  }

  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.grad = null;
  }
}
