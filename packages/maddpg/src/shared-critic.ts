import { Module, type Sequential } from '@paragrad/nn';
import { concat, narrow, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import { firstsAlike } from './sharing.js';

/**
 * The centralized Q of all agents that are alike, as one of them has it. It cannot know whose value it is to give but from its
 * input; so it is shown the agent itself first, then the others:
 *
 *     Q_i(x, a) = Q(o_i, o_j ... o_k, a_i, a_j ... a_k)      j ... k: first those like i, then the rest, each in order
 */
export class SharedCritic extends Module<[x: Tensor, actions: readonly Tensor[]]> {
  readonly #specs: readonly AgentSpec[];
  /** The agents in the order in which it is shown them, and where each one's observation is in x. */
  readonly #order: readonly number[];
  readonly #starts: readonly number[];

  /** @param body from what it is shown, side by side, to the value. */
  constructor(
    readonly body: Sequential,
    specs: readonly AgentSpec[],
    readonly agent: number,
  ) {
    super();
    this.#specs = specs;
    const firsts = firstsAlike(specs);
    const others = firsts.map((_, j) => j).filter((j) => j !== agent);
    const isLike = (j: number) => firsts[j] === firsts[agent];
    this.#order = [agent, ...others.filter(isLike), ...others.filter((j) => !isLike(j))];
    this.#starts = specs.map((_, j) =>
      specs.slice(0, j).reduce((sum, { observationSize }) => sum + observationSize, 0),
    );
  }

  of(agent: number): SharedCritic {
    return new SharedCritic(this.body, this.#specs, agent);
  }

  forward(x: Tensor, actions: readonly Tensor[]): Tensor {
    const observations = this.#order.map((j) =>
      narrow(x, 1, this.#starts[j], this.#specs[j].observationSize),
    );
    const done = this.#order.map((j) => actions[j]);
    return this.body.forward([concat(observations, 1), concat(done, 1)]);
  }
}
