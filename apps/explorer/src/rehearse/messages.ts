/** What the page says to a worker that rehearses, and what it hears. */
import type { Task } from '../model/rehearsal.js';

/** Trainings of one task, one for each seed. */
export interface RehearsalJob {
  readonly task: Task;
  /** Names of mistakes. */
  readonly mistakes: readonly string[];
  readonly seeds: readonly number[];
}

export interface Score {
  readonly seed: number;
  readonly updates: number;
  readonly score: number;
}
