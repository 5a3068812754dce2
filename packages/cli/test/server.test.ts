/** What the server of the pages answers, and to whom. The folders of runs here hold no real runs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playCommand } from '../src/serve/play.js';
import { startServer } from '../src/serve/server.js';

let folder: string;
let server: Server;
let address: string;
const runs: string[] = [];

/** A folder that looks like a run's. */
function makeRun(name: string): string {
  const run = join(folder, name);
  mkdirSync(join(run, 'checkpoint'), { recursive: true });
  writeFileSync(join(run, 'config.json'), JSON.stringify({ name }));
  writeFileSync(join(run, 'checkpoint/networks.safetensors'), 'weights');
  runs.push(run);
  return run;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-server-'));
  mkdirSync(join(folder, 'pages/play'), { recursive: true });
  writeFileSync(join(folder, 'pages/play/index.html'), 'the page');
  writeFileSync(join(folder, 'secret'), 'secret');
  mkdirSync(join(folder, 'elsewhere'));
  for (const name of ['config.json', 'networks.safetensors', 'algorithm.json']) {
    writeFileSync(join(folder, 'elsewhere', name), 'secret');
  }
  ({ server, address } = await startServer({ runs, pages: join(folder, 'pages') }));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  status: number;
  body: string;
  headers: IncomingMessage['headers'];
}

/** Sends the path as it is. (`fetch` would tidy it up, and has its own Host header.) */
function get(path: string, options: { host?: string; method?: string; to?: string } = {}): Promise<Answer> {
  const { host, method = 'GET', to = address } = options;
  const { hostname, port } = new URL(to);
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const sent = request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode!, body, headers: response.headers });
    });
    sent.on('error', reject).end();
  });
}

const bodyOf = async (path: string) => (await get(path)).body;
const statusOf = async (path: string) => (await get(path)).status;

test('it serves the pages, and of a run what plays its agents', async () => {
  const index = runs.indexOf(makeRun('plain'));
  expect(await bodyOf('/play/?scenario=simple')).toBe('the page');
  expect(await bodyOf(`/runs/${index}/config.json`)).toBe('{"name":"plain"}');
  expect(await bodyOf(`/runs/${index}/checkpoint/networks.safetensors`)).toBe('weights');
  expect(await get(`/runs/${index}/config.json`, { method: 'HEAD' })).toMatchObject({
    status: 200,
    body: '',
  });
});

test.each(['a#b', '50%', '%2e%2e', 'what?', 'two words', 'Läufe 走', "a'b&c", 'a\\b'])(
  'a folder can have the name %s',
  async (name) => {
    const index = runs.indexOf(makeRun(name));
    expect(JSON.parse(await bodyOf(`/runs/${index}/config.json`))).toEqual({ name });
  },
);

test.each([
  'metrics.csv',
  'training.json',
  'running.lock',
  'checkpoint/',
  'checkpoint/other.json',
  '../secret',
  'checkpoint/../../secret',
  '%2e%2e/secret',
  'checkpoint%2fnetworks.safetensors/../../../secret',
  'config.json/',
  'config.json%00',
])('%s is no file that a page may read', async (name) => {
  const run = makeRun('full');
  for (const file of ['metrics.csv', 'training.json', 'running.lock', 'checkpoint/other.json']) {
    writeFileSync(join(run, file), 'secret');
  }
  const { status, body } = await get(`/runs/${runs.indexOf(run)}/${name}`);
  expect(status).toBe(404);
  expect(body).not.toContain('secret');
});

test.each([
  '/../secret',
  '/%2e%2e/secret',
  '/play/../../secret',
  '/play/%2e%2e%2f%2e%2e%2fsecret',
  '/__open-in-editor?file=x',
  '/@fs/etc/passwd',
  '/@vite/client',
  '/events',
  '//',
  '/%',
  '/runs/0',
  '/runs/999/config.json',
  '/runs/-1/config.json',
])('%s is no page', async (path) => {
  expect(await statusOf(path)).toBe(404);
});

describe('links', () => {
  test('that lead out of the folder are not followed', async () => {
    const index = runs.indexOf(makeRun('linked'));
    rmSync(join(folder, 'linked'), { recursive: true });
    mkdirSync(join(folder, 'linked'));
    symlinkSync(join(folder, 'elsewhere/config.json'), join(folder, 'linked/config.json'));
    symlinkSync('../elsewhere', join(folder, 'linked/checkpoint'));
    for (const name of ['config.json', 'checkpoint/networks.safetensors', 'checkpoint/algorithm.json']) {
      expect(await statusOf(`/runs/${index}/${name}`), name).toBe(404);
    }
  });

  test('to a folder whose name only begins the same are not followed', async () => {
    const index = runs.indexOf(makeRun('run'));
    const other = makeRun('run-2');
    rmSync(join(folder, 'run/config.json'));
    symlinkSync(join(other, 'config.json'), join(folder, 'run/config.json'));
    expect(await statusOf(`/runs/${index}/config.json`)).toBe(404);
  });

  test('within the folder are, and the folder itself can be one', async () => {
    const run = makeRun('inner');
    writeFileSync(join(run, 'real.json'), 'real');
    rmSync(join(run, 'config.json'));
    symlinkSync('real.json', join(run, 'config.json'));
    symlinkSync(run, join(folder, 'to-inner'));
    runs.push(join(folder, 'to-inner'));
    expect(await bodyOf(`/runs/${runs.length - 1}/config.json`)).toBe('real');
  });
});

test('what is no file is not opened', async () => {
  const run = makeRun('pipe');
  rmSync(join(run, 'config.json'));
  execFileSync('mkfifo', [join(run, 'config.json')]);
  expect(await statusOf(`/runs/${runs.indexOf(run)}/config.json`)).toBe(404);
});

test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '0.0.0.0'])(
  'a page whose name is %o gets nothing',
  async (host) => {
    expect((await get('/play/', { host })).status).toBe(403);
  },
);

test.each(['localhost', 'LOCALHOST:9', '127.0.0.1:1234'])('%s is this machine', async (host) => {
  expect((await get('/play/', { host })).status).toBe(200);
});

test('nothing can be changed, and no page from elsewhere may read', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await get('/play/', { method })).status).toBe(405);
  }
  const index = runs.indexOf(makeRun('closed'));
  for (const path of ['/play/', `/runs/${index}/config.json`, '/nothing']) {
    const { headers } = await get(path);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'/);
  }
});

test('it listens on 127.0.0.1 only', () => {
  expect(server.address()).toMatchObject({ address: '127.0.0.1' });
});

test('a port that is taken, and pages that were not built, are sentences', async () => {
  const port = Number(new URL(address).port);
  await expect(startServer({ runs: [], port, pages: folder })).rejects.toThrow(
    `port ${port} is in use by another program; give another --port`,
  );
  await expect(startServer({ runs: [], pages: join(folder, 'none') })).rejects.toThrow('npm run build');
});

describe('play says what it cannot show', () => {
  const fake = fileURLToPath(new URL('.', import.meta.url));

  test.each([
    [
      'simple_tug',
      /^play: there is no scenario simple_tug \(did you mean simple_tag\?\); the scenarios are simple, /,
    ],
    ['runs/none', /^there is no folder runs\/none; give a folder that train wrote$/],
    [fake, /is not a run folder: it has no config.json/],
    [join(fake, 'server.test.ts'), /is not a run folder/],
  ])('%s', async (what, message) => {
    await expect(playCommand(what)).rejects.toThrow(message);
  });

  test('a run without a checkpoint', async () => {
    const run = makeRun('unfinished');
    rmSync(join(run, 'checkpoint'), { recursive: true });
    writeFileSync(join(run, 'config.json'), '{}');
    await expect(playCommand(run)).rejects.toThrow('has no checkpoint');
  });

  test('a checkpoint without all of its files', async () => {
    const run = makeRun('cut');
    writeFileSync(join(run, 'config.json'), '{}');
    await expect(playCommand(run)).rejects.toThrow('algorithm.json is missing');
  });
});
