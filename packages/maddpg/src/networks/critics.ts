import { ArgumentError, anArray, checkArgument, describe, integersFrom1, object } from '@paragrad/check';
import { Module, type Sequential } from '@paragrad/nn';
import { aGenerator, concat, type Generator, narrow, type Tensor } from '@paragrad/tensor';
import { type AgentSpec, totalObservationSize } from '../environments/agent-spec.js';
import { checkSpecs } from '../environments/check-specs.js';
import { firstOfKind } from '../learning/sharing.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { perceptron } from './perceptron.js';

/**
 * Q_i, the value for agent i: x [batch, sum of obs_j] and a_j [batch, act_j] for every agent j -> [batch, 1]. A critic
 * uses the index i if several agents share it, or if it sees only one agent.
 */
export type Critic = Module<CriticInputs>;
/** What a critic's `forward` takes. */
export type CriticInputs = [x: Tensor, actions: readonly Tensor[], i: number];

/** A critic that sees the observations and actions of all agents, in the order of the agents. */
export class CentralizedCritic extends Module<CriticInputs> {
  /** Linear layers with ReLU between them, from what it sees, side by side, to the value. */
  readonly body: Sequential;

  /**
   * Q_i, of all agents' observations and actions: x [batch, sum of obs_j], a_j [batch, act_j] -> [batch, 1].
   *
   * @param hidden sizes of the hidden layers.
   * @param generator draws the initial weights.
   * @throws ArgumentError on arguments out of range.
   */
  constructor(specs: readonly AgentSpec[], hidden: readonly number[], generator: Generator) {
    super();
    checkSpecs('CentralizedCritic', specs);
    this.body = valueNetwork(specs, hidden, generator);
  }

  /** Q_i(x, a_1 ... a_n): [batch, 1] */
  forward(x: Tensor, actions: readonly Tensor[], _i: number): Tensor {
    return this.body.forward([x, concat(actions, 1)]);
  }
}

/**
 * One centralized critic for all agents of a kind. Only its input can tell it whose value to estimate, so it sees that
 * agent first, then the others:
 *
 *     Q_i(x, a) = Q(o_i, o_j ... o_k, a_i, a_j ... a_k)      j ... k: first the others of i's kind, then the rest, each in order
 */
export class SharedCritic extends Module<CriticInputs> {
  /** Linear layers with ReLU between them, from what it sees, side by side, to the value. */
  readonly body: Sequential;
  readonly #specs: readonly AgentSpec[];
  /** For each agent i, the order in which the critic sees all agents. */
  readonly #orders: readonly (readonly number[])[];

  /**
   * One centralized critic for all agents of a kind: x [batch, sum of obs_j], a_j [batch, act_j] -> [batch, 1].
   *
   * @param hidden sizes of the hidden layers.
   * @param generator draws the initial weights.
   * @throws ArgumentError on arguments out of range.
   */
  constructor(specs: readonly AgentSpec[], hidden: readonly number[], generator: Generator) {
    super();
    checkSpecs('SharedCritic', specs);
    this.body = valueNetwork(specs, hidden, generator);
    this.#specs = specs;
    const kinds = firstOfKind(specs);
    this.#orders = specs.map((_, i) => {
      const others = specs.map((_, j) => j).filter((j) => j !== i);
      const [alike, different] = [true, false].map((same) =>
        others.filter((j) => (kinds[j] === kinds[i]) === same),
      );
      return [i, ...alike, ...different];
    });
  }

  /** Q_i(x, a_1 ... a_n): [batch, 1]. @throws ArgumentError if there is no agent i. */
  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    checkArgument('SharedCritic', 'actions', actions, anArray);
    const order = this.orderFor(i);
    const observations = order.map((j) => observationOf(j, x, this.#specs));
    const ordered = order.map((j) => actions[j]);
    return this.body.forward([concat(observations, 1), concat(ordered, 1)]);
  }

  /** The order in which the critic sees the agents when it estimates agent i's value. @throws ArgumentError if there is no agent i. */
  orderFor(i: number): readonly number[] {
    checkAgent('SharedCritic', i, this.#specs);
    return this.#orders[i];
  }
}

/**
 * A critic that sees only its own agent's observation and action. With such critics each agent learns as if it were
 * alone: DDPG (Lillicrap et al. 2015, arXiv 1509.02971) for each.
 */
export class IndependentCritic extends Module<CriticInputs> {
  /** Linear layers with ReLU between them: o_i and a_i side by side -> [batch, 1] */
  readonly body: Sequential;
  readonly #specs: readonly AgentSpec[];

  /**
   * Q_i, of one agent's own observation and action: o_i [batch, obs_i], a_i [batch, act_i] -> [batch, 1].
   *
   * @param agent the index of an agent that it is for; other agents of that kind can use it, too.
   * @param hidden sizes of the hidden layers.
   * @param generator draws the initial weights.
   * @throws ArgumentError on arguments out of range.
   */
  constructor(specs: readonly AgentSpec[], agent: number, hidden: readonly number[], generator: Generator) {
    super();
    checkSpecs('IndependentCritic', specs);
    checkAgent('IndependentCritic', agent, specs);
    this.body = valueNetwork([specs[agent]], hidden, generator);
    this.#specs = specs;
  }

  /** Q_i(x, a_1 ... a_n): [batch, 1]. @throws ArgumentError if there is no agent i. */
  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    checkArgument('IndependentCritic', 'actions', actions, anArray);
    checkAgent('IndependentCritic', i, this.#specs);
    return this.body.forward([observationOf(i, x, this.#specs), actions[i]]);
  }
}

/** Agent j's part of x: [batch, obs_j] */
export function observationOf(j: number, x: Tensor, specs: readonly AgentSpec[]): Tensor {
  return narrow(x, 1, totalObservationSize(specs.slice(0, j)), specs[j].observationSize);
}

function checkAgent(owner: string, i: number, specs: readonly AgentSpec[]): void {
  if (typeof i === 'number' && specs[i] !== undefined) return;
  throw new ArgumentError(
    `${owner}: agent is ${describe(i)}; give an agent's index, from 0 to ${specs.length - 1}`,
  );
}

/** The critic that the settings ask for: for agent i or, with parameter sharing, for all agents of its kind. */
export function makeCritic(
  specs: readonly AgentSpec[],
  i: number,
  settings: MaddpgSettings,
  generator: Generator,
): Critic {
  checkSpecs('makeCritic', specs);
  checkAgent('makeCritic', i, specs);
  checkArgument('makeCritic', 'settings', settings, object);
  const { critic, hidden, parameterSharing } = settings;
  if (critic === 'independent') return new IndependentCritic(specs, i, hidden, generator);
  const Centralized = parameterSharing ? SharedCritic : CentralizedCritic;
  return new Centralized(specs, hidden, generator);
}

/** A network from the observations and actions of these agents, side by side, to one value. */
function valueNetwork(
  specs: readonly AgentSpec[],
  hidden: readonly number[],
  generator: Generator,
): Sequential {
  checkArgument('critic', 'hidden', hidden, integersFrom1);
  checkArgument('critic', 'generator', generator, aGenerator);
  const inputSize = specs.reduce((sum, spec) => sum + spec.observationSize + spec.actionSize, 0);
  return perceptron([inputSize, ...hidden, 1], generator);
}
