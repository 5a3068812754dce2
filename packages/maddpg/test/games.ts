/** Games of one step, as tensors: the smallest tasks that show what an algorithm learns, and in seconds. */
import { type Action, Box, Discrete } from '@paragrad/mpe';
import { type FloatArray, type Generator, Generator as Seeded, Tensor, uniform } from '@paragrad/tensor';
import {
  type AgentSpec,
  type Algorithm,
  type Batch,
  type Environment,
  type EnvironmentStep,
  jointBatch,
  type Transition,
} from '../src/index.js';

export interface Game {
  readonly specs: readonly AgentSpec[];
  /** What agent i is paid in one row; all are arrays of what each agent has in that row. */
  reward(
    observations: readonly ArrayLike<number>[],
    actions: readonly ArrayLike<number>[],
    i: number,
  ): number;
  /** Uniform observations, and actions as given by `act`; or uniform ones, from which any policy can be learned. */
  batch(rows: number, generator: Generator, act?: (observations: readonly Tensor[]) => Tensor[]): Batch;
}

function game(specs: readonly AgentSpec[], terminated: boolean, reward: Game['reward']): Game {
  return {
    specs,
    reward,
    batch(rows, generator, act) {
      const draw = (size: number) => uniform([rows, size], generator, { low: -1, high: 1 });
      const observations = specs.map(({ observationSize }) => draw(observationSize));
      const actions = act?.(observations) ?? specs.map(({ actionSize }) => draw(actionSize));
      const rewards = specs.map((_, i) =>
        perRow(rows, (row) => reward(rowsOf(observations, row), rowsOf(actions, row), i)),
      );
      return jointBatch({
        observations,
        actions,
        rewards,
        nextObservations: specs.map(({ observationSize }) => draw(observationSize)),
        terminations: specs.map(() => perRow(rows, () => Number(terminated))),
      });
    },
  };
}

/** Each agent is to do what it observes: r_i = -(a_i - o_i)². It never ends. */
export function identityGame(agents: number): Game {
  const specs = Array.from({ length: agents }, (_, i) => spec(`agent_${i}`, 1, 1));
  return game(specs, false, (observations, actions, i) => -((actions[i][0] - observations[i][0]) ** 2));
}

/**
 * Two agents are paid for agreeing on which way to go, whichever it is: r = a_0 a_1. To one who knows only what it does
 * itself, and meets another that does anything, each action is worth 0.
 */
export function agreementGame(): Game {
  const specs = [spec('agent_0', 1, 1), spec('agent_1', 1, 1)];
  return game(specs, true, (_, [a, b]) => a[0] * b[0]);
}

/**
 * The first agent sees eight numbers, the first of which is what the second has to do; it sees nothing of that. Both are paid
 * -(a_1 - secret)²: without a message -1/3 is the most that can be had.
 */
export function secretGame(): Game {
  const specs = [spec('knows', 8, 1), spec('acts', 1, 1)];
  return game(specs, true, ([knows], [, acts]) => -((acts[0] - knows[0]) ** 2));
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

/**
 * The two-step game of the QMIX paper (Rashid et al. 2018, section 5 and table 2), as an environment. In the first step agent 0
 * chooses a second one: in A both are paid 7 whatever they do, in B 0, 1, 1 or 8, which is for choosing 1 both. Each sees which
 * step it is.
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
      rewards: this.#both(reward),
      terminations: this.#both(ends),
      truncations: this.#both(false),
      infos: this.#both({}),
    };
  }

  #observations(): Record<string, number[]> {
    return this.#both([0, 1, 2].map((state) => Number(state === this.#state)));
  }

  #both<T>(value: T): Record<string, T> {
    return Object.fromEntries(this.possibleAgents.map((name) => [name, value]));
  }
}

/** The mean reward, over agents and 500 rows, of what the actors do. */
export function play({ specs, batch, reward }: Game, algorithm: Algorithm): number {
  const rows = 500;
  const { observations } = batch(rows, new Seeded(123));
  const actions = algorithm.act(observations);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    specs.forEach((_, i) => {
      total += reward(rowsOf(observations, row), rowsOf(actions, row), i);
    });
  }
  return total / rows / specs.length;
}

function spec(name: string, observationSize: number, actionSize: number): AgentSpec {
  return { name, observationSize, actionSize, maxAction: 1 };
}

function rowsOf(tensors: readonly Tensor[], row: number): FloatArray[] {
  return tensors.map(({ data, shape: [, width] }) => data.subarray(row * width, (row + 1) * width));
}

function perRow(rows: number, value: (row: number) => number): Tensor {
  return new Tensor(
    Float32Array.from({ length: rows }, (_, row) => value(row)),
    [rows, 1],
  );
}
