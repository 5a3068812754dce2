import { Adam, type Module } from '@paragrad/nn';

/** A network that learns: with the target network that follows it, and the optimizer that moves it. */
export class Learner<Network extends Module<never>> {
  readonly optimizer: Adam;

  /** @param target another such network; it starts with the weights of the first. */
  constructor(
    readonly network: Network,
    readonly target: Network,
    lr: number,
  ) {
    target.loadStateDict(network.stateDict());
    this.optimizer = new Adam(network.parameters(), { lr });
  }

  /** θ' <- τ θ + (1 - τ) θ', for every weight θ of the network and θ' of its target */
  follow(tau: number): void {
    const sources = this.network.parameters();
    this.target.parameters().forEach((parameter, p) => {
      const source = sources[p].data;
      parameter.update((data) => {
        for (let k = 0; k < data.length; k++) data[k] = tau * source[k] + (1 - tau) * data[k];
      });
    });
  }
}
