import { Module } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { RunningStatistics } from './running-statistics.js';

/** How one agent's critic is shown its rewards, r [batch, 1] -> [batch, 1]: here, as they are. */
export class RewardNorm extends Module {
  /** r, or a sum of n steps' r, of a batch. */
  forward(rewards: Tensor): Tensor {
    return rewards;
  }

  startEpisode(): void {}

  /** Was paid in the environment. */
  observe(_reward: number): void {}
}

/**
 * r / σ, where σ is the standard deviation of R_t = γ R_t-1 + r_t over all steps so far, and R starts again with each episode: "the
 * rewards are divided through by the standard deviation of a rolling discounted sum of the rewards (without subtracting and re-adding the
 * mean)", Engstrom et al. 2020 (arXiv 2005.12729), section 3; as in OpenAI's baselines (VecNormalize) and Gymnasium's NormalizeReward.
 * Unlike there, nothing is cut off.
 *
 * Only the scale is taken out. A shift would change what is best wherever an agent has a say in how long an episode lasts.
 */
export class ReturnNorm extends RewardNorm {
  readonly returns = new RunningStatistics(1);
  readonly #gamma: number;
  /** R, of the episode that is going on. */
  #return = 0;

  constructor(gamma: number) {
    super();
    this.#gamma = gamma;
  }

  /** σ. While all returns were the same there is no scale to take out: then 1. */
  get deviation(): number {
    return Math.sqrt(this.returns.variance[0]) || 1;
  }

  override forward(rewards: Tensor): Tensor {
    if (this.returns.count === 0) {
      throw new Error(
        "rewardNorm 'return': no reward was observed yet; give each step of the environment to observe(transition)",
      );
    }
    return rewards.div(this.deviation);
  }

  override startEpisode(): void {
    this.#return = 0;
  }

  override observe(reward: number): void {
    this.#return = this.#gamma * this.#return + reward;
    this.returns.add([this.#return]);
  }
}

export function makeRewardNorm(kind: MaddpgSettings['rewardNorm'], gamma: number): RewardNorm {
  switch (kind) {
    case 'none':
      return new RewardNorm();
    case 'return':
      return new ReturnNorm(gamma);
  }
}
