/** Two small trainings beside each other: the same game, seed and first weights, with and without mistakes. */
import { agentSpecs, EpsilonGreedy, Maddpg, type Trainer, train } from '@paragrad/maddpg';
import { Generator, Tensor } from '@paragrad/tensor';
import { ArenaRehearsal, type ArenaTask } from './arena-rehearsal.js';
import { makeWith } from './copy.js';
import { type Both, type Game, GameEnv, type GameName, games } from './games.js';
import type { Mistake } from './mistakes.js';

/** A training that can be scored at any time. */
export interface Rehearsal {
  /** Trains until so many updates were made. */
  trainTo(updates: number): void;
  score(): number;
}

/** What is trained: a small game, or a scenario of the arena. */
export type Task = GameName | ArenaTask;

/** How long a task is trained, and how often it is scored, in updates. */
export function courseOf(task: Task): { readonly updates: number; readonly scoreEvery: number } {
  return typeof task === 'string' ? { updates: 500, scoreEvery: 10 } : { updates: 1500, scoreEvery: 100 };
}

export function makeRehearsal(task: Task, mistakes: readonly Mistake[], seed: number): Rehearsal {
  return typeof task === 'string'
    ? new GameRehearsal(games[task], mistakes, seed)
    : new ArenaRehearsal(task, mistakes, seed);
}

const SETTINGS = { hidden: [32], gamma: 0.95, tau: 0.02, actorLr: 3e-3, criticLr: 1e-2 } as const;
const STEPS_PER_UPDATE = 2;
const BATCH = 64;
/** A score is the mean of so many episodes, played side by side. */
const SCORED = 200;

/** A training of MADDPG in a small game. Actions are random, from which any policy can be learned. */
class GameRehearsal implements Rehearsal {
  readonly #game: Game;
  readonly #trainer: Trainer;
  readonly #algorithm: Maddpg;

  constructor(game: Game, mistakes: readonly Mistake[], seed: number) {
    this.#game = game;
    const env = new GameEnv(game);
    const random = new Generator(seed);
    const right = new Maddpg(agentSpecs(env), { ...SETTINGS, generator: new Generator(0) });
    this.#algorithm = makeWith(right, mistakes, random.fork('weights'));
    this.#trainer = train({
      env,
      algorithm: this.#algorithm,
      memory: this.#algorithm.makeMemory(),
      exploration: new EpsilonGreedy({ generator: random.fork('noise'), initial: 1 }),
      generator: random.fork('training'),
      episodes: Number.MAX_SAFE_INTEGER,
      batchSize: BATCH,
      stepsPerUpdate: STEPS_PER_UPDATE,
      onWarning: () => {},
    });
  }

  trainTo(updates: number): void {
    while (this.#trainer.updates < updates) this.#trainer.step();
  }

  /** The mean score of a step when both agents do what their actors say. */
  score(): number {
    const { begin, next, steps, scoredSteps = steps, reward } = this.#game;
    const { score = reward } = this.#game;
    const random = new Generator(123);
    let now: Both[] = Array.from({ length: SCORED }, () => begin(random));
    let total = 0;
    for (let step = 0; step < scoredSteps; step++) {
      const actions = this.#act(now);
      now.forEach((row, k) => {
        for (const i of [0, 1]) total += score(row, actions[k], i, random);
      });
      now = now.map((row, k) => next(row, actions[k], random));
    }
    return total / SCORED / scoredSteps / 2;
  }

  #act(rows: readonly Both[]): number[][] {
    const columns = [0, 1].map((i) => Float32Array.from(rows.flatMap((row) => row[i])));
    const observations = columns.map((data) => new Tensor(data, [rows.length, data.length / rows.length]));
    const [first, second] = this.#algorithm.act(observations);
    return rows.map((_, k) => [first.data[k], second.data[k]]);
  }
}
