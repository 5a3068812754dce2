import { type Evaluation, saveCheckpoint, type Trainer, toJson } from '@paragrad/maddpg';
import { asLogged } from '../run/metrics-rows.js';
import type { RunFolder } from '../run/run-folder.js';

/**
 * What did best in the evaluations in training: best/, or best-<team>/ for each team. All agents are in it, because a team did that
 * well against the others of that moment. If two did equally well, the first one stays.
 */
export class BestCheckpoints {
  readonly #folder: RunFolder;
  /** The best returns so far, by the name of their column in evaluations.csv. */
  readonly #best: Map<string, number>;
  /** What is to be written, by folder. */
  readonly #pending = new Map<string, Readonly<Record<string, string | Uint8Array>>>();

  constructor(folder: RunFolder) {
    this.#folder = folder;
    folder.removeUnfinished('.');
    const columns = Object.entries(folder.log.evaluations.read());
    // One by one: there may be more values than a function takes arguments.
    const best = (values: readonly number[]) =>
      values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    this.#best = new Map(columns.map(([name, values]) => [name, best(values)]));
  }

  /** Keeps what the trainer has learned if it did better than before. It is written at the next `flush`. */
  offer(evaluation: Evaluation, trainer: Trainer): void {
    const { teams } = evaluation;
    const returns = teams
      ? Object.entries(teams).map(
          ([team, { meanReturn }]) => [`best-${team}`, `return:${team}`, meanReturn] as const,
        )
      : [['best', 'meanReturn', evaluation.meanReturn] as const];
    for (const [name, column, value] of returns) {
      // As it will be in the file: a resumed run decides like one in one piece.
      const logged = asLogged(value);
      if (logged <= (this.#best.get(column) ?? Number.NEGATIVE_INFINITY)) continue;
      this.#best.set(column, logged);
      const { episodes, steps, training } = trainer;
      const about = toJson('evaluation.json', { episode: episodes - 1, steps, ...evaluation });
      this.#pending.set(name, { ...saveCheckpoint(training.algorithm), 'evaluation.json': about });
    }
  }

  /** Writes them. Throws if they cannot be written, and keeps them. */
  flush(): void {
    for (const [name, files] of this.#pending) {
      this.#folder.writeFolder(name, files);
      this.#pending.delete(name);
    }
  }
}
