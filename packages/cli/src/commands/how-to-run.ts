/** The flags of `train` and `resume` that change no number. */
import type { Command } from 'commander';
import { defaultSaves, type SaveOptions } from '../training/training-loop.js';
import { parseCount, parseMinutes } from './parsers.js';

export function addHowToRun(command: Command): Command {
  const { everyMinutes, keep } = defaultSaves;
  return command
    .optionsGroup('How to run (changes no number):')
    .option('--ui', 'serve a page that shows how it learns, while it does')
    .option(
      '--threads <n>',
      'number of threads; results do not depend on it (default: all cores)',
      parseCount,
    )
    .option('--save-every <minutes>', `minutes between two saves (default: ${everyMinutes})`, parseMinutes)
    .option('--keep <n>', `checkpoints to keep, the last ones (default: ${keep})`, parseCount)
    .option(
      '--no-resume-state',
      'save only what acting needs; then resume is not possible, and runs are smaller',
    )
    .option('--no-film', 'do not draw episode.gif; see paragrad render')
    .option('--json', 'print the result as JSON, and all else to stderr')
    .option('--tensorboard', "also write event files: tensorboard --logdir <the run's folder>");
}

export function savesOf({
  saveEvery,
  keep,
  resumeState,
  tensorboard = false,
}: Readonly<Record<string, unknown>>): Partial<SaveOptions> {
  return {
    ...(saveEvery !== undefined && { everyMinutes: saveEvery as number }),
    ...(keep !== undefined && { keep: keep as number }),
    resumable: resumeState as boolean,
    tensorboard: tensorboard as boolean,
  };
}
