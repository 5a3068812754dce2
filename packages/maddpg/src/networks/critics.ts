import { Module, type Sequential } from '@paragrad/nn';
import { concat, type Generator, narrow, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { firstOfKind } from '../learning/sharing.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { perceptron } from './perceptron.js';

/**
 * Q_i, for an agent i: what all agents observe, x [batch, sum of obs_j], and do, a_j [batch, act_j] for every j -> [batch, 1]. The
 * index i matters where several agents share the critic, or where it sees only its own agent.
 */
export type Critic = Module<CriticInputs>;
/** What a critic's `forward` takes. */
export type CriticInputs = [x: Tensor, actions: readonly Tensor[], i: number];

/** A critic that sees everything, in the order of the agents. */
export class CentralizedCritic extends Module<CriticInputs> {
  readonly body: Sequential;

  constructor(specs: readonly AgentSpec[], hidden: readonly number[], generator: Generator) {
    super();
    this.body = valueNetwork(specs, hidden, generator);
  }

  forward(x: Tensor, actions: readonly Tensor[], _i: number): Tensor {
    return this.body.forward([x, concat(actions, 1)]);
  }
}

/**
 * One centralized critic for all agents of a kind. It can tell whose value it is asked for only from its input, so it sees that
 * agent first, then the others:
 *
 *     Q_i(x, a) = Q(o_i, o_j ... o_k, a_i, a_j ... a_k)      j ... k: first those of i's kind, then the rest, each in order
 */
export class SharedCritic extends Module<CriticInputs> {
  readonly body: Sequential;
  readonly #specs: readonly AgentSpec[];
  /** For each agent, all agents in the order in which the critic sees them. */
  readonly #orders: readonly (readonly number[])[];

  constructor(specs: readonly AgentSpec[], hidden: readonly number[], generator: Generator) {
    super();
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

  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    const order = this.#orders[i];
    const observations = order.map((j) => observationOf(j, x, this.#specs));
    const ordered = order.map((j) => actions[j]);
    return this.body.forward([concat(observations, 1), concat(ordered, 1)]);
  }
}

/**
 * A critic that sees what its own agent observes and does, and nothing of the others. Agents with such critics learn independently
 * of each other: DDPG (Lillicrap et al. 2015, arXiv 1509.02971) for each.
 */
export class IndependentCritic extends Module<CriticInputs> {
  readonly body: Sequential;
  readonly #specs: readonly AgentSpec[];

  /** @param agent an agent of the kind that it is for. */
  constructor(specs: readonly AgentSpec[], agent: number, hidden: readonly number[], generator: Generator) {
    super();
    this.body = valueNetwork([specs[agent]], hidden, generator);
    this.#specs = specs;
  }

  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    return this.body.forward([observationOf(i, x, this.#specs), actions[i]]);
  }
}

/** o_j, out of x: [batch, obs_j] */
function observationOf(j: number, x: Tensor, specs: readonly AgentSpec[]): Tensor {
  const start = specs.slice(0, j).reduce((sum, { observationSize }) => sum + observationSize, 0);
  return narrow(x, 1, start, specs[j].observationSize);
}

/** The critic of agent i, and with parameter sharing of its whole kind, as the settings say. */
export function makeCritic(
  specs: readonly AgentSpec[],
  i: number,
  { critic, hidden, parameterSharing }: MaddpgSettings,
  generator: Generator,
): Critic {
  if (critic === 'independent') return new IndependentCritic(specs, i, hidden, generator);
  const Centralized = parameterSharing ? SharedCritic : CentralizedCritic;
  return new Centralized(specs, hidden, generator);
}

/** From what these agents observe and do, side by side, to a value. */
function valueNetwork(
  specs: readonly AgentSpec[],
  hidden: readonly number[],
  generator: Generator,
): Sequential {
  const inputSize = specs.reduce((sum, spec) => sum + spec.observationSize + spec.actionSize, 0);
  return perceptron([inputSize, ...hidden, 1], generator);
}
