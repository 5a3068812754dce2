/** examples/web-page, the page of docs/web-page.md: built with a trained run, it plays, and the reader moves an agent. */
/// <reference lib="dom" />
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointFileNames, loadCheckpoint, makeRunEnv, parseConfig, policyOf } from '@paragrad/maddpg';
import { palette } from '@paragrad/mpe';
import { source as axe } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, read } from '../markdown.js';

const RUN = 'results/policies/cooperative-navigation/MADDPG';
const folder = mkdtempSync(join(tmpdir(), 'paragrad-web-page-'));
const problems: string[] = [];
let server: PreviewServer;
let browser: Browser;

/** The page, built with what is in a folder `public`, and served. */
async function serve(publicDir: string, outDir: string): Promise<PreviewServer> {
  const vite = {
    configFile: false,
    root: join(ROOT, 'examples/web-page'),
    publicDir: join(folder, publicDir),
    logLevel: 'error',
    build: { outDir: join(folder, outDir), emptyOutDir: true, target: 'es2022' },
    preview: { port: 0 },
  } as const;
  await build(vite);
  return preview(vite);
}

beforeAll(async () => {
  cpSync(join(ROOT, RUN), join(folder, 'public/run'), { recursive: true });
  server = await serve('public', 'dist');
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
  expect(problems).toEqual([]);
});

async function open(width: number, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${server.resolvedUrls!.local[0]}?seed=1`);
  await page.waitForFunction(() => document.getElementById('text')!.textContent!.startsWith('Step '));
  return page;
}

/** The color of the canvas at a point from (0, 0) at the top left to (1, 1). */
const colorAt = (page: Page, x: number, y: number) =>
  page.evaluate(
    ([x, y]) => {
      const canvas = document.querySelector('canvas')!;
      const at = [x, y].map((part) => Math.round(part! * canvas.width)) as [number, number];
      return [
        ...canvas
          .getContext('2d')!
          .getImageData(...at, 1, 1)
          .data.slice(0, 3),
      ];
    },
    [x, y],
  );

/** How far a color is from that of any agent. */
function farFromAgents(color: readonly number[]): number {
  const rgb = (text: string) => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
  const floor = rgb(palette.floor);
  const far = palette.good.map((agent) =>
    Math.max(...rgb(agent).map((value, k) => Math.abs(0.85 * value + 0.15 * floor[k]! - color[k]!))),
  );
  return Math.min(...far);
}

/** The return of the episode with seed 1, as Node plays it. */
function returnInNode(): number {
  const file = (name: string) => readFileSync(join(ROOT, RUN, name));
  const files = checkpointFileNames.map((name) => [
    name,
    name.endsWith('.json') ? String(file(`checkpoint/${name}`)) : file(`checkpoint/${name}`),
  ]);
  const policy = policyOf(loadCheckpoint(Object.fromEntries(files)));
  const env = makeRunEnv(parseConfig(String(file('config.json')), 'config.json'));
  let { observations } = env.reset({ seed: 1 });
  let total = 0;
  while (env.agents.length > 0) {
    const result = env.step(policy(observations));
    observations = result.observations;
    for (const reward of Object.values(result.rewards)) total += reward / env.maxNumAgents;
  }
  return total;
}

test('the policy plays the episode that Node plays', async () => {
  const page = await open(1280, 800);
  const last = await page.waitForFunction(
    () => /^Step 25, return (-[\d.]+)$/.exec(document.getElementById('text')!.textContent!)?.[1],
  );
  expect(Number(await last.jsonValue())).toBeCloseTo(returnInNode(), 1);
  await page.close();
});

test.each([
  ['a desktop', 1280, 800],
  ['a phone', 375, 720],
])(
  'on %s, an agent follows the pointer; nothing is too wide; axe finds nothing',
  async (name, width, height) => {
    const page = await open(width, height);
    const box = (await page.locator('canvas').boundingBox())!;
    // Outside the arena, where no agent goes by itself; beside the middle, from where an arrow shows the push.
    const colorThere = () => colorAt(page, 0.115, 0.92).then(farFromAgents);
    expect(await colorThere()).toBeGreaterThan(30);
    await page.mouse.move(box.x + 0.08 * box.width, box.y + 0.92 * box.height);
    await page.mouse.down();
    await expect.poll(colorThere, { timeout: 15_000 }).toBeLessThan(8); // perhaps only in the next episode
    const { SCREENSHOTS } = process.env;
    if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `web-page-${width}.png`) });
    await page.mouse.up();

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    for (const button of await page.getByRole('button').all())
      expect((await button.boundingBox())!.height, 'high enough for a finger').toBeGreaterThanOrEqual(44);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(),
    );
    expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]!.html}`)).toEqual([]);
    await page.close();
  },
);

test('arrow keys push the first agent', async () => {
  const page = await open(1280, 800);
  await page.focus('canvas');
  const picture = () => page.evaluate(() => document.querySelector('canvas')!.toDataURL());
  await page.click('#pause');
  await page.waitForTimeout(100);
  const still = await picture();
  await page.focus('canvas');
  await page.keyboard.down('ArrowRight'); // an arrow shows the push, even while the time stands still
  await page.waitForTimeout(100);
  expect(await picture()).not.toBe(still);
  await page.keyboard.up('ArrowRight');
  await page.waitForTimeout(100);
  expect(await picture()).toBe(still);
  await page.close();
});

test('without a run it says what is missing', async () => {
  const empty = await serve('empty', 'dist-without-run');
  const page = await browser.newPage();
  await page.goto(empty.resolvedUrls!.local[0]!);
  await page.waitForFunction(() =>
    document.getElementById('text')!.textContent!.includes('public/run/config.json is missing'),
  );
  await page.close();
  await empty.close();
});

test('it has at most 200 lines, and docs/web-page.md shows them all', () => {
  const files = ['index.html', 'main.ts'].map((name) => read(`examples/web-page/${name}`));
  expect(files.join('').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  for (const file of files) expect(read('docs/web-page.md')).toContain(file);
});
