import { above0, aFunction, checkArgument, integersFrom1, trueOrFalse } from '@paragrad/check';
import { Module, type Sequential } from '@paragrad/nn';
import {
  aGenerator,
  argmax,
  type Generator,
  gumbelSoftmax,
  mul,
  narrow,
  oneHot,
  type Tensor,
  tanh,
} from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { checkSpec } from '../environments/check-specs.js';
import { mapAction } from './map-action.js';
import { perceptron } from './perceptron.js';

/** How an actor draws its choices: see the settings of the same names in `maddpgSettings`. */
export interface ChoiceOptions {
  /** The temperature of the Gumbel-softmax, above 0. */
  readonly temperature: number;
  /** Whether draws are one-hot, with the gradient of a soft draw. Else they are soft draws. */
  readonly straightThrough: boolean;
}

/**
 * μ_i: o_i [batch, obs_i] -> a_i [batch, act_i]. The last layer gives one output for each component of the action.
 * Numbers are tanh of theirs, scaled to [-maxAction, maxAction]. For a choice the outputs are logits, and
 * Gumbel-softmax draws it from them, so that gradients can flow through the draw.
 */
export class Actor extends Module {
  /** Linear layers with ReLU between them: o [batch, obs] -> outputs [batch, act]. */
  readonly body: Sequential;
  readonly #spec: AgentSpec;
  readonly #generator: Generator;
  readonly #choiceOptions: ChoiceOptions;

  /**
   * μ_i, an agent's policy: o_i [batch, obs_i] -> a_i [batch, act_i].
   *
   * @param hidden sizes of the hidden layers.
   * @param generator draws the initial weights now, and the choices later.
   * @throws ArgumentError on arguments out of range.
   */
  constructor(
    spec: AgentSpec,
    hidden: readonly number[],
    generator: Generator,
    choiceOptions: ChoiceOptions = { temperature: 1, straightThrough: true },
  ) {
    super();
    checkSpec('Actor: spec', spec);
    checkArgument('Actor', 'hidden', hidden, integersFrom1);
    checkArgument('Actor', 'generator', generator, aGenerator);
    checkArgument('Actor', 'temperature', choiceOptions?.temperature, above0);
    checkArgument('Actor', 'straightThrough', choiceOptions.straightThrough, trueOrFalse);
    this.body = perceptron([spec.observationSize, ...hidden, spec.actionSize], generator);
    this.#spec = spec;
    this.#generator = generator;
    this.#choiceOptions = choiceOptions;
  }

  /** Draws the choices: one-hot with the gradient of the soft draw (straight-through), or the soft draw itself. */
  forward(observation: Tensor): Tensor {
    return this.drawnFrom(this.body.forward(observation));
  }

  /** The action that outputs of the last layer mean, with choices drawn from their logits: [..., act_i] -> [..., act_i] */
  drawnFrom(outputs: Tensor): Tensor {
    return this.#toAction(outputs, (logits) => this.#draw(logits));
  }

  /** Takes the most probable option of each choice, one-hot. Draws nothing. No gradient flows into the choices. */
  greedy(observation: Tensor): Tensor {
    return this.#toAction(this.body.forward(observation), oneHotOfLargest);
  }

  /** `greedy`, or with `explore` the same as `forward`. `check` gets the outputs of the last layer: a choice would hide NaN. */
  act(observation: Tensor, explore: boolean, check: (outputs: Tensor) => void): Tensor {
    checkArgument('Actor', 'explore', explore, trueOrFalse);
    checkArgument('Actor', 'check', check, aFunction);
    const outputs = this.body.forward(observation);
    const action = this.#toAction(outputs, explore ? (logits) => this.#draw(logits) : oneHotOfLargest);
    check(outputs); // last, because to read numbers moves them out of the kernels' memory
    return action;
  }

  /** The logits of all choices side by side: [batch, sum of choices]. Without choices: [batch, 0]. */
  logits(observation: Tensor): Tensor {
    return this.logitsIn(this.body.forward(observation));
  }

  /** The logits in outputs of the last layer: [..., act_i] -> [..., sum of choices] */
  logitsIn(outputs: Tensor): Tensor {
    const numbers = continuousSize(this.#spec);
    return narrow(outputs, -1, numbers, this.#spec.actionSize - numbers);
  }

  /** What becomes the numbers in the action, before tanh: [batch, numbers]. Without numbers: [batch, 0]. */
  beforeTanh(observation: Tensor): Tensor {
    return this.beforeTanhIn(this.body.forward(observation));
  }

  /** What becomes numbers, in outputs of the last layer: [..., act_i] -> [..., numbers] */
  beforeTanhIn(outputs: Tensor): Tensor {
    return narrow(outputs, -1, 0, continuousSize(this.#spec));
  }

  #draw(logits: Tensor): Tensor {
    const { temperature: tau, straightThrough: hard } = this.#choiceOptions;
    return gumbelSoftmax(logits, { generator: this.#generator, tau, hard });
  }

  #toAction(outputs: Tensor, choose: (logits: Tensor) => Tensor): Tensor {
    const bounded = (x: Tensor) => mul(tanh(x), this.#spec.maxAction);
    return mapAction(this.#spec, outputs, bounded, choose);
  }
}

/** x [batch, size] -> one-hot in each row, at its largest number: [batch, size]. A constant. */
export function oneHotOfLargest(x: Tensor): Tensor {
  return oneHot(argmax(x, { axis: 1 }), x.shape[1], { dtype: x.dtype });
}
