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
   * @param network what learns.
   * @param target a second network of the same shape. It gets the weights of the first.
   * @param lr the learning rate of Adam, before any decay.
   * @param name what errors call it, such as "agent_0's critic".
   */
  constructor(
    readonly network: Network,
    readonly target: Network,
    readonly lr: number,
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
