/** The page of `watch` and of `train --ui`, in a headless Chromium, while real runs train. */
/// <reference lib="dom" />
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const PARAGRAD = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
/** Where to leave pictures of the page, to be looked at: SCREENSHOTS=/some/folder. */
const SCREENSHOTS = process.env.SCREENSHOTS;
// Short episodes, because the pictures at the end take most of the time.
const SHORT = ['--env', '{"maxCycles":5}'];
const QUICK = [
  ...SHORT,
  '--batch-size',
  '32',
  '--warmup-steps',
  '200',
  '--steps-per-update',
  '25',
  '--hidden',
  '8',
];
const TRAIN = [
  ...QUICK,
  '--evaluation-every',
  '50',
  '--evaluation-episodes-in-training',
  '2',
  '--threads',
  '1',
];

let folder: string;
let browser: Browser;
let page: Page;
/** What the page complained of, and what it asked other machines for. */
let problems: string[];
const processes: ChildProcess[] = [];
const SOON = { timeout: 15_000 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-watch-'));
  for (const seed of ['1', '2', '3']) train(`runs/tag #${seed}`, seed, 'maddpg', '150');
  train('runs/other', '1', 'matd3', '100');
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  problems = [];
});
afterEach(async () => {
  await page?.context().close();
  for (const one of processes.splice(0)) one.kill('SIGKILL');
  expect(problems).toEqual([]);
});

function train(out: string, seed: string, algorithm: string, episodes: string): void {
  const settings = [
    '--scenario',
    'simple_tag',
    '--seed',
    seed,
    '--algorithm',
    algorithm,
    '--episodes',
    episodes,
  ];
  const args = ['train', ...settings, ...TRAIN, '--evaluation-episodes', '2', '--out', out];
  execFileSync(process.execPath, [PARAGRAD, ...args], { cwd: folder, stdio: 'ignore' });
}

/** Starts the command, and returns the address that it prints. */
function start(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [PARAGRAD, ...args], { cwd: folder });
  processes.push(child);
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', () => reject(new Error(`it ended: ${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += text;
        const [address] = /http:\/\/127\.0\.0\.1:\d+\/watch\//.exec(output) ?? [];
        if (address) resolve(address);
      });
    }
  });
}

async function open(address: string, options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  page = await context.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) problems.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector('#charts figure');
}

const textOf = (selector: string) => page.locator(selector).textContent().then(String);
const chart = (title: string) =>
  page.locator('figure', { has: page.getByRole('heading', { name: title, exact: true }) });
/** How many pixels of a chart are not as its background. */
const inkOf = (title: string) =>
  chart(title)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 3; i < data.length; i += 4) count += data[i]! > 0 ? 1 : 0;
      return count;
    });

test('a line that is written is on the page within a second', async () => {
  cpSync(join(folder, 'runs/other'), join(folder, 'growing'), { recursive: true });
  const lock = { pid: process.pid, host: (await import('node:os')).hostname() };
  writeFileSync(join(folder, 'growing/running.lock'), JSON.stringify(lock));
  await open(await start('watch', 'growing'));
  await expect.poll(() => textOf('#numbers-note'), SOON).toContain('episode 100:');
  const path = join(folder, 'growing/metrics.csv');
  const last = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)!.split(',');
  const times: number[] = [];
  for (let episode = 100; episode < 105; episode++) {
    appendFileSync(path, `${[episode, ...last.slice(1)].join(',')}\n`);
    const began = performance.now();
    await page.waitForFunction(
      (text) => document.getElementById('numbers-note')!.textContent!.includes(text),
      `episode ${episode + 1}:`,
    );
    times.push(performance.now() - began);
  }
  const [, , median] = times.sort((a, b) => a - b); // other programs may disturb one
  expect(median).toBeLessThan(1000);
});

test('train --ui shows a run while it trains, and its policies', async () => {
  const settings = ['--scenario', 'simple_tag', '--episodes', '100000', '--out', 'live'];
  await open(await start('train', ...settings, ...TRAIN, '--ui'));
  await expect.poll(() => textOf('.state'), SOON).toMatch(/^Running, .* left$/);
  const episodeOf = async () =>
    Number(/episode ([\d,]+)/.exec(await textOf('#numbers-note'))![1]!.replace(',', ''));
  const before = await episodeOf();
  await expect.poll(episodeOf, { timeout: 2000 }).toBeGreaterThan(before);
  await expect.poll(() => textOf('#checkpoint'), SOON).toMatch(/^saved [1-9] s ago$/);
  const picture = () => page.locator('#arena').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const still = await picture();
  await expect.poll(picture, SOON).not.toBe(still);
  page.removeAllListeners('console'); // it tries to connect again
  processes[0]!.kill('SIGTERM');
  await expect.poll(() => textOf('#connection'), SOON).toMatch(/^The server has ended/);
});

test('several seeds are one curve with a band; other runs have another color, and can be hidden', async () => {
  await open(await start('watch', 'runs'));
  await expect.poll(() => page.locator('.card').count(), SOON).toBe(2);
  const switches = page.locator('.card button');
  expect((await switches.allInnerTexts()).map((text) => text.trim())).toEqual([
    'matd3, episodes 100',
    'maddpg, episodes 150',
  ]);
  expect(await page.locator('.card').nth(1).locator('.run').count()).toBe(3);
  expect(await textOf('#returns .note')).toContain('bands: from the lowest seed to the highest');
  const both = await inkOf('Return');
  await switches.nth(1).focus();
  await page.keyboard.press('Space');
  expect(await switches.nth(1).getAttribute('aria-pressed')).toBe('false');
  const one = await inkOf('Return');
  expect(one).toBeLessThan(both);
  await page.keyboard.press('Enter');
  expect(await inkOf('Return')).toBe(both);
  await page.getByRole('button', { name: 'agent_0' }).press('Space');
  expect(await chart('Critic loss').getByRole('img').getAttribute('aria-label')).not.toContain('agent_0');
});

test('every metric has a chart, and every control can be reached by keyboard and has a name', async () => {
  await open(await start('watch', 'runs/tag #1'));
  await expect.poll(() => page.locator('#numbers tr').count(), SOON).toBe(7);
  const titles = await page.locator('#charts h3').allInnerTexts();
  for (const title of [
    'Critic loss',
    'Actor loss',
    "Q-value of the actor's actions",
    'Gradient norm of the critic',
    'Clip ratio of the actor',
  ]) {
    expect(titles).toContain(title);
    expect(await inkOf(title)).toBeGreaterThan(500);
  }
  const reached: string[] = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    const { name, outline } = await page.evaluate(() => {
      const { textContent, tagName } = document.activeElement!;
      const name = tagName === 'BODY' ? '' : textContent.trim(); // the browser's own buttons come in between
      return { name, outline: getComputedStyle(document.activeElement!).outlineStyle };
    });
    reached.push(name);
    if (name) expect(outline, name).not.toBe('none');
  }
  for (const name of ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0', 'Pause'])
    expect(reached).toContain(name);
  await page.getByLabel('Smoothing').selectOption({ label: 'none' });
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(await textOf('#pause')).toBe('Play');
});

test('who wants little motion sees the policies stand still first', async () => {
  await open(await start('watch', 'runs/tag #1'), { reducedMotion: 'reduce' });
  expect(await textOf('#pause')).toBe('Play');
});

test.each(['light', 'dark'] as const)('%s, it fits a screen and a phone', async (colorScheme) => {
  const address = await start('watch', 'runs');
  for (const width of [1400, 375]) {
    await open(address, { colorScheme, viewport: { width, height: 900 } });
    await expect.poll(() => page.locator('#numbers tr').count(), SOON).toBe(7);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe(colorScheme === 'light' ? 'rgb(246, 247, 248)' : 'rgb(19, 21, 25)');
    if (SCREENSHOTS) {
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(SCREENSHOTS, `watch-${colorScheme}-${width}.png`), fullPage: true });
    }
    if (width === 1400) await page.context().close();
  }
});
