import { Module, type Sequential } from '@paragrad/nn';
import { type Generator, gumbelSoftmax, max, mul, narrow, oneHot, type Tensor, tanh } from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { mapAction } from './map-action.js';
import { perceptron } from './perceptron.js';

/** How an actor draws its choices; see `maddpgSettings`. */
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
