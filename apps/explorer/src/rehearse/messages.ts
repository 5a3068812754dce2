/** What the page says to a worker that rehearses, and what it hears. */
import type { GameName } from '../model/games.js';

/** Trainings of one game, one for each seed. */
export interface RehearsalJob {
  readonly game: GameName;
  /** Names of mistakes. */
  readonly mistakes: readonly string[];
  readonly seeds: readonly number[];
}

export interface Score {
  readonly seed: number;
  readonly updates: number;
  readonly score: number;
}
