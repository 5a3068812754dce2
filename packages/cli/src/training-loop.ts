import { setImmediate } from 'node:timers/promises';
import { saveCheckpoint, saveTraining, type Trainer } from '@paragrad/maddpg';
import type { TrainingProgress } from './progress.js';
import type { RunFolder } from './run-folder.js';
import type { StopRequest } from './stop-request.js';

/** How a run is saved. */
export interface SaveOptions {
  /** Minutes between two saves. The first ones come earlier, so that at most half of a short training is lost. */
  readonly everyMinutes: number;
  /** Checkpoints that are kept. */
  readonly keep: number;
  /** Whether `resume` can go on from the newest. It needs the replay memory. */
  readonly resumable: boolean;
}

export const defaultSaves: SaveOptions = { everyMinutes: 5, keep: 3, resumable: true };

/** Signals are handled after so many milliseconds at the latest, if a step takes no longer. */
const BREATH = 50;
/** Milliseconds before the first save. */
const FIRST_SAVE = 10_000;

/**
 * Trains until the end, or until it should stop. Saves every few minutes and at the end. If the disk refuses a save, this is only
 * printed, because it may have room again later. Throws what a step or the last save throws; what was saved before stays.
 */
export async function trainAndSave(
  trainer: Trainer,
  folder: RunFolder,
  saves: SaveOptions,
  stop: StopRequest,
  progress: TrainingProgress,
): Promise<void> {
  const began = performance.now();
  let breathed = began;
  let saved = began;
  let problem = '';
  const attempt = (write: () => void) => {
    try {
      write();
      problem = '';
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error; // not the disk's fault
      if (message !== problem) progress.print(`Could not save, will try again: ${message}`);
      problem = message;
    }
  };

  attempt(() => save(trainer, folder, saves));
  while (!trainer.isOver && !stop.reason) {
    const report = trainer.step();
    if (report) {
      folder.metrics.add(report);
      progress.update(report);
    }
    const now = performance.now();
    if (now - breathed < BREATH) continue;
    attempt(() => folder.metrics.flush());
    if (now - saved > Math.min(saves.everyMinutes * 60_000, Math.max(FIRST_SAVE, (now - began) / 2))) {
      attempt(() => save(trainer, folder, saves));
      saved = performance.now();
    }
    // Training is synchronous, so this is the only chance to notice a signal.
    await setImmediate();
    breathed = performance.now();
  }
  try {
    save(trainer, folder, saves);
  } catch (error) {
    throw new Error(`the last save failed: ${(error as Error).message}`, { cause: error });
  }
}

/** The metrics come first: a training that goes on needs the lines of all episodes before. */
function save(trainer: Trainer, folder: RunFolder, { keep, resumable }: SaveOptions): void {
  folder.metrics.flush({ sync: true });
  const files = resumable ? saveTraining(trainer) : saveCheckpoint(trainer.training.algorithm);
  folder.writeCheckpoint(trainer.steps, files, keep);
  folder.writeStatus(trainer, 'running');
}
