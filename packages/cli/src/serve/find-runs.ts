import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** How deep runs may lie in a folder: those of a sweep lie in a folder of their own. */
const DEPTH = 3;

/** The folders of runs at and below the given ones, each once. Links to folders are not followed. Throws if one is no folder. */
export function findRuns(paths: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const path of paths) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`there is no folder ${path}; give folders that train wrote, or one that they are in`);
    }
    for (const run of runsIn(path, DEPTH)) {
      const real = realpathSync(run);
      if (!found.has(real)) found.set(real, run);
    }
  }
  return [...found.values()];
}

function runsIn(path: string, depth: number): string[] {
  if (existsSync(join(path, 'config.json'))) return [path];
  if (depth === 0) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .flatMap((name) => runsIn(join(path, name), depth - 1));
  } catch {
    return []; // it must not be read, or was removed just now
  }
}

/** The end of its path, and more of it if that is not the only one. */
export function nameOf(run: string, others: readonly string[]): string {
  const isOnlyOne = others.filter((other) => basename(other) === basename(run)).length <= 1;
  return isOnlyOne ? basename(run) : run;
}
