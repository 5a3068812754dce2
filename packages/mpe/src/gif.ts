import { ArgumentError, atLeast0, checkArgument, checkOptions, listOf } from '@paragrad/check';
import { encode } from 'modern-gif';
import { rasterize } from './render/rasterize.js';
import { fitHalfWidth, type Scene, sizeOptions } from './render/scene.js';

export interface Frame {
  scene: Scene;
  /** How long the frame is shown, in milliseconds. GIF rounds it to hundredths of a second. */
  duration: number;
}

const listOfFrames = listOf<Frame>({
  inWords: '{ scene, duration }, the duration in milliseconds',
  accepts: (value): value is Frame =>
    Array.isArray((value as Frame | null | undefined)?.scene?.shapes) &&
    atLeast0.accepts((value as Frame).duration),
});

/**
 * Makes an animated GIF that repeats forever, `size` pixels high and wide (default 360). The view is the same in all
 * frames and shows everything.
 *
 * @throws ArgumentError (the promise is rejected) if there are no frames, or the size is not a positive integer.
 */
export async function encodeGif(
  frames: readonly Frame[],
  options: { size?: number | undefined } = {},
): Promise<Uint8Array> {
  checkArgument('encodeGif', 'frames', frames, listOfFrames);
  checkOptions('encodeGif', options as { size?: number }, sizeOptions);
  const { size = 360 } = options;
  if (frames.length === 0) throw new ArgumentError('encodeGif: there are no frames; give at least one');
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
