/** Event files for TensorBoard. tests/differential/tensorboard.fuzz.ts reads them with Google's protocol buffers. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EventLog } from '../src/run/event-log.js';

const root = mkdtempSync(join(tmpdir(), 'paragrad-events-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The records of each file in the folder, without the time. */
function recordsIn(folder: string): string[][] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      const records: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        const length = Number(bytes.readBigUInt64LE(at));
        records.push(bytes.subarray(at + 12 + 9, at + 12 + length).toString('hex'));
        at += 16 + length;
      }
      return records;
    });
}

const VERSION = `1a0d${Buffer.from('brain.Event:2').toString('hex')}`;
/** An event with the number 1.5 by the tag "a". */
const point = (step: string) => `10${step}2a0a0a080a0161150000c03f`;
const START = (step: string) => `10${step}3a020801`;

test('records are those of TensorFlow', () => {
  const folder = join(root, 'records');
  const log = new EventLog(folder);
  log.add(3, { a: 1.5, unknown: undefined, nothing: Number.NaN });
  log.add(300, { a: 1.5 });
  log.flush();
  expect(recordsIn(folder)).toEqual([[VERSION, point('03'), point('ac02')]]);
  // Every event file of TensorFlow begins like this: the length of the first event, 24, and its checksum.
  const [name] = readdirSync(folder);
  const bytes = readFileSync(join(folder, name));
  expect(bytes.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
});

test('after a stop, later points are gone, and the next file says so', () => {
  const folder = join(root, 'stopped');
  const first = new EventLog(folder);
  for (const step of [1, 2, 3]) first.add(step, { a: 1.5 });
  first.flush();
  appendFileSync(join(folder, readdirSync(folder)[0]), 'half a record');

  const second = new EventLog(folder);
  second.truncate(2);
  for (const step of [3, 4]) second.add(step, { a: 1.5 });
  second.flush();
  const begun = [VERSION, START('03'), point('03'), point('04')];
  expect(recordsIn(folder)).toEqual([[VERSION, point('01'), point('02')], begun]);

  // A file whose points are all too late is removed. The points of the other file come before the new ones, as they should.
  const third = new EventLog(folder);
  third.truncate(2);
  third.add(3, { a: 1.5 });
  third.flush();
  const again = [VERSION, START('03'), point('03')];
  expect(recordsIn(folder)).toEqual([[VERSION, point('01'), point('02')], again]);
});
