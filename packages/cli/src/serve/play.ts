import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noSuch } from '@paragrad/check';
import { loadCheckpoint } from '@paragrad/maddpg';
import { scenarioNames } from '@paragrad/mpe';
import { RunFolder } from '../run/run-folder.js';
import { type ServeOptions, servePage } from './serve-page.js';

/** Serves the page on which the user plays: a scenario with scripted players, or a run's with what it has learned. */
export async function playCommand(what: string, serving: ServeOptions = {}): Promise<void> {
  const isScenario = (scenarioNames as readonly string[]).includes(what);
  const isRun = existsSync(join(what, 'config.json')) || (!isScenario && isPath(what));
  if (!isRun && !isScenario) {
    throw new Error(`play: there is ${noSuch('scenario', what, scenarioNames)}; or give the folder of a run`);
  }
  if (isRun) checkPlayable(what);
  const query = isRun ? 'run=0' : `scenario=${what}`;
  await servePage(`/play/?${query}`, 'Play', { runs: isRun ? [what] : [], ...serving });
}

/** Throws what the page could not show: a folder that is no run, one without a checkpoint, a damaged file. */
export function checkPlayable(path: string): void {
  const folder = RunFolder.open(path);
  folder.readConfig();
  loadCheckpoint(folder.readCheckpoint());
}

const isPath = (what: string) => existsSync(what) || /[/\\]/.test(what);
