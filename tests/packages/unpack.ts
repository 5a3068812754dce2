import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraries, manifestOf } from './packed.js';

/** An empty project, outside the repository, with the libraries from their tarballs. */
export function unpack(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-unpacked-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  for (const tarball of libraries()) addPackage(folder, tarball);
  return folder;
}

/** Puts the package of a tarball into the node_modules of a folder. */
export function addPackage(folder: string, tarball: string): void {
  const to = join(folder, 'node_modules', manifestOf(tarball).name);
  mkdirSync(to, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', to, '--strip-components=1']);
}
