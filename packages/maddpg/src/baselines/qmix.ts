import { Adam } from '@paragrad/nn';
import { checkCount, concat, type Generator, noGrad, sub, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { LearningReport, Parts } from '../algorithm.js';
import type { Batch } from '../batch.js';
import { moveTowards } from '../move-towards.js';
import { tdLoss } from '../td-loss.js';
import { Mixer } from './mixer.js';
import { QLearner, type QLearnerSettings } from './q-learner.js';

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
  static override readonly defaults: QmixSettings = { ...QLearner.defaults, mixingSize: 32 };

  declare readonly settings: QmixSettings;
  readonly mixer: Mixer;
  readonly targetMixer: Mixer;
  readonly mixerOptimizer: Adam;

  constructor(specs: readonly AgentSpec[], options: QmixOptions) {
    super(specs, options);
    const { mixingSize, lr } = this.settings;
    checkCount('Qmix', 'mixingSize', mixingSize);
    const stateSize = specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
    const makeMixer = () => new Mixer(specs.length, stateSize, mixingSize, options.generator);
    this.mixer = makeMixer();
    this.targetMixer = makeMixer();
    this.targetMixer.loadStateDict(this.mixer.stateDict());
    this.mixerOptimizer = new Adam(this.mixer.parameters(), { lr: lr });
  }

  /** Q_tot(x, a): [batch, 1] */
  total(batch: Batch): Tensor {
    const values = this.agents.map((_, i) => this.value(i, batch));
    return this.mixer.forward(concat(values, 1), batch.x);
  }

  /** y, a constant: [batch, 1] */
  target(batch: Batch): Tensor {
    return noGrad(() => {
      const nextValues = this.agents.map((_, i) => this.nextValue(i, batch));
      const nextTotal = this.targetMixer.forward(concat(nextValues, 1), batch.nextX);
      const goesOn = sub(1, ofTeam(batch.terminations));
      return ofTeam(batch.rewards).add(nextTotal.mul(goesOn).mul(this.settings.gamma));
    });
  }

  /** L */
  loss(batch: Batch): Tensor {
    return tdLoss(this.total(batch), this.target(batch), batch);
  }

  /** θ <- Adam(clip(dL / dθ)), for all agents' networks and the mixer at once. All agents have the same report. */
  protected override steps(batch: Batch): LearningReport[] {
    const optimizers = [...this.distinct.map(({ optimizer }) => optimizer), this.mixerOptimizer];
    const report = this.descend(this.loss(batch), optimizers);
    return this.specs.map(() => report);
  }

  override targetStep(): void {
    super.targetStep();
    moveTowards(this.targetMixer, this.mixer, this.settings.tau);
  }

  override namedAgents(): [name: string, parts: Parts][] {
    const { mixer, targetMixer, mixerOptimizer } = this;
    return [...super.namedAgents(), ['team', { mixer, targetMixer, mixerOptimizer }]];
  }
}

/** The mean over the agents: [batch, 1] */
function ofTeam(values: readonly Tensor[]): Tensor {
  return concat(values, 1).mean({ axis: 1, keepDim: true });
}

/** Settings of `Qmix`; `Qmix.defaults` has their values. */
export interface QmixSettings extends QLearnerSettings {
  /** Of the mixing network's layer; the paper has 32. */
  readonly mixingSize: number;
}

/** Settings for `Qmix`, each optional, and where the weights come from. */
export interface QmixOptions extends Partial<QmixSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}
