import { Module } from '@paragrad/nn';
import { batchNorm1d, ones, type Tensor, zeros } from '@paragrad/tensor';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { RunningStatistics } from './running-statistics.js';

/**
 * How all networks are shown one agent's observations, o [batch, obs] -> [batch, obs]: here, as they are. What may differ is
 * by which numbers they are normalized to act, in the networks that learn from a batch, and in their targets.
 */
export class ObservationNorm extends Module {
  /** o, to act with: one row or more. */
  forward(observations: Tensor): Tensor {
    return observations;
  }

  /** o of a batch, for the networks that learn from it. */
  learning(observations: Tensor): Tensor {
    return this.forward(observations);
  }

  /** o' of a batch, for the targets. */
  target(nextObservations: Tensor): Tensor {
    return this.forward(nextObservations);
  }

  /** Was met in the environment: [obs] */
  observe(_observation: ArrayLike<number>): void {}

  /** An update learns from these. */
  track(_observations: Tensor): void {}

  /** The targets' statistics follow by τ. */
  follow(_tau: number): void {}
}

/** By the mean and variance of everything that was met so far: the same for all networks, and whatever they are used for. */
export class RunningNorm extends ObservationNorm {
  readonly statistics: RunningStatistics;

  constructor(observationSize: number) {
    super();
    this.statistics = new RunningStatistics(observationSize);
  }

  override forward(observations: Tensor): Tensor {
    return this.statistics.forward(observations);
  }

  override learning(observations: Tensor): Tensor {
    if (this.statistics.count === 0) {
      throw new Error(
        "observationNorm 'running': nothing was observed yet; give each step of the environment to observe(transition)",
      );
    }
    return this.forward(observations);
  }

  override observe(observation: ArrayLike<number>): void {
    this.statistics.add(observation);
  }
}

/**
 * Batch normalization (Ioffe and Szegedy 2015, arXiv 1502.03167) of the networks' input, as in DDPG (Lillicrap et al. 2015, section 3)
 * and in front of the networks of Iqbal's maddpg-pytorch. It is the same for all networks of an update, since they learn from one batch:
 * so it is done once, and not as a layer of each. It has no scale and shift of its own, which the linear layer behind it has anyway.
 *
 * - Networks that learn see a batch by its own mean and variance: the critic in its step, and actor and critic in the actor's.
 * - Acting goes by the running ones, since one row has no variance.
 * - Targets have running ones of their own, which follow as their weights do: ρ' <- τ ρ + (1 - τ) ρ'.
 */
export class BatchNorm extends ObservationNorm {
  readonly #running: Statistics;
  readonly #target: Statistics;

  constructor(observationSize: number) {
    super();
    const start = () => ({ runningMean: zeros([observationSize]), runningVar: ones([observationSize]) });
    this.#running = start();
    this.#target = start();
  }

  protected override ownBuffers(): [string, Tensor][] {
    const { runningMean: targetMean, runningVar: targetVar } = this.#target;
    return Object.entries({ ...this.#running, targetMean, targetVar });
  }

  override forward(observations: Tensor): Tensor {
    return batchNorm1d(observations, this.#running);
  }

  override learning(observations: Tensor): Tensor {
    return batchNorm1d(observations, { training: true });
  }

  override target(nextObservations: Tensor): Tensor {
    return batchNorm1d(nextObservations, this.#target);
  }

  /** ρ <- 0.9 ρ + 0.1 (mean, variance) of a batch. Once for each batch, however many steps are taken from it. */
  override track(observations: Tensor): void {
    batchNorm1d(observations, { ...this.#running, training: true });
  }

  override follow(tau: number): void {
    for (const name of ['runningMean', 'runningVar'] as const) {
      const source = this.#running[name].data;
      this.#target[name].update((data) => {
        for (let k = 0; k < data.length; k++) data[k] = tau * source[k] + (1 - tau) * data[k];
      });
    }
  }
}

/** ρ: each [obs] */
interface Statistics {
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
}

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
