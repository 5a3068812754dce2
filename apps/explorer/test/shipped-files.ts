/** The files of a policy that comes with the page. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunFiles } from '../src/model/open-run.js';

export function shippedFiles(name: string): RunFiles {
  const folder = fileURLToPath(new URL(`../public/policies/${name}/`, import.meta.url));
  return Object.fromEntries(
    readdirSync(folder).map((file) => [
      file,
      file.endsWith('.json')
        ? readFileSync(folder + file, 'utf8')
        : new Uint8Array(readFileSync(folder + file)),
    ]),
  );
}
