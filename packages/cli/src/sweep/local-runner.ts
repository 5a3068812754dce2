import { attemptsAt } from '../queue/attempts.js';
import type { SaveOptions } from '../training/training-loop.js';
import { RunPool } from './pool.js';
import type { RunEvent, Stop, SweepRunner } from './runner.js';
import type { SweepRun } from './sweep-file.js';
import type { SweepFolder } from './sweep-folder.js';

/** How runs of a sweep are saved. */
export interface SweepSaves extends SaveOptions {
  /** Whether finished runs keep their replay memory. */
  readonly keepState: boolean;
}

/** Trains on this machine, so many runs at the same time, each in a process and on one thread. */
export class LocalRunner implements SweepRunner {
  readonly whenStopped = 'What ran is saved.';

  constructor(
    readonly folder: SweepFolder,
    readonly workers: number,
    readonly saves: SweepSaves,
  ) {}

  get description(): string {
    return this.workers === 1 ? 'one at a time' : `${this.workers} at a time`;
  }

  async run(runs: readonly SweepRun[], onEvent: (event: RunEvent) => void, stop: Stop): Promise<void> {
    const pool = new RunPool(Math.min(this.workers, runs.length));
    const waiting = [...runs];
    const failed = new Set<SweepRun>();
    const trainNext = async () => {
      for (let next = waiting.shift(); next && !stop.signal.aborted; next = waiting.shift()) {
        const run = next.name;
        try {
          const end = await this.#train(pool, next, onEvent, stop);
          onEvent(end === 'finished' ? { type: 'finished', run } : { type: 'interrupted', run });
        } catch (error) {
          const again = !failed.has(next) && !stop.signal.aborted;
          failed.add(next);
          if (again) waiting.push(next);
          onEvent({ type: 'failed', run, why: (error as Error).message, again });
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(this.workers, runs.length) }, trainNext));
    } finally {
      await pool.close();
    }
  }

  #train(pool: RunPool, { name: run, config }: SweepRun, onEvent: (event: RunEvent) => void, stop: Stop) {
    const { keepState, ...saves } = this.saves;
    const earlier = attemptsAt(this.folder.path, run); // of a queue's workers
    const task = { path: this.folder.pathOf(run), config, saves, keepState, earlier };
    return pool.train(task, { signal: stop.signal, reason: () => stop.reason }, (message) =>
      onEvent({ ...message, run }),
    );
  }
}
