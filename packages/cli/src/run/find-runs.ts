import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** How deep runs may lie in a folder: those of a sweep lie in a folder of their own. */
const DEPTH = 3;
/** Each of them says that a folder is that of a run. Only one that is broken has no config.json. */
const MARKS = ['config.json', 'status.json', 'checkpoints'];

/**
 * The folders of runs at and below the given ones, each once. Links to folders are not followed. Throws if one is no folder.
 * `marks`: any of these files says that a folder is that of a run.
 */
export function findRuns(paths: readonly string[], marks: readonly string[] = ['config.json']): string[] {
  const found = new Map<string, string>();
  for (const path of paths) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`there is no folder ${path}; give folders that train wrote, or one that they are in`);
    }
    for (const run of runsIn(path, DEPTH, marks)) {
      const real = realpathSync(run);
      if (!found.has(real)) found.set(real, run);
    }
  }
  return [...found.values()];
}

/** Those of broken runs, too. Throws if there is no run in one of the folders. */
export function findSomeRuns(paths: readonly string[]): string[] {
  for (const path of paths) {
    if (findRuns([path], MARKS).length > 0) continue;
    throw new Error(
      `there is no run in ${path}; give folders that train wrote, or one that they are in; paragrad train <scenario> ` +
        'makes one',
    );
  }
  return findRuns(paths, MARKS);
}

function runsIn(path: string, depth: number, marks: readonly string[]): string[] {
  if (marks.some((name) => existsSync(join(path, name)))) return [path];
  if (depth === 0) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .flatMap((name) => runsIn(join(path, name), depth - 1, marks));
  } catch {
    return []; // it must not be read, or was removed just now
  }
}

/** The end of its path, and more of it if that is not the only one. */
export function nameOf(run: string, others: readonly string[]): string {
  const isOnlyOne = others.filter((other) => basename(other) === basename(run)).length <= 1;
  return isOnlyOne ? basename(run) : run;
}
