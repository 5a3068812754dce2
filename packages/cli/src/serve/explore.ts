import { checkPlayable } from './play.js';
import { type ServeOptions, servePage } from './serve-page.js';

/** Serves the explorer, with the policies that come with it or with what a run has learned. */
export async function exploreCommand(run: string | undefined, serving: ServeOptions = {}): Promise<void> {
  if (run !== undefined) checkPlayable(run);
  const path = run === undefined ? '/explorer/' : '/explorer/#run=run-0';
  await servePage(path, 'Explore', { runs: run === undefined ? [] : [run], ...serving });
}
