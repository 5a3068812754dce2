/** The table of docs/installing.md: the tarballs run the example of the README in every runtime. */
import { execFile, execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ISOLATED } from '../browser/open-page.js';
import { blocksOf, read } from '../markdown.js';
import { serveFolder } from './serve-folder.js';
import { unpack } from './unpack.js';

const RUNTIMES = fileURLToPath(new URL('runtimes', import.meta.url));
const versions: Record<string, string> = JSON.parse(
  read('tests/packages/runtimes/package.json'),
).dependencies;
const installed = (...path: string[]) => join(RUNTIMES, 'node_modules', ...path);

/** The example of the README, with fewer episodes; and then what the table says. */
const PROGRAM = `${blocksOf(read('README.md'), 'ts')
  .find((code) => code.includes('makeEnv'))!
  .replaceAll('episodes: 100', 'episodes: 30')}
import { currentKernels, useThreads } from '@paragrad/tensor';
const threads = await useThreads(2);
await useThreads(1);
console.log('where', currentKernels().name, threads);
`;

const rows = [
  ...read('docs/installing.md').matchAll(/^\| (\S+)(?: \S+)? +\| (\S+) +\| (\S*simd) +\| (.+?) +\|$/gm),
].map(([, name, version, kernels, threads]) => ({ name, version, kernels, threads }));
const rowOf = (name: string, version: string) =>
  rows.find((row) => row.name.toLowerCase() === name.replace(/-.*/, '') && row.version === version);

let folder: string;
beforeAll(() => {
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: RUNTIMES });
  folder = unpack();
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Checks what the program printed. Returns the kernels and the number of threads. */
function read30Episodes(lines: readonly string[]): { kernels: string; threads: number } {
  const episodes = lines.filter((line) => /^\d+ -\d+\.\d+$/.test(line));
  expect(episodes.map((line) => Number(line.split(' ')[0]))).toEqual(Array.from({ length: 30 }, (_, i) => i));
  const [, kernels, threads] = lines.find((line) => line.startsWith('where'))!.split(' ');
  expect(lines.filter((line) => /^-\d+\.\d+$/.test(line))).toHaveLength(1); // of evaluate
  return { kernels, threads: Number(threads) };
}

describe('outside browsers', () => {
  test.each(Object.entries(versions))('%s', async (name, specifier) => {
    const version = specifier.replace(/.*@/, '');
    const row = rowOf(name, version);
    expect(row, `the table has no row for ${name} ${version}`).toBeDefined();
    const commands: Record<string, string[]> = {
      deno: [installed('@deno/linux-x64-glibc/deno'), 'run', '--allow-read'],
      bun: [installed('@oven/bun-linux-x64/bin/bun')],
    };
    const [program, ...args] = commands[name] ?? [installed(name, 'bin/node')];
    const { stdout } = await promisify(execFile)(program, [...args, 'program.mjs'], { cwd: folder });
    expect(read30Episodes(stdout.split('\n'))).toEqual({ kernels: row!.kernels, threads: 2 });
    expect(row!.threads).toBe('yes');
  });
});

/** Opens a page in a browser, and calls `onLine` with what it writes. Returns how to close it. */
const browsers: Record<
  string,
  (url: string, onLine: (line: string) => void) => Promise<() => Promise<void>>
> = {
  async Chromium(url, onLine) {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const page = await browser.newPage();
    page.on('console', (message) => onLine(message.text()));
    page.on('pageerror', (error) => onLine(`where ${error}`));
    await page.goto(url);
    return () => browser.close();
  },
  async Firefox(url, onLine) {
    const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath });
    const page = await browser.newPage();
    page.on('console', (message) => onLine(message.text()));
    page.on('pageerror', (error) => onLine(`where ${error}`));
    await page.goto(url);
    return () => browser.close();
  },
};

describe('a Vite project', () => {
  beforeAll(async () => {
    writeFileSync(join(folder, 'index.html'), '<script type="module" src="/program.mjs"></script>');
    await build({ root: folder, configFile: false, logLevel: 'error', build: { target: 'es2023' } });
  });

  test.each(Object.keys(browsers))('%s', async (name) => {
    const row = rows.find((one) => one.name === name)!;
    expect(row.threads).toBe('with the headers');
    for (const [headers, threads] of [
      [{}, 1],
      [ISOLATED, 2],
    ] as const) {
      const server = await serveFolder(join(folder, 'dist'), headers);
      const lines: string[] = [];
      const close = await browsers[name](server.url, (line) => lines.push(line));
      await expect.poll(() => lines.some((line) => line.startsWith('where')), { timeout: 90_000 }).toBe(true);
      expect(read30Episodes(lines)).toEqual({ kernels: row.kernels, threads });
      await close();
      server.stop();
    }
  });
});

test('the table has no other rows', () => {
  expect(rows.map(({ name }) => name)).toEqual([
    'Node',
    'Node',
    'Node',
    'Node',
    'Deno',
    'Bun',
    ...Object.keys(browsers),
  ]);
});
