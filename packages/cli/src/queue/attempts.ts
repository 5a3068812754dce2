/**
 * A sweep's folder that several machines share. Each attempt at a run has a folder of its own, `attempts/<run>@<token>`, because a
 * worker that was given up may still write to its own. A finished one is renamed into place: the first one counts.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolder } from '../run/run-folder.js';
import { makeFolder } from '../run/write-files.js';

const ATTEMPTS = 'attempts';
const ID = 'queue.json';

/** The id of the sweep in a folder; undefined if there is none, for example because the folder is not shared. */
export function sweepIn(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, ID), 'utf8')).id;
  } catch {
    return undefined;
  }
}

export const idContent = (id: string) => [ID, `${JSON.stringify({ id })}\n`] as const;

/** The folder of a new attempt. It need not exist yet. */
export function attemptPath(folder: string, run: string, token: string): string {
  makeFolder(join(folder, ATTEMPTS));
  return join(folder, ATTEMPTS, `${run}@${token}`);
}

/** The folders of all attempts at a run, the furthest first. */
export function attemptsAt(folder: string, run: string): string[] {
  const path = join(folder, ATTEMPTS);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.startsWith(`${run}@`))
    .map((name) => join(path, name))
    .sort((a, b) => stepsOf(b) - stepsOf(a));
}

function stepsOf(path: string): number {
  try {
    return JSON.parse(readFileSync(join(path, 'status.json'), 'utf8')).steps;
  } catch {
    return -1; // stopped before its first save, or just being written
  }
}

/** Whether the run's results are in place. */
export function isPublished(folder: string, run: string): boolean {
  const path = join(folder, run);
  return existsSync(join(path, 'config.json')) && RunFolder.open(path).isFinished;
}

/** Puts a finished attempt into place. If another one was first, this one is removed: it has the same numbers. */
export function publish(attempt: string, folder: string, run: string): void {
  try {
    renameSync(attempt, join(folder, run)); // fails if that is a folder with files in it
  } catch (error) {
    if (!isPublished(folder, run)) throw error;
    rmSync(attempt, { recursive: true, force: true });
  }
}

/** Makes room for the result of an attempt: what is in place is not finished, and becomes an attempt itself. */
export function makeAttempt(folder: string, run: string): void {
  const path = join(folder, run);
  if (!existsSync(path) || isPublished(folder, run)) return;
  const token = `earlier-${attemptsAt(folder, run).length}`;
  renameSync(path, attemptPath(folder, run, token));
}

/** Removes all attempts of a sweep. */
export function removeAttempts(folder: string): void {
  rmSync(join(folder, ATTEMPTS), { recursive: true, force: true });
}
