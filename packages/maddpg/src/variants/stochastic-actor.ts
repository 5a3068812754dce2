import { checkArgument } from '@paragrad/check';
import {
  aTensor,
  exp,
  type Generator,
  logSoftmax,
  mul,
  square,
  type Tensor,
  tanh,
  zeros,
} from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { Actor, type ChoiceOptions, oneHotOfLargest } from '../networks/actor.js';
import { mapAction } from '../networks/map-action.js';

/**
 * An actor as a distribution p(a | o): a Gaussian for each number in the action, and a softmax for each choice. The
 * means of the Gaussians are the actor's outputs. Their standard deviations are learned, and do not depend on o.
 */
export class StochasticActor extends Actor {
  /** The learned parameters of the standard deviations: [numbers]. See `logSigma`. */
  readonly spread: Tensor;
  readonly #spec: AgentSpec;

  /**
   * An actor as a distribution p(a | o): o [batch, obs] -> a [batch, act], its means and drawn choices.
   *
   * @param hidden sizes of the hidden layers.
   * @param generator draws the initial weights now, and the choices later.
   * @throws ArgumentError on arguments out of range.
   */
  constructor(
    spec: AgentSpec,
    hidden: readonly number[],
    generator: Generator,
    choiceOptions?: ChoiceOptions,
  ) {
    super(spec, hidden, generator, choiceOptions);
    this.#spec = spec;
    this.spread = zeros([continuousSize(spec)], { requiresGrad: true });
  }

  /**
   * ln p(a | o), summed over the action's numbers and choices, and the entropy H(p) at o: o [batch, obs], a [batch,
   * act] -> [batch, 1] each. A soft choice counts as the option with the largest weight: the probability that
   * Gumbel-softmax gives an option the largest weight is exactly its softmax probability.
   */
  evaluateActions(
    observation: Tensor,
    action: Tensor,
  ): {
    /** ln p(a | o): [batch, 1] */
    logLikelihood: Tensor;
    /** H(p) at o, in nats: [batch, 1] */
    entropy: Tensor;
  } {
    checkArgument('evaluateActions', 'action', action, aTensor);
    const spec = this.#spec;
    const numbers = continuousSize(spec);
    const choices = spec.actionSize - numbers;
    const total = (x: Tensor) => x.sum({ axis: 1, keepDim: true });

    const bounded = (x: Tensor) => mul(tanh(x), spec.maxAction);
    const output = mapAction(spec, this.body.forward(observation), bounded, logSoftmax);
    const taken = mapAction(spec, action, (x) => x, oneHotOfLargest);
    const logSigma = this.logSigma();
    const distance = taken.sub(output).narrow(1, 0, numbers).div(exp(logSigma));
    const logDensity = square(distance)
      .div(-2)
      .sub(logSigma)
      .sub(Math.log(2 * Math.PI) / 2);
    const logP = output.narrow(1, numbers, choices);
    return {
      logLikelihood: total(logDensity).add(total(logP.mul(taken.narrow(1, numbers, choices)))),
      entropy: logSigma
        .add(Math.log(2 * Math.PI * Math.E) / 2)
        .sum()
        .sub(total(exp(logP).mul(logP))),
    };
  }

  /**
   * ln σ: [numbers], each between -3 and 3, and 0 at the beginning. The limits matter if an agent always does exactly
   * the same: then σ = 0 would be best, with an infinite likelihood.
   */
  logSigma(): Tensor {
    return tanh(this.spread.div(3)).mul(3);
  }
}
