/** The files that import nothing: on a page with an import map, in a worker of a page, and in a worker of Node. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf, read } from '../markdown.js';
import { serveFolder } from './serve-folder.js';
import { unpack } from './unpack.js';

const NAMES = ['tensor', 'nn', 'mpe', 'maddpg'];
let folder: string;
let server: { url: string; stop(): void };
let browser: Browser;
beforeAll(async () => {
  folder = unpack();
  server = await serveFolder(folder);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser.close();
  server.stop();
  rmSync(folder, { recursive: true });
});

const standalone = (name: string) => join(folder, 'node_modules/@paragrad', name, 'dist/standalone.js');
const page = read('docs/installing.md');
const blockWith = (language: string, text: string) =>
  blocksOf(page, language).find((code) => code.includes(text))!;

/** The names that a module exports, found in a process of its own. */
function namesOf(name: string): string[] {
  const program = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(name)}))))`;
  const args = ['--input-type=module', '--eval', program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
}

test.each(NAMES)('%s/standalone imports nothing', (name) => {
  expect(readFileSync(standalone(name), 'utf8')).not.toMatch(/\bimport\b\s*[{*("'\w]|\bfrom\s*["']/);
});

test('they have the names of the packages that they contain', () => {
  const has = (name: string, contained: string[]) => {
    const names = namesOf(`@paragrad/${name}/standalone`);
    for (const one of contained) expect(names).toEqual(expect.arrayContaining(namesOf(`@paragrad/${one}`)));
  };
  has('tensor', ['tensor']);
  has('mpe', ['mpe']);
  has('nn', ['tensor', 'nn']);
  has('maddpg', NAMES);
});

test('the example of docs/installing.md trains on a page with an import map, and nothing else is loaded', async () => {
  writeFileSync(join(folder, 'index.html'), blockWith('html', 'importmap'));
  const tab = await browser.newPage();
  const lines: string[] = [];
  const errors: string[] = [];
  const loaded: string[] = [];
  tab.on('pageerror', (error) => errors.push(String(error)));
  tab.on('console', (message) => lines.push(message.text()));
  tab.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await tab.goto(server.url);
  const episodes = () => lines.filter((line) => /^\d+ -\d+\.\d+$/.test(line));
  await expect.poll(() => errors.length + episodes().length, { timeout: 60_000 }).toBe(60);
  expect(errors).toEqual([]);
  expect(loaded.filter((path) => path.endsWith('.js'))).toEqual([
    '/node_modules/@paragrad/maddpg/dist/standalone.js',
  ]);
  await tab.close();
});

test('a worker of a page imports it', async () => {
  writeFileSync(join(folder, 'worker.js'), blockWith('js', 'postMessage'));
  const tab = await browser.newPage();
  await tab.goto(`${server.url}/package.json`);
  const answer = await tab.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const { Worker } = globalThis as unknown as {
          Worker: new (url: string, options: object) => BrowserWorker;
        };
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
  );
  expect(answer).toEqual([[11]]);
  await tab.close();
});

test('a worker thread of Node imports it', () => {
  const url = pathToFileURL(standalone('tensor')).href;
  const inWorker = `import { parentPort } from 'node:worker_threads';
    import { tensor } from ${JSON.stringify(url)};
    parentPort.postMessage(tensor([[1, 2]]).matmul(tensor([[3], [4]])).tolist());`;
  const program = `import { Worker } from 'node:worker_threads';
    const source = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(inWorker)});
    new Worker(new URL(source)).on('message', (answer) => console.log(JSON.stringify(answer)));`;
  const args = ['--input-type=module', '--eval', program];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('[[11]]\n');
});

test('detectAnomaly names lines of the program, and none of the file', () => {
  copyFileSync(standalone('nn'), join(folder, 'standalone.js')); // outside of node_modules, whose lines are left out anyway
  const program = `import { detectAnomaly, tensor } from './standalone.js';
    const mine = () => tensor([0], { requiresGrad: true }).log();
    try { detectAnomaly(mine); } catch ({ message }) { console.log(message); }`;
  writeFileSync(join(folder, 'anomaly.mjs'), program);
  const message = execFileSync(process.execPath, ['anomaly.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(message.match(/[\w.]+:\d+:\d+/g)).toEqual(['anomaly.mjs:2:60', 'anomaly.mjs:3:11']);
});

interface BrowserWorker {
  onmessage: (event: { data: unknown }) => void;
  onerror: (event: { message: string }) => void;
}
