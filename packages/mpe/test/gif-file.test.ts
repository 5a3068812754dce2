/** What the writer of GIFs writes is what an independent reader reads. */
import fc from 'fast-check';
import { decompressFrames, parseGIF } from 'gifuct-js';
import { describe, expect, test } from 'vitest';
import { gifFile } from '../src/render/gif-file.js';

const color = (k: number) => (k * 0x012345) & 0xffffff;

/** Frames of `size` x `size` random numbers up to `colors`, some often and some seldom. */
function randomIndices(size: number, colors: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: size * size }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const random = state / 2 ** 32;
    return Math.floor(random * random * (colors + 1));
  });
}

describe('gifFile', () => {
  test('any number of colors, any size and delay', () => {
    const anything = fc.record({
      colors: fc.integer({ min: 1, max: 255 }),
      size: fc.integer({ min: 1, max: 40 }),
      delays: fc.array(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 3 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(anything, ({ colors, size, delays, seed }) => {
        const table = Array.from({ length: colors }, (_, k) => color(k));
        const frames = delays.map((delay, k) => {
          const indices = randomIndices(size, colors, seed + k);
          return { left: 0, top: 0, width: size, height: size, indices, delay };
        });
        const file = parseGIF(gifFile(size, table, frames).slice().buffer);
        expect(file.lsd).toMatchObject({ width: size, height: size });
        decompressFrames(file, false).forEach((frame, k) => {
          expect(frame.pixels).toEqual([...frames[k]!.indices]);
          expect(frame.delay).toBe(10 * delays[k]!);
          expect(frame.transparentIndex).toBe(0);
        });
        table.forEach((rgb, k) => {
          expect([...file.gct[k + 1]!]).toEqual([rgb >> 16, (rgb >> 8) & 255, rgb & 255]);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('more sequences than there are codes, of 2 to 255 colors', () => {
    for (const colors of [2, 3, 16, 255]) {
      const indices = randomIndices(300, colors, colors);
      const frame = { left: 0, top: 0, width: 300, height: 300, indices, delay: 8 };
      const table = Array.from({ length: colors }, (_, k) => color(k));
      const [decoded] = decompressFrames(parseGIF(gifFile(300, table, [frame]).slice().buffer), false);
      expect(Buffer.from(decoded!.pixels).equals(indices)).toBe(true);
    }
  });

  test('a frame is where it should be', () => {
    const frame = { left: 3, top: 300, width: 2, height: 1, indices: Uint8Array.of(1, 0), delay: 1 };
    const [decoded] = decompressFrames(parseGIF(gifFile(400, [color(1)], [frame]).slice().buffer), false);
    expect(decoded!.dims).toEqual({ left: 3, top: 300, width: 2, height: 1 });
  });
});
