/** What the built site of docs/ does: search, and the parts of the explorer in its pages. `npm run test:site`. */
/// <reference lib="dom" />
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ROOT } from '../markdown.js';
import { useSite, WIDE } from './open-site.js';

const { RECORD } = process.env;
const { open } = useSite();

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
