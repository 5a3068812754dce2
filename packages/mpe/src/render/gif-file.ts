/** A rectangle of an animation, as numbers of colors: 0 leaves the pixel as it was in the frame before. */
export interface IndexedFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly indices: Uint8Array;
  /** In hundredths of a second. */
  readonly delay: number;
}

/** A color in three bytes: 0xrrggbb. */
export type PackedColor = number;

/**
 * The bytes of an animated GIF that repeats forever. Number k of the frames' pixels is `colors[k - 1]`; there are at most 255.
 * CompuServe, "Graphics Interchange Format, version 89a" (1990).
 */
export function gifFile(
  size: number,
  colors: readonly PackedColor[],
  frames: readonly IndexedFrame[],
): Uint8Array {
  const bits = Math.max(2, Math.ceil(Math.log2(colors.length + 1)));
  const table = Array.from({ length: 2 ** bits }, (_, k) => colors[k - 1] ?? 0);
  const parts: ArrayLike<number>[] = [
    [...ascii('GIF89a'), ...uint16(size), ...uint16(size), 0x80 | (bits - 1), 0, 0],
    table.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]),
    [0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, ...uint16(0), 0], // repeats forever
  ];
  for (const { left, top, width, height, indices, delay } of frames) {
    // 0x05: the frame stays where the next one is transparent; the transparent color is number 0.
    parts.push([0x21, 0xf9, 4, 0x05, ...uint16(delay), 0, 0]);
    parts.push([0x2c, ...[left, top, width, height].flatMap(uint16), 0, bits]);
    const data = compress(indices, bits);
    for (let start = 0; start < data.length; start += 255) {
      const block = data.subarray(start, start + 255);
      parts.push([block.length], block);
    }
    parts.push([0]);
  }
  parts.push([0x3b]);
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

const MOST_CODES = 4096;

/**
 * LZW as GIF has it: a code for each longest sequence that occurred before, in codes that get wider as there are more of them.
 * `bits` is the width of a number.
 */
function compress(indices: Uint8Array, bits: number): Uint8Array {
  const clear = 2 ** bits;
  const end = clear + 1;
  const codes = new Map<number, number>(); // by the code of all but the last number, and the last number
  let next = end + 1;
  let width = bits + 1;

  // A code has at most 12 bits, and codes get wider only after many of them: there is always room.
  const bytes = new Uint8Array(16 + 2 * indices.length);
  let length = 0;
  let waiting = 0;
  let waitingBits = 0;
  const emit = (code: number) => {
    waiting |= code << waitingBits;
    waitingBits += width;
    for (; waitingBits >= 8; waitingBits -= 8) {
      bytes[length++] = waiting & 255;
      waiting >>>= 8;
    }
    if (next === 2 ** width && next < MOST_CODES) width++;
  };

  emit(clear);
  let sequence = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const key = sequence * 256 + indices[i];
    const known = codes.get(key);
    if (known !== undefined) {
      sequence = known;
      continue;
    }
    emit(sequence);
    sequence = indices[i];
    if (next < MOST_CODES) {
      codes.set(key, next++);
    } else {
      emit(clear);
      codes.clear();
      next = end + 1;
      width = bits + 1;
    }
  }
  emit(sequence);
  emit(end);
  if (waitingBits > 0) bytes[length++] = waiting & 255;
  return bytes.subarray(0, length);
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function uint16(value: number): [low: number, high: number] {
  return [value & 255, value >> 8];
}
