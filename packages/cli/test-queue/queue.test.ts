/** Sweeps on a queue: whatever happens to workers, starter and Redis, each run counts once, with the numbers of a local sweep. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RedisServer } from './redis-server.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** Seconds after which a worker is given up. */
const LOCK = 3;
const RUN = {
  scenario: 'simple',
  env: { maxCycles: 5 },
  batchSize: 16,
  warmupSteps: 100,
  stepsPerUpdate: 10, // many updates, so that what happens to workers comes within training
  episodes: 3000,
  evaluationEpisodes: 2,
  evaluationEvery: 500,
  evaluationEpisodesInTraining: 2,
  settings: { hidden: [8] },
};
const SWEEP = { run: RUN, grid: { settings: { gamma: [0.5, 0.9] } }, seeds: 3 };

let folder: string;
let server: RedisServer;
const children: ChildProcess[] = [];

interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly output: () => string;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn('node', [PROGRAM, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder, ...env },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { process: child, ended, output: () => output };
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await setTimeout(50);
}

const write = (name: string, sweep: object) => writeFileSync(join(folder, name), JSON.stringify(sweep));
const startWorker = (...args: string[]) =>
  start(['worker', '--queue', server.url, '--workers', '1', '--lock-seconds', String(LOCK), ...args]);
const startSweep = (file: string, ...args: string[]) =>
  start(['sweep', file, '--queue', server.url, '--save-every', '0.005', ...args]);
const runsIn = (path: string) =>
  readdirSync(join(folder, path))
    .filter((name) => name.includes('seed='))
    .sort();

/** A digest of every file of each run, except of what only going on needs. */
function digests(path: string): Record<string, string> {
  return Object.fromEntries(
    runsIn(path).map((run) => {
      const hash = createHash('sha1');
      const names = readdirSync(join(folder, path, run), { recursive: true, encoding: 'utf8' }).sort();
      for (const name of names.filter((one) => !one.startsWith('checkpoints'))) {
        const file = join(folder, path, run, name);
        hash.update(name).update(statSync(file).isFile() ? contentOf(file) : '');
      }
      return [run, hash.digest('hex')];
    }),
  );
}

/** A file's content, without the time that training took. */
function contentOf(file: string): Buffer | string {
  const content = readFileSync(file);
  return file.endsWith('status.json') ? content.toString().replace(/"seconds": [\d.]+/, '') : content;
}

/** How often each run was said to be finished. */
function finishedIn(...outputs: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, run] of outputs.join('\n').matchAll(/^ {2}(\S*seed=\d+) finished/gm)) {
    counts[run] = (counts[run] ?? 0) + 1;
  }
  return counts;
}

/** How many of the attempts in a shared folder another worker could go on from. The first save of each is before its first episode. */
function attemptsWithEpisodes(sweep: string): number {
  const path = join(folder, sweep, 'attempts');
  const statuses = readdirSync(path).map((name) => join(path, name, 'status.json'));
  return statuses.filter(
    (status) => existsSync(status) && JSON.parse(readFileSync(status, 'utf8')).episodes > 0,
  ).length;
}

/** The jobs in Redis. */
const keys = () => server.ask((redis) => redis.keys('paragrad:runs:*-*-*'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-queue-'));
  write('s.json', SWEEP);
  expect(await start(['sweep', 's.json', '--out', 'runs/local']).ended).toBe(0);
}, 120_000);

beforeEach(async () => {
  server = await RedisServer.start(mkdtempSync(join(folder, 'redis-')));
});

/** A failed test leaves workers and jobs: the next one has none of them. */
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
  await server.stop();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each([
  ['through Redis', [] as string[]],
  ['in a shared folder', ['--shared', 'runs']],
])('results come %s', (how, shared) => {
  test('one worker is killed, one paused beyond its lock, Redis restarted: each run counts once, and is the local one', async () => {
    const out = `runs/${how.replaceAll(' ', '-')}`;
    const workers = [startWorker(...shared), startWorker(...shared), startWorker(...shared)];
    const sweep = startSweep('s.json', '--out', out);
    await until(() => workers.every(({ output }) => output().includes('begins')));
    if (shared.length > 0) await until(() => attemptsWithEpisodes(out) === workers.length);
    const [killed, paused] = workers;
    killed.process.kill('SIGKILL');
    paused.process.kill('SIGSTOP');
    await setTimeout(500);
    await server.stop();
    await until(() => sweep.output().includes('is away'));
    await setTimeout(1000);
    await server.start();
    await until(() => sweep.output().includes('is back'));
    await setTimeout(2500 * LOCK); // the paused worker's run is taken over now
    paused.process.kill('SIGCONT');
    const another = startWorker(...shared);
    expect(await sweep.ended, sweep.output()).toBe(0);

    const all = runsIn('runs/local');
    expect(finishedIn(sweep.output())).toEqual(Object.fromEntries(all.map((run) => [run, 1])));
    expect(sweep.output()).toMatch(/waits again: \S+ \(\d+\) does not go on with it/);
    expect(digests(out)).toEqual(digests('runs/local'));
    expect(await keys()).toEqual([]);
    expect(existsSync(join(folder, out, 'attempts'))).toBe(false);
    if (shared.length > 0)
      expect(
        workers
          .concat(another)
          .map(({ output }) => output())
          .join(),
      ).toMatch(/goes on after [1-9]/);

    for (const { process: child, ended, output } of [workers[2], paused, another]) {
      await until(() => output() !== ''); // one that has only just started would not say good-bye
      child.kill('SIGTERM');
      expect(await ended, output()).toBe(143);
      expect(output()).not.toMatch(/\n +at /);
    }
  });
});

test('a worker that is stopped hands its run back; a starter that is stopped collects later', async () => {
  const first = startWorker('--shared', 'runs');
  const sweep = startSweep('s.json', '--out', 'runs/later');
  await until(() => first.output().includes('begins'));
  sweep.process.kill('SIGTERM');
  expect(await sweep.ended).toBe(143);
  expect(sweep.output()).toMatch(
    /The workers go on .* Go on with:\s+paragrad sweep s\.json --out runs\/later --queue/,
  );
  await setTimeout(500);
  first.process.kill('SIGTERM');
  expect(await first.ended).toBe(143);
  expect(first.output()).toMatch(/is handed back|finished/);

  const others = [startWorker('--shared', 'runs'), startWorker()];
  await until(() => server.ask(async (redis) => (await redis.zcard('paragrad:runs:completed')) >= 3));
  const again = startSweep('s.json', '--out', 'runs/later');
  expect(await again.ended, again.output()).toBe(0);
  expect(Object.values(finishedIn(again.output())).every((count) => count === 1)).toBe(true);
  expect(digests('runs/later')).toEqual(digests('runs/local'));
  expect(await keys()).toEqual([]);
  for (const { process: child, ended } of others) {
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  }
});

test('500 small runs by three workers: nothing is lost, nothing counts twice', async () => {
  const tiny = { ...RUN, episodes: 1, evaluationEpisodes: 1, env: { maxCycles: 1 } };
  write('many.json', { run: tiny, seeds: 500 });
  const workers = [startWorker(), startWorker(), startWorker('--shared', 'runs')];
  const sweep = startSweep('many.json');
  await until(() => Object.keys(finishedIn(sweep.output())).length > 100);
  workers[0].process.kill('SIGKILL');
  expect(await sweep.ended, sweep.output().slice(-2000)).toBe(0);
  const counts = finishedIn(sweep.output());
  expect(Object.keys(counts)).toHaveLength(500);
  expect(Object.values(counts).filter((count) => count !== 1)).toEqual([]);
  expect(runsIn('runs/many')).toHaveLength(500);
  expect(await keys()).toEqual([]);
  for (const { process: child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
});

test('a run that fails is tried once more, and named; a job that is not a run is refused; both stop nobody', async () => {
  const worker = startWorker();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  const queue = new Queue('runs', { connection: redis, prefix: 'paragrad' });
  const good = JSON.parse(
    readFileSync(join(folder, 'runs/local', runsIn('runs/local')[0], 'config.json'), 'utf8'),
  );
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const job = { version, sweep: 'x', folder: 'x', run: 'y', config: good, saveEvery: 1, keepState: false };
  await queue.add('run', { ...job, run: '../../up' }, { jobId: 'x-1' });
  await queue.add('run', { ...job, config: { ...good, episodes: 'process.exit()' } }, { jobId: 'x-2' });
  await queue.add('run', { ...job, code: 'x' }, { jobId: 'x-3' });
  write('f.json', {
    run: { ...RUN, episodes: 100 },
    list: [{ name: 'wild', settings: { actorLr: 1e10, criticLr: 1e10 } }, { name: 'calm' }],
  });
  const sweep = startSweep('f.json');
  expect(await sweep.ended).toBe(1);
  expect(sweep.output()).toMatch(/1 of 2 runs failed:\s+wild,seed=1: training failed after \d+ steps/);
  expect(sweep.output()).toContain('calm,seed=1 finished');
  expect(worker.output().match(/wild,seed=1 failed/g)).toHaveLength(2);
  await until(() => (worker.output().match(/refused a job/g) ?? []).length === 3);
  expect(worker.output()).toMatch(/the job: run is "\.\.\/\.\.\/up"; give the name of a folder/);
  expect(worker.output()).toMatch(/the job y: episodes is "process\.exit\(\)"; give an integer/);
  expect(worker.output()).toMatch(/the job: there is no option code/);
  for (const id of ['x-1', 'x-2', 'x-3']) await (await queue.getJob(id))?.remove();
  await queue.close();
  redis.disconnect();
  worker.process.kill('SIGTERM');
  await worker.ended;
});

test('a password works, is never shown, and a wrong one is an error', async () => {
  const own = await RedisServer.start(join(folder, 'secret'), 'hunter2');
  write('p.json', { run: { ...RUN, episodes: 50 } });
  const { url } = own;
  const worker = start(['worker', '--queue'], { PARAGRAD_QUEUE: url });
  const sweep = start(['sweep', 'p.json', '--queue', url]);
  expect(await sweep.ended, sweep.output()).toBe(0);
  worker.process.kill('SIGTERM');
  await worker.ended;
  const wrong = start(['worker', '--queue', url.replace('hunter2', 'hunter3')]);
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toMatch(/can't use Redis at 127\.0\.0\.1:\d+: WRONGPASS/);
  expect(worker.output() + sweep.output() + wrong.output()).not.toContain('hunter');
  await own.stop();
});

test.each([
  [
    ['--queue', 'redis://127.0.0.1:1'],
    /can't use Redis at 127\.0\.0\.1:1: connect ECONNREFUSED .*; check that it runs/,
  ],
  [['--queue', 'http://user:secret@x'], /this is not the URL of a Redis server; give one such as redis:/],
  [['--queue'], /there is no URL; give one such as redis:.*, or set PARAGRAD_QUEUE/],
])('worker %j is an error that teaches', async (args, message) => {
  for (const command of [['worker'], ['sweep', 's.json', '--out', 'runs/wrong']]) {
    const { ended, output } = start([...command, ...args], { PARAGRAD_QUEUE: '' });
    expect(await ended).toBe(1);
    expect(output()).toMatch(message);
    expect(output()).not.toMatch(/secret|\n +at /);
  }
});
