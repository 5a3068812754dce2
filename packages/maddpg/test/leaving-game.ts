import { type Action, Box } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import {
  type AgentSpec,
  type AlgorithmOptions,
  agentSpecs,
  type Environment,
  type EnvironmentStep,
  EpsilonGreedy,
  evaluate,
  type Maddpg,
  type MaddpgSettings,
  policyOf,
  ReplayMemory,
  train,
} from '../src/index.js';

/**
 * The host may ask the guest to leave. In the first step it asks with strength s in [-1, 1], at a cost of 0.1 s. The guest leaves
 * with probability (1 + s) / 2: then its episode ends. In the second step the host loses 3 times what the guest eats, if that is
 * still there. In each step the guest gets -1 - (a - 0.3)² for eating a. Nothing that the guest observes tells the steps apart.
 *
 * The host's best return is -0.1, with s = 1; with s = -1 it is -0.8. The guest should eat 0.3. The score is the host's return minus
 * 5 (a - 0.3)². If the guest also learns from the rows in which it had gone, in which it did and got 0, it learns to
 * eat something else. A host for which a guest who has gone still eats believes that asking does not help.
 */
export class LeavingGame implements Environment {
  readonly possibleAgents = ['host', 'guest'];
  agents: string[] = [];
  #random = new Generator(0);
  #step = 0;
  readonly #observed = new Box(0, 1, [1]);
  readonly #actions = new Box(-1, 1, [1]);

  observationSpace(): Box {
    return this.#observed;
  }

  actionSpace(): Box {
    return this.#actions;
  }

  reset({ seed }: { seed?: number } = {}) {
    if (seed !== undefined) this.#random = new Generator(seed);
    this.#step = 0;
    this.agents = [...this.possibleAgents];
    return { observations: this.#observe(this.agents) };
  }

  step(actions: Readonly<Record<string, Action>>): EnvironmentStep {
    const acted = this.agents;
    const amount = (name: string) => (actions[name] as ArrayLike<number>)[0];
    const eaten = acted.includes('guest') ? amount('guest') : 0;
    const isFirst = this.#step === 0;
    this.#step += 1;
    const leaves = isFirst && this.#random.uniform() < (1 + amount('host')) / 2;
    this.agents = !isFirst ? [] : leaves ? ['host'] : ['host', 'guest'];
    const rewards: Record<string, number> = {
      host: isFirst ? -0.1 * amount('host') : -3 * eaten,
      guest: -1 - (eaten - 0.3) ** 2,
    };
    const forThem = <T>(make: (name: string) => T) =>
      Object.fromEntries(acted.map((name) => [name, make(name)]));
    return {
      observations: this.#observe(acted),
      rewards: forThem((name) => rewards[name]),
      terminations: forThem((name) => !this.agents.includes(name)),
      truncations: forThem(() => false),
      infos: forThem(() => ({})),
    };
  }

  /** The host sees which step it is. */
  #observe(names: readonly string[]): Record<string, number[]> {
    return Object.fromEntries(names.map((name) => [name, [name === 'host' ? this.#step : 0]]));
  }
}

/** Trains in the game, and returns the score. */
export function scoreInLeavingGame(
  Algorithm: new (specs: readonly AgentSpec[], options: AlgorithmOptions<MaddpgSettings>) => Maddpg,
  settings: Partial<MaddpgSettings>,
  seed: number,
): number {
  const env = new LeavingGame();
  const generator = new Generator(seed);
  const algorithm = new Algorithm(agentSpecs(env), { ...settings, generator });
  const memory = new ReplayMemory(algorithm.specs);
  const exploration = new EpsilonGreedy({ generator, initial: 1 }); // uniform actions, from which any policy can be learned
  const rest = { generator, episodes: 800, batchSize: 64, stepsPerUpdate: 2 };
  for (const _ of train({ env, algorithm, memory, exploration, ...rest }));
  const { host } = evaluate(env, policyOf(algorithm), { episodes: 300, seed: 1 }).returns;
  const { guest } = policyOf(algorithm)({ host: [0], guest: [0] });
  return host - 5 * ((guest as number[])[0] - 0.3) ** 2;
}
