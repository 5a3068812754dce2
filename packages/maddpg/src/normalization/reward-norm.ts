import { checkArgument, finite, from0To1, StateError } from '@paragrad/check';
import { Module } from '@paragrad/nn';
import { div, type Tensor } from '@paragrad/tensor';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { RunningStatistics } from './running-statistics.js';

/**
 * Turns one agent's rewards into what its critic learns from: r [batch, 1] -> [batch, 1]. This class leaves them as
 * they are.
 */
export class RewardNorm extends Module {
  /** R_t of the current episode in each copy of the environment, if the normalization uses it. */
  readonly currentReturns: number[] = [0];

  /** A batch's r, or with n-step returns the discounted sum of n rewards. */
  forward(rewards: Tensor): Tensor {
    return rewards;
  }

  /** An episode begins in this copy of the environment. */
  startEpisode(_copy?: number): void {}

  /** Learns from one reward of this copy of the environment. */
  observe(_reward: number, _copy?: number): void {}
}

/**
 * r / σ, where σ is the standard deviation of R_t = γ R_t-1 + r_t over all steps so far, and R starts at 0 in each
 * episode: "the rewards are divided through by the standard deviation of a rolling discounted sum of the rewards
 * (without subtracting and re-adding the mean)", Engstrom et al. 2020 (arXiv 2005.12729), section 3. OpenAI's baselines
 * (VecNormalize) and Gymnasium's NormalizeReward do the same, but also clip the result.
 *
 * Rewards are only scaled, not shifted. A shift would change which behavior is best if agents can influence the length
 * of an episode.
 */
export class ReturnNorm extends RewardNorm {
  /** The statistics of R_t over all steps so far. */
  readonly returns = new RunningStatistics(1);
  readonly #gamma: number;

  /**
   * Divides rewards by the standard deviation of the discounted returns so far.
   *
   * @param gamma discount factor of the returns.
   * @throws ArgumentError if gamma is not from 0 to 1.
   */
  constructor(gamma: number) {
    super();
    checkArgument('ReturnNorm', 'gamma', gamma, from0To1);
    this.#gamma = gamma;
  }

  /** σ, or 1 as long as all returns were equal. */
  get deviation(): number {
    return Math.sqrt(this.returns.variance[0]) || 1;
  }

  override forward(rewards: Tensor): Tensor {
    if (this.returns.count === 0) {
      throw new StateError(
        "rewardNorm 'return': no reward was observed yet; call observe(transition) for each step of the environment",
      );
    }
    return div(rewards, this.deviation);
  }

  override startEpisode(copy = 0): void {
    this.currentReturns[copy] = 0;
  }

  override observe(reward: number, copy = 0): void {
    checkArgument('ReturnNorm', 'reward', reward, finite);
    const before = this.currentReturns[copy] ?? 0;
    this.currentReturns[copy] = this.#gamma * before + reward;
    this.returns.add([this.currentReturns[copy]]);
  }
}

/** The normalization of rewards that the settings ask for. */
export function makeRewardNorm(kind: MaddpgSettings['rewardNorm'], gamma: number): RewardNorm {
  switch (kind) {
    case 'none':
      return new RewardNorm();
    case 'return':
      return new ReturnNorm(gamma);
  }
}
