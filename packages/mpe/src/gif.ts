import { encode } from 'modern-gif';
import { rasterize } from './render/rasterize.js';
import { fitHalfWidth, type Scene } from './render/scene.js';

export interface Frame {
  scene: Scene;
  /** How long the frame is shown, in milliseconds. GIF rounds it to hundredths of a second. */
  duration: number;
}

/**
 * Makes an animated GIF that repeats forever, `size` pixels high and wide (default 360). The view is the same in all
 * frames and shows everything.
 *
 * @throws RangeError (the promise is rejected) if there are no frames, or the size is not a positive integer.
 */
export async function encodeGif(
  frames: readonly Frame[],
  { size = 360 }: { size?: number | undefined } = {},
): Promise<Uint8Array> {
  if (frames.length === 0) throw new RangeError('encodeGif: there are no frames; give at least one');
  const halfWidth = fitHalfWidth(frames.map(({ scene }) => scene));
  const gif = await encode({
    width: size,
    height: size,
    maxColors: 64,
    looped: true,
    loopCount: 0, // forever
    frames: frames.map(({ scene, duration }) => ({
      data: rasterize({ ...scene, halfWidth }, { size }).data,
      delay: duration,
    })),
  });
  return new Uint8Array(gif);
}
