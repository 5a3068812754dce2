/** One run of a sweep, in the folder that `paragrad train` would leave. Prints nothing. */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type EpisodeReport,
  loadTraining,
  prepareRun,
  type RunConfig,
  type Trainer,
  type TrainingFiles,
  train,
  useRunKernels,
} from '@paragrad/maddpg';
import { RunFolder } from '../run/run-folder.js';
import { isLocked } from '../run/run-lock.js';
import { UNFINISHED } from '../run/write-files.js';
import { checkMemory } from '../training/check-memory.js';
import type { StopReason } from '../training/stop-request.js';
import { failed, writeResults } from '../training/train.js';
import { TrainingEvaluation } from '../training/training-evaluation.js';
import { type SaveOptions, trainAndSave } from '../training/training-loop.js';

/** A run to train. Plain data. */
export interface RunTask {
  /** The run's folder. If it holds a part of this run, training goes on from there. */
  readonly path: string;
  readonly config: RunConfig;
  readonly saves: SaveOptions;
  /** Whether the finished run keeps its replay memory, with which it could be given more episodes. */
  readonly keepState: boolean;
  /** Folders with earlier parts of the same run, the newest first. Used if `path` holds nothing to go on from. */
  readonly earlier?: readonly string[];
}

/** Who hears how a run goes. */
export interface RunListener {
  /** It begins, or goes on after so many episodes. */
  began(episodes: number): void;
  episode(report: EpisodeReport): void;
  note(text: string): void;
}

/** Trains what is left of a run, and writes its results. Throws the error of training; what was saved before stays. */
export async function trainRun(
  task: RunTask,
  stop: { readonly reason?: StopReason | undefined },
  listener: RunListener,
): Promise<'finished' | 'stopped'> {
  const { path, saves, keepState } = task;
  checkMemory(task.config);
  const config = { ...task.config, kernels: useRunKernels(task.config) };
  const folder = await openFolder(path, config);
  try {
    if (folder.isFinished) return 'finished';
    const trainer = startTrainer(folder, config, task.earlier);
    listener.began(trainer.episodes);
    const progress = {
      update: (report: EpisodeReport) => listener.episode(report),
      print: (text: string) => listener.note(text),
    };
    try {
      const evaluation = new TrainingEvaluation(trainer, config, folder);
      await trainAndSave(trainer, folder, evaluation, saves, stop, progress);
    } catch (error) {
      throw failed(error, trainer, folder);
    }
    if (stop.reason) {
      folder.writeStatus(trainer, 'stopped', stop.reason);
      return 'stopped';
    }
    await writeResults(trainer, config, folder);
    folder.writeStatus(trainer, 'finished');
    if (!keepState) dropState(folder);
    return 'finished';
  } finally {
    folder.unlock();
  }
}

/** A run that was killed with its sweep may take a moment to end. */
const PATIENCE = 5000;

/** Opens the run's folder, or makes it. Only this process may write to it then. */
async function openFolder(path: string, config: RunConfig): Promise<RunFolder> {
  for (let waited = 0; isLocked(path) && waited < PATIENCE; waited += 100) await setTimeout(100);
  // A process that was killed just when it made the folder leaves one without config.json.
  if (existsSync(path) && !existsSync(join(path, 'config.json')) && !isLocked(path)) {
    rmSync(path, { recursive: true });
  }
  if (!existsSync(path)) return RunFolder.create(path, config);
  const folder = RunFolder.open(path);
  folder.lock();
  return folder;
}

/** The training from its last checkpoint, or from its beginning. */
function startTrainer(folder: RunFolder, config: RunConfig, earlier: readonly string[] = []): Trainer {
  const prepare = () => ({ ...prepareRun(config), onWarning: () => {} });
  const files = readState(folder.path);
  if (files) {
    const trainer = loadTraining(files, prepare());
    folder.log.truncate(trainer);
    return trainer;
  }
  for (const source of earlier) {
    try {
      const files = readState(source);
      if (!files) continue;
      const trainer = loadTraining(files, prepare());
      copyMeasured(source, folder.path);
      folder.addSeconds(RunFolder.open(source).readStatus()?.seconds ?? 0);
      folder.log.truncate(trainer);
      return trainer;
    } catch {} // its worker was given up, but may still change it
  }
  folder.log.truncate({ episodes: 0, steps: 0 });
  return train(prepare());
}

/** What an earlier part measured, up to its last save at least, and what did best in it. */
function copyMeasured(source: string, target: string): void {
  const names = readdirSync(source).filter((name) =>
    /^(metrics\.csv|evaluations\.csv|best(-.*)?)$/.test(name),
  );
  for (const name of names.filter((one) => !one.endsWith(UNFINISHED))) {
    cpSync(join(source, name), join(target, name), { recursive: true });
  }
}

/** What training can go on from; undefined if there is nothing. */
function readState(path: string): TrainingFiles | undefined {
  if (!existsSync(join(path, 'config.json'))) return undefined;
  const folder = RunFolder.open(path);
  const newest = folder.checkpoints().at(-1);
  return newest && folder.has(`checkpoints/${newest}/training.json`) ? folder.readTraining() : undefined;
}

/** Most of a run's size is what only going on needs. */
function dropState(folder: RunFolder): void {
  for (const name of folder.checkpoints()) {
    for (const file of ['training.json', 'training.safetensors']) {
      rmSync(join(folder.path, 'checkpoints', name, file), { force: true });
    }
  }
}
