/** The page of `npm run play`, in a headless Chromium. The tests press keys and look at pixels. */
/// <reference lib="dom" />
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { palette } from '@paragrad/mpe';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveCommand, stopServers } from './serve-command.js';

const PARAGRAD = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));

const errors: string[] = [];
let url: URL;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  url = await serveCommand('play', 'simple');
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
  page = await browser.newPage({ viewport: { width: 1000, height: 600 } });
  page.on('pageerror', (error) => errors.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  stopServers();
  expect(errors).toEqual([]);
});

async function open(params: Record<string, string>) {
  url.search = String(new URLSearchParams(params));
  await goto(url);
}

/** Opens an address, and waits until the page shows the first step. */
async function goto(address: URL) {
  await page.goto(String(address));
  await page.waitForFunction(() => document.querySelector('output')?.value);
}

/** The mean position of all pixels that this color has when it lies over the floor with this opacity: x to the right, y down. */
function middleOf(color: string, opacity: number) {
  const rgb = (text: string) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  const floor = rgb(palette.floor);
  const wanted = rgb(color).map((value, i) => value * opacity + floor[i]! * (1 - opacity));
  return page.evaluate((wanted) => {
    const { width, height } = document.querySelector('canvas')!;
    const { data } = document.querySelector('canvas')!.getContext('2d')!.getImageData(0, 0, width, height);
    let [x, y, count] = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
      if (wanted.some((value, k) => Math.abs(data[i + k]! - value) > 6)) continue;
      x += (i / 4) % width;
      y += Math.floor(i / 4 / width);
      count += 1;
    }
    if (count < 50) throw new Error(`only ${count} pixels have that color`);
    return { x: x / count, y: y / count };
  }, wanted);
}
const agentOf = (color: string) => middleOf(color, 0.85);

test.each([
  ['ArrowRight', 1, 0],
  ['ArrowLeft', -1, 0],
  ['ArrowUp', 0, -1],
  ['ArrowDown', 0, 1],
])('%s moves the agent in that direction', async (key, x, y) => {
  await open({ scenario: 'simple', seed: '28' });
  const before = await agentOf(palette.good[0]);
  await page.keyboard.down(key);
  await page.waitForTimeout(600);
  const after = await agentOf(palette.good[0]);
  await page.keyboard.up(key);
  const [dx, dy] = [after.x - before.x, after.y - before.y];
  expect(dx * x + dy * y).toBeGreaterThan(40); // pixels, of about 500
  expect(Math.abs(dx * y) + Math.abs(dy * x)).toBeLessThan(5);
});

test('without keys the agent stays where it is', async () => {
  await open({ scenario: 'simple', seed: '28' });
  const before = await agentOf(palette.good[0]);
  await page.waitForTimeout(600);
  const after = await agentOf(palette.good[0]);
  expect(Math.abs(after.x - before.x) + Math.abs(after.y - before.y)).toBeLessThan(1);
});

test('a word of the speaker sends the listener to a landmark', async () => {
  await open({ scenario: 'simple_speaker_listener', agent: 'speaker_0', seed: '2' });
  await page.keyboard.press('3');
  await page.waitForTimeout(4000);
  const listener = await agentOf(palette.good[1]);
  const landmark = await middleOf(palette.landmarks[2], 1);
  expect(Math.hypot(listener.x - landmark.x, listener.y - landmark.y)).toBeLessThan(6);
});

test('the player can choose another scenario and another agent, which the keys then control', async () => {
  await open({ seed: '1' });
  await page.selectOption('#scenario', 'simple_push');
  await page.check('input[value=adversary_0]');
  const before = await agentOf(palette.adversaries[0]);
  await page.keyboard.down('ArrowUp');
  await page.waitForTimeout(600);
  const after = await agentOf(palette.adversaries[0]);
  await page.keyboard.up('ArrowUp');
  expect(after.y).toBeLessThan(before.y - 20);
  expect(await page.inputValue('#scenario')).toBe('simple_push');
});

test('the key P pauses the page, and P again goes on', async () => {
  await open({ scenario: 'simple_tag' });
  await page.keyboard.press('p');
  const picture = () => page.evaluate(() => document.querySelector('canvas')!.toDataURL());
  await page.waitForTimeout(100);
  const still = await picture();
  await page.waitForTimeout(300);
  expect(await picture()).toBe(still);
  await page.keyboard.press('p');
  await page.waitForTimeout(300);
  expect(await picture()).not.toBe(still);
});

test.each([
  ['run', 'continuous'],
  ['run #1 50% what? é', 'discrete'],
])(
  'the agents of the training run "%s" play %s actions, and the player can be one of them',
  async (name, actions) => {
    const run = join(mkdtempSync(join(tmpdir(), 'paragrad-')), name);
    const settings = '--scenario simple_spread --episodes 2 --hidden 8 --evaluation-episodes 1'.split(' ');
    const further = ['--actions', actions, '--env', '{"N": 2}', '--out', run];
    execFileSync(process.execPath, [PARAGRAD, 'train', ...settings, ...further]);
    const address = await serveCommand('play', run);
    address.searchParams.set('seed', '1');
    await goto(address);
    expect(await page.inputValue('#scenario')).toBe('simple_spread');
    expect(await page.locator('.agent').allInnerTexts()).toHaveLength(3); // two agents, and the entry to watch
    const before = await agentOf(palette.good[1]);
    await page.keyboard.down('ArrowUp');
    await page.waitForTimeout(600);
    await page.keyboard.up('ArrowUp');
    expect((await agentOf(palette.good[1])).y).toBeLessThan(before.y - 20);
    rmSync(dirname(run), { recursive: true });
  },
);

test('an unknown scenario is an error that lists the scenarios', () => {
  const run = () => execFileSync(process.execPath, [PARAGRAD, 'play', 'simple_tug'], { stdio: 'pipe' });
  expect(run).toThrow(
    'play: there is no scenario simple_tug (did you mean simple_tag?); the scenarios are simple, simple_',
  );
});
