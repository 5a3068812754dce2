/** How the built site of docs/ looks, on a phone and wide, light and dark: `npm run test:site`. */
/// <reference lib="dom" />
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { source as axe } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { contents, pageOf, pathOf } from '../../site/contents.js';
import { PHONE, useSite, WIDE } from './open-site.js';

const { SCREENSHOTS } = process.env;
const site = useSite();

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
      const page = await site.open(path, options);
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
  const page = await site.open('', PHONE);
  await page.route('**/explore/index.html', (route) => route.fulfill({ contentType: 'text/html', body: '' })); // it takes its time
  const wide: string[] = [];
  for (const path of contents.flatMap(({ pages }) => pages.map((entry) => pageOf(pathOf(entry))))) {
    await page.goto(new URL(path.replace(/\.md$/, '.html'), site.address).href);
    if ((await widthOf(page)) > PHONE.viewport.width) wide.push(path);
  }
  expect(wide).toEqual([]);
}, 180_000);
