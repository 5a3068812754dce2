/** The files of the policies that come with the page. Node's part of src/shipped.ts: the build and the tests read them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkpointFileNames } from '@paragrad/maddpg';
import type { RunFiles } from './src/model/open-run.js';
import { shipped } from './src/shipped.js';

export function shippedFiles(name: string): RunFiles {
  const row = shipped.find((run) => run.name === name)?.row;
  const folder = new URL(
    row ? `../../results/policies/${row}/` : `public/policies/${name}/`,
    import.meta.url,
  );
  const read = (path: string) => {
    const bytes = readFileSync(fileURLToPath(new URL(path, folder)));
    return path.endsWith('.json') ? String(bytes) : new Uint8Array(bytes);
  };
  const learned = checkpointFileNames.map((file) => [file, read(row ? `checkpoint/${file}` : file)]);
  return { 'config.json': read('config.json'), ...Object.fromEntries(learned) };
}
