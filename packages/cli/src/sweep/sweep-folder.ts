/** A sweep's folder: `sweep.json`, a folder for each run, and the results. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Evaluation, RunConfig } from '@paragrad/maddpg';
import { toJson } from '@paragrad/maddpg';
import { RunFolder } from '../run/run-folder.js';
import { lockRun } from '../run/run-lock.js';
import { makeFolder, replaceFile } from '../run/write-files.js';
import { parseSweep, type SweepOptions, type SweepRun } from './sweep-file.js';

type KernelName = RunConfig['kernels'];

const RECORD = 'sweep.json';

export class SweepFolder {
  #unlock = (): void => {};

  private constructor(
    readonly path: string,
    /** The flag that chooses the folder, for errors. */
    private readonly flag: string,
  ) {}

  /** Opens a sweep's folder, or makes it. Throws if something else is in it, or if another process works on this sweep. */
  static open(path: string, flag: string): SweepFolder {
    const folder = new SweepFolder(path, flag);
    if (existsSync(path) && readdirSync(path).length > 0 && !folder.has(RECORD)) {
      throw new Error(`${path} exists and is not the folder of a sweep; choose another one with ${flag}`);
    }
    try {
      makeFolder(path);
      folder.#unlock = lockRun(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw code
        ? new Error(`can't write to ${path}: ${message}; choose another folder with ${flag}`)
        : error;
    }
    return folder;
  }

  /** Lets other processes work on this sweep. */
  close(): void {
    this.#unlock();
  }

  /** Its name, without the path. */
  get name(): string {
    return basename(resolve(this.path));
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }

  write(name: string, content: string): void {
    replaceFile(join(this.path, name), content);
  }

  pathOf(run: string): string {
    return join(this.path, run);
  }

  /** The kernel set of the sweep's earlier runs; undefined for a new sweep. */
  get kernels(): KernelName | undefined {
    if (!this.has(RECORD)) return undefined;
    const path = join(this.path, RECORD);
    return parseSweep(readFileSync(path, 'utf8'), path).run?.kernels;
  }

  /** Records what the sweep is. The kernel set is in it, so that the record repeats the sweep bit for bit. */
  record(options: SweepOptions, kernels: KernelName): void {
    const { run } = options;
    this.write(RECORD, toJson(RECORD, { ...options, run: { ...run, kernels } }));
  }

  /** How far a run is. */
  stateOf(run: string): 'new' | 'begun' | 'finished' {
    if (!existsSync(join(this.pathOf(run), 'config.json'))) return 'new';
    return RunFolder.open(this.pathOf(run)).isFinished ? 'finished' : 'begun';
  }

  /** Throws if a run's folder is that of another configuration. */
  checkSame({ name, config }: SweepRun, source: string): void {
    if (this.stateOf(name) === 'new') return;
    const before = RunFolder.open(this.pathOf(name)).readConfig();
    const differences = differencesOf(before, config);
    if (differences.length === 0) return;
    const list = differences.map(([path, was, is]) => `${path} was ${was} and is now ${is}`).join('; ');
    throw new Error(
      `${source} is not what it was when ${this.pathOf(name)} began: ${list}. ` +
        `Change it back, or give another folder with ${this.flag}`,
    );
  }

  /** Runs of an earlier form of the file. */
  othersThan(runs: readonly SweepRun[]): string[] {
    const known = new Set(runs.map(({ name }) => name));
    return readdirSync(this.path)
      .filter((name) => !known.has(name) && this.stateOf(name) !== 'new')
      .sort();
  }

  /** The evaluation of a finished run, by policy. */
  readEvaluation(run: string): Record<string, Evaluation> {
    return JSON.parse(readFileSync(join(this.pathOf(run), 'evaluation.json'), 'utf8'));
  }
}

/** The settings that differ, as [path, value, value]. */
function differencesOf(before: object, now: object, prefix = ''): [string, string, string][] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((name) => {
    const [a, b] = [before, now].map((one) => (one as Record<string, unknown>)[name]);
    const isGroup = [a, b].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    if (isGroup) return differencesOf(a as object, b as object, `${prefix}${name}.`);
    const [was, is] = [a, b].map((one) => JSON.stringify(one) ?? 'missing');
    return was === is ? [] : [[`${prefix}${name}`, was, is] as [string, string, string]];
  });
}
