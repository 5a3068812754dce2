import { existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './metrics-rows.js';
import { appendToFile } from './write-files.js';

/**
 * A folder of event files that TensorBoard reads. Each part of a run that was stopped and resumed has a file of its own.
 *
 * The format is written by hand, because no well-kept package for it was found on npm. A file is a list of records (TFRecord:
 * length, checksum of the length, data, checksum of the data), and each record is a protocol buffer:
 *
 *     Event       { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog session_log = 7 }
 *     Summary     { repeated Value value = 1 }    Value { string tag = 1; float simple_value = 2 }
 *     SessionLog  { SessionStatus status = 1 }    START is 1
 */
export class EventLog {
  readonly #folder: string;
  #file: string | undefined;
  #pending: Buffer[] = [];
  /** The first step of this part. */
  #begin = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Removes everything after these steps. For a TensorBoard that has read it already, the next file begins with a START: then it
   * forgets it, too.
   */
  truncate(steps: number): void {
    this.#begin = steps + 1;
    for (const name of this.#names()) {
      const path = join(this.#folder, name);
      const size = sizeUntil(readFileSync(path), steps);
      if (size > 0) truncateSync(path, size);
      else rmSync(path);
    }
  }

  /** Adds the numbers at a step, by tag. They are written at the next `flush`. */
  add(step: number, row: Row): void {
    const values = Object.entries(row).flatMap(([tag, value]) =>
      value !== undefined && Number.isFinite(value) ? message(1, text(1, tag), float(2, value)) : [],
    );
    this.#push(step, message(5, ...values));
  }

  /** Writes everything. `sync`: returns when it is on the disk. Throws if it cannot be written, and keeps it. */
  flush(options?: { sync?: boolean }): void {
    if (this.#pending.length === 0) return;
    appendToFile(join(this.#folder, this.#file!), Buffer.concat(this.#pending), options);
    this.#pending = [];
  }

  #push(step: number, content: Buffer): void {
    if (this.#file === undefined) {
      this.#file = this.#nextName();
      this.#pending.push(record(event(0, text(3, 'brain.Event:2'))));
      // After a stop: points from this step on do not count any more.
      if (this.#begin > 0) this.#pending.push(record(event(this.#begin, message(7, integer(1, 1)))));
    }
    this.#pending.push(record(event(step, content)));
  }

  /** TensorBoard reads the files in the order of their names. */
  #nextName(): string {
    const newest = Number(this.#names().at(-1)?.split('.')[3] ?? 0);
    const seconds = Math.max(Math.floor(Date.now() / 1000), newest + 1);
    return `events.out.tfevents.${String(seconds).padStart(10, '0')}.paragrad`;
  }

  #names(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => /^events\.out\.tfevents\.\d+\.paragrad$/.test(name))
      .sort();
  }
}

/** How much of a file is of the first steps. 0 if there is nothing but the version, also if the first record was cut off. */
function sizeUntil(bytes: Buffer, steps: number): number {
  let size = 0;
  for (let at = 0, k = 0; at + 16 <= bytes.length; k++) {
    const length = Number(bytes.readBigUInt64LE(at));
    const end = at + 16 + length;
    if (end > bytes.length || stepOf(bytes.subarray(at + 12, at + 12 + length)) > steps) break;
    if (k > 0) size = end;
    at = end;
  }
  return size;
}

/** The step of an event as it is written here: after the time; a step of 0 is left out. */
function stepOf(event: Buffer): number {
  let step = 0;
  if (event[9] !== 2 << 3) return step;
  for (let at = 10, factor = 1; ; at++, factor *= 128) {
    step += (event[at] & 127) * factor;
    if (event[at] < 128) return step;
  }
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}

function event(step: number, content: Buffer): Buffer {
  const time = Buffer.alloc(9);
  time[0] = (1 << 3) | 1;
  time.writeDoubleLE(Date.now() / 1000, 1);
  return Buffer.concat([time, ...(step > 0 ? [integer(2, step)] : []), content]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = (field << 3) | 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

/** Seven bits in each byte, the lowest first; all bytes but the last have the eighth. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** CRC-32C (Castagnoli), rotated and added to, as TFRecord asks. */
function maskedCrc(bytes: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = ~crc >>> 0;
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
