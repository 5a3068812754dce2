/** Games as tensors: the smallest tasks that show what an algorithm learns, and in seconds. */
import { type FloatArray, Generator, normal, Tensor } from '@paragrad/tensor';
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

/** What each agent has in one row: what it observes, or does. */
type Row = readonly (ArrayLike<number> & Iterable<number>)[];

interface Rules {
  readonly specs: readonly AgentSpec[];
  /** What agent i is paid. */
  reward(observations: Row, actions: Row, i: number): number;
  /** How well agent i does, where that is not what it is paid. */
  score?(observations: Row, actions: Row, i: number): number;
  /** What they observe somewhere in an episode; by default numbers in [-1, 1]. */
  somewhere?(generator: Generator): number[][];
  /** What they observe next; by default they are somewhere, whatever they do. */
  next?(observations: Row, actions: Row, generator: Generator): number[][];
  /** Whether this step is agent i's last. By default each is. */
  ends?(observations: Row, i: number): boolean;
  /** The longest that an episode is played. Default 1. */
  readonly steps?: number;
}

export interface Game extends Rules {
  /** Transitions of actions as given by `act`; or of uniform ones, from which any policy can be learned. */
  batch(rows: number, generator: Generator, act?: Act): Batch;
}

type Act = (observations: readonly Tensor[]) => Tensor[];

function game(rules: Rules): Game {
  const { specs, reward, ends = () => true } = rules;
  const uniform = (generator: Generator, size: 'observationSize' | 'actionSize') =>
    specs.map((spec) => Array.from({ length: spec[size] }, () => generator.uniform(-1, 1)));
  const { somewhere = (generator) => uniform(generator, 'observationSize') } = rules;
  const { next = (_, __, generator) => somewhere(generator) } = rules;
  return {
    ...rules,
    batch(rows, generator, act) {
      const perRow = <T>(make: (row: number) => T): T[] =>
        Array.from({ length: rows }, (_, row) => make(row));
      const observations = tensorsOf(perRow(() => somewhere(generator)));
      const actions = act?.(observations) ?? tensorsOf(perRow(() => uniform(generator, 'actionSize')));
      const o = perRow((row) => rowsOf(observations, row));
      const a = perRow((row) => rowsOf(actions, row));
      return jointBatch({
        observations,
        actions,
        rewards: tensorsOf(perRow((row) => specs.map((_, i) => [reward(o[row], a[row], i)]))),
        nextObservations: tensorsOf(perRow((row) => next(o[row], a[row], generator))),
        terminations: tensorsOf(perRow((row) => specs.map((_, i) => [Number(ends(o[row], i))]))),
      });
    },
  };
}

/** Each agent is to do what it observes: r_i = -(a_i - o_i)². It never ends. */
export function identityGame(agents: number): Game {
  return game({
    specs: Array.from({ length: agents }, (_, i) => spec(`agent_${i}`, 1, 1)),
    reward: (observations, actions, i) => -((actions[i][0] - observations[i][0]) ** 2),
    ends: () => false,
  });
}

/**
 * Two agents are paid for agreeing on which way to go, whichever it is, and less for going different ways:
 * r = a_0 a_1 - 0.3 a_0 + 0.3 a_1. To one who knows only what it does itself, and meets another that does anything, the
 * second part is all there is, which is -0.4 in the end. At best it is 1.
 */
export function agreementGame(): Game {
  return game({
    specs: [spec('agent_0', 1, 1), spec('agent_1', 1, 1)],
    reward: (_, [[a], [b]]) => a * b - 0.3 * a + 0.3 * b,
  });
}

/**
 * One is to do what it observes, the other the opposite; and each is paid for the other's mistakes, more than its own cost it:
 * r_i = 2 e_j - e_i, with e_0 = (a_0 - o_0)² and e_1 = (a_1 + o_1)². Who takes another's reward, action or observation for
 * its own does harm to itself, and who climbs everyone's value does, too. What is scored is -e_i.
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
 * The first agent sees eight numbers, the first of which is what the second has to do; it sees nothing of that. Both are paid
 * -(a_1 - secret)²: without a message -1/3 is the most that can be had.
 */
export function secretGame(): Game {
  return game({
    specs: [spec('knows', 8, 1), spec('acts', 1, 1)],
    reward: ([knows], [, acts]) => -((acts[0] - knows[0]) ** 2),
  });
}

/**
 * What an agent puts aside costs it 0.6 of that now, and is paid to it in the next step: it observes what it has put aside and its
 * clock, r_i = put aside before - 0.6 put aside now. The second agent puts aside by negative actions. When the clock is past 0,
 * the step is the last: nothing should be put aside then, and -1 earns 0.6. But with a time limit the step is only the
 * last that is seen, and putting aside is always worth it.
 */
export function savingGame({ timeLimit }: { timeLimit: boolean }): Game {
  const putAside = (actions: Row, i: number) => (i === 0 ? 1 : -1) * actions[i][0];
  return game({
    specs: [spec('saves_up', 2, 1), spec('saves_down', 2, 1)],
    reward: (observations, actions, i) => observations[i][0] - 0.6 * putAside(actions, i),
    next: (observations, actions) =>
      observations.map(([, clock], i) => [putAside(actions, i), Math.min(1, clock + 1)]),
    ends: (observations, i) => !timeLimit && observations[i][1] > 0,
    steps: timeLimit ? 4 : 2,
  });
}

/**
 * Each agent is to do what it observes, and from place 1 they come to place 4, where it ends; but only one row of 50 is from
 * there. A step of a critic for place 1 moves its value of place 4 as well, and further, because the input is larger. Where it
 * bootstraps from itself it so runs after a value that runs away, as in Tsitsiklis and Van Roy's w -> 2w (Sutton and Barto 2018,
 * section 11.2); a target that stands still lets the few rows catch up.
 */
export function runawayGame(): Game {
  const at = (place: number, generator: Generator) => [0, 1].map(() => [generator.uniform(-1, 1), place]);
  return game({
    specs: [spec('agent_0', 2, 1), spec('agent_1', 2, 1)],
    reward: (observations, actions, i) => -((actions[i][0] - observations[i][0]) ** 2),
    somewhere: (generator) => at(generator.integer(50) === 0 ? 4 : 1, generator),
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

/** The same game, with agent i's rewards multiplied by the i-th scale. */
export function paid(scales: readonly number[], { specs, reward, batch }: Game): Game {
  return {
    specs,
    reward: (observations, actions, i) => reward(observations, actions, i) * scales[i],
    batch(...given) {
      const one = batch(...given);
      return { ...one, rewards: one.rewards.map((rewards, i) => rewards.mul(scales[i])) };
    },
  };
}

/** The rows of a batch as transitions, each an episode by itself. */
export function transitionsOf({
  observations,
  actions,
  rewards,
  nextObservations,
  terminations,
}: Batch): Transition[] {
  return Array.from({ length: rewards[0].shape[0] }, (_, row) => ({
    observations: rowsOf(observations, row),
    actions: rowsOf(actions, row),
    rewards: rowsOf(rewards, row).map(([reward]) => reward),
    nextObservations: rowsOf(nextObservations, row),
    terminations: rowsOf(terminations, row).map(([done]) => done === 1),
    truncations: rewards.map(() => true),
  }));
}

export interface Practice {
  updates?: number;
  rows?: number;
  /** Whether batches are of what the actors do, with noise, instead of uniform actions. */
  following?: boolean;
}

/** What an algorithm, made with these settings, scores after practice. */
export function playAndLearn<Given extends AlgorithmOptions<MaddpgSettings>>(
  game: Game,
  Algorithm: new (specs: readonly AgentSpec[], options: Given) => Maddpg,
  settings: Omit<Given, 'generator'> & { seed?: number },
  { updates = 500, rows = 64, following = false }: Practice = {},
): number {
  const { seed = 1, ...rest } = settings;
  const generator = new Generator(seed);
  const algorithm = new Algorithm(game.specs, { ...rest, generator } as unknown as Given);
  const act: Act = (observations) =>
    algorithm
      .act(observations)
      .map((a) => a.add(normal(a.shape, generator).mul(0.3)).clamp({ min: -1, max: 1 }));
  for (let update = 0; update < updates; update++) {
    algorithm.update(game.batch(rows, generator, following ? act : undefined));
  }
  return play(game, algorithm);
}

/** What an episode brings an agent: the mean over agents and 500 episodes, of what the actors do. */
export function play(
  { specs, batch, reward, score = reward, next, ends, steps = 1 }: Game,
  algorithm: Algorithm,
): number {
  const rows = 500;
  const generator = new Generator(123);
  let { observations } = batch(rows, generator);
  const over = specs.map(() => new Set<number>());
  let total = 0;
  for (let step = 1; step <= steps; step++) {
    const actions = algorithm.act(observations);
    const nextRows: number[][][] = [];
    for (let row = 0; row < rows; row++) {
      const [o, a] = [rowsOf(observations, row), rowsOf(actions, row)];
      over.forEach((rowsOver, i) => {
        if (!rowsOver.has(row)) total += score(o, a, i);
        if (ends?.(o, i)) rowsOver.add(row);
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

function rowsOf(tensors: readonly Tensor[], row: number): FloatArray[] {
  return tensors.map(({ data, shape: [, width] }) => data.subarray(row * width, (row + 1) * width));
}

/** What each agent has in each row, as a tensor [rows, width] for each agent. */
function tensorsOf(rows: readonly number[][][]): Tensor[] {
  return (rows[0] ?? []).map(({ length }, i) => {
    return new Tensor(Float32Array.from(rows.flatMap((row) => row[i])), [rows.length, length]);
  });
}
