import { checkArgument, from0To1, integerFrom1, StateError } from '@paragrad/check';
import { Module } from '@paragrad/nn';
import { batchNorm1d, ones, type Tensor, zeros } from '@paragrad/tensor';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { type NormFormula, RunningStatistics } from './running-statistics.js';

/** Added to the variances of a `BatchNorm`; the default of `batchNorm1d`. */
const EPS = 1e-5;

/**
 * Turns one agent's observations into what the networks see: o [batch, obs] -> [batch, obs]. This class leaves them as
 * they are. Subclasses normalize them, and may use different statistics for acting, for the networks that learn from a
 * batch, and for their targets.
 */
export class ObservationNorm extends Module {
  /** o for acting: one row or more. */
  forward(observations: Tensor): Tensor {
    return observations;
  }

  /** What `forward` computes, for programs that act without this class. Undefined if observations stay as they are. */
  get formula(): NormFormula | undefined {
    return undefined;
  }

  /** A batch's o for the networks that learn from it. */
  forLearning(observations: Tensor): Tensor {
    return this.forward(observations);
  }

  /** A batch's o' for the target networks. */
  forTargets(nextObservations: Tensor): Tensor {
    return this.forward(nextObservations);
  }

  /** Learns from one observation of the environment: [obs] */
  observe(_observation: ArrayLike<number>): void {}

  /** Learns from a batch's o, at the start of an update. */
  trackBatch(_observations: Tensor): void {}

  /** Moves the targets' statistics toward the current ones: ρ' <- τ ρ + (1 - τ) ρ' */
  updateTarget(_tau: number): void {}
}

/** Normalizes by the mean and variance of all observations so far, for acting, learning and targets alike. */
export class RunningNorm extends ObservationNorm {
  /** The mean and variance of all observations so far. */
  readonly statistics: RunningStatistics;

  constructor(observationSize: number) {
    super();
    this.statistics = new RunningStatistics(observationSize);
  }

  override forward(observations: Tensor): Tensor {
    return this.statistics.forward(observations);
  }

  override get formula(): NormFormula {
    return this.statistics.formula;
  }

  override forLearning(observations: Tensor): Tensor {
    if (this.statistics.count === 0) {
      throw new StateError(
        "observationNorm 'running': nothing was observed yet; call observe(transition) for each step of the environment",
      );
    }
    return this.forward(observations);
  }

  override observe(observation: ArrayLike<number>): void {
    this.statistics.add(observation);
  }
}

/**
 * Batch normalization (Ioffe and Szegedy 2015, arXiv 1502.03167) of the networks' input, as in DDPG (Lillicrap et al.
 * 2015, section 3) and in Iqbal's maddpg-pytorch. All networks of an update learn from the same batch, so it is
 * computed once, and is not a layer of each network. It has no learned scale and shift, because the linear layer that
 * follows has weights and biases.
 *
 * - Networks that learn from a batch use the batch's own mean and variance.
 * - Acting uses running statistics ρ, because a single row has no variance.
 * - Targets use a slow copy of the running statistics, which moves as their weights do: ρ' <- τ ρ + (1 - τ) ρ'.
 */
export class BatchNorm extends ObservationNorm {
  readonly #running: Statistics;
  readonly #target: Statistics;

  constructor(observationSize: number) {
    super();
    checkArgument('BatchNorm', 'observationSize', observationSize, integerFrom1);
    const start = () => ({ runningMean: zeros([observationSize]), runningVar: ones([observationSize]) });
    this.#running = start();
    this.#target = start();
  }

  protected override ownBuffers(): [string, Tensor][] {
    const { runningMean: targetMean, runningVar: targetVar } = this.#target;
    return Object.entries({ ...this.#running, targetMean, targetVar });
  }

  override forward(observations: Tensor): Tensor {
    return batchNorm1d(observations, { ...this.#running, eps: EPS });
  }

  override get formula(): NormFormula {
    const { runningMean, runningVar } = this.#running;
    return {
      mean: Array.from(runningMean.data),
      deviation: Array.from(runningVar.data, (variance) => Math.sqrt(variance + EPS)),
    };
  }

  override forLearning(observations: Tensor): Tensor {
    return batchNorm1d(observations, { training: true });
  }

  override forTargets(nextObservations: Tensor): Tensor {
    return batchNorm1d(nextObservations, this.#target);
  }

  /** ρ <- 0.9 ρ + 0.1 (mean, variance) of the batch. Once for each batch, no matter how many steps the networks take. */
  override trackBatch(observations: Tensor): void {
    batchNorm1d(observations, { ...this.#running, training: true });
  }

  override updateTarget(tau: number): void {
    checkArgument('updateTarget', 'tau', tau, from0To1);
    for (const name of ['runningMean', 'runningVar'] as const) {
      const source = this.#running[name].data;
      this.#target[name].update((data) => {
        for (let k = 0; k < data.length; k++) data[k] = tau * source[k] + (1 - tau) * data[k];
      });
    }
  }
}

/** ρ, the mean and the variance of each component: [obs] each */
interface Statistics {
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
}

/** The normalization of observations that the settings ask for. */
export function makeObservationNorm(
  kind: MaddpgSettings['observationNorm'],
  observationSize: number,
): ObservationNorm {
  switch (kind) {
    case 'none':
      return new ObservationNorm();
    case 'batch':
      return new BatchNorm(observationSize);
    case 'running':
      return new RunningNorm(observationSize);
  }
}
