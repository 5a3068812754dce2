import { decompressFrames, parseGIF } from 'gifuct-js';
import { describe, expect, it } from 'vitest';
import { encodeGif, type Frame } from '../src/gif.js';
import { fitHalfWidth, makeEnv, rasterize } from '../src/index.js';

/** An episode in which two predators and the prey move and one predator stands still. Things move, appear and disappear. */
function episode(): Frame[] {
  const env = makeEnv('simple_tag', { actionMode: 'force' });
  env.reset({ seed: 2 });
  const frames: Frame[] = [];
  while (env.agents.length > 0) {
    frames.push({ scene: env.scene(), duration: frames.length === 0 ? 500 : 80 });
    env.step({ adversary_0: [1, 0.5], adversary_1: [0, 0], adversary_2: [-1, 0], agent_0: [0, 1] });
  }
  return frames;
}

/** The RGBA pixels that a viewer shows for each frame. */
function decode(gif: Uint8Array) {
  const file = parseGIF(gif.slice().buffer);
  const { width, height } = file.lsd;
  const screen = new Uint8ClampedArray(width * height * 4);
  const frames = decompressFrames(file, true).map(({ patch, dims, delay, disposalType }, index, all) => {
    for (let i = 0; i < dims.width * dims.height; i++) {
      const rgba = patch.subarray(4 * i, 4 * i + 4);
      const row = dims.top + Math.floor(i / dims.width);
      const column = dims.left + (i % dims.width);
      if (rgba[3] !== 0) screen.set(rgba, 4 * (row * width + column));
    }
    // Only the last frame may be removed after it is shown. The others are the background of the next frame.
    if (index < all.length - 1) expect(disposalType).toBe(1);
    return { pixels: screen.slice(), delay };
  });
  return { width, height, frames };
}

describe('encodeGif', () => {
  it('makes an animation that decodes to the pictures of the scenes', async () => {
    const frames = episode();
    const { width, height, frames: decoded } = decode(await encodeGif(frames, { size: 120 }));
    expect([width, height]).toEqual([120, 120]);
    expect(decoded.map(({ delay }) => delay)).toEqual(frames.map(({ duration }) => duration));
    const halfWidth = fitHalfWidth(frames.map(({ scene }) => scene));
    decoded.forEach(({ pixels }, i) => {
      const { data } = rasterize({ ...frames[i]!.scene, halfWidth }, { size: 120 });
      let sum = 0;
      let worst = 0;
      data.forEach((value, k) => {
        const difference = Math.abs(value - pixels[k]!);
        sum += difference;
        worst = Math.max(worst, difference);
      });
      // The largest value is 255. The GIF has only 255 colors, for the mixtures at smooth edges.
      expect(sum / data.length, `mean of frame ${i}`).toBeLessThan(0.1);
      expect(worst, `worst of frame ${i}`).toBeLessThan(30);
    });
  });

  it('repeats forever', async () => {
    const gif = await encodeGif(episode().slice(0, 2), { size: 20 });
    const text = String.fromCharCode(...gif);
    const loops = text.indexOf('NETSCAPE2.0') + 'NETSCAPE2.0'.length;
    expect([...gif.subarray(loops, loops + 5)]).toEqual([3, 1, 0, 0, 0]);
  });

  it('is small, because it does not repeat what stays the same', async () => {
    const [first] = episode();
    const lengthOf = async (count: number) =>
      (await encodeGif(Array.from({ length: count }, () => first!))).length;
    expect(((await lengthOf(11)) - (await lengthOf(1))) / 10).toBeLessThan(0.1 * (await lengthOf(1)));
  });

  it('rejects no frames and a wrong size', async () => {
    await expect(encodeGif([])).rejects.toThrow('encodeGif: there are no frames; give at least one');
    await expect(encodeGif(episode(), { size: 0.5 })).rejects.toThrow(
      'size is 0.5; give a positive integer, in pixels',
    );
  });
});
