import { encode } from 'modern-gif';
import { rasterize } from './render/rasterize.js';
import { fitHalfWidth, type Scene } from './render/scene.js';

/** A scene, and for how long it is seen, in milliseconds; GIF counts in hundredths of a second. */
export interface Frame {
  scene: Scene;
  duration: number;
}

/**
 * An animation that starts again when it ends, `size` pixels high and wide (360 by default). One camera keeps everything
 * in view all the time.
 *
 * @throws RangeError (as a rejection) if there are no frames, or the size is not a positive integer.
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
    loopCount: 0, // for ever
    frames: frames.map(({ scene, duration }) => ({
      data: rasterize({ ...scene, halfWidth }, { size }).data,
      delay: duration,
    })),
  });
  return new Uint8Array(gif);
}
