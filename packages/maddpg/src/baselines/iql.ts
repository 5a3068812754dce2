import type { Tensor } from '@paragrad/tensor';
import type { CriticReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { isEverLive } from '../learning/liveness.js';
import { bellmanTarget, tdLoss } from '../learning/td-loss.js';
import { QLearner } from './q-learner.js';

/**
 * IQL: independent Q-learning (Tan 1993, "Multi-agent reinforcement learning: independent vs. cooperative agents"; with
 * deep networks Tampuu et al. 2017, arXiv 1511.08779). Each agent learns as if the others were a part of the
 * environment. It has its own DQN (Mnih et al. 2015), with double Q-learning and a target network.
 *
 *     y_i = r_i + γ (1 - done_i) Q'_i(o'_i, argmax_a Q_i(o'_i, a))
 *     L_i = mean (Q_i(o_i, a_i) - y_i)²
 *
 * @throws ArgumentError if an agent's actions are not choices only, and on settings that are unknown or out of range.
 */
export class Iql extends QLearner {
  /** y_i: [batch, 1]. A constant. */
  target(i: number, batch: Batch): Tensor {
    const nextValue = () => this.nextValue(i, batch);
    return bellmanTarget(batch.rewards[i], batch.terminations[i], this.settings, nextValue);
  }

  /** L_i */
  loss(i: number, batch: Batch): Tensor {
    return tdLoss(this.value(i, batch), this.target(i, batch), batch, i);
  }

  /** θ_i <- Adam(clip(dL_i / dθ_i)), agent by agent; then the targets move. */
  protected override steps(batch: Batch): CriticReport[] {
    const reports = this.agents.map(({ q }, i) =>
      isEverLive(batch, i) ? this.step([q], () => this.loss(i, batch)) : { criticLoss: 0, criticGradNorm: 0 },
    );
    this.targetStep();
    return reports;
  }
}
