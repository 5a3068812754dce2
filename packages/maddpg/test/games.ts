/** Small games, as batches of tensors. An algorithm learns each of them in seconds. */
import { Generator, normal, Tensor } from '@paragrad/tensor';
import {
  type AgentSpec,
  type Algorithm,
  type AlgorithmOptions,
  type Batch,
  jointBatch,
  type Maddpg,
  type MaddpgSettings,
  type Transition,
} from '../src/index.js';

/** One row of a batch: the observation, or the action, of each agent. */
type Row = readonly (ArrayLike<number> & Iterable<number>)[];

interface Rules {
  readonly specs: readonly AgentSpec[];
  /** The reward of agent i. */
  reward(observations: Row, actions: Row, i: number): number;
  /** How well agent i does. Default: its reward. */
  score?(observations: Row, actions: Row, i: number): number;
  /** Draws what the agents observe in some step of an episode. Default: numbers in [-1, 1]. */
  drawObservations?(generator: Generator): number[][];
  /** What the agents observe next. Default: drawn again, whatever they do. */
  next?(observations: Row, actions: Row, generator: Generator): number[][];
  /** Whether this step is agent i's last. Default: every step is. */
  ends?(observations: Row, i: number): boolean;
  /** The most steps of an episode. Default 1. */
  readonly steps?: number;
}

export interface Game extends Rules {
  /** Transitions with the actions that `act` gives. Default: uniform actions, from which any policy can be learned. */
  batch(rows: number, generator: Generator, act?: Act): Batch;
}

type Act = (observations: readonly Tensor[]) => Tensor[];

function game(rules: Rules): Game {
  const { specs, reward, ends = () => true } = rules;
  const uniform = (generator: Generator, size: 'observationSize' | 'actionSize') =>
    specs.map((spec) => listOf(spec[size], () => generator.uniform(-1, 1)));
  const { drawObservations = (generator) => uniform(generator, 'observationSize') } = rules;
  const { next = (_, __, generator) => drawObservations(generator) } = rules;
  return {
    ...rules,
    batch(rows, generator, act) {
      const observations = tensorsOf(listOf(rows, () => drawObservations(generator)));
      const actions = act?.(observations) ?? tensorsOf(listOf(rows, () => uniform(generator, 'actionSize')));
      const [o, a] = [rowsOf(observations), rowsOf(actions)];
      return jointBatch({
        observations,
        actions,
        rewards: tensorsOf(o.map((_, row) => specs.map((_, i) => [reward(o[row], a[row], i)]))),
        nextObservations: tensorsOf(o.map((_, row) => next(o[row], a[row], generator))),
        terminations: tensorsOf(o.map((row) => specs.map((_, i) => [Number(ends(row, i))]))),
      });
    },
  };
}

/** Each agent should do what it observes: r_i = -(a_i - o_i)². An episode never ends. */
export function identityGame(agents: number): Game {
  return game({
    specs: Array.from({ length: agents }, (_, i) => spec(`agent_${i}`, 1, 1)),
    reward: (observations, actions, i) => -((actions[i][0] - observations[i][0]) ** 2),
    ends: () => false,
  });
}

/**
 * Two agents should go the same way, whichever way that is: r = a_0 a_1 - 0.3 a_0 + 0.3 a_1, which is 1 at best. An agent that
 * knows only its own action, while the other acts at random, sees only the last two terms. If both learn from these, then
 * a_0 = -1, a_1 = 1 and r = -0.4.
 */
export function agreementGame(): Game {
  return game({
    specs: [spec('agent_0', 1, 1), spec('agent_1', 1, 1)],
    reward: (_, [[a], [b]]) => a * b - 0.3 * a + 0.3 * b,
  });
}

/**
 * The first agent should do what it observes, the second the opposite. Each also gets a reward for the other's mistakes, which
 * is larger than the cost of its own: r_i = 2 e_j - e_i, with e_0 = (a_0 - o_0)² and e_1 = (a_1 + o_1)². An agent that learns
 * from another agent's reward, action or observation harms itself, and so does one that climbs the values of all agents. The
 * score is -e_i.
 */
export function rivalsGame(): Game {
  const mistake = (o: Row, a: Row, i: number) => (a[i][0] + (i === 0 ? -1 : 1) * o[i][0]) ** 2;
  return game({
    specs: [spec('copies', 1, 1), spec('contradicts', 1, 1)],
    reward: (o, a, i) => 2 * mistake(o, a, 1 - i) - mistake(o, a, i),
    score: (o, a, i) => -mistake(o, a, i),
  });
}

/**
 * The first agent observes eight numbers. The first of them is the secret: what the second agent should do. The second agent does
 * not observe it. Both get -(a_1 - secret)². Without a message the best mean is -1/3.
 */
export function secretGame(): Game {
  return game({
    specs: [spec('knows', 8, 1), spec('acts', 1, 1)],
    reward: ([knows], [, acts]) => -((acts[0] - knows[0]) ** 2),
  });
}

/**
 * An agent can save. Saving costs 0.6 of the amount now, and gives the whole amount back in the next step:
 * r_i = saved before - 0.6 saved now. Each agent observes what it has saved, and a clock. The second agent saves by negative
 * actions. If the clock is above 0, the step is the last one: saving is wrong then, and borrowing (saving -1) earns 0.6. But
 * with a time limit the step is only the last one that is played, and saving is always right.
 */
export function savingGame({ timeLimit }: { timeLimit: boolean }): Game {
  const saved = (actions: Row, i: number) => (i === 0 ? 1 : -1) * actions[i][0];
  return game({
    specs: [spec('saves_up', 2, 1), spec('saves_down', 2, 1)],
    reward: (observations, actions, i) => observations[i][0] - 0.6 * saved(actions, i),
    next: (observations, actions) =>
      observations.map(([, clock], i) => [saved(actions, i), Math.min(1, clock + 1)]),
    ends: (observations, i) => !timeLimit && observations[i][1] > 0,
    steps: timeLimit ? 4 : 2,
  });
}

/**
 * Each agent should do what it observes. Place 1 leads to place 4, where the episode ends, but only one row in 50 is from place 4.
 * A critic's step for place 1 also changes its value of place 4, and by more, because that input is larger. If the critic
 * bootstraps from itself, the value that it follows runs away, as in Tsitsiklis and Van Roy's w -> 2w (Sutton and Barto 2018,
 * section 11.2). A target that moves slowly gives the few rows from place 4 time to correct the value.
 */
export function runawayGame(): Game {
  const at = (place: number, generator: Generator) => [0, 1].map(() => [generator.uniform(-1, 1), place]);
  return game({
    specs: [spec('agent_0', 2, 1), spec('agent_1', 2, 1)],
    reward: (observations, actions, i) => -((actions[i][0] - observations[i][0]) ** 2),
    drawObservations: (generator) => at(generator.integer(50) === 0 ? 4 : 1, generator),
    next: (_, __, generator) => at(4, generator),
    ends: ([[, place]]) => place === 4,
  });
}

/** The same game, with observations far from 0 and far apart: 1000 + 100 o. */
export function farAway({ specs, reward, batch }: Game): Game {
  const far = (tensors: readonly Tensor[]) => tensors.map((x) => x.mul(100).add(1000));
  const near = (rows: readonly ArrayLike<number>[]) =>
    rows.map((row) => Array.from(row, (value) => (value - 1000) / 100));
  return {
    specs,
    reward: (observations, actions, i) => reward(near(observations), actions, i),
    batch(...given) {
      const { observations, nextObservations, ...rest } = batch(...given);
      return jointBatch({
        ...rest,
        observations: far(observations),
        nextObservations: far(nextObservations),
      });
    },
  };
}

/** The same game, with agent i's rewards multiplied by `scales[i]`. */
export function withRewardScales(scales: readonly number[], { specs, reward, batch }: Game): Game {
  return {
    specs,
    reward: (observations, actions, i) => reward(observations, actions, i) * scales[i],
    batch(...given) {
      const one = batch(...given);
      return { ...one, rewards: one.rewards.map((rewards, i) => rewards.mul(scales[i])) };
    },
  };
}

/** The rows of a batch as transitions. Each is an episode of its own. */
export function transitionsOf({
  observations,
  actions,
  rewards,
  nextObservations,
  terminations,
}: Batch): Transition[] {
  const [o, a, r, next, ends] = [observations, actions, rewards, nextObservations, terminations].map(rowsOf);
  return o.map((_, row) => ({
    observations: o[row],
    actions: a[row],
    rewards: r[row].map(([reward]) => reward),
    nextObservations: next[row],
    terminations: ends[row].map(([done]) => done === 1),
    truncations: rewards.map(() => true),
  }));
}

export interface Practice {
  updates?: number;
  rows?: number;
  /** Whether batches hold the actions of the actors, with noise, instead of uniform ones. */
  onPolicy?: boolean;
}

/** Makes an algorithm, lets it learn a game, and returns its score. */
export function scoreAfterPractice<Given extends AlgorithmOptions<MaddpgSettings>>(
  game: Game,
  Algorithm: new (specs: readonly AgentSpec[], options: Given) => Maddpg,
  settings: Omit<Given, 'generator'> & { seed?: number },
  { updates = 500, rows = 64, onPolicy = false }: Practice = {},
): number {
  const { seed = 1, ...rest } = settings;
  const generator = new Generator(seed);
  const algorithm = new Algorithm(game.specs, { ...rest, generator } as unknown as Given);
  const act: Act = (observations) =>
    algorithm
      .act(observations)
      .map((a) => a.add(normal(a.shape, generator).mul(0.3)).clamp({ min: -1, max: 1 }));
  for (let update = 0; update < updates; update++) {
    algorithm.update(game.batch(rows, generator, onPolicy ? act : undefined));
  }
  return meanScore(game, algorithm);
}

/** The score of an episode when the agents act without exploration: the mean over all agents and 500 episodes. */
export function meanScore(
  { specs, batch, reward, score = reward, next, ends, steps = 1 }: Game,
  algorithm: Algorithm,
): number {
  const rows = 500;
  const generator = new Generator(123);
  let { observations } = batch(rows, generator);
  const endedRows = specs.map(() => new Set<number>());
  let total = 0;
  for (let step = 1; step <= steps; step++) {
    const [allObserved, allDone] = [observations, algorithm.act(observations)].map(rowsOf);
    const nextRows: number[][][] = [];
    for (let row = 0; row < rows; row++) {
      const [o, a] = [allObserved[row], allDone[row]];
      endedRows.forEach((ended, i) => {
        if (!ended.has(row)) total += score(o, a, i);
        if (ends?.(o, i)) ended.add(row);
      });
      if (next && step < steps) nextRows.push(next(o, a, generator));
    }
    observations = tensorsOf(nextRows);
  }
  return total / rows / specs.length;
}

function spec(name: string, observationSize: number, actionSize: number): AgentSpec {
  return { name, observationSize, actionSize, maxAction: 1 };
}

// Batches of games take much of the time of these tests, so these are loops.

function listOf<T>(length: number, make: () => T): T[] {
  const list: T[] = [];
  for (let k = 0; k < length; k++) list.push(make());
  return list;
}

/** A tensor [rows, width] of each agent -> rows[row][agent]. */
function rowsOf(tensors: readonly Tensor[]): number[][][] {
  const rows: number[][][] = [];
  tensors.forEach(({ data, shape: [length, width] }, i) => {
    for (let row = 0; row < length; row++) {
      const values: number[] = [];
      for (let k = row * width; k < (row + 1) * width; k++) values.push(data[k]);
      if (i === 0) rows.push([values]);
      else rows[row].push(values);
    }
  });
  return rows;
}

/** rows[row][agent] -> a tensor [rows, width] for each agent. */
function tensorsOf(rows: readonly number[][][]): Tensor[] {
  return (rows[0] ?? []).map(({ length }, i) => {
    const data = new Float32Array(rows.length * length);
    for (let row = 0; row < rows.length; row++) {
      for (let k = 0; k < length; k++) data[row * length + k] = rows[row][i][k];
    }
    return new Tensor(data, [rows.length, length]);
  });
}
