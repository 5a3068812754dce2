/** Training behind the page: in slices, with messages, from and to the folders of the command. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  completeConfig,
  loadTraining,
  prepareRun,
  saveCheckpoint,
  saveTraining,
  train,
} from '@paragrad/maddpg';
import { afterAll, expect, test, vi } from 'vitest';
import { RunFolder } from '../../../packages/cli/src/run/run-folder.js';
import { learn, learnedBy } from '../src/model/learned.js';
import type { RunFiles } from '../src/model/open-run.js';
import { canGoOn, findRun, folderOf } from '../src/model/run-folder.js';
import type { FromWorker, Progress, ToWorker } from '../src/train/messages.js';
import { type Port, serveTraining } from '../src/train/serve-training.js';
import { TrainerSession } from '../src/train/trainer-session.js';
import { unzip, zipOf } from '../src/train/zip.js';

const config = completeConfig({
  scenario: 'simple_tag',
  env: { maxCycles: 5 },
  episodes: 30,
  batchSize: 16,
  warmupSteps: 20,
  stepsPerUpdate: 5,
  settings: { hidden: [8] },
});
const root = mkdtempSync(join(tmpdir(), 'paragrad-explorer-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A session whose clock grows by a millisecond at each look: `steps` are `steps` milliseconds. */
function sessionOf(job: Partial<ConstructorParameters<typeof TrainerSession>[0]> = {}) {
  let time = 0;
  return new TrainerSession({ config, pace: Number.POSITIVE_INFINITY, ...job }, { now: () => time++ });
}

/** The training in one piece. */
function inOnePiece() {
  const trainer = train({ ...prepareRun(config), onWarning: () => {} });
  for (const _ of trainer);
  return saveTraining(trainer);
}

const writeAll = (folder: string, files: Readonly<Record<string, string | Uint8Array>>) => {
  for (const [path, file] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), file);
  }
};

test('slices give the training in one piece, bit for bit', () => {
  const session = sessionOf();
  let slices = 0;
  while (session.advance(7) < Number.POSITIVE_INFINITY) slices++;
  expect(slices).toBeGreaterThan(10);
  const { 'config.json': _, 'metrics.csv': csv, ...files } = session.save();
  expect(files).toEqual(inOnePiece());
  expect(String(csv).split('\n')).toHaveLength(1 + config.episodes + 1);
});

test('page, then command, then page: as one training in one piece, metrics included', () => {
  const whole = sessionOf();
  whole.advance(1e9);

  const first = sessionOf();
  while (first.trainer.steps < 53) first.advance(3); // within an episode
  const folder = join(root, 'page-to-command');
  writeAll(folder, folderOf(first.save()));

  const run = RunFolder.open(folder);
  expect(run.describeStatus()).toBe(`stopped by the page after ${first.trainer.episodes} of 30 episodes`);
  const trainer = loadTraining(run.readTraining(), { ...prepareRun(run.readConfig()), onWarning: () => {} });
  run.log.truncate(trainer);
  while (trainer.steps < 101) {
    for (const report of trainer.step()) run.log.addEpisode(report);
  }
  run.log.flush();
  run.writeCheckpoint(trainer.steps, saveTraining(trainer), 3);

  const last = sessionOf({ files: readRun(folder) });
  expect(last.trainer.steps).toBe(101);
  last.advance(1e9);
  expect(last.save()).toEqual(whole.save());
});

/** What the page reads of a folder. */
function readRun(folder: string): RunFiles {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).map((path) =>
    path.replaceAll('\\', '/'),
  );
  return Object.fromEntries(
    [...findRun(paths)].map(([name, path]) => [name, new Uint8Array(readFileSync(join(folder, path)))]),
  );
}

test('a zip of the run is what was saved, in a folder of its name', () => {
  const session = sessionOf();
  session.advance(60);
  const saved = session.save();
  const files = unzip(zipOf('tag', folderOf(saved)));
  const found = findRun([...files.keys()]);
  expect(new Set(found.keys())).toEqual(new Set(Object.keys(saved)));
  const again = Object.fromEntries([...found].map(([name, path]) => [name, files.get(path)!]));
  expect(canGoOn(again)).toBe(true);
  expect(sessionOf({ files: again }).save()).toEqual(saved);
});

test('the newest checkpoint is found; one without the memory can only act', () => {
  const paths = [
    ...['algorithm.json', 'networks.safetensors', 'optimizers.safetensors'].flatMap((name) => [
      `a/run/checkpoint/${name}`,
      `a/run/checkpoints/step-000000050/${name}`,
      `a/run/checkpoints/step-000000100/${name}`,
    ]),
    'a/run/checkpoints/step-000000100/training.json',
    'a/run/checkpoints/step-000000100/training.safetensors',
    'a/run/config.json',
    'a/run/best/config.json',
  ];
  expect(findRun(paths).get('training.json')).toBe('a/run/checkpoints/step-000000100/training.json');
  expect(findRun(paths).get('config.json')).toBe('a/run/config.json');
  const acting = findRun(paths.filter((path) => !path.includes('checkpoints/')));
  expect(acting.get('algorithm.json')).toBe('a/run/checkpoint/algorithm.json');
  expect(canGoOn(Object.fromEntries(acting))).toBe(false);
  expect(() => findRun(['notes.txt'])).toThrow('there is no config.json in it');
});

test('the pace is that of the clock; 0 is none', () => {
  let time = 0;
  const session = new TrainerSession(
    { config: { ...config, episodes: 1000 }, pace: 50 },
    { now: () => time },
  );
  for (; time < 2000; time += 10) session.advance(5);
  expect(session.trainer.steps).toBeGreaterThanOrEqual(99);
  expect(session.trainer.steps).toBeLessThanOrEqual(101);
  session.pace = 0;
  expect(session.advance(1000)).toBe(Number.POSITIVE_INFINITY);
  time += 10_000;
  session.pace = 50;
  session.advance(5);
  expect(session.trainer.steps).toBeLessThanOrEqual(102); // what was due in the break is not caught up
  time += 10_000; // the machine slept
  session.advance(5);
  expect(session.trainer.steps).toBeLessThanOrEqual(110);
});

/** A worker in this process, and what it said. */
function openWorker() {
  const heard: FromWorker[] = [];
  const port: Port = { onmessage: null, postMessage: (message) => void heard.push(structuredClone(message)) };
  serveTraining(port);
  const send = (data: ToWorker) => port.onmessage!({ data: structuredClone(data) });
  const until = async (kind: FromWorker['kind']) => {
    await vi.waitFor(() => expect(heard.map((message) => message.kind)).toContain(kind), { timeout: 60_000 });
    return heard.find((message) => message.kind === kind)!;
  };
  return { heard, send, until };
}

test('a worker says what runs, how far it is and what was learned, a few times a second; then that it has ended', async () => {
  const { heard, send, until } = openWorker();
  send({
    kind: 'start',
    job: { config: { ...config, episodes: 200 }, threads: 1, pace: Number.POSITIVE_INFINITY },
  });
  const began = performance.now();
  await until('ended');
  const seconds = (performance.now() - began) / 1000;
  const [started] = heard;
  expect(started).toMatchObject({
    kind: 'started',
    threads: 1,
    config: { kernels: expect.stringMatching(/simd|reference/) },
  });
  const progress = heard.filter((message): message is Progress => message.kind === 'progress');
  expect(progress.length).toBeLessThan(3 + 5 * seconds);
  expect(progress.at(-1)).toMatchObject({ episodes: 200, ofEpisodes: 200, steps: 1000 });
  expect(progress.at(-1)!.metrics!.columns).toContain('criticLoss:agent_0');
  expect(heard.filter(({ kind }) => kind === 'policy')).toHaveLength(1);
  expect(heard.filter(({ kind }) => kind === 'learned').length).toBeLessThan(2 + 2 * seconds);
  send({ kind: 'save' });
  const saved = await until('saved');
  expect(saved.kind === 'saved' && canGoOn(saved.files)).toBe(true);
});

test.each(['maddpg', 'ensemble-maddpg', 'qmix'] as const)(
  'what %s has learned, as arrays, makes an equal algorithm the same',
  (algorithm) => {
    const given = completeConfig({
      ...config,
      algorithm,
      settings: { hidden: [8], parameterSharing: algorithm === 'maddpg' },
      ...(algorithm === 'qmix' && { actions: 'discrete', exploration: { kind: 'epsilon-greedy' } }),
    });
    const session = sessionOf({ config: given });
    session.advance(120);
    const { algorithm: teacher } = session.trainer.training;
    expect(teacher.updates).toBeGreaterThan(0);
    const { algorithm: pupil } = prepareRun({ ...given, seed: 2 });
    learn(pupil, structuredClone(learnedBy(teacher)));
    expect(saveCheckpoint(pupil)).toEqual(saveCheckpoint(teacher));
  },
);

test('a pause and the pace reach it between two slices', async () => {
  const { heard, send, until } = openWorker();
  send({
    kind: 'start',
    job: { config: { ...config, episodes: 1e6 }, threads: 1, pace: Number.POSITIVE_INFINITY },
  });
  await until('progress');
  send({ kind: 'pace', pace: 0 });
  const latest = () => heard.findLast((message): message is Progress => message.kind === 'progress')!;
  await vi.waitFor(() => expect(latest().stepsPerSecond).toBe(0), { timeout: 60_000 });
  const { length } = heard;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard).toHaveLength(length);
});

test.each([
  ['a setting that does not fit', { batchSize: 0 }, /batchSize is 0; give an integer of at least 1/],
  ['kernels that do not exist', { kernels: 'gpu' as 'simd' }, /kernels is "gpu"; give one of auto/],
])('%s is said as text', async (_, wrong, message) => {
  const { send, until } = openWorker();
  send({ kind: 'start', job: { config: { ...config, ...wrong }, threads: 1, pace: 1 } });
  expect(await until('failed')).toEqual({ kind: 'failed', message: expect.stringMatching(message) });
});

test('files of another training are refused, with the name of what differs', async () => {
  const files = sessionOf().save();
  const { send, until } = openWorker();
  const other = { ...config, settings: { ...config.settings, gamma: 0.5 } };
  send({ kind: 'start', job: { config: other, files, threads: 1, pace: 1 } });
  expect(await until('failed')).toMatchObject({ message: expect.stringContaining('gamma') });
});
