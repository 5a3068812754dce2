/** What pages and the server read of a run's folder. Nothing outside the folder is ever read, whatever links lie in it. */
import { realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { checkpointFileNames } from '@paragrad/maddpg';

/** The files that a page can ask for: what plays the agents. The last two are of earlier versions. */
export const playFileNames: readonly string[] = [
  'config.json',
  ...[...checkpointFileNames, 'maddpg.json', 'optimisers.safetensors'].map((name) => `checkpoint/${name}`),
];

/** Where the file of this name really is. undefined if there is no such file in the folder, or if a link leads out of it. */
export function fileInside(folder: string, name: string): string | undefined {
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, name));
    return path.startsWith(root.endsWith(sep) ? root : root + sep) && statSync(path).isFile()
      ? path
      : undefined;
  } catch {
    return undefined; // it does not exist, or must not be read
  }
}
