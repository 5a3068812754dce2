import {
  exp,
  type Generator,
  logSoftmax,
  max,
  mul,
  oneHot,
  square,
  type Tensor,
  tanh,
  zeros,
} from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { Actor, type ChoiceOptions } from '../networks/actor.js';
import { mapAction } from '../networks/map-action.js';

/** An actor as a distribution p(a | o): Gaussians around its numbers, each with a deviation of its own, and its choices. */
export class StochasticActor extends Actor {
  /** What makes the deviations: [numbers] */
  readonly spread: Tensor;
  readonly #spec: AgentSpec;

  constructor(spec: AgentSpec, hidden: readonly number[], generator: Generator, choices?: ChoiceOptions) {
    super(spec, hidden, generator, choices);
    this.#spec = spec;
    this.spread = zeros([continuousSize(spec)], { requiresGrad: true });
  }

  /**
   * ln p(a | o), the sum over the action's numbers and choices, and the entropy H(p) at o: o [batch, obs], a [batch, act] -> both
   * [batch, 1]. A soft choice counts as the category that it gives most to: that is drawn with just the softmax's probability.
   */
  evaluateActions(observation: Tensor, action: Tensor): { logLikelihood: Tensor; entropy: Tensor } {
    const spec = this.#spec;
    const numbers = continuousSize(spec);
    const choices = spec.actionSize - numbers;
    const total = (x: Tensor) => x.sum({ axis: 1, keepDim: true });

    const bounded = (x: Tensor) => mul(tanh(x), spec.maxAction);
    const output = mapAction(spec, this.body.forward(observation), bounded, logSoftmax);
    const done = mapAction(spec, action, (x) => x, largest);
    const logSigma = this.logSigma();
    const distance = done.sub(output).narrow(1, 0, numbers).div(exp(logSigma));
    const logDensity = square(distance)
      .div(-2)
      .sub(logSigma)
      .sub(Math.log(2 * Math.PI) / 2);
    const logP = output.narrow(1, numbers, choices);
    return {
      logLikelihood: total(logDensity).add(total(logP.mul(done.narrow(1, numbers, choices)))),
      entropy: logSigma
        .add(Math.log(2 * Math.PI * Math.E) / 2)
        .sum()
        .sub(total(exp(logP).mul(logP))),
    };
  }

  /**
   * ln σ, between -3 and 3, and 0 to begin with: [numbers]. Someone who never varies would have no best deviation but 0, where the
   * likelihood is infinite.
   */
  logSigma(): Tensor {
    return tanh(this.spread.div(3)).mul(3);
  }
}

/** One-hot, where the choice is largest. */
function largest(choice: Tensor): Tensor {
  return oneHot(max(choice, 1).indices, choice.shape[1], choice);
}
