import { above0, checkOptions } from '@paragrad/check';
import { clipGradNorm, type Module, type Sequential } from '@paragrad/nn';
import { argmax, type Generator, gather, type Indices, noGrad, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ExplorationKind } from '../exploration/exploration.js';
import { checkObservations, checkOutputs } from '../learning/acting.js';
import {
  type ActOptions,
  type AlgorithmParts,
  actOptions,
  type CriticReport,
} from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { descend } from '../learning/descend.js';
import { Learner } from '../learning/learner.js';
import { OffPolicyAlgorithm } from '../learning/off-policy.js';
import { perAgent } from '../learning/sharing.js';
import { perceptron } from '../networks/perceptron.js';
import { type LearningSettings, learningSettings } from '../settings/learning-settings.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { countCombinations, fromCombinations, requireChoices, toCombinations } from './combined-choices.js';

/**
 * What IQL and QMIX share. Every agent makes choices. It has a network with a value Q_i(o_i, a) for each combination a
 * of its choices, and takes the one with the largest value. Epsilon-greedy exploration is outside this class.
 *
 * The networks are feed-forward and see only the current observation. Rashid et al. use recurrent networks, for agents
 * that must remember earlier observations.
 */
export abstract class QLearner extends OffPolicyAlgorithm<CriticReport> {
  /** The table of its settings. */
  static override readonly settings = {
    ...learningSettings,
    /** Learning rate of all Adam optimizers. A finite number above 0; default 0.001. */
    lr: setting(1e-3, above0, 'learning rate of all Adam optimizers'),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: QLearnerSettings;
  /** The network of each agent, in the order of the specs. */
  readonly agents: readonly QNetworks[];
  /** The sizes of each agent's choices. */
  readonly #choices: readonly (readonly number[])[];

  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<QLearnerSettings>) {
    super(specs, options);
    this.#choices = specs.map((spec) => requireChoices(spec, new.target.name));
    const make = (i: number) => ({ q: this.makeNetwork(i, options.generator) });
    this.agents = perAgent(specs, this.settings.parameterSharing, make);
  }

  /** Q_i: o_i [batch, obs_i] -> the values of all combinations of the agent's choices, [batch, combinations] */
  protected makeNetwork(i: number, generator: Generator): Learner<Sequential> {
    const sizes = [
      this.specs[i].observationSize,
      ...this.settings.hidden,
      countCombinations(this.#choices[i]),
    ];
    const name = `${this.specs[i].name}'s network of values`;
    return new Learner(perceptron(sizes, generator), perceptron(sizes, generator), this.settings.lr, name);
  }

  /** argmax_a Q_j(o_j, a) for every agent j: o_j [batch, obs_j] -> a_j [batch, act_j], each choice one-hot. No gradient. */
  act(observations: readonly Tensor[], options: ActOptions = {}): Tensor[] {
    checkOptions('act', options, actOptions);
    checkObservations(this.specs, observations);
    return this.agents.map(({ q }, j) => {
      const values = noGrad(() => q.network.forward(observations[j]));
      checkOutputs(this.specs[j].name, 'network of values', values);
      return fromCombinations(best(values), this.#choices[j]);
    });
  }

  /** Q_i(o_i, a_i): [batch, 1] */
  value(i: number, { observations, actions }: Batch): Tensor {
    const values = this.agents[i].q.network.forward(observations[i]);
    return gather(values, 1, toCombinations(actions[i], this.#choices[i]));
  }

  /**
   * Q'_i(o'_i, argmax_a Q_i(o'_i, a)): [batch, 1]. A constant. This is double Q-learning (van Hasselt, Guez, Silver
   * 2016, arXiv 1509.06461): the network that learns chooses the next action, and the target network evaluates it.
   */
  nextValue(i: number, { nextObservations }: Batch): Tensor {
    const { network, target } = this.agents[i].q;
    return noGrad(() =>
      gather(target.forward(nextObservations[i]), 1, best(network.forward(nextObservations[i]))),
    );
  }

  /** θ <- Adam(clip(dL / dθ)), where θ are the weights of all these networks, clipped as one vector */
  protected step(learners: readonly Learner<Module<never>>[], loss: () => Tensor): CriticReport {
    const clip = (parameters: readonly Tensor[]) => clipGradNorm(parameters, this.settings.maxGradNorm);
    const { losses, gradNorm } = descend(learners, loss, clip);
    return { criticLoss: losses[0], criticGradNorm: gradNorm };
  }

  /** θ' <- τ θ + (1 - τ) θ', for every network */
  targetStep(): void {
    for (const network of this.networksWithTargets) network.updateTarget(this.settings.tau);
  }

  /** Noise does not change choices, so only epsilon-greedy exploration has an effect. */
  override get explorations(): readonly ExplorationKind[] {
    return ['epsilon-greedy'];
  }

  /** Each agent's network, by the agent's name. */
  namedParts(): [owner: string, parts: AlgorithmParts][] {
    return this.agents.map((agent, i) => [this.specs[i].name, agent]);
  }
}

/** argmax_a Q(o, a): Q(o, ·) [batch, combinations] -> the index of the best one, the first if several are: [batch, 1] */
function best(values: Tensor): Indices {
  return argmax(values, { axis: 1, keepDim: true });
}

/** An agent's network Q_i: o_i [batch, obs_i] -> the values of all combinations of its choices. */
export type QNetworks = {
  /** Q_i, with its target Q'_i. */
  readonly q: Learner<Sequential>;
};

/** The settings of `Iql`, which QMIX has, too. */
export interface QLearnerSettings extends LearningSettings, SettingsOf<typeof QLearner.settings> {}
