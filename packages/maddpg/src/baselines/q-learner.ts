import { Adam, clipGradNorm, type Sequential } from '@paragrad/nn';
import {
  checkGenerator,
  type Generator,
  gather,
  type Indices,
  max,
  noGrad,
  scope,
  type Tensor,
} from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Algorithm, LearningReport, Parts } from '../algorithm.js';
import { type Batch, checkBatch, checkObservations } from '../batch.js';
import { moveTowards } from '../move-towards.js';
import { perceptron } from '../networks.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import { completeLearningSettings, defaultSettings, type LearningSettings } from '../settings.js';
import { forEachAgent } from '../sharing.js';
import { actionsOf, choicesOf, countOf, numbersOf } from './joint-choices.js';

/**
 * What IQL and QMIX have in common: agents that choose, each of which has a value Q_i(o_i, a) for everything a that it can do,
 * does what is worth most, and tries other things by epsilon-greedy exploration, outside this class.
 *
 * The networks see the present observation only: feed-forward ones, where Rashid et al. have recurrent ones for agents that
 * have to remember.
 */
export abstract class QLearner implements Algorithm {
  static readonly defaults: QLearnerSettings = {
    gamma: defaultSettings.gamma,
    tau: defaultSettings.tau,
    lr: 1e-3,
    maxGradNorm: defaultSettings.maxGradNorm,
    hidden: defaultSettings.hidden,
    parameterSharing: false,
  };

  readonly specs: readonly AgentSpec[];
  readonly agents: readonly QNetworks[];
  readonly settings: QLearnerSettings;
  /** How many there have been, the one that is running included. */
  updates = 0;
  /** Of each agent, what it chooses from. */
  readonly #choices: readonly (readonly number[])[];

  constructor(specs: readonly AgentSpec[], { generator, ...settings }: QLearnerOptions) {
    const { name, defaults } = new.target;
    checkGenerator(name, generator);
    this.specs = specs;
    this.#choices = specs.map((spec) => choicesOf(spec, name));
    this.settings = completeLearningSettings(name, settings, defaults, ['lr']);
    const make = (i: number) => this.makeAgent(i, generator);
    this.agents = forEachAgent(specs, this.settings.parameterSharing, make);
  }

  /** argmax_a Q_j(o_j, a) for every agent: o_j [batch, obs_j] -> [batch, act_j], one-hot. No gradient. */
  act(observations: readonly Tensor[]): Tensor[] {
    checkObservations(this.specs, observations);
    return this.agents.map(({ q }, j) => actionsOf(best(q, observations[j]), this.#choices[j]));
  }

  /** One step of learning from one batch; then the targets. */
  update(batch: Batch): LearningReport[] {
    return scope(() => {
      checkBatch(this.specs, batch);
      this.updates += 1;
      const reports = this.steps(batch);
      this.targetStep();
      return reports;
    });
  }

  /** The steps of an update, but for the targets'. */
  protected abstract steps(batch: Batch): LearningReport[];

  /** Q_i(o_i, a_i): [batch, 1] */
  value(i: number, { observations, actions }: Batch): Tensor {
    return gather(this.agents[i].q.forward(observations[i]), 1, numbersOf(actions[i], this.#choices[i]));
  }

  /**
   * Q'_i(o'_i, argmax_a Q_i(o'_i, a)): [batch, 1], a constant. Double Q-learning (van Hasselt, Guez, Silver 2016, arXiv
   * 1509.06461): what is best next is said by the network that learns, and what that is worth by the target.
   */
  nextValue(i: number, { nextObservations }: Batch): Tensor {
    const { q, targetQ } = this.agents[i];
    return noGrad(() => gather(targetQ.forward(nextObservations[i]), 1, best(q, nextObservations[i])));
  }

  /** θ' <- τ θ + (1 - τ) θ', for every network */
  targetStep(): void {
    for (const { q, targetQ } of this.distinct) moveTowards(targetQ, q, this.settings.tau);
  }

  /** An update from a batch of what is remembered. */
  learn(memory: ReplayMemory, batchSize: number, generator: Generator): LearningReport[] {
    return scope(() => this.update(memory.sample(batchSize, generator)));
  }

  startEpisode(): void {}

  observe(): void {}

  namedAgents(): [name: string, parts: Parts][] {
    return this.distinct.map((agent) => [this.specs[this.agents.indexOf(agent)].name, agent]);
  }

  /** The agents' networks, those that several share once. */
  protected get distinct(): QNetworks[] {
    return [...new Set(this.agents)];
  }

  protected makeAgent(i: number, generator: Generator): QNetworks {
    const sizes = [this.specs[i].observationSize, ...this.settings.hidden, countOf(this.#choices[i])];
    const q = perceptron(sizes, generator);
    const targetQ = perceptron(sizes, generator);
    targetQ.loadStateDict(q.stateDict());
    return { q, targetQ, optimizer: new Adam(q.parameters(), { lr: this.settings.lr }) };
  }

  /** θ <- Adam(clip(dL / dθ)), with all that these optimizers move as one vector */
  protected descend(loss: Tensor, optimizers: readonly Adam[]): LearningReport {
    const parameters = optimizers.flatMap((optimizer) => optimizer.parameters);
    for (const optimizer of optimizers) optimizer.zeroGrad();
    loss.backward({ inputs: parameters });
    const criticGradNorm = clipGradNorm(parameters, this.settings.maxGradNorm);
    for (const optimizer of optimizers) optimizer.step();
    return { criticLoss: loss.item(), criticGradNorm };
  }
}

/** argmax_a Q(o, a): [batch, obs] -> the number of the best, the first of several: [batch, 1] */
function best(q: Sequential, observation: Tensor): Indices {
  return noGrad(() => max(q.forward(observation), 1, { keepDim: true })).indices;
}

/** What an agent has: Q_i, from o_i [batch, obs_i] to the value of each thing that it can do, and its target. */
export type QNetworks = {
  readonly q: Sequential;
  readonly targetQ: Sequential;
  readonly optimizer: Adam;
};

/** Settings of `Iql`; `QLearner.defaults` has their values. */
export interface QLearnerSettings extends LearningSettings {
  /** Of every Adam. */
  readonly lr: number;
}

/** Settings for `Iql`, each optional, and where the weights come from. */
export interface QLearnerOptions extends Partial<QLearnerSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}
