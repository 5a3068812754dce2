import { type Action, Box, Discrete } from '@paragrad/mpe';
import type { Environment, EnvironmentStep } from '../src/index.js';

/**
 * The two-step game of the QMIX paper (Rashid et al. 2018, section 5 and table 2), as an environment. In the first step agent 0
 * chooses the second step, A or B. In A both agents get 7, whatever they do. In B they get 8 if both choose 1, 1 if one of them
 * does, and else 0. Both observe which step it is.
 */
export class TwoStepGame implements Environment {
  readonly possibleAgents = ['agent_0', 'agent_1'];
  agents: readonly string[] = [];
  /** 0 in the first step, 1 in A, 2 in B. */
  #state = 0;

  observationSpace(): Box {
    return new Box(0, 1, [3]);
  }

  actionSpace(): Discrete {
    return new Discrete(2);
  }

  reset(): { observations: Record<string, number[]> } {
    this.agents = this.possibleAgents;
    this.#state = 0;
    return { observations: this.#observations() };
  }

  step(actions: Readonly<Record<string, Action>>): EnvironmentStep {
    const [a, b] = this.possibleAgents.map((name) => actions[name] as number);
    const reward = [0, 7, [0, 1, 1, 8][2 * a + b]][this.#state];
    const ends = this.#state !== 0;
    this.#state = 1 + a;
    if (ends) this.agents = [];
    return {
      observations: this.#observations(),
      rewards: this.#forBoth(reward),
      terminations: this.#forBoth(ends),
      truncations: this.#forBoth(false),
      infos: this.#forBoth({}),
    };
  }

  #observations(): Record<string, number[]> {
    return this.#forBoth([0, 1, 2].map((state) => Number(state === this.#state)));
  }

  #forBoth<T>(value: T): Record<string, T> {
    return Object.fromEntries(this.possibleAgents.map((name) => [name, value]));
  }
}
