import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CheckpointFiles,
  checkpointFileNames,
  type OldCheckpointFiles,
  parseConfig,
  type RunConfig,
  type Trainer,
  type TrainingFiles,
  toJson,
  trainingFileNames,
} from '@paragrad/maddpg';
import { asArgument } from '../text/as-argument.js';
import { isLocked, lockRun } from './run-lock.js';
import { RunLog } from './run-log.js';
import { describeStatus, type RunStatus } from './run-status.js';
import { makeFolder, replaceFile, replaceFolder, UNFINISHED } from './write-files.js';

/**
 * The folder with a run's results:
 *
 *     config.json       everything needed to repeat the run and its evaluation
 *     status.json       how far it is: running, finished, stopped or failed
 *     metrics.csv       a line for each training episode
 *     evaluations.csv   a line for each evaluation in training
 *     checkpoint/       networks and optimizers at the last save
 *     best/             the same at the best evaluation in training; best-<team>/ if there are several teams
 *     checkpoints/      the same at the last few saves, by environment steps; the newest has all that `resume` needs
 *     evaluation.json   the evaluation of each policy
 *     curve.svg         the learning curve
 *     episode.gif       a film of some episodes
 */
export class RunFolder {
  readonly log: RunLog;
  /** Written again if someone removes the folder. */
  #config: RunConfig | undefined;
  #unlock: () => void = () => {};
  /** When this process began to train, and how long others had trained before, in seconds. */
  #clock = { began: performance.now(), before: 0 };
  /** As in the status. */
  #seconds = 0;

  private constructor(readonly path: string) {
    this.log = new RunLog(path);
  }

  /**
   * Makes a new folder at the path, by default runs/<scenario>-<number>, and writes config.json. Only this process may write to
   * it then. Throws if the folder is not empty, or if it cannot be written.
   */
  static create(path: string | undefined, config: RunConfig): RunFolder {
    if (
      path !== undefined &&
      existsSync(path) &&
      (!statSync(path).isDirectory() || readdirSync(path).length > 0)
    ) {
      throw new Error(
        `${path} exists and is not an empty folder, and a run never overwrites files; choose another folder with --out`,
      );
    }
    try {
      const folder = new RunFolder(path ?? makeNextFolder(config.scenario));
      makeFolder(folder.path);
      folder.lock();
      folder.writeConfig(config);
      return folder;
    } catch (error) {
      const where = path ?? 'runs';
      throw new Error(
        `can't write to ${where}: ${(error as Error).message}; choose another folder with --out`,
      );
    }
  }

  /** Opens the folder of a run. Throws if there is no config.json in it. */
  static open(path: string): RunFolder {
    if (!existsSync(path)) throw new Error(`there is no folder ${path}; give a folder that train wrote`);
    if (!existsSync(join(path, 'config.json'))) {
      throw new Error(`${path} is not a run folder: it has no config.json; give a folder that train wrote`);
    }
    return new RunFolder(path);
  }

  /** Only this process may write to the folder from now on. Throws if another one does. */
  lock(): void {
    this.#unlock();
    this.#unlock = lockRun(this.path);
    this.#seconds = this.readStatus()?.seconds ?? 0;
    this.#clock = { began: performance.now(), before: this.#seconds };
  }

  /** Counts what another process trained in another folder. */
  addSeconds(seconds: number): void {
    this.#clock.before += seconds;
  }

  unlock(): void {
    this.#unlock();
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }

  write(name: string, content: string | Uint8Array): void {
    makeFolder(this.path); // someone may have removed it
    replaceFile(join(this.path, name), content);
  }

  /** Replaces a folder in the run's folder. Readers see the old files or the new ones. */
  writeFolder(name: string, files: Readonly<Record<string, string | Uint8Array>>): void {
    replaceFolder(join(this.path, name), files);
  }

  /** Throws if JSON cannot hold a number, because it is not finite. */
  writeJson(name: string, data: unknown): void {
    this.write(name, toJson(name, data));
  }

  readConfig(): RunConfig {
    const path = join(this.path, 'config.json');
    this.#config = parseConfig(readFileSync(path, 'utf8'), path);
    return this.#config;
  }

  writeConfig(config: RunConfig): void {
    this.#config = config;
    this.writeJson('config.json', config);
  }

  /** Where the training is, and why it ended if it did. */
  writeStatus(trainer: Trainer, state: RunStatus['state'], why?: string): void {
    const { episodes, steps, updates, training } = trainer;
    const { began, before } = this.#clock;
    // The last save while it runs: what comes after is no training.
    if (state === 'running') this.#seconds = before + (performance.now() - began) / 1000;
    const status: RunStatus = {
      state,
      ...(why && { why }),
      episodes,
      steps,
      updates,
      ofEpisodes: training.episodes,
      seconds: Math.round(1000 * this.#seconds) / 1000,
    };
    this.writeJson('status.json', status);
  }

  /** Whether all results were written. Those of an earlier stop do not count. */
  get isFinished(): boolean {
    return this.readStatus()?.state === 'finished';
  }

  /** The status in words; undefined for a run of an earlier version. */
  describeStatus(): string | undefined {
    const status = this.readStatus();
    return status && describeStatus(status, isLocked(this.path));
  }

  /** The state in one word; undefined for a run of an earlier version. */
  get state(): RunStatus['state'] | 'killed' | undefined {
    const state = this.readStatus()?.state;
    return state === 'running' && !isLocked(this.path) ? 'killed' : state;
  }

  /** undefined for a run of an earlier version. */
  readStatus(): RunStatus | undefined {
    return this.has('status.json') ? this.readJson('status.json') : undefined;
  }

  /** Throws if the file is not JSON, for example because it was cut off. */
  readJson<T>(name: string): T {
    const path = join(this.path, name);
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      throw new Error(`${path} is not JSON: ${(error as Error).message}; it is damaged`);
    }
  }

  /**
   * Writes a checkpoint, and then drops those before the last `keep`. If the files are those of a whole training, only this
   * checkpoint keeps them: the earlier ones can act, but not go on.
   */
  writeCheckpoint(steps: number, files: CheckpointFiles | TrainingFiles, keep: number): void {
    if (this.#config && !existsSync(join(this.path, 'config.json'))) this.writeConfig(this.#config);
    this.removeUnfinished('checkpoints');
    const name = `step-${String(steps).padStart(9, '0')}`;
    const { 'training.json': _, 'training.safetensors': __, ...checkpoint } = files as TrainingFiles;
    replaceFolder(join(this.path, 'checkpoints', name), { ...files });
    this.writeActing(checkpoint);
    const earlier = this.checkpoints().filter((other) => stepsOf(other) < steps);
    for (const other of earlier.slice(0, Math.max(0, earlier.length + 1 - keep))) {
      rmSync(join(this.path, 'checkpoints', other), { recursive: true });
    }
    for (const other of earlier.slice(-keep)) {
      // The .json first: without it, the rest is no training.
      for (const file of ['training.json', 'training.safetensors']) {
        rmSync(join(this.path, 'checkpoints', other, file), { force: true });
      }
    }
  }

  /** Removes what a killed process left of an unfinished write in this folder of the run. */
  removeUnfinished(folder: string): void {
    for (const left of this.#namesIn(folder).filter((name) => name.endsWith(UNFINISHED))) {
      rmSync(join(this.path, folder, left), { recursive: true });
    }
  }

  /** Writes what acting needs. */
  writeActing(files: CheckpointFiles): void {
    replaceFolder(join(this.path, 'checkpoint'), { ...files });
  }

  /** The names of the folders in checkpoints/, in the order of their steps. */
  checkpoints(): string[] {
    return this.#namesIn('checkpoints')
      .filter((name) => /^step-\d+$/.test(name))
      .sort((one, other) => stepsOf(one) - stepsOf(other));
  }

  #namesIn(folder: string): string[] {
    return this.has(folder) ? readdirSync(join(this.path, folder)) : [];
  }

  /** The files of the newest checkpoint that training can go on from. Throws if there is none, or if a file is missing. */
  readTraining(): TrainingFiles {
    const newest = this.checkpoints().at(-1);
    const folder = join(this.path, 'checkpoints', newest ?? '');
    if (newest === undefined || !existsSync(join(folder, 'training.json'))) {
      throw new Error(
        `${this.path} has no checkpoint to go on from: it was trained with --no-resume-state or an earlier version, or ` +
          `ended before its first save; train again with --config ${asArgument(join(this.path, 'config.json'))}`,
      );
    }
    return readFiles(folder, trainingFileNames) as unknown as TrainingFiles;
  }

  /** The names that `readCheckpoint` takes. */
  checkpointNames(): string[] {
    const best = this.#namesIn('.').filter((name) => /^best(-|$)/.test(name) && !name.endsWith(UNFINISHED));
    return [...best.sort(), ...this.checkpoints()];
  }

  /** The files of a checkpoint, such as best or step-000002500. By default of the last one. Throws if there is none. */
  readCheckpoint(name?: string): CheckpointFiles | OldCheckpointFiles {
    if (name !== undefined && !this.checkpointNames().includes(name)) {
      const names = this.checkpointNames().join(', ') || 'none yet';
      throw new Error(`${this.path} has no checkpoint ${name}; its checkpoints are: ${names}`);
    }
    const newest = this.checkpoints().at(-1) ?? '-';
    // checkpoint/ is missing if the run was stopped just when it replaced it.
    const places =
      name === undefined ? ['checkpoint', `checkpoints/${newest}`] : [name, `checkpoints/${name}`];
    const folder = places.map((place) => join(this.path, place)).find(existsSync);
    if (!folder) {
      const status = this.describeStatus();
      throw new Error(
        `${this.path} has no checkpoint${status ? `: this run is ${status}` : ''}; give a run that has one, or train again with ` +
          `--config ${asArgument(join(this.path, 'config.json'))}`,
      );
    }
    const isOld = existsSync(join(folder, 'maddpg.json'));
    const names = isOld
      ? ['maddpg.json', 'networks.safetensors', 'optimisers.safetensors']
      : checkpointFileNames;
    return readFiles(folder, names) as unknown as CheckpointFiles | OldCheckpointFiles;
  }
}

/** Text for .json, bytes for other files. */
function readFiles(folder: string, names: readonly string[]): Record<string, string | Uint8Array> {
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name);
      if (!existsSync(path)) throw new Error(`${path} is missing; give all files as they were saved`);
      const bytes = readFileSync(path);
      return [name, name.endsWith('.json') ? bytes.toString('utf8') : bytes];
    }),
  );
}

/** The environment steps in the name of a checkpoint's folder. */
const stepsOf = (name: string) => Number(name.slice('step-'.length));

/** Makes the first folder runs/<scenario>-<number> that does not exist. If two processes do this, each gets its own. */
function makeNextFolder(scenario: string): string {
  makeFolder('runs');
  for (let number = 1; ; number++) {
    const path = join('runs', `${scenario}-${number}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
