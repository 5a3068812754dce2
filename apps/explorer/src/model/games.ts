/** Small games for two agents. Each is made so that one kind of mistake shows within a few hundred updates. */
import type { Environment, EnvironmentStep } from '@paragrad/maddpg';
import { type Action, Box } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';

/** One list of numbers for each of the two agents. */
export type Both = readonly [readonly number[], readonly number[]];

export interface Game {
  readonly title: string;
  /** The rules, for the reader. */
  readonly rules: string;
  /** Lengths of an observation. An action is one number from -1 to 1. */
  readonly observationSize: number;
  /** Steps of an episode, and of one in which the policy is scored. */
  readonly steps: number;
  readonly scoredSteps?: number;
  /** Whether an episode ends after its steps, or is only cut off there. Default: it ends. */
  readonly isCutOff?: (observations: Both) => boolean;
  /** The score of a step at best. */
  readonly best: number;
  begin(random: Generator): Both;
  reward(observations: Both, actions: readonly number[], i: number, random: Generator): number;
  /** How well agent i does in a step. Default: its reward. */
  score?(observations: Both, actions: readonly number[], i: number): number;
  next(observations: Both, actions: readonly number[], random: Generator): Both;
}

const anything = (random: Generator) => random.uniform(-1, 1);
const oneEach = (make: (i: number) => readonly number[]): Both => [make(0), make(1)];

/** Each also gets a reward for the mistakes of the other, which is larger than the cost of its own. */
const mistakeOfRival = (o: Both, actions: readonly number[], i: number) =>
  (actions[i] - (i === 0 ? 1 : -1) * o[i][0]) ** 2;

const rivals: Game = {
  title: 'Rivals',
  rules:
    'Agent 0 should do what it observes, agent 1 the opposite. Each loses the square of its own error and wins twice the square of the ' +
    "other's. The score is minus the own error.",
  observationSize: 1,
  steps: 1,
  best: 0,
  begin: (random) => oneEach(() => [anything(random)]),
  reward: (o, a, i) => 2 * mistakeOfRival(o, a, 1 - i) - mistakeOfRival(o, a, i),
  score: (o, a, i) => -mistakeOfRival(o, a, i),
  next: (o) => o,
};

const copying = (o: Both, actions: readonly number[], i: number) => -((actions[i] - o[i][0]) ** 2);

const runaway: Game = {
  title: 'Runaway',
  rules:
    'Each agent should do what it observes. From place 1 the way leads to place 4, where it ends, but only one row in 50 is from there. ' +
    'A step of the critic for place 1 also changes its value of place 4, and by more.',
  observationSize: 2,
  steps: 1,
  isCutOff: ([[, place]]) => place === 1,
  best: 0,
  begin: (random) => {
    const place = random.integer(50) === 0 ? 4 : 1;
    return oneEach(() => [anything(random), place]);
  },
  reward: copying,
  next: (_, __, random) => oneEach(() => [anything(random), 4]),
};

const saved = (actions: readonly number[], i: number) => (i === 0 ? 1 : -1) * actions[i];

const saving: Game = {
  title: 'Saving',
  rules:
    'An agent can save: that costs 0.6 of the amount now, and gives the whole amount back in the next step. Training sees episodes of two ' +
    'steps, cut off by a time limit. The score is the reward of a step in episodes of 20.',
  observationSize: 1,
  steps: 2,
  scoredSteps: 20,
  isCutOff: () => true,
  best: 0.35, // 19 steps of 0.4, and the first one, before which nothing was saved
  begin: (random) => oneEach(() => [anything(random)]),
  reward: (o, a, i) => o[i][0] - 0.6 * saved(a, i),
  next: (_, a) => oneEach((i) => [saved(a, i)]),
};

const agreement: Game = {
  title: 'Agreement',
  rules:
    'Two agents should go the same way, whichever that is: r = a₀a₁ - 0.3a₀ + 0.3a₁, for both. Who knows only its own action, while the ' +
    'other acts at random, sees only the last two terms, and they lead apart.',
  observationSize: 1,
  steps: 1,
  best: 1,
  begin: (random) => oneEach(() => [anything(random)]),
  reward: (_, [a, b]) => a * b - 0.3 * a + 0.3 * b,
  next: (o) => o,
};

const glitches: Game = {
  title: 'Glitches',
  rules:
    'Each agent should do what it observes. But one reward in 500 is measured wrong, and is 10,000 too large or too small. The score is without them.',
  observationSize: 1,
  steps: 1,
  best: 0,
  begin: (random) => oneEach(() => [anything(random)]),
  reward: (o, a, i, random) => {
    const glitch = random.integer(500) === 0 ? (random.integer(2) === 0 ? 1e4 : -1e4) : 0;
    return copying(o, a, i) + glitch;
  },
  score: copying,
  next: (o) => o,
};

export const games = { rivals, runaway, saving, agreement, glitches } as const satisfies Record<string, Game>;
export type GameName = keyof typeof games;

const NAMES = ['agent_0', 'agent_1'] as const;

/** A game as an environment that agents are trained in. */
export class GameEnv implements Environment {
  readonly possibleAgents = NAMES;
  agents: readonly string[] = [];
  readonly #game: Game;
  readonly #observed: Box;
  readonly #actions = new Box(-1, 1, [1]);
  #random = new Generator(0);
  #step = 0;
  #now: Both = [[], []];

  constructor(game: Game) {
    this.#game = game;
    this.#observed = new Box(-4, 4, [game.observationSize]);
  }

  observationSpace(): Box {
    return this.#observed;
  }

  actionSpace(): Box {
    return this.#actions;
  }

  reset({ seed }: { seed?: number } = {}) {
    if (seed !== undefined) this.#random = new Generator(seed);
    this.#step = 0;
    this.#now = this.#game.begin(this.#random);
    this.agents = NAMES;
    return { observations: perAgent((i) => this.#now[i]) };
  }

  step(given: Readonly<Record<string, Action>>): EnvironmentStep {
    const { reward, next, steps, isCutOff } = this.#game;
    const actions = NAMES.map((name) => (given[name] as ArrayLike<number>)[0]);
    const before = this.#now;
    const rewards = perAgent((i) => reward(before, actions, i, this.#random));
    this.#now = next(before, actions, this.#random);
    const isLast = ++this.#step === steps;
    const cutOff = isLast && (isCutOff?.(before) ?? false);
    if (isLast) this.agents = [];
    return {
      observations: perAgent((i) => this.#now[i]),
      rewards,
      terminations: perAgent(() => isLast && !cutOff),
      truncations: perAgent(() => cutOff),
      infos: perAgent(() => ({})),
    };
  }
}

function perAgent<T>(make: (i: number) => T): Record<string, T> {
  return Object.fromEntries(NAMES.map((name, i) => [name, make(i)]));
}
