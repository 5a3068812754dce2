import { integerFrom1 } from '@paragrad/check';
import { concat, noGrad, type Tensor } from '@paragrad/tensor';
import { type AgentSpec, totalObservationSize } from '../environments/agent-spec.js';
import type { AlgorithmParts, CriticReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { Learner } from '../learning/learner.js';
import { nextState, teamDone, zeroWhereAbsent } from '../learning/liveness.js';
import { bellmanTarget, tdLoss } from '../learning/td-loss.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { Mixer } from './mixer.js';
import { QLearner, type QLearnerSettings } from './q-learner.js';

/**
 * QMIX (Rashid, Samvelyan, Schroeder de Witt, Farquhar, Foerster, Whiteson: "QMIX: monotonic value function factorisation for
 * deep multi-agent reinforcement learning", ICML 2018, arXiv 1803.11485), for agents that cooperate.
 *
 * The team has one value Q_tot. A mixing network computes it from the agents' values and from the state, here the joint
 * observation x:
 *
 *     Q_tot(x, a) = f(Q_1(o_1, a_1) ... Q_n(o_n, a_n), x)      f never falls when a Q_i rises: `Mixer`
 *     y = r + γ (1 - done) Q'_tot(x', a*)                      a*_i = argmax_a Q_i(o'_i, a), double Q-learning
 *     L = mean (Q_tot(x, a) - y)²
 *
 * So the team's best action consists of every agent's best action by its own Q_i, and each agent can act alone. The
 * team's reward r is the mean of the agents' rewards, and its done the mean of theirs. If agents compete, such a mean
 * says little. Use QMIX in cooperative scenarios, such as simple_spread, simple_reference and simple_speaker_listener.
 */
export class Qmix extends QLearner {
  /** The table of its settings. */
  static override readonly settings = {
    ...QLearner.settings,
    /** Width of the mixing network; 32 in the paper. An integer of at least 1; default 32. */
    mixingSize: setting(32, integerFrom1, 'width of the mixing network; 32 in the paper'),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: QmixSettings;
  /** The team's mixing network, with its target. */
  readonly mixer: Learner<Mixer>;
  /** All agents learn from the mean of their rewards. */
  readonly sharesReward = true;

  /**
   * QMIX: Q-learning of a team, whose value is mixed from the agents' values.
   *
   * @throws ArgumentError if an agent's actions are not choices only.
   */
  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<QmixSettings>) {
    super(specs, options);
    const { mixingSize, lr } = this.settings;
    const stateSize = totalObservationSize(specs);
    const makeMixer = () => new Mixer(specs.length, stateSize, mixingSize, options.generator);
    this.mixer = new Learner(makeMixer(), makeMixer(), lr, "the team's mixer");
  }

  /** Q_tot(x, a): [batch, 1] */
  total(batch: Batch): Tensor {
    const values = this.agents.map((_, i) => zeroWhereAbsent(this.value(i, batch), batch, i));
    return this.mixer.network.forward(concat(values, 1), batch.x);
  }

  /** y: [batch, 1]. A constant. */
  target(batch: Batch): Tensor {
    const nextTotal = () => {
      const nextValues = this.agents.map((_, i) => this.nextValue(i, batch));
      const { x, actions: values } = nextState(batch, nextValues, 'team');
      return this.mixer.target.forward(concat(values, 1), x);
    };
    const [reward, done] = noGrad(() => [meanOf(batch.rewards), teamDone(batch)]);
    return bellmanTarget(reward, done, this.settings, nextTotal);
  }

  /** L */
  loss(batch: Batch): Tensor {
    return tdLoss(this.total(batch), this.target(batch), batch);
  }

  /** θ <- Adam(clip(dL / dθ)), for all agents' networks and the mixer at once. Every agent gets the same report. */
  protected override steps(batch: Batch): CriticReport[] {
    const learners = [...new Set(this.agents.map(({ q }) => q)), this.mixer];
    const report = this.step(learners, () => this.loss(batch));
    this.targetStep();
    return this.specs.map(() => report);
  }

  /** Each agent's network, by the agent's name, and the team's mixer. */
  override namedParts(): [owner: string, parts: AlgorithmParts][] {
    return [...super.namedParts(), ['team', { mixer: this.mixer }]];
  }
}

/** The mean over the agents, each [batch, 1] -> [batch, 1] */
function meanOf(values: readonly Tensor[]): Tensor {
  return concat(values, 1)
    .sum({ axis: 1, keepDim: true })
    .mul(1 / values.length);
}

/** The settings of `Qmix`. */
export interface QmixSettings extends QLearnerSettings, SettingsOf<typeof Qmix.settings> {}
