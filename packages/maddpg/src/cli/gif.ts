import { fitHalfWidth, type ParallelEnv, rasterize, type Scene } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import gifenc from 'gifenc';
import type { Policy } from '../policies.js';

const FRAME_MS = 80;
const HOLD_MS = 900;

/** An animation of whole episodes, with a pause at the end of each and everyone in view all the time. */
export function episodesGif(
  env: ParallelEnv,
  policy: Policy,
  { episodes, seed, size = 360 }: GifOptions,
): Uint8Array {
  const draws = new Generator(seed);
  const scenes: { scene: Scene; delay: number }[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    let { observations } = env.reset(episode === 0 ? { seed } : {});
    policy.startEpisode?.(draws);
    scenes.push({ scene: env.scene(), delay: FRAME_MS });
    while (env.agents.length > 0) {
      ({ observations } = env.step(policy(observations)));
      scenes.push({ scene: env.scene(), delay: FRAME_MS });
    }
    scenes.at(-1)!.delay = HOLD_MS;
  }
  const halfWidth = fitHalfWidth(scenes.map(({ scene }) => scene));
  const frames = scenes.map(({ scene, delay }) => ({
    image: rasterize({ ...scene, halfWidth }, { size }),
    delay,
  }));

  // One palette, taken from the first frame: the same discs are in all of them.
  const palette = gifenc.quantize(frames[0].image.data, 128);
  const encoder = gifenc.GIFEncoder();
  frames.forEach(({ image: { data, width, height }, delay }, index) => {
    encoder.writeFrame(gifenc.applyPalette(data, palette), width, height, {
      delay,
      ...(index === 0 && { palette, repeat: 0 }),
    });
  });
  encoder.finish();
  return encoder.bytes();
}

export interface GifOptions {
  episodes: number;
  seed: number;
  /** Pixels along a side. Default 360. */
  size?: number;
}
