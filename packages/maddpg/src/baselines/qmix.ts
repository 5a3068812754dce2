import { concat, noGrad, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { CriticReport, Parts } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { Learner } from '../learning/learner.js';
import { bellmanTarget, tdLoss } from '../learning/td-loss.js';
import { count } from '../settings/kinds.js';
import { type Options, type SettingsOf, setting } from '../settings/setting.js';
import { Mixer } from './mixer.js';
import { QLearner } from './q-learner.js';

/**
 * QMIX (Rashid, Samvelyan, Schroeder de Witt, Farquhar, Foerster, Whiteson: "QMIX: monotonic value function factorisation for
 * deep multi-agent reinforcement learning", ICML 2018, arXiv 1803.11485), for agents that work together.
 *
 * The team has one value, mixed from the agents' by a network that knows the state, here x, what all observe:
 *
 *     Q_tot(x, a) = f(Q_1(o_1, a_1) ... Q_n(o_n, a_n), x)      f rises in each Q_i: `Mixer`
 *     y = r + γ (1 - done) Q'_tot(x', a*)                      a*_i = argmax_a Q_i(o'_i, a), double Q-learning
 *     L = mean (Q_tot(x, a) - y)²
 *
 * Because f rises, what is best for the team is what is best for each by its own Q_i: acting is decentralized. The team's reward r
 * is the mean of the agents' rewards, and so is done. Where agents work against each other that mean says little: QMIX is for
 * cooperative scenarios, such as simple_spread, simple_reference and simple_speaker_listener.
 */
export class Qmix extends QLearner {
  static override readonly settings = {
    ...QLearner.settings,
    mixingSize: setting(32, count, "units of the mixing network's layer; the paper has 32"),
  };

  declare readonly settings: QmixSettings;
  readonly mixer: Learner<Mixer>;

  constructor(specs: readonly AgentSpec[], options: Options<QmixSettings>) {
    super(specs, options);
    const { mixingSize, lr } = this.settings;
    const stateSize = specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
    const makeMixer = () => new Mixer(specs.length, stateSize, mixingSize, options.generator);
    this.mixer = new Learner(makeMixer(), makeMixer(), lr);
  }

  /** Q_tot(x, a): [batch, 1] */
  total(batch: Batch): Tensor {
    const values = this.agents.map((_, i) => this.value(i, batch));
    return this.mixer.network.forward(concat(values, 1), batch.x);
  }

  /** y, a constant: [batch, 1] */
  target(batch: Batch): Tensor {
    const nextTotal = () => {
      const nextValues = this.agents.map((_, i) => this.nextValue(i, batch));
      return this.mixer.target.forward(concat(nextValues, 1), batch.nextX);
    };
    const [reward, done] = noGrad(() => [meanOf(batch.rewards), meanOf(batch.terminations)]);
    return bellmanTarget(reward, done, this.settings.gamma, nextTotal);
  }

  /** L */
  loss(batch: Batch): Tensor {
    return tdLoss(this.total(batch), this.target(batch), batch);
  }

  /** θ <- Adam(clip(dL / dθ)), for all agents' networks and the mixer at once. All agents have the same report. */
  protected override steps(batch: Batch): CriticReport[] {
    const learners = [...new Set(this.agents.map(({ q }) => q)), this.mixer];
    const report = this.step(learners, () => this.loss(batch));
    this.targetStep();
    return this.specs.map(() => report);
  }

  override namedParts(): [owner: string, parts: Parts][] {
    return [...super.namedParts(), ['team', { mixer: this.mixer }]];
  }
}

/** The mean over the agents: [batch, 1] */
function meanOf(values: readonly Tensor[]): Tensor {
  return concat(values, 1).mean({ axis: 1, keepDim: true });
}

/** Settings of `Qmix`. */
export type QmixSettings = SettingsOf<typeof Qmix.settings>;
