import { Linear, Module, ReLU, Sequential } from '@paragrad/nn';
import {
  concat,
  type Generator,
  gumbelSoftmax,
  max,
  mul,
  narrow,
  oneHot,
  type Tensor,
  tanh,
} from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from './agent-spec.js';
import { mapAction } from './map-action.js';
import type { MaddpgSettings } from './settings.js';
import { SharedCritic } from './shared-critic.js';

/** How an actor draws its choices; see `MaddpgSettings`. */
export interface ChoiceOptions {
  readonly temperature: number;
  readonly straightThrough: boolean;
}

/**
 * μ_i: o_i [batch, obs_i] -> a_i [batch, act_i]. Numbers lie in [-maxAction, maxAction]. A choice is drawn, in a way that
 * gradients flow through: by Gumbel-softmax from the logits that the last layer gives for it.
 */
export class Actor extends Module {
  readonly body: Sequential;
  readonly #spec: AgentSpec;
  readonly #generator: Generator;
  readonly #choices: ChoiceOptions;

  /** @param generator draws the initial weights, and from then on the choices. */
  constructor(
    spec: AgentSpec,
    hidden: readonly number[],
    generator: Generator,
    choices: ChoiceOptions = { temperature: 1, straightThrough: true },
  ) {
    super();
    this.body = perceptron([spec.observationSize, ...hidden, spec.actionSize], generator);
    this.#spec = spec;
    this.#generator = generator;
    this.#choices = choices;
  }

  /** With choices drawn: one-hot with the gradient of the soft draw (straight-through), or the soft draw itself. */
  forward(observation: Tensor): Tensor {
    const { temperature: tau, straightThrough: hard } = this.#choices;
    return this.#act(observation, (logits) =>
      gumbelSoftmax(logits, { generator: this.#generator, tau, hard }),
    );
  }

  /** With the likeliest of each choice, one-hot. Nothing random, and no gradient into the choices. */
  greedy(observation: Tensor): Tensor {
    return this.#act(observation, (logits) => oneHot(argmax(logits), logits.shape[1], logits));
  }

  /** What its choices are drawn from: [batch, sum of choices], without columns if it has none. */
  logits(observation: Tensor): Tensor {
    const numbers = continuousSize(this.#spec);
    return narrow(this.body.forward(observation), 1, numbers, this.#spec.actionSize - numbers);
  }

  #act(observation: Tensor, choose: (logits: Tensor) => Tensor): Tensor {
    const bounded = (x: Tensor) => mul(tanh(x), this.#spec.maxAction);
    return mapAction(this.#spec, this.body.forward(observation), bounded, choose);
  }
}

/** [batch, size] -> the column of each row's largest */
function argmax(x: Tensor): number[] {
  return Array.from(max(x, 1).indices.data);
}

/**
 * Q_i: what all agents observe, x [batch, sum of obs_j], and do, a_j [batch, act_j] for every j -> [batch, 1]. Where it can be
 * shared, `of` gives the same network as another agent's.
 */
export type Critic = Module<[x: Tensor, actions: readonly Tensor[]]> & { of?(agent: number): Critic };

/** A critic that sees everything. */
export class CentralizedCritic extends Module<[x: Tensor, actions: readonly Tensor[]]> {
  readonly body: Sequential;

  constructor(specs: readonly AgentSpec[], hidden: readonly number[], generator: Generator) {
    super();
    this.body = valueNetwork(specs, hidden, generator);
  }

  forward(x: Tensor, actions: readonly Tensor[]): Tensor {
    return this.body.forward([x, concat(actions, 1)]);
  }
}

/**
 * A critic that sees what its own agent observes and does, of all that it is shown. Agents with such critics learn
 * independently of each other: DDPG (Lillicrap et al. 2015, arXiv 1509.02971) for each.
 */
export class IndependentCritic extends Module<[x: Tensor, actions: readonly Tensor[]]> {
  readonly #specs: readonly AgentSpec[];
  readonly #start: number;

  /** @param body from o_i and a_i side by side to the value. */
  constructor(
    readonly body: Sequential,
    specs: readonly AgentSpec[],
    readonly agent: number,
  ) {
    super();
    this.#specs = specs;
    this.#start = specs.slice(0, agent).reduce((sum, spec) => sum + spec.observationSize, 0);
  }

  of(agent: number): IndependentCritic {
    return new IndependentCritic(this.body, this.#specs, agent);
  }

  forward(x: Tensor, actions: readonly Tensor[]): Tensor {
    const { observationSize } = this.#specs[this.agent];
    return this.body.forward([x.narrow(1, this.#start, observationSize), actions[this.agent]]);
  }
}

/** The critic of an agent, of the kind that the settings name. */
export function makeCritic(
  specs: readonly AgentSpec[],
  agent: number,
  { critic, hidden, parameterSharing }: MaddpgSettings,
  generator: Generator,
): Critic {
  if (critic === 'independent') {
    return new IndependentCritic(valueNetwork([specs[agent]], hidden, generator), specs, agent);
  }
  return parameterSharing
    ? new SharedCritic(valueNetwork(specs, hidden, generator), specs, agent)
    : new CentralizedCritic(specs, hidden, generator);
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

/** Linear layers of the given sizes with ReLU between them. */
export function perceptron(sizes: readonly number[], generator: Generator): Sequential {
  const layers = sizes.slice(1).map((size, index) => new Linear(sizes[index], size, { generator }));
  return new Sequential(...layers.flatMap((layer, index) => (index === 0 ? [layer] : [new ReLU(), layer])));
}
