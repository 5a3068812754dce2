/** `kill -9` at 100 random moments, and a disk that fills up at random points: `npm run test:ends`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OFTEN, Program } from '../test/program.js';
import { threeAtOnce } from './three-at-once.js';

const EPISODES = 300;
const STEPS = 5 * EPISODES;
/** Drawing takes most of the time. */
const QUICKLY = [...OFTEN, '--no-film'];
/** Many updates, so that the kills come within training. */
const RUN = [
  ...['train', '--scenario', 'simple', '--env', '{"maxCycles":5}', '--episodes', String(EPISODES)],
  ...[
    '--steps-per-update',
    '5',
    '--batch-size',
    '16',
    '--warmup-steps',
    '100',
    '--hidden',
    '8',
    '--evaluation-episodes',
    '2',
  ],
  ...['--evaluation-every', '20', '--evaluation-episodes-in-training', '2', '--tensorboard'],
  ...['--exploration-kind', 'ornstein-uhlenbeck', ...QUICKLY],
];

const program = new Program();
let whole: Record<string, string>;
beforeAll(async () => {
  expect((await program.run(...RUN, '--out', 'whole')).code).toBe(0);
  whole = program.results('whole');
});
afterAll(program.close);

test('kill -9 at any moment, also within a write: the run goes on, and ends as one in one piece', async () => {
  let finished = 0;
  await threeAtOnce(100, async (k) => {
    const run = `killed-${k}`;
    const first = program.start(...RUN, '--out', run);
    await program.untilSteps(run, (STEPS * k) / 100);
    await setTimeout(30 * Math.random());
    first.process.kill('SIGKILL');
    await first.ended;
    const wasFinished = program.status(run).state === 'finished'; // the kill came after the end
    if (wasFinished) finished++;
    expect((await program.run('resume', run, ...QUICKLY)).output).toContain(
      wasFinished ? 'has 300 episodes already' : 'Results in',
    );
    expect(program.results(run)).toEqual(whole);
    const files = readdirSync(join(program.folder, run), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /unfinished|lock/.test(file))).toEqual([]);
  });
  expect(finished).toBeLessThan(10);
});

test('a disk that fills up at any point: what was saved goes on, and ends as one in one piece', async () => {
  const complete =
    1024 *
    Number(
      execFileSync('du', ['-sk', join(program.folder, 'whole')])
        .toString()
        .split('\t')[0],
    );
  await threeAtOnce(30, async (k) => {
    const folder = mkdtempSync(join(tmpdir(), 'paragrad-disk-'));
    const size = Math.ceil(((k + Math.random()) / 30) * complete * 1.2);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    try {
      const disk = new Program(folder);
      const first = await disk.run(...RUN, '--out', 'run');
      expect(first.output).not.toMatch(/\n +at /);
      execFileSync('mount', ['-o', 'remount,size=50m', folder]);
      if (first.code === 0) {
        expect(disk.results('run')).toEqual(whole);
        return;
      }
      expect(first.code).toBe(1);
      expect(first.output).toMatch(/ENOSPC/);
      const files = readdirSync(join(folder, 'run'), { recursive: true, encoding: 'utf8' });
      const resumed = await disk.run('resume', 'run', ...QUICKLY);
      if (files.some((file) => /step-\d+\/training\.json$/.test(file))) {
        expect(resumed.output).toContain('Results in');
        expect(disk.results('run')).toEqual(whole);
      } else {
        expect(resumed.output).toMatch(/is not a run folder|has no checkpoint to go on from/);
      }
    } finally {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    }
  });
});
