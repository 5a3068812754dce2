/** What the server of `watch` tells its page, from folders that look like those of runs. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeConfig, toJson } from '@paragrad/maddpg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRuns } from '../src/run/find-runs.js';
import { CsvTail } from '../src/serve/csv-tail.js';
import type { RunUpdate } from '../src/serve/messages.js';
import { RunTail } from '../src/serve/run-tail.js';
import { startServer } from '../src/serve/server.js';
import { Thinned } from '../src/serve/thinned.js';
import { TimeLeft } from '../src/serve/time-left.js';
import { Watcher, watchCommand } from '../src/serve/watch.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-watch-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const HEADER = 'episode,meanReturn\n';

function makeRun(name: string, files: Record<string, string> = {}): string {
  const run = join(folder, name);
  mkdirSync(run, { recursive: true });
  const config = toJson('config', completeConfig({ scenario: 'simple', episodes: 10 }));
  for (const [file, text] of Object.entries({ 'config.json': config, ...files })) {
    writeFileSync(join(run, file), text);
  }
  return run;
}

describe('a table that is thinned', () => {
  const filled = (episodes: number) => {
    const table = new Thinned(['episode', 'x', 'y']);
    for (let episode = 0; episode < episodes; episode++) table.add([episode, 2 * episode, Number.NaN]);
    return table;
  };

  test('keeps every line while there are few', () => {
    const { size, rows, newest } = filled(3).from(0);
    expect({ size, rows, newest }).toEqual({
      size: 1,
      rows: [
        [0, 0, null],
        [1, 2, null],
        [2, 4, null],
      ],
      newest: [2, 4, null],
    });
  });

  test.each([513, 1000, 5000])('of %i lines has the means of neighbors, in at most 512 rows', (episodes) => {
    const { size, rows } = filled(episodes).from(0);
    expect(rows).toHaveLength(Math.ceil(episodes / size));
    expect(rows.length).toBeLessThanOrEqual(512);
    const full = Math.floor(episodes / size);
    for (let k = 0; k < full; k++) {
      const middle = k * size + (size - 1) / 2;
      expect(rows[k]).toEqual([middle, 2 * middle, null]);
    }
  });

  test('tells changes that make up the whole', () => {
    const table = filled(0);
    let rows: unknown[] = [];
    for (let episode = 0; episode < 1500; episode++) {
      table.add([episode, episode, 1]);
      if (episode % 61 > 0) continue;
      const changes = table.takeChanges()!;
      rows = [...rows.slice(0, changes.from), ...changes.rows];
      expect(rows).toEqual(table.from(0).rows);
    }
    table.takeChanges();
    expect(table.takeChanges()).toBeUndefined();
  });

  test('leaves out lines without an episode, and holes stay empty', () => {
    const table = filled(0);
    table.add([Number.NaN, 1, 1]);
    table.add([-1, 1, 1]);
    table.add([2, 5, 6]);
    expect(table.from(0).rows).toEqual([
      [null, null, null],
      [null, null, null],
      [2, 5, 6],
    ]);
  });
});

describe('the end of a CSV file', () => {
  let lines: (number | string)[][];
  let path: string;
  let tail: CsvTail;
  beforeEach(() => {
    path = join(folder, 'a.csv');
    tail = new CsvTail();
    lines = [];
  });
  const read = () =>
    tail.read(
      path,
      (columns) => lines.push([...columns]),
      (numbers) => lines.push(numbers),
    );

  test('is read as it grows, whole lines only', async () => {
    writeFileSync(path, 'a,b\n1,2\n3,');
    await read();
    await read();
    expect(lines).toEqual([
      ['a', 'b'],
      [1, 2],
    ]);
    appendFileSync(path, '4\n,é\n');
    await read();
    expect(lines.slice(2)).toEqual([
      [3, 4],
      [Number.NaN, Number.NaN],
    ]);
  });

  test('is read across chunks', async () => {
    const many = Array.from({ length: 300_000 }, (_, i) => `${i},${i}`);
    writeFileSync(path, `a,b\n${many.join('\n')}\n`);
    await read();
    expect(lines).toHaveLength(300_001);
    expect(lines.at(-1)).toEqual([299_999, 299_999]);
  });

  test.each(['replaced', 'cut'])('is read from its beginning after it was %s', async (how) => {
    writeFileSync(path, 'a,b\n1,2\n3,4\n');
    await read();
    if (how === 'replaced') {
      writeFileSync(`${path}.new`, 'a,b\n1,2\n9,9\n10,10\n');
      renameSync(`${path}.new`, path);
    } else writeFileSync(path, 'a,b\n1,2\n');
    lines = [];
    await read();
    expect(lines.slice(0, 2)).toEqual([
      ['a', 'b'],
      [1, 2],
    ]);
  });
});

describe('runs are found', () => {
  test('at and below the given folders, each once, without following links', () => {
    const runs = ['a', 'group/run-2', 'group/run-10', 'group/deep/c #1'].map((name) => makeRun(name));
    symlinkSync(runs[0], join(folder, 'group/linked'));
    mkdirSync(join(folder, 'group/node_modules'));
    const found = findRuns([join(folder, 'a'), folder, join(folder, 'a')]);
    expect(found.map((path) => path.slice(folder.length + 1))).toEqual([
      'a',
      'group/deep/c #1',
      'group/run-2',
      'group/run-10',
    ]);
  });

  test.each(['none', 'file'])('or it is said that %s is no folder', async (name) => {
    writeFileSync(join(folder, 'file'), '');
    const message = `there is no folder ${join(folder, name)}; give folders that train wrote, or one that they are in`;
    expect(() => findRuns([join(folder, name)])).toThrow(message);
    await expect(watchCommand([join(folder, name)])).rejects.toThrow(message);
  });

  test('later, too, in a folder that is still empty', () => {
    expect(findRuns([folder])).toEqual([]);
    expect(new Watcher([folder]).intro).toMatch(/^No run yet/);
  });
});

describe('what is told of a run', () => {
  const stateOf = async (run: string) => (await new RunTail(0, run, 'run').poll())?.state;
  const status = (state: string, why?: string) => ({
    'status.json': JSON.stringify({ state, why, episodes: 2, steps: 50, updates: 0, ofEpisodes: 10 }),
  });

  test('first everything, then what is new', async () => {
    const run = makeRun('run', { 'metrics.csv': `${HEADER}0,1\n`, 'evaluations.csv': `${HEADER}0,5\n` });
    const tail = new RunTail(3, run, 'run');
    const all = await tail.poll();
    expect(all).toMatchObject({
      run: 3,
      config: { scenario: 'simple', episodes: 10 },
      metrics: { columns: ['episode', 'meanReturn'], rows: [[0, 1]] },
      evaluations: { columns: ['episode', 'meanReturn'], rows: [[0, 5]] },
    });
    expect(await tail.poll()).toBeUndefined();
    appendFileSync(join(run, 'metrics.csv'), '1,3\n');
    expect(await tail.poll()).toMatchObject({ run: 3, metrics: { from: 1, rows: [[1, 3]] } });
    expect(tail.all).toMatchObject({
      name: 'run',
      config: {},
      metrics: {
        from: 0,
        rows: [
          [0, 1],
          [1, 3],
        ],
      },
    });
  });

  test.each([
    ['finished', undefined],
    ['stopped', 'SIGTERM'],
    ['failed', 'the loss is NaN'],
  ])('how it ended: %s', async (state, why) => {
    const run = makeRun('run', { ...status(state, why), 'metrics.csv': `${HEADER}0,1\n1,1\n` });
    expect(await stateOf(run)).toEqual({ state, ...(why && { why }), episodes: 2, ofEpisodes: 10 });
  });

  test('whether a process still trains it', async () => {
    const run = makeRun('run', status('running'));
    expect(await stateOf(run)).toMatchObject({ state: 'killed' });
    writeFileSync(join(run, 'running.lock'), JSON.stringify({ pid: 1, host: 'another machine' }));
    expect(await stateOf(run)).toMatchObject({ state: 'running' });
  });

  test('that a run of an earlier version, without a status, has its results', async () => {
    expect(await stateOf(makeRun('old', { 'evaluation.json': '{}' }))).toMatchObject({ state: 'finished' });
  });

  test.each(['', '{', '{"scenario":"simple_tug"}'])(
    'a configuration %o is an error in words',
    async (text) => {
      const state = await stateOf(makeRun('run', { 'config.json': text }));
      expect(state).toMatchObject({ state: 'unreadable', why: expect.stringMatching(/config\.json/) });
    },
  );

  test('nothing behind a link that leads out of the folder', async () => {
    const run = makeRun('run');
    writeFileSync(join(folder, 'secret.csv'), `${HEADER}0,42\n`);
    for (const name of ['metrics.csv', 'evaluations.csv', 'status.json']) {
      symlinkSync('../secret.csv', join(run, name));
    }
    expect(JSON.stringify(await new RunTail(0, run, 'run').poll())).not.toContain('42');
  });

  test('nothing more, and no error, after its folder was removed', async () => {
    const run = makeRun('run', { 'metrics.csv': `${HEADER}0,1\n` });
    const tail = new RunTail(0, run, 'run');
    await tail.poll();
    rmSync(run, { recursive: true });
    await tail.poll();
    expect(tail.all.metrics?.rows).toEqual([[0, 1]]);
  });
});

test('the time left follows the speed of the last half minute', () => {
  const left = new TimeLeft();
  expect(left.of(10)).toBeUndefined();
  for (let second = 0; second <= 20; second++) left.add(1000 * second, 100 * second); // before learning
  for (let second = 21; second <= 80; second++) left.add(1000 * second, 2000 + second);
  expect(left.of(60)).toBeCloseTo(60);
  left.add(90_000, 10); // resumed from an earlier checkpoint
  expect(left.of(60)).toBeUndefined();
});

test('a page hears of a line within a second, and of a run that begins', async () => {
  const run = makeRun('run', { 'metrics.csv': `${HEADER}0,1\n` });
  writeFileSync(join(run, 'running.lock'), JSON.stringify({ pid: 1, host: 'another machine' }));
  const watcher = new Watcher([folder]);
  const { server, address } = await startServer({
    runs: watcher.folders,
    events: (response) => watcher.connect(response),
    pages: folder,
  });
  const closed = new AbortController();
  const response = await fetch(`${address}/events`, { signal: closed.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const updates: RunUpdate[] = [];
  const listening = (async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop()!;
      for (const event of events) {
        if (event.startsWith('data: ')) updates.push(JSON.parse(event.slice(6)));
      }
    }
  })().catch(() => {});
  const isTold = (what: (update: RunUpdate) => boolean, within: number) =>
    expect.poll(() => updates.some(what), { timeout: within, interval: 20 }).toBe(true);

  await isTold(({ metrics }) => metrics?.newest[1] === 1, 1000);
  appendFileSync(join(run, 'metrics.csv'), '1,7\n');
  await isTold(({ metrics }) => metrics?.newest[1] === 7, 1000);
  makeRun('second');
  await isTold(({ name }) => name === 'second', 4000);
  closed.abort();
  await listening;
  server.close();
});
