import { atLeast0, checkArgument, from0To1, text } from '@paragrad/check';
import { Adam, aModule, type Module } from '@paragrad/nn';
import { currentKernels, pin, type Tensor } from '@paragrad/tensor';

/** A network that learns, with its target network and its optimizer. */
export class Learner<Network extends Module<never>> {
  /** The optimizer of the network's weights. */
  readonly optimizer: Adam;
  /** Kept, because to collect them takes as long as to move them. */
  readonly #targetParameters: readonly Tensor[];

  /**
   * A network that learns with Adam, and its target, which gets the network's weights now.
   *
   * @throws ArgumentError if the two have not the same weights, or `lr` is below 0.
   */
  constructor(
    /** What learns. */
    readonly network: Network,
    /** A second network of the same shape, which follows the first slowly: `updateTarget`. */
    readonly target: Network,
    /** The learning rate of Adam, before any decay. */
    readonly lr: number,
    /** What errors call it, such as "agent_0's critic". */
    readonly name = 'a network',
  ) {
    checkArgument('Learner', 'network', network, aModule);
    checkArgument('Learner', 'target', target, aModule);
    checkArgument('Learner', 'lr', lr, atLeast0);
    checkArgument('Learner', 'name', name, text);
    target.loadStateDict(network.stateDict());
    this.optimizer = new Adam(network.parameters(), { lr });
    this.#targetParameters = target.parameters();
    pin(this.#targetParameters);
  }

  /** θ' <- τ θ + (1 - τ) θ', for every weight θ of the network and the same weight θ' of its target */
  updateTarget(tau: number): void {
    checkArgument('updateTarget', 'tau', tau, from0To1);
    const sources = this.optimizer.parameters;
    this.#targetParameters.forEach((parameter, p) => {
      parameter.updateValues((values) => currentKernels().average(sources[p].values, values, tau));
    });
  }
}
