/** Runs onto the reader's disk, so that `paragrad resume` goes on with them. */
import type { RunFiles } from '../model/open-run.js';
import { folderOf } from '../model/run-folder.js';
import { zipOf } from './zip.js';

/** The File System Access API, where a browser has it; TypeScript's own types do not include this part. */
const pickFolder = (
  globalThis as {
    showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
  }
).showDirectoryPicker;

export const canWriteFolders = pickFolder !== undefined;

/** Where a run is to be written: a new folder in the one that the reader chooses. Null if they choose none. */
export async function chooseFolder(scenario: string): Promise<FileSystemDirectoryHandle | null> {
  let parent: FileSystemDirectoryHandle;
  try {
    parent = await pickFolder!({ mode: 'readwrite' });
  } catch (error) {
    if ((error as Error).name === 'AbortError') return null;
    throw error;
  }
  for (let number = 1; ; number++) {
    const name = `${scenario}-${number}`;
    if (!(await exists(parent, name))) return parent.getDirectoryHandle(name, { create: true });
  }
}

async function exists(parent: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await parent.getDirectoryHandle(name);
    return true;
  } catch (error) {
    if ((error as Error).name === 'NotFoundError') return false;
    if ((error as Error).name === 'TypeMismatchError') return true; // a file has the name
    throw error;
  }
}

/** Writes the run to this folder. */
export async function writeFolder(folder: FileSystemDirectoryHandle, files: RunFiles): Promise<void> {
  for (const [path, content] of Object.entries(folderOf(files))) {
    const parts = path.split('/');
    const name = parts.pop()!;
    let parent = folder;
    for (const part of parts) parent = await parent.getDirectoryHandle(part, { create: true });
    const file = await (await parent.getFileHandle(name, { create: true })).createWritable();
    await file.write(content as string | Uint8Array<ArrayBuffer>);
    await file.close();
  }
}

/** Downloads the run as a zip of its folder. */
export function download(name: string, files: RunFiles): void {
  downloadFile(`${name}.zip`, new Blob([zipOf(name, folderOf(files))], { type: 'application/zip' }));
}

export function downloadFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers still read it after the click
}
