import { clipGradNorm, type Module, type Sequential } from '@paragrad/nn';
import { type Generator, gather, type Indices, max, noGrad, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ExplorationKind } from '../exploration/exploration.js';
import type { CriticReport, Parts } from '../learning/algorithm.js';
import { type Batch, checkObservations } from '../learning/batch.js';
import { descend } from '../learning/descend.js';
import { Learner } from '../learning/learner.js';
import { OffPolicyAlgorithm } from '../learning/off-policy.js';
import { perAgent } from '../learning/sharing.js';
import { perceptron } from '../networks/perceptron.js';
import { positive } from '../settings/kinds.js';
import { learningSettings } from '../settings/learning-settings.js';
import { type Options, type SettingsOf, setting } from '../settings/setting.js';
import { actionsOf, choicesOf, countOf, numbersOf } from './joint-choices.js';

/**
 * What IQL and QMIX have in common: agents that choose, each of which has a value Q_i(o_i, a) for everything a that it can do,
 * does what is worth most, and tries other things by epsilon-greedy exploration, outside this class.
 *
 * The networks see the present observation only: feed-forward ones, where Rashid et al. have recurrent ones for agents that
 * have to remember.
 */
export abstract class QLearner extends OffPolicyAlgorithm<CriticReport> {
  static override readonly settings = {
    ...learningSettings,
    lr: setting(1e-3, positive, 'learning rate of every Adam'),
  };

  declare readonly settings: QLearnerSettings;
  readonly agents: readonly QNetworks[];
  /** What each agent chooses from. */
  readonly #choices: readonly (readonly number[])[];

  constructor(specs: readonly AgentSpec[], options: Options<QLearnerSettings>) {
    super(specs, options);
    this.#choices = specs.map((spec) => choicesOf(spec, new.target.name));
    const make = (i: number) => ({ q: this.makeNetwork(i, options.generator) });
    this.agents = perAgent(specs, this.settings.parameterSharing, make);
  }

  protected makeNetwork(i: number, generator: Generator): Learner<Sequential> {
    const sizes = [this.specs[i].observationSize, ...this.settings.hidden, countOf(this.#choices[i])];
    return new Learner(perceptron(sizes, generator), perceptron(sizes, generator), this.settings.lr);
  }

  /** argmax_a Q_j(o_j, a) for every agent: o_j [batch, obs_j] -> [batch, act_j], one-hot. No gradient. */
  act(observations: readonly Tensor[]): Tensor[] {
    checkObservations(this.specs, observations);
    return this.agents.map(({ q }, j) => actionsOf(best(q.network, observations[j]), this.#choices[j]));
  }

  /** Q_i(o_i, a_i): [batch, 1] */
  value(i: number, { observations, actions }: Batch): Tensor {
    const values = this.agents[i].q.network.forward(observations[i]);
    return gather(values, 1, numbersOf(actions[i], this.#choices[i]));
  }

  /**
   * Q'_i(o'_i, argmax_a Q_i(o'_i, a)): [batch, 1], a constant. Double Q-learning (van Hasselt, Guez, Silver 2016, arXiv
   * 1509.06461): the network that learns says which action is best next, and the target says what that is worth.
   */
  nextValue(i: number, { nextObservations }: Batch): Tensor {
    const { network, target } = this.agents[i].q;
    return noGrad(() => gather(target.forward(nextObservations[i]), 1, best(network, nextObservations[i])));
  }

  /** θ <- Adam(clip(dL / dθ)), with the weights of all these networks as one vector */
  protected step(learners: readonly Learner<Module<never>>[], loss: () => Tensor): CriticReport {
    const clip = (gradients: readonly Tensor[]) => clipGradNorm(gradients, this.settings.maxGradNorm);
    const { losses, gradNorm } = descend(learners, loss, clip);
    return { criticLoss: losses[0], criticGradNorm: gradNorm };
  }

  /** θ' <- τ θ + (1 - τ) θ', for every network */
  targetStep(): void {
    for (const network of this.withTargets) network.follow(this.settings.tau);
  }

  /** Noise leaves choices as they are. */
  override get explorations(): readonly ExplorationKind[] {
    return ['epsilon-greedy'];
  }

  namedParts(): [owner: string, parts: Parts][] {
    return this.agents.map((agent, i) => [this.specs[i].name, agent]);
  }
}

/** argmax_a Q(o, a): [batch, obs] -> the number of the best, the first of several: [batch, 1] */
function best(q: Sequential, observation: Tensor): Indices {
  return noGrad(() => max(q.forward(observation), 1, { keepDim: true })).indices;
}

/** What an agent has: Q_i, from o_i [batch, obs_i] to the value of each thing that it can do. */
export type QNetworks = { readonly q: Learner<Sequential> };

/** Settings of `Iql`. */
export type QLearnerSettings = SettingsOf<typeof QLearner.settings>;
