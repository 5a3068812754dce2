import { checkCount } from '@paragrad/tensor';

/** What a schedule steers: an optimizer, or anything else with a learning rate. */
export interface HasLearningRate {
  lr: number;
}

/** All that a schedule remembers; what else it depends on, its constructor is given. */
export interface LRSchedulerState {
  /** The optimizer's learning rate at t = 0. */
  baseLr: number;
  /** t */
  lastEpoch: number;
}

/**
 * Sets an optimizer's learning rate to a function of the epoch t: on construction, where t is 0, and at each `step()`,
 * which is to follow the optimizer's. `torch.optim.lr_scheduler`'s schedules with their names and values, but each in
 * closed form: of two on one optimizer the later one to step wins, where PyTorch multiplies them.
 */
export class LRScheduler {
  readonly #optimizer: HasLearningRate;
  readonly #lrAt: (baseLr: number, t: number) => number;
  /** The optimizer's learning rate when the schedule was made. */
  #baseLr: number;
  #lastEpoch = 0;

  constructor(optimizer: HasLearningRate, lrAt: (baseLr: number, t: number) => number) {
    this.#optimizer = optimizer;
    this.#lrAt = lrAt;
    this.#baseLr = optimizer.lr;
    this.#apply();
  }

  /** t: how often `step` was called. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** t <- t + 1 */
  step(): void {
    this.#lastEpoch++;
    this.#apply();
  }

  /** A copy: it stays what it is when `step` is called. */
  stateDict(): LRSchedulerState {
    return { baseLr: this.#baseLr, lastEpoch: this.#lastEpoch };
  }

  /** Goes back to a state, and sets the learning rate to what it was then. */
  loadStateDict({ baseLr, lastEpoch }: LRSchedulerState): void {
    if (!(baseLr >= 0 && Number.isInteger(lastEpoch) && lastEpoch >= 0)) {
      throw new Error(
        `loadStateDict: baseLr ${baseLr}, lastEpoch ${lastEpoch}; give a number and a whole number from 0`,
      );
    }
    this.#baseLr = baseLr;
    this.#lastEpoch = lastEpoch;
    this.#apply();
  }

  #apply(): void {
    this.#optimizer.lr = this.#lrAt(this.#baseLr, this.#lastEpoch);
  }
}

/** lr = baseLr factor(t) */
export class LambdaLR extends LRScheduler {
  constructor(optimizer: HasLearningRate, factor: (t: number) => number) {
    super(optimizer, (baseLr, t) => baseLr * factor(t));
  }
}

/** lr = baseLr gamma^floor(t / stepSize) */
export class StepLR extends LambdaLR {
  constructor(optimizer: HasLearningRate, { stepSize, gamma = 0.1 }: { stepSize: number; gamma?: number }) {
    checkCount('StepLR', 'stepSize', stepSize);
    super(optimizer, (t) => gamma ** Math.floor(t / stepSize));
  }
}

/** lr = baseLr gamma^t */
export class ExponentialLR extends LambdaLR {
  constructor(optimizer: HasLearningRate, { gamma }: { gamma: number }) {
    super(optimizer, (t) => gamma ** t);
  }
}

/** lr = baseLr (startFactor + (endFactor - startFactor) min(t / totalIters, 1)) */
export class LinearLR extends LambdaLR {
  constructor(
    optimizer: HasLearningRate,
    {
      startFactor = 1 / 3,
      endFactor = 1,
      totalIters = 5,
    }: { startFactor?: number; endFactor?: number; totalIters?: number } = {},
  ) {
    checkCount('LinearLR', 'totalIters', totalIters);
    super(optimizer, (t) => startFactor + (endFactor - startFactor) * Math.min(t / totalIters, 1));
  }
}

/**
 * lr = etaMin + (baseLr - etaMin) (1 + cos(π t / tMax)) / 2: half a cosine from baseLr down to etaMin, and, after tMax,
 * up again (Loshchilov & Hutter 2017, equation 5, without its restarts).
 */
export class CosineAnnealingLR extends LRScheduler {
  constructor(optimizer: HasLearningRate, { tMax, etaMin = 0 }: { tMax: number; etaMin?: number }) {
    checkCount('CosineAnnealingLR', 'tMax', tMax);
    super(optimizer, (baseLr, t) => etaMin + ((baseLr - etaMin) * (1 + Math.cos((Math.PI * t) / tMax))) / 2);
  }
}
