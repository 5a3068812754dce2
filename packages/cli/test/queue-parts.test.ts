/** The parts of a queue that need no Redis: what a job may say, the way of results, who is first. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defaultConfig } from '@paragrad/maddpg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  attemptPath,
  attemptsAt,
  isPublished,
  makeAttempt,
  publish,
  sweepIn,
} from '../src/queue/attempts.js';
import { idOf, parseJob, type RunJob } from '../src/queue/job.js';
import { pack, unpack } from '../src/queue/parcel.js';
import { hostOf, queueUrl } from '../src/queue/redis.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-parts-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const job: RunJob = {
  version: '0.1.0',
  sweep: 'a-1',
  folder: 'discounts',
  run: 'gamma=0.5,seed=1',
  config: defaultConfig,
  saveEvery: 5,
  keepState: false,
};

describe('a job', () => {
  test('is plain data; the same one has the same id, another configuration another one', () => {
    expect(parseJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
    expect(idOf(parseJob({ ...job }))).toBe(idOf(job));
    expect(idOf({ ...job, config: { ...defaultConfig, episodes: 7 } })).not.toBe(idOf(job));
    expect(idOf(job)).not.toContain(':'); // BullMQ's own separator
  });

  test.each<[unknown, RegExp]>([
    ...['../up', '/etc', '..', '.', '', 'a/b', 'a\\b', 'a\0b', 'x'.repeat(300), 7].flatMap<[unknown, RegExp]>(
      (name) => [
        [{ ...job, run: name }, /the job: run is .*; give the name of a folder/],
        [{ ...job, folder: name }, /the job: folder is .*; give the name of a folder/],
      ],
    ),
    [{ ...job, sweep: '../x' }, /sweep is/],
    [{ ...job, config: { ...defaultConfig, scenario: 'no' } }, /the job gamma=0\.5,seed=1: scenario is "no"/],
    [{ ...job, config: { ...defaultConfig, evil: 1 } }, /no setting evil/],
    [{ ...job, config: 'process.exit()' }, /config is "process\.exit\(\)"; give an object/],
    [{ ...job, processor: '/tmp/x.js' }, /no option processor/],
    [{ ...job, saveEvery: 0 }, /saveEvery is 0/],
    [{ run: 'x' }, /is missing/],
    [null, /null/],
    ['text', /text/],
  ])('that is %j is refused', (data, message) => {
    expect(() => parseJob(data)).toThrow(message);
  });
});

/** A run's folder with these steps. */
function makeRun(path: string, state: string, steps = 1): void {
  mkdirSync(join(path, 'checkpoint'), { recursive: true });
  mkdirSync(join(path, 'checkpoints/step-1'), { recursive: true });
  writeFileSync(join(path, 'config.json'), JSON.stringify(defaultConfig));
  writeFileSync(join(path, 'status.json'), JSON.stringify({ state, steps }));
  writeFileSync(join(path, 'checkpoint/networks.safetensors'), Uint8Array.from([0, 255, 7]));
  writeFileSync(join(path, 'checkpoints/step-1/training.json'), '{}');
}

test('a result travels without what only going on needs, and stays in its folder', () => {
  const from = join(folder, 'from');
  makeRun(from, 'finished');
  writeFileSync(join(from, 'running.lock'), '{}');
  const to = join(folder, 'to');
  unpack(pack(from), to);
  expect(readdirSync(to, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
    'checkpoint',
    'checkpoint/networks.safetensors',
    'config.json',
    'status.json',
  ]);
  expect([...readFileSync(join(to, 'checkpoint/networks.safetensors'))]).toEqual([0, 255, 7]);
  for (const name of ['../up', '/up', 'a/../../up', '.hidden', 'a//b', '']) {
    const bytes = gzipSync(JSON.stringify({ [name]: 'AAAA' }));
    expect(() => unpack(bytes, join(folder, 'bad'))).toThrow(/not within its folder/);
  }
  expect(existsSync(join(folder, 'bad'))).toBe(false);
  expect(existsSync(join(folder, 'up'))).toBe(false);
});

test('of two attempts at a run the first one that is published counts; the other is removed', () => {
  const sweep = join(folder, 'sweep');
  makeRun(join(sweep, 'r'), 'stopped', 5); // of a local sweep before
  makeAttempt(sweep, 'r');
  const [a, b] = ['a', 'b'].map((token) => attemptPath(sweep, 'r', token));
  makeRun(a, 'finished', 20);
  makeRun(b, 'finished', 30);
  makeRun(attemptPath(sweep, 'r2', 'c'), 'running', 40);
  expect(attemptsAt(sweep, 'r').map((path) => path.split('@')[1])).toEqual(['b', 'a', 'earlier-0']);
  expect(isPublished(sweep, 'r')).toBe(false);
  publish(a, sweep, 'r');
  publish(b, sweep, 'r');
  expect(isPublished(sweep, 'r')).toBe(true);
  expect(JSON.parse(readFileSync(join(sweep, 'r/status.json'), 'utf8')).steps).toBe(20);
  expect([existsSync(a), existsSync(b)]).toEqual([false, false]);
  makeAttempt(sweep, 'r'); // a finished one stays
  expect(isPublished(sweep, 'r')).toBe(true);
  expect(sweepIn(sweep)).toBeUndefined();
});

test("a queue's URL is a Redis URL; nothing shows its password", () => {
  expect(hostOf(queueUrl('rediss://user:secret@host:7000/2'))).toBe('host:7000/2');
  expect(hostOf(queueUrl('redis://:secret@host'))).toBe('host:6379');
  for (const wrong of ['host:6379', 'http://user:secret@host', 'secret']) {
    expect(() => queueUrl(wrong)).toThrow(/this is not the URL of a Redis server; give one such as redis:/);
    expect(() => queueUrl(wrong)).not.toThrow(/:secret@|secret;/);
  }
});
