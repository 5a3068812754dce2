/** Environments of all kinds: any number of agents, any spaces, agents that end early or appear late, arrays that are reused. */
import { Box, Dict, Discrete, MultiDiscrete, type Space, type SpaceValue, Tuple } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import type { Environment, EnvironmentStep } from '../src/index.js';

/** The steps [from, to) in which an agent is live, and how it ends. */
export interface Life {
  readonly from: number;
  readonly to: number;
  readonly end: 'terminated' | 'truncated';
}

export interface Kind {
  /** Only choices, for algorithms that compare the values of options. */
  readonly choices?: boolean;
  /** Whether it returns the same arrays in each step, and writes to the actions that it gets. */
  readonly careless?: boolean;
  /** All agents are live until the end. */
  readonly together?: boolean;
}

const finite = (draw: Generator): Space[] => [
  new Box(0, 1, [1]),
  new Box(-2, 2, [2]),
  new Box([0, -1e9, 5], [1e-9, 1e9, 5]),
  new Box(3, 7, [2, 1 + draw.integer(2)]),
  new Dict({ gear: new Discrete(3), throttle: new Box(0, 1, [2]) }),
  new Tuple([new Discrete(2), new Box(-1, 5, []), new MultiDiscrete([2, 3])]),
];
const choices: Space[] = [
  new Discrete(3),
  new Discrete(2, -1),
  new MultiDiscrete([2, 3]),
  new Tuple([new Discrete(2)]),
];
const seen: Space[] = [
  new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [3]),
  new Box(-1, 1, [2, 2]),
  new Box(0, 1, [2, 1, 3]),
  new Discrete(4),
  new Tuple([new Discrete(2), new Box(-1, 1, [2])]),
];

/** An environment that follows from the seed. It throws if an action is not in its space, or is of an agent that is not live. */
export class RandomEnv implements Environment {
  readonly possibleAgents: string[];
  agents: string[] = [];
  /** Rewards of the episode so far. */
  returns: Record<string, number> = {};
  readonly lives: Readonly<Record<string, Life>>;
  readonly #actionSpaces: Readonly<Record<string, Space>>;
  readonly #observationSpaces: Readonly<Record<string, Space>>;
  readonly #kind: Kind;
  readonly #reused: Record<string, SpaceValue> = {};
  #random = new Generator(0);
  #step = 0;

  constructor(seed: number, kind: Kind = {}) {
    const draw = new Generator(seed);
    const pick = <T>(from: readonly T[]): T => from[draw.integer(from.length)];
    this.#kind = kind;
    this.possibleAgents = Array.from({ length: 1 + draw.integer(4) }, (_, i) => `agent_${i}`);
    const perAgent = <T>(make: (i: number) => T) =>
      Object.fromEntries(this.possibleAgents.map((name, i) => [name, make(i)]));
    this.#actionSpaces = perAgent(() =>
      pick(kind.choices ? choices : [...choices, ...finite(draw), ...finite(draw)]),
    );
    this.#observationSpaces = perAgent(() => pick(seen));
    const length = 4 + draw.integer(6);
    const end = (): Life['end'] => pick(['terminated', 'truncated']);
    const commonEnd = end();
    this.lives = perAgent((i) => {
      if (kind.together) return { from: 0, to: length, end: commonEnd };
      const from = i === 0 || draw.integer(2) === 0 ? 0 : draw.integer(length - 1);
      const to = draw.integer(2) === 0 ? length : from + 1 + draw.integer(length - from);
      return { from, to: i === 0 ? length : to, end: end() };
    });
  }

  observationSpace(agent: string): Space {
    return this.#observationSpaces[agent];
  }

  actionSpace(agent: string): Space {
    return this.#actionSpaces[agent];
  }

  reset({ seed }: { seed?: number } = {}): {
    observations: Record<string, SpaceValue>;
    infos: Record<string, object>;
  } {
    if (seed !== undefined) this.#random = new Generator(seed);
    this.#step = 0;
    this.returns = Object.fromEntries(this.possibleAgents.map((name) => [name, 0]));
    this.agents = this.#liveAt(0);
    return { observations: this.#observe(this.agents), infos: this.#forEach(this.agents, () => ({})) };
  }

  step(actions: Readonly<Record<string, SpaceValue>>): EnvironmentStep {
    const acted = [...this.agents];
    if (Object.keys(actions).sort().join() !== [...acted].sort().join()) {
      throw new Error(`RandomEnv: actions of ${Object.keys(actions)}, but ${acted} are live`);
    }
    for (const name of acted) {
      if (!this.actionSpace(name).contains(actions[name])) {
        throw new Error(
          `RandomEnv: ${name}'s action ${JSON.stringify(actions[name])} is not in ${this.actionSpace(name)}`,
        );
      }
      const action = actions[name] as { [k: number]: number };
      if (this.#kind.careless && typeof action === 'object' && 0 in action) action[0] = 1e6;
    }
    this.#step += 1;
    const next = this.#liveAt(this.#step);
    const ends = (name: string, how: Life['end']) => !next.includes(name) && this.lives[name].end === how;
    // A list that is changed in place, or a new one.
    if (this.#kind.careless) this.agents.splice(0, this.agents.length, ...next);
    else this.agents = next;
    const rewards = this.#forEach(acted, () => this.#random.uniform(-1, 1));
    for (const name of acted) this.returns[name] += rewards[name];
    const both = [...acted, ...next.filter((name) => !acted.includes(name))];
    return {
      observations: this.#observe(both),
      rewards,
      terminations: this.#forEach(acted, (name) => ends(name, 'terminated')),
      truncations: this.#forEach(acted, (name) => ends(name, 'truncated')),
      infos: this.#forEach(both, () => ({})),
    };
  }

  #liveAt(step: number): string[] {
    return this.possibleAgents.filter((name) => this.lives[name].from <= step && step < this.lives[name].to);
  }

  #forEach<T>(names: readonly string[], make: (name: string) => T): Record<string, T> {
    return Object.fromEntries(names.map((name) => [name, make(name)]));
  }

  #observe(names: readonly string[]): Record<string, SpaceValue> {
    return this.#forEach(names, (name) => {
      const space = this.observationSpace(name);
      const isUnbounded = space instanceof Box && space.low === Number.NEGATIVE_INFINITY;
      const value = (isUnbounded ? new Box(-3, 3, space.shape) : space).sample(this.#random);
      if (!(this.#kind.careless && value instanceof Float64Array)) return value;
      this.#reused[name] ??= new Float64Array(value.length);
      (this.#reused[name] as Float64Array).set(value);
      return this.#reused[name];
    });
  }
}
