import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    if (other && isAlive(other)) {
      throw new Error(
        `${folder} is in use by process ${other.pid} on ${other.host}; wait until it ends or stop it. If there is no such ` +
          `process, remove ${path}`,
      );
    }
    rmSync(path, { force: true });
  }
}

/** Whether a process writes to the run's folder now. */
export function isLocked(folder: string): boolean {
  const owner = readOwner(join(folder, LOCK_NAME));
  return owner !== undefined && isAlive(owner);
}

/** undefined if there is no lock, or if its process was killed before it wrote its number. */
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
