import { checkGenerator, type Generator } from '@paragrad/tensor';

export interface GaussianNoiseOptions {
  generator: Generator;
  /** Standard deviation in the first episode, as a part of maxAction. Default 0.1. */
  initial?: number;
  /** What the deviation is multiplied with after each episode. Default 1: it stays. */
  decay?: number;
}

/** Exploration by Gaussian noise on every component of an action, annealed: sigma = initial * decay^episode. */
export class GaussianNoise {
  readonly initial: number;
  readonly decay: number;
  readonly #generator: Generator;

  constructor({ generator, initial = 0.1, decay = 1 }: GaussianNoiseOptions) {
    checkGenerator('GaussianNoise', generator);
    if (!(initial >= 0)) throw new Error(`GaussianNoise: initial ${initial}; give a number from 0`);
    if (!(decay > 0 && decay <= 1)) throw new Error(`GaussianNoise: decay ${decay}; give a number in (0, 1]`);
    this.initial = initial;
    this.decay = decay;
    this.#generator = generator;
  }

  /** Standard deviation in an episode counted from 0. */
  sigma(episode: number): number {
    return this.initial * this.decay ** episode;
  }

  /** The action with noise added, each component clipped to [-maxAction, maxAction]. */
  perturb(action: ArrayLike<number>, maxAction: number, episode: number): number[] {
    const sigma = this.sigma(episode) * maxAction;
    return Array.from(action, (a) =>
      Math.min(maxAction, Math.max(-maxAction, a + sigma * this.#generator.normal())),
    );
  }
}
