import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The file in the folder of a run that a process works on. */
export const LOCK_NAME = 'running.lock';

/** The process that writes to a run's folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Makes this process the only one that writes to a run's folder, until it ends. Returns how to give the lock back before
 * that. Throws if another process has it. The lock of a process that was killed does not count.
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, LOCK_NAME);
  const owner: Owner = { pid: process.pid, host: hostname() };
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(owner), { flag: 'wx' }); // fails if it exists
      const unlock = () => rmSync(path, { force: true });
      process.once('exit', unlock);
      return () => {
        process.off('exit', unlock);
        unlock();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = readOwner(path);
    if (isHeld(path, other)) {
      const who = other ? `process ${other.pid} on ${other.host}` : 'a process that starts just now';
      throw new Error(
        `${folder} is in use by ${who}; wait until it ends or stop it. If there is no such process, remove ${path}`,
      );
    }
    rmSync(path, { force: true });
  }
}

/** Whether a process writes to the run's folder now. */
export function isLocked(folder: string): boolean {
  const path = join(folder, LOCK_NAME);
  return isHeld(path, readOwner(path));
}

/** A process makes its lock, and writes its number into it a moment later. If it is killed in between, the lock stays empty. */
const MOMENT = 5000;

function isHeld(path: string, owner: Owner | undefined): boolean {
  if (owner) return isAlive(owner);
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - made < MOMENT;
}

/** undefined if there is no lock, or if its process has not written its number. */
function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Processes of other machines cannot be asked, so they count as alive. */
function isAlive({ pid, host }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false; // of an earlier process with the number of this one
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
