/** Writes that are complete or did not happen, whenever the process or the machine stops. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What is written goes to a name with this end first. What a killed process left there is not used. */
export const UNFINISHED = '.unfinished';

/** Replaces a file, or makes it. Readers see the old content or the new one. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  writeSynced(path + UNFINISHED, content);
  renameSync(path + UNFINISHED, path);
  syncFolder(dirname(path));
}

/** Appends to a file, or makes it. If that fails, nothing is appended. `sync`: returns when it is on the disk. */
export function appendToFile(path: string, content: string | Uint8Array, { sync = false } = {}): void {
  makeFolder(dirname(path)); // someone may have removed it
  const file = openSync(path, 'a');
  const bytes = Buffer.from(content);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
    if (sync) fsyncSync(file);
  } catch (error) {
    // What was written of a line would be joined with the next one.
    ftruncateSync(file, fstatSync(file).size - written);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Replaces a folder, or makes it. Readers see the old files or the new ones, or for a moment no folder. */
export function replaceFolder(path: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  const unfinished = path + UNFINISHED;
  makeFolder(dirname(path));
  rmSync(unfinished, { recursive: true, force: true });
  try {
    mkdirSync(unfinished);
    for (const [name, content] of Object.entries(files)) writeSynced(join(unfinished, name), content);
    syncFolder(unfinished);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true }); // the disk may be full
    throw error;
  }
  rmSync(path, { recursive: true, force: true });
  renameSync(unfinished, path);
  syncFolder(dirname(path));
}

/**
 * Makes a folder and its parents, one by one. Node's recursive mkdir never returns on impossible paths, such as below
 * /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent); // a drive that does not exist is its own parent
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it just now, or it is new/.. and this one has.
    if (!existsSync(path)) throw error;
  }
}

/** Returns when the content is on the disk. */
function writeSynced(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Returns when the names in the folder are on the disk. Not possible on Windows, which does so by itself. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
