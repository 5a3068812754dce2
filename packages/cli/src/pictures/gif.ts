import type { Policy } from '@paragrad/maddpg';
import type { ParallelEnv } from '@paragrad/mpe';
import { encodeGif, type Frame } from '@paragrad/mpe/gif';
import { Generator } from '@paragrad/tensor';

const FRAME_MS = 80;
const LAST_FRAME_MS = 900;

/** Which episodes are drawn. */
export interface EpisodesOptions {
  readonly episodes: number;
  readonly seed: number;
}

/** An animated GIF of whole episodes. */
export function episodesGif(env: ParallelEnv, policy: Policy, options: EpisodesOptions): Promise<Uint8Array> {
  return encodeGif(playEpisodes(env, policy, options));
}

/** The frames of whole episodes, with a pause at the end of each. */
export function playEpisodes(env: ParallelEnv, policy: Policy, { episodes, seed }: EpisodesOptions): Frame[] {
  const draws = new Generator(seed);
  const frames: Frame[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    let { observations } = env.reset(episode === 0 ? { seed } : {});
    policy.startEpisode?.(draws);
    frames.push({ scene: env.scene(), duration: FRAME_MS });
    while (env.agents.length > 0) {
      ({ observations } = env.step(policy(observations)));
      frames.push({ scene: env.scene(), duration: FRAME_MS });
    }
    frames.at(-1)!.duration = LAST_FRAME_MS;
  }
  return frames;
}
