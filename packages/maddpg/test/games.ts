/** Games as tensors: the smallest tasks that show what an algorithm learns, and in seconds. */
import { Generator, normal, Tensor } from '@paragrad/tensor';
import { type AgentSpec, type Batch, jointBatch, type Maddpg, type MaddpgOptions } from '../src/index.js';

/** What each agent has in one row: what it observes, or does. */
type Row = readonly (readonly number[])[];

/** What is left out of these rules is: an episode of one step, somewhere in [-1, 1]. */
interface Rules {
  readonly specs: readonly AgentSpec[];
  /** What agent i is paid. */
  reward(observations: Row, actions: Row, i: number): number;
  /** How well agent i does, where that is not what it is paid. */
  score?(observations: Row, actions: Row, i: number): number;
  /** What they observe somewhere in an episode, as a batch has it. */
  somewhere?(generator: Generator): Row;
  /** What they observe next; by default they are somewhere, whatever they do. */
  next?(observations: Row, actions: Row, generator: Generator): Row;
  /** Whether this step is agent i's last, and why. */
  end?(observations: Row, i: number): End | undefined;
  /** The longest that an episode is played. */
  readonly steps?: number;
}

type End = 'terminated' | 'truncated';

export interface Game extends Required<Rules> {
  /** Transitions of actions as given by `act`; or of uniform ones, from which any policy can be learned. */
  batch(rows: number, generator: Generator, act?: Act): GameBatch;
}

type Act = (observations: readonly Tensor[]) => Tensor[];

export interface GameBatch extends Batch {
  /** Where a time limit ends an episode, which no algorithm has to know: like `terminations`. */
  readonly truncations: readonly Tensor[];
}

function game({ specs, reward, ...rules }: Rules): Game {
  const uniform = (size: number, generator: Generator): number[] =>
    Array.from({ length: size }, () => generator.uniform(-1, 1));
  const {
    score = reward,
    somewhere = (generator) => specs.map(({ observationSize }) => uniform(observationSize, generator)),
    next = (_, __, generator) => somewhere(generator),
    end = () => 'terminated',
    steps = 1,
  } = rules;
  return {
    ...{ specs, reward, score, somewhere, next, end, steps },
    batch(rows, generator, act) {
      const perRow = <T>(make: (row: number) => T): T[] =>
        Array.from({ length: rows }, (_, row) => make(row));
      const observations = tensorsOf(perRow(() => somewhere(generator)));
      const actions =
        act?.(observations) ??
        tensorsOf(perRow(() => specs.map(({ actionSize }) => uniform(actionSize, generator))));
      const [o, a] = [rowsOf(observations), rowsOf(actions)];
      const forEach = (value: (row: number, i: number) => number) =>
        tensorsOf(perRow((row) => specs.map((_, i) => [value(row, i)])));
      return {
        ...jointBatch({
          observations,
          actions,
          rewards: forEach((row, i) => reward(o[row], a[row], i)),
          nextObservations: tensorsOf(perRow((row) => next(o[row], a[row], generator))),
          terminations: forEach((row, i) => Number(end(o[row], i) === 'terminated')),
        }),
        truncations: forEach((row, i) => Number(end(o[row], i) === 'truncated')),
      };
    },
  };
}

/** Each agent is to do what it observes: r_i = -(a_i - o_i)². It never ends. */
export function identityGame(agents: number): Game {
  return game({
    specs: Array.from({ length: agents }, (_, i) => spec(`agent_${i}`, 1, 1)),
    reward: (observations, actions, i) => -((actions[i][0] - observations[i][0]) ** 2),
    end: () => undefined,
  });
}

/**
 * Two agents are paid for agreeing on which way to go, whichever it is: r = a_0 a_1. To one who knows only what it does
 * itself, and meets another that does anything, each action is worth 0.
 */
export function agreementGame(): Game {
  return game({
    specs: [spec('agent_0', 1, 1), spec('agent_1', 1, 1)],
    reward: (_, [a, b]) => a[0] * b[0],
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
 * the step is the last one: then nothing should be put aside, and -1 earns 0.6; unless that end is but a time limit.
 */
export function savingGame(end: End): Game {
  const putAside = (actions: Row, i: number) => (i === 0 ? 1 : -1) * actions[i][0];
  return game({
    specs: [spec('saves_up', 2, 1), spec('saves_down', 2, 1)],
    reward: (observations, actions, i) => observations[i][0] - 0.6 * putAside(actions, i),
    next: (observations, actions) =>
      observations.map(([, clock], i) => [putAside(actions, i), Math.min(1, clock + 1)]),
    end: (observations, i) => (observations[i][1] > 0 ? end : undefined),
    steps: end === 'terminated' ? 2 : 4,
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
    end: ([[, place]]) => (place === 4 ? 'terminated' : undefined),
  });
}

export interface Practice {
  updates?: number;
  rows?: number;
  /** Whether batches are of what the actors do, with noise, instead of uniform actions. */
  following?: boolean;
}

/** What an algorithm, made with these settings, scores after practice. */
export function practise<Options extends MaddpgOptions>(
  game: Game,
  Algorithm: new (specs: readonly AgentSpec[], options: Options) => Maddpg,
  settings: Omit<Options, 'generator'> & { seed?: number },
  { updates = 500, rows = 64, following = false }: Practice = {},
): number {
  const { seed = 1, ...rest } = settings;
  const generator = new Generator(seed);
  const algorithm = new Algorithm(game.specs, { ...rest, generator } as unknown as Options);
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
export function play({ specs, score, somewhere, next, end, steps }: Game, algorithm: Maddpg): number {
  const generator = new Generator(123);
  let places: Row[] = Array.from({ length: 500 }, () => somewhere(generator));
  const over = places.map(() => specs.map(() => false));
  let total = 0;
  for (let step = 0; step < steps; step++) {
    const actions = rowsOf(algorithm.act(tensorsOf(places)));
    places = places.map((place, row) => {
      specs.forEach((_, i) => {
        if (!over[row][i]) total += score(place, actions[row], i);
        over[row][i] ||= end(place, i) === 'terminated';
      });
      return next(place, actions[row], generator);
    });
  }
  return total / places.length / specs.length;
}

function spec(name: string, observationSize: number, actionSize: number): AgentSpec {
  return { name, observationSize, actionSize, maxAction: 1 };
}

/** One tensor [rows, width] for each agent, as rows of what each agent has; and back. */
function rowsOf(tensors: readonly Tensor[]): Row[] {
  return Array.from({ length: tensors[0].shape[0] }, (_, row) =>
    tensors.map(({ data, shape: [, width] }) => [...data.subarray(row * width, (row + 1) * width)]),
  );
}
function tensorsOf(rows: readonly Row[]): Tensor[] {
  return rows[0].map(({ length }, i) => {
    return new Tensor(Float32Array.from(rows.flatMap((row) => row[i])), [rows.length, length]);
  });
}
