import {
  aFunction,
  anyNumber,
  atLeast0,
  type Check,
  checkArgument,
  checkOptions,
  finite,
  integerFrom0,
  integerFrom1,
} from '@paragrad/check';
import type { Optimizer } from './optimizer.js';

/** The state of a schedule. Its other settings are arguments of the constructor. */
export interface LRSchedulerState {
  /** The learning rate at t = 0. */
  baseLr: number;
  /** t */
  lastEpoch: number;
}

/** An optimizer, or any other object with a learning rate. */
export type WithLr = Pick<Optimizer, 'lr'>;

const hasLr: Check<WithLr> = {
  inWords: 'an optimizer',
  accepts: (value): value is WithLr => typeof (value as WithLr | null | undefined)?.lr === 'number',
};

/**
 * Sets the learning rate of an optimizer to a function of the epoch t: in the constructor, with t = 0, and at each
 * `step()`. Call `step()` after the optimizer's. The schedules have the names and values of `torch.optim.lr_scheduler`,
 * but each in closed form: if two schedules change one optimizer, the last `step` wins, while PyTorch multiplies them.
 */
export class LRScheduler {
  readonly #optimizer: WithLr;
  readonly #lrAt: (baseLr: number, t: number) => number;
  /** The learning rate of the optimizer when the schedule was created. */
  #baseLr: number;
  #lastEpoch = 0;

  constructor(optimizer: WithLr, lrAt: (baseLr: number, t: number) => number) {
    checkArgument('LRScheduler', 'optimizer', optimizer, hasLr);
    checkArgument('LRScheduler', 'lrAt', lrAt, aFunction);
    this.#optimizer = optimizer;
    this.#lrAt = lrAt;
    this.#baseLr = optimizer.lr;
    this.#apply();
  }

  /** t: the number of calls of `step`. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** t <- t + 1 */
  step(): void {
    this.#lastEpoch++;
    this.#apply();
  }

  /** A copy of the state: later steps do not change it. */
  stateDict(): LRSchedulerState {
    return { baseLr: this.#baseLr, lastEpoch: this.#lastEpoch };
  }

  /** Restores a state, and the learning rate that belongs to it. */
  loadStateDict(state: LRSchedulerState): void {
    const checks = { baseLr: atLeast0, lastEpoch: integerFrom0 };
    checkOptions('loadStateDict', state, checks, ['baseLr', 'lastEpoch']);
    this.#baseLr = state.baseLr;
    this.#lastEpoch = state.lastEpoch;
    this.#apply();
  }

  #apply(): void {
    this.#optimizer.lr = this.#lrAt(this.#baseLr, this.#lastEpoch);
  }
}

/** lr = baseLr factor(t) */
export class LambdaLR extends LRScheduler {
  constructor(optimizer: WithLr, factor: (t: number) => number) {
    checkArgument('LambdaLR', 'factor', factor, aFunction);
    super(optimizer, (baseLr, t) => {
      const scale = factor(t);
      checkArgument('LambdaLR', `factor(${t})`, scale, anyNumber);
      return baseLr * scale;
    });
  }
}

/** lr = baseLr gamma^floor(t / stepSize) */
export class StepLR extends LambdaLR {
  constructor(optimizer: WithLr, options: { stepSize: number; gamma?: number }) {
    checkOptions('StepLR', options, { stepSize: integerFrom1, gamma: finite }, ['stepSize']);
    const { stepSize, gamma = 0.1 } = options;
    super(optimizer, (t) => gamma ** Math.floor(t / stepSize));
  }
}

/** lr = baseLr gamma^t */
export class ExponentialLR extends LambdaLR {
  constructor(optimizer: WithLr, options: { gamma: number }) {
    checkOptions('ExponentialLR', options, { gamma: finite }, ['gamma']);
    const { gamma } = options;
    super(optimizer, (t) => gamma ** t);
  }
}

/** lr = baseLr (startFactor + (endFactor - startFactor) min(t / totalIters, 1)) */
export class LinearLR extends LambdaLR {
  constructor(
    optimizer: WithLr,
    options: { startFactor?: number; endFactor?: number; totalIters?: number } = {},
  ) {
    const checks = { startFactor: finite, endFactor: finite, totalIters: integerFrom1 };
    checkOptions<typeof options>('LinearLR', options, checks);
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
    super(optimizer, (t) => startFactor + (endFactor - startFactor) * Math.min(t / totalIters, 1));
  }
}

/**
 * lr = etaMin + (baseLr - etaMin) (1 + cos(π t / tMax)) / 2: half a cosine from baseLr down to etaMin, and up again after
 * tMax (Loshchilov & Hutter 2017, equation 5, without restarts).
 */
export class CosineAnnealingLR extends LRScheduler {
  constructor(optimizer: WithLr, options: { tMax: number; etaMin?: number }) {
    checkOptions('CosineAnnealingLR', options, { tMax: integerFrom1, etaMin: finite }, ['tMax']);
    const { tMax, etaMin = 0 } = options;
    super(optimizer, (baseLr, t) => etaMin + ((baseLr - etaMin) * (1 + Math.cos((Math.PI * t) / tMax))) / 2);
  }
}
