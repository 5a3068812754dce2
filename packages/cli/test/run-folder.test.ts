/** The folder of a run: how it is made, whose it is, and its name in commands that are printed. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeConfig, prepareRun, saveTraining, train } from '@paragrad/maddpg';
import { afterAll, expect, test } from 'vitest';
import { learningCurve } from '../src/pictures/curve.js';
import { csvLine } from '../src/run/metrics-rows.js';
import { RunFolder } from '../src/run/run-folder.js';
import { lockRun } from '../src/run/run-lock.js';
import { asArgument } from '../src/text/as-argument.js';
import { BestCheckpoints } from '../src/training/best-checkpoints.js';

const root = mkdtempSync(join(tmpdir(), 'paragrad-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

const config = completeConfig({ episodes: 2 });

test('a path may go up again', () => {
  const folder = RunFolder.create(`${root}/new/one/../two`, config);
  expect(existsSync(join(root, 'new', 'two', 'config.json'))).toBe(true);
  folder.unlock();
});

test('a lock without a process is that of one that starts just now, or of one that was killed before it wrote its number', () => {
  const folder = join(root, 'locked');
  mkdirSync(folder);
  const lock = join(folder, 'running.lock');
  writeFileSync(lock, '');
  expect(() => lockRun(folder)).toThrow(`${folder} is in use by a process that starts just now`);
  utimesSync(lock, 1e9, 1e9);
  lockRun(folder)();
  expect(existsSync(lock)).toBe(false);
});

test('metrics.csv has every digit of the steps', () => {
  expect(csvLine(['steps', 'loss'], { steps: 123_456_789, loss: 0.123456789 })).toBe('123456789,0.1234568\n');
});

test('a billion steps come after 999,999,999: of two checkpoints the later one stays', () => {
  const folder = RunFolder.create(join(root, 'long'), config);
  const files = saveTraining(train(prepareRun(config)));
  for (const steps of [999_999_998, 999_999_999, 1_000_000_000]) folder.writeCheckpoint(steps, files, 2);
  expect(folder.checkpoints()).toEqual(['step-999999999', 'step-1000000000']);
  expect(() => folder.readTraining()).not.toThrow();
  folder.unlock();
});

test('as many evaluations as there may be', () => {
  const many = 150_000;
  const folder = RunFolder.create(join(root, 'many'), config);
  const line = (episode: number) => `${episode},${episode % 7}\n`;
  const lines = Array.from({ length: many }, (_, episode) => line(episode)).join('');
  writeFileSync(join(folder.path, 'evaluations.csv'), `episode,meanReturn\n${lines}`);
  expect(() => new BestCheckpoints(folder)).not.toThrow();
  const { episode, meanReturn } = folder.log.evaluations.read();
  const evaluations = episode.map((at, k) => [at, meanReturn[k]] as const);
  const svg = learningCurve({
    title: 'many',
    series: [{ returns: meanReturn, evaluations, levels: {} }],
    evaluationEpisodes: 20,
  } as Parameters<typeof learningCurve>[0]);
  expect(svg).toMatch(/^<svg/);
  folder.unlock();
});

test.each([
  ['runs/simple_tag-1', 'runs/simple_tag-1'],
  ['my runs/a', "'my runs/a'"],
  ["it's", `'it'\\''s'`],
  ['$HOME', "'$HOME'"],
])('in a command, the path %s is %s', (path, argument) => {
  expect(asArgument(path)).toBe(argument);
});
