import { join } from 'node:path';
import { loadCheckpoint, makeRunEnv, policyOf } from '@paragrad/maddpg';
import { encodeGif } from '@paragrad/mpe/gif';
import { RunFolder } from '../run/run-folder.js';
import { replaceFile } from '../run/write-files.js';
import { printJson } from '../text/in-words.js';
import { animatedSvg } from './animated-svg.js';
import { playEpisodes } from './gif.js';

export const pictureFormats = ['gif', 'svg'] as const;

export interface RenderOptions {
  /** Default: svg if `out` ends so, otherwise gif. */
  readonly to?: (typeof pictureFormats)[number];
  readonly episodes: number;
  /** Of the episodes. Default: the run's, with which they are those of its episode.gif. */
  readonly seed?: number;
  /** Default: episode.gif or episode.svg in the run's folder. */
  readonly out?: string;
  /** Such as best. Default: the last one. */
  readonly checkpoint?: string;
  readonly json?: boolean;
}

/** Draws episodes of a run's agents as an animation. */
export async function renderCommand(
  run: string,
  { episodes, seed, checkpoint, json = false, ...given }: RenderOptions,
): Promise<void> {
  const { to = given.out?.endsWith('.svg') ? 'svg' : 'gif' } = given;
  const { out = join(run, `episode.${to}`) } = given;
  if (!out.endsWith(`.${to}`)) {
    throw new Error(
      `the animation is a ${to}, but ${out} does not end in .${to}; give a name that ends in .gif or .svg`,
    );
  }
  const folder = RunFolder.open(run);
  const config = folder.readConfig();
  const policy = policyOf(loadCheckpoint(folder.readCheckpoint(checkpoint)));
  const chosen = { episodes, seed: seed ?? config.seed };
  const frames = playEpisodes(makeRunEnv(config), policy, chosen);
  const picture = to === 'gif' ? await encodeGif(frames) : animatedSvg(frames);
  try {
    replaceFile(out, picture);
  } catch (error) {
    throw new Error(`can't write ${out}: ${(error as Error).message}; choose another file with --out`);
  }
  if (json) printJson('render', { run, file: out, format: to, ...chosen, frames: frames.length });
  else console.log(`Written to ${out}: ${episodes} episode${episodes === 1 ? '' : 's'}, seed ${chosen.seed}`);
}
