import { setImmediate } from 'node:timers/promises';
import { saveCheckpoint, saveTraining, type Trainer } from '@paragrad/maddpg';
import type { RunFolder } from '../run/run-folder.js';
import type { TrainingProgress } from './progress.js';
import type { StopRequest } from './stop-request.js';
import type { TrainingEvaluation } from './training-evaluation.js';

/** How a run is saved. */
export interface SaveOptions {
  /** Minutes between two saves. The first ones come earlier, so that at most half of a short training is lost. */
  readonly everyMinutes: number;
  /** Checkpoints that are kept. */
  readonly keep: number;
  /** Whether `resume` can go on from the newest. It needs the replay memory. */
  readonly resumable: boolean;
  /** Whether to write event files for TensorBoard. A run that has some goes on with them. */
  readonly tensorboard: boolean;
  /** Whether a page plays what was learned: then what acting needs is saved every few seconds, too. */
  readonly forPage: boolean;
}

export const defaultSaves: SaveOptions = {
  everyMinutes: 5,
  keep: 3,
  resumable: true,
  tensorboard: false,
  forPage: false,
};

/** Signals are handled after so many milliseconds at the latest, if a step takes no longer. */
const BREATH = 100;
/** Milliseconds before the first save. */
const FIRST_SAVE = 10_000;
/** Milliseconds between two saves for a page. */
const PAGE_SAVE = 3000;

/**
 * Trains until the end, or until it should stop. Saves every few minutes and at the end. If the disk refuses a save, this is only
 * printed, because it may have room again later. Throws what a step or the last save throws; what was saved before stays.
 */
export async function trainAndSave(
  trainer: Trainer,
  folder: RunFolder,
  evaluation: TrainingEvaluation,
  saves: SaveOptions,
  stop: { readonly reason?: StopRequest['reason'] },
  progress: Pick<TrainingProgress, 'update' | 'print'>,
): Promise<void> {
  if (saves.tensorboard) folder.log.writeEvents();
  const began = performance.now();
  let breathed = began;
  let saved = began;
  let shown = began;
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

  const breathe = async () => {
    attempt(() => {
      evaluation.flush();
      folder.log.flush();
    });
    // All else is synchronous, so this is the only chance to notice a signal.
    await setImmediate();
    breathed = performance.now();
  };
  const needsBreath = () => performance.now() - breathed > BREATH;

  let wantsSave = true;
  while (!stop.reason) {
    if (evaluation.isDue) {
      for (const _ of evaluation.play()) {
        if (needsBreath()) await breathe();
        if (stop.reason) break;
      }
      continue;
    }
    // Only now: a run that goes on from before an evaluation would find its line in the log already, and not play it.
    if (wantsSave) {
      attempt(() => save(trainer, folder, evaluation, saves));
      saved = shown = performance.now();
      wantsSave = false;
    }
    if (trainer.isOver) break;
    for (const report of trainer.step()) {
      folder.log.addEpisode(report);
      progress.update(report);
    }
    if (!needsBreath()) continue;
    const now = performance.now();
    wantsSave = now - saved > Math.min(saves.everyMinutes * 60_000, Math.max(FIRST_SAVE, (now - began) / 2));
    if (saves.forPage && !wantsSave && now - shown > PAGE_SAVE) {
      attempt(() => folder.writeActing(saveCheckpoint(trainer.training.algorithm)));
      shown = performance.now();
    }
    await breathe();
  }
  try {
    save(trainer, folder, evaluation, saves);
  } catch (error) {
    throw new Error(`the last save failed: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The log and the best checkpoints come first: a training that goes on makes only those of later episodes. And the best ones come before
 * the log: an evaluation with a line there is not played again.
 */
function save(
  trainer: Trainer,
  folder: RunFolder,
  evaluation: TrainingEvaluation,
  { keep, resumable }: SaveOptions,
): void {
  evaluation.flush();
  folder.log.flush({ sync: true });
  const files = resumable ? saveTraining(trainer) : saveCheckpoint(trainer.training.algorithm);
  folder.writeCheckpoint(trainer.steps, files, keep);
  folder.writeStatus(trainer, 'running');
}
