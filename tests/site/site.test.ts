/** The built site of docs/ in a headless Chromium, served from a folder: `npm run test:site`. */
/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { source as axe } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { contents, pageOf, pathOf } from '../../site/contents.js';
import { ROOT } from '../markdown.js';

/** The folder that `npm run test:site` builds it for. */
const BASE = '/some/where/';
const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };
const WIDE = { viewport: { width: 1280, height: 900 } };
const { RECORD, SCREENSHOTS } = process.env;

let server: PreviewServer;
let browser: Browser;
let address: URL;
const problems: string[] = [];

beforeAll(async () => {
  server = await preview({
    configFile: false,
    root: join(ROOT, 'site'),
    base: BASE,
    appType: 'mpa',
    preview: { port: 0 },
  });
  address = new URL(server.resolvedUrls!.local[0]);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(problems.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens a page that complains of nothing, and asks no other server for anything. */
async function open(path: string, options: BrowserContextOptions = WIDE): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${path}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${path}: ${error}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(address.href) && !request.url().startsWith('data:')) {
      problems.push(`${path} asks for ${request.url()}`);
    }
  });
  await page.goto(new URL(path, address).href);
  await page.waitForFunction(() => customElements.get('paragrad-gradient-flow'));
  return page;
}

const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

const kinds: Record<string, string> = {
  home: '',
  text: 'gradient-flow.html',
  algorithm: 'algorithms/maddpg.html',
  tables: 'settings.html',
  pictures: 'results.html',
  package: 'packages/tensor.html',
  'module of the API': 'api/@paragrad/check.html',
  'class of the API': 'api/@paragrad/nn/classes/Linear.html',
  source: 'source/packages/maddpg/src/maddpg.ts.html',
  folder: 'source/packages/maddpg/src/variants.html',
};

test.each(Object.entries(kinds))(
  '%s: on a phone and wide, light and dark',
  async (kind, path) => {
    for (const [size, options] of Object.entries({ phone: PHONE, wide: WIDE })) {
      const page = await open(path, options);
      expect(await widthOf(page)).toBe(options.viewport.width);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction(
          (dark) => document.documentElement.classList.contains('dark') === dark,
          colorScheme === 'dark',
        );
        if (SCREENSHOTS) {
          mkdirSync(SCREENSHOTS, { recursive: true });
          await page.screenshot({ path: join(SCREENSHOTS, `${kind}-${size}-${colorScheme}.png`) });
        }
        await page.evaluate(axe);
        // The explorer has tests of its own.
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
          const { violations } = await axe.run({ exclude: ['iframe'] }, { iframes: false });
          return violations.map(({ id, nodes }) => [
            id,
            ...nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)),
          ]);
        });
        expect(found, `${size}, ${colorScheme}`).toEqual([]);
      }
    }
  },
  180_000,
);

test('no page is wider than a phone', async () => {
  const page = await open('', PHONE);
  await page.route('**/explore/index.html', (route) => route.fulfill({ contentType: 'text/html', body: '' })); // it takes its time
  const wide: string[] = [];
  for (const path of contents.flatMap(({ pages }) => pages.map((entry) => pageOf(pathOf(entry))))) {
    await page.goto(new URL(path.replace(/\.md$/, '.html'), address).href);
    if ((await widthOf(page)) > PHONE.viewport.width) wide.push(path);
  }
  expect(wide).toEqual([]);
}, 180_000);

test('search finds "detach", in the pages and in the API', async () => {
  const page = await open('');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.locator('#localsearch-input').fill('detach');
  const results = page.locator('#localsearch-list a.result');
  await results.first().waitFor();
  const links = await results.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
  expect(links.some((link) => link.includes('/gradient-flow.html#what-detach-cuts'))).toBe(true);
  expect(links.some((link) => link.includes('/api/'))).toBe(true);
  await results.first().click();
  await page.waitForFunction(() => location.hash !== '');
  expect(await page.locator('main').textContent()).toContain('detach');
});

/** The part of the explorer on a page. */
function explorerOf(page: Page) {
  const frame = page.frameLocator('paragrad-gradient-flow iframe').first();
  return { frame, step: async () => Number(await frame.locator('.scrub .number').textContent()) };
}

test('the home page moves by itself, unless the reader wants no motion', async () => {
  const page = await open('');
  const { frame, step } = explorerOf(page);
  await frame.locator('[data-thing="agent_0"]').waitFor();
  const before = await step();
  await expect.poll(step).not.toBe(before);
  const still = explorerOf(await open('', { ...WIDE, reducedMotion: 'reduce' }));
  await still.frame.locator('[data-thing="agent_0"]').waitFor();
  expect(await still.frame.getByRole('button', { name: 'Play' }).count()).toBe(1);
});

test('the explorer in a text plays when it is told to, is as high as it needs to be, and as dark as the page', async () => {
  const page = await open('tour.html', { ...WIDE, colorScheme: null }); // else every frame gets the test's scheme
  const { frame, step } = explorerOf(page);
  await page.locator('paragrad-gradient-flow').scrollIntoViewIfNeeded();
  await frame.getByRole('button', { name: 'Play' }).click();
  await expect.poll(step).toBeGreaterThan(8);
  const inside = page.frames().find((one) => one.url().includes('/explore/'))!;
  expect(
    await inside.evaluate(
      () => document.documentElement.scrollHeight - document.documentElement.clientHeight,
    ),
  ).toBeLessThanOrEqual(1);
  const isDark = () => inside.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  expect(await isDark()).toBe(false);
  await page.locator('.VPSwitchAppearance:visible').first().click();
  await expect.poll(isDark).toBe(true);
});

test('every part of the explorer that a page embeds is there', async () => {
  for (const path of ['explorer', 'tour', 'gradient-flow', 'pitfalls', 'algorithms/maddpg']) {
    const page = await open(`${path}.html`, { ...WIDE, deviceScaleFactor: 1.5 });
    const parts = await page.locator('paragrad-gradient-flow').all();
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) {
      await part.scrollIntoViewIfNeeded();
      const inside = part.locator('iframe').contentFrame();
      await inside.locator('canvas, svg, pre').first().waitFor();
      expect(await inside.locator('.problem').count()).toBe(0);
      const name = RECORD && pictures[`${await part.getAttribute('view')} ${await part.getAttribute('run')}`];
      if (!name) continue;
      await page.waitForTimeout(500); // until it is as high as its content
      const box = (await part.boundingBox())!;
      const top = await page.evaluate(() => scrollY);
      const clip = { ...box, y: box.y + top, height: Math.min(box.height, 620) };
      await page.addStyleTag({ content: '.VPNav { display: none }' });
      await page.screenshot({ path: join(ROOT, `docs/images/explorer/${name}.png`), fullPage: true, clip });
    }
  }
}, 180_000);

/** The pictures that stand for parts where there is no explorer, by view and run. RECORD=1 makes them. */
const pictures: Record<string, string> = {
  'null simple': 'two-networks',
  'gradient spread': 'gradient',
  'update spread': 'update',
  'mistakes spread': 'mistakes',
};
