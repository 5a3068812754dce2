/** Runs from the reader's disk: a folder or a zip, chosen or dropped. */
import type { RunFiles } from '../model/open-run.js';
import { findRun } from '../model/run-folder.js';
import { unzip } from './zip.js';

/** The run in these files of a folder, or in this one zip. Throws if there is none. */
export async function readRun(files: ReadonlyMap<string, File>): Promise<RunFiles> {
  const [only] = files.values();
  if (files.size === 1 && /\.zip$/i.test(only.name)) {
    const entries = unzip(new Uint8Array(await only.arrayBuffer()));
    return readEach(findRun([...entries.keys()]), async (path) => entries.get(path)!);
  }
  return readEach(
    findRun([...files.keys()]),
    async (path) => new Uint8Array(await files.get(path)!.arrayBuffer()),
  );
}

async function readEach(
  paths: ReadonlyMap<string, string>,
  read: (path: string) => Promise<Uint8Array>,
): Promise<RunFiles> {
  const named = [...paths].map(async ([name, path]) => {
    const bytes = await read(path);
    return [name, /\.(json|csv)$/.test(name) ? new TextDecoder().decode(bytes) : bytes] as const;
  });
  return Object.fromEntries(await Promise.all(named));
}

/** What an input of files was given, by path. */
export function chosenFiles({ files }: HTMLInputElement): Map<string, File> {
  return new Map([...(files ?? [])].map((file) => [file.webkitRelativePath || file.name, file]));
}

/** What was dropped, by path: folders with all that is in them. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<Map<string, File>> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found = new Map<string, File>();
  if (entries.length === 0) for (const file of files) found.set(file.name, file);
  await Promise.all(entries.map((entry) => collect(entry, entry.name, found)));
  return found;
}

async function collect(entry: FileSystemEntry, path: string, found: Map<string, File>): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.set(path, file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return; // a reader gives a hundred at a time
    await Promise.all(some.map((one) => collect(one, `${path}/${one.name}`, found)));
  }
}
