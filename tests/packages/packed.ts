import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../markdown.js';

/** Where `npm run pack` leaves the tarballs. `npm run test:packages` runs it first. */
export const PACKED = join(ROOT, 'packed');

export function tarballs(): string[] {
  return readdirSync(PACKED).map((file) => join(PACKED, file));
}

/** The libraries: all but the command, whose tarball has no second name. */
export function libraries(): string[] {
  return tarballs().filter((path) => /paragrad-[a-z]+-[^/]*\.tgz$/.test(path));
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The package.json in a tarball. */
export function manifestOf(tarball: string): Manifest {
  return JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
}
