/** The page of `paragrad explore` in a headless Chromium: the arena, links, the tour, keyboard, touch. */
/// <reference lib="dom" />
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source as axe } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { shippedFiles } from '../../apps/explorer/shipped-files.js';
import { viewNames } from '../../apps/explorer/src/address.js';
import { Session } from '../../apps/explorer/src/model/session.js';
import { shipped } from '../../apps/explorer/src/shipped.js';
import { chapters } from '../../apps/explorer/src/tour/chapters.js';
import { openPage, PHONE, SCREENSHOTS, useExplorer } from './explorer-page.js';
import { serveCommand } from './serve-command.js';

const explorer = useExplorer();

/** Opens the page, with this link, and waits until somebody is in the arena. */
const open = (link: string, options: BrowserContextOptions = {}, at = explorer.address) =>
  openPage(explorer.browser, new URL(link, at), '.handle', options);

/** The numbers of the table, in full. */
const readings = (page: Page) =>
  page.$$eval('[data-reading]', (cells) =>
    cells.map((cell) => cell.getAttribute('data-value')!.split(',').map(Number)),
  );

/** What the arena and the table should show. */
function expectedReadings(session: Session): number[][] {
  return session.agents.flatMap((_, i) => {
    const { force, push, value } = session.advice(i);
    return [[...force], [...push], [value]];
  });
}

function expectClose(actual: number[][], expected: number[][]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const [all, wanted] = [actual.flat(), expected.flat()];
  for (const [k, value] of wanted.entries()) {
    expect(Math.abs(all[k]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
  }
}

test.each(shipped.map(({ name }) => name))(
  '%s: the page computes the numbers that Node computes',
  async (name) => {
    const page = await open(`#run=${name}&seed=4&step=6`);
    const session = new Session(shippedFiles(name), 4);
    session.goTo(6);
    expectClose(await readings(page), expectedReadings(session));
    await page.getByRole('button', { name: 'One step on' }).click();
    session.step();
    expectClose(await readings(page), expectedReadings(session));
  },
);

test('an agent that is dragged sees something else; the link brings it there again', async () => {
  const page = await open('#run=spread&seed=4');
  const before = await readings(page);
  const handle = page.locator('[data-thing="agent_1"]');
  const box = (await handle.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 60, { steps: 5 });
  await page.mouse.up();
  const after = await readings(page);
  expect(after[0]).not.toEqual(before[0]); // agent_0 acts otherwise, too: it sees agent_1
  const followed = () => page.locator('.readings [aria-pressed="true"]').textContent();
  expect(await followed()).toBe('agent 0'); // who drags another agent still follows this one
  const again = await open(new URL(page.url()).hash);
  // Links have three digits of each place.
  (await readings(again)).flat().forEach((value, k) => {
    expect(value).toBeCloseTo(after.flat()[k]!, 1);
  });
  await page.locator('[data-thing="agent_2"]').click();
  expect(await followed()).toBe('agent 2');
});

test('playing goes on by itself; a pause stops it; the slider goes to any step', async () => {
  const page = await open('#run=spread&seed=4');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.waitForFunction(() => Number(document.querySelector('.scrub .number')!.textContent) >= 3);
  await page.getByRole('button', { name: 'Pause' }).click();
  const step = Number(await page.locator('.scrub .number').textContent());
  expect(new URL(page.url()).hash).toContain(`step=${step}`);
  await page.locator('.scrub input').fill('9');
  const session = new Session(shippedFiles('spread'), 4);
  session.goTo(9);
  expectClose(await readings(page), expectedReadings(session));
});

test.each(['actions', 'places', 'arrows'])(
  'the overlay "%s" is drawn, and changes when another agent moves',
  async (overlay) => {
    const floorOf = (page: Page) =>
      page.evaluate(() => [
        document.querySelector('canvas')!.toDataURL(),
        document.querySelector('.field')?.innerHTML,
      ]);
    const plain = await floorOf(await open('#run=spread&seed=4'));
    const page = await open(`#run=spread&seed=4&overlay=${overlay}`);
    const drawn = await floorOf(page);
    expect(drawn).not.toEqual(plain);
    await page.locator('[data-thing="agent_1"]').focus();
    for (let k = 0; k < 4; k++) await page.keyboard.press('ArrowLeft');
    expect(await floorOf(page)).not.toEqual(drawn);
  },
);

test('the page for the keyboard: every control has its turn, a name, and a visible focus', async () => {
  const page = await open('#run=spread&seed=4');
  const reached = new Set<string>();
  for (let k = 0; k < 80; k++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      if (element === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        html: element.outerHTML.slice(0, 200),
        outlined: outlineStyle !== 'none' && outlineWidth !== '0px',
      };
    });
    if (!focused) break;
    expect(focused, focused.html).toHaveProperty('outlined', true);
    reached.add(focused.html);
  }
  const controls = await page.$$eval('button, select, input, summary', (all) =>
    (all as HTMLElement[])
      .filter(
        (element) =>
          element.checkVisibility() && element.tabIndex >= 0 && !(element as HTMLButtonElement).disabled,
      )
      .map((element) => element.outerHTML.slice(0, 200)),
  );
  expect(controls.filter((html) => !reached.has(html))).toEqual([]);
  const agent = page.locator('[data-thing="agent_0"]');
  const before = await readings(page);
  await agent.focus();
  await page.keyboard.press('ArrowUp');
  expect(await readings(page)).not.toEqual(before);
});

const pages = [
  ...viewNames.map((view) => `#run=spread&seed=4&view=${view}`),
  '#run=tag&seed=2&overlay=places',
  ...chapters.map((_, k) => `#chapter=${k + 1}&run=${chapters[k]!.page.run}`),
];

test.each(pages)(
  '%s: axe finds nothing serious, also in the dark on a phone; nothing is too wide',
  async (link) => {
    for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark', ...PHONE }] as const) {
      const page = await open(link, { ...options, bypassCSP: true });
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
          );
      });
      expect(found).toEqual([]);
      const { width } = page.viewportSize()!;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (SCREENSHOTS) {
        const name = `${link.replaceAll(/[^a-z0-9]+/g, '-')}-${width}-${options.colorScheme}.png`;
        await page.screenshot({ path: join(SCREENSHOTS, name), fullPage: true });
      }
      await page.context().close();
    }
  },
);

test('on a phone: things can be dragged by touch, and targets are as large as a finger', async () => {
  const page = await open('#run=spread&seed=4', PHONE);
  const before = await readings(page);
  const { x, y } = (await page.locator('[data-thing="agent_0"]').boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [{ x: x + 20, y: y + 20 }]);
  await touch('touchMove', [{ x: x + 70, y: y + 20 }]);
  await touch('touchEnd', []);
  expect(await readings(page)).not.toEqual(before);
  const small = await page.$$eval(
    'button:not(.in-text), select, input:not([type=range], [type=checkbox], [type=radio])',
    (all) =>
      all
        .filter((element) => element.checkVisibility())
        .filter((element) => element.getBoundingClientRect().height < 39)
        .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(small).toEqual([]);
});

test('every chapter of the tour sets the page up, and its numbers are numbers', async () => {
  const page = await open('');
  for (const [k, { title, page: wanted }] of chapters.entries()) {
    await page.getByRole('button', { name: `Chapter ${k + 1}: ${title}` }).click();
    await page.waitForFunction(
      (run) => document.querySelector<HTMLSelectElement>('.choices select')!.value === run,
      wanted.run!,
    );
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.tour .number')].every((number) => number.textContent !== '…'),
    );
    const numbers = await page.locator('.tour .number').allTextContents();
    expect(numbers.filter((text) => /NaN|undefined|Infinity|^$/.test(text))).toEqual([]);
    if (wanted.overlay)
      expect(await page.locator('.choices select').nth(1).inputValue()).toBe(wanted.overlay);
  }
  await page.getByRole('button', { name: 'Play 100 episodes, learned and by chance' }).click();
  await page.getByText('Mean return of the same 100 episodes').waitFor();
});

test('the numbers are read out when asked', async () => {
  const page = await open('#run=spread&seed=4');
  expect(await page.getByRole('status').first().textContent()).toBe('');
  await page.getByRole('button', { name: 'Read the numbers out' }).click();
  await page.getByText(/agent 0: action .*, gradient .*, value/).waitFor();
});

test.each([
  ['reduce', 'nothing moves between two steps'],
  ['no-preference', 'things move between two steps'],
] as const)('prefers-reduced-motion: %s: %s', async (reducedMotion, _) => {
  const page = await open('#run=spread&seed=4', { reducedMotion });
  await page.getByRole('button', { name: 'Play' }).click();
  const [steps, pictures] = await page.evaluate(async () => {
    const [seen, drawn] = [new Set<string>(), new Set<string>()];
    for (const end = performance.now() + 1500; performance.now() < end || seen.size <= 2; ) {
      await new Promise(requestAnimationFrame);
      seen.add(document.querySelector('.scrub .number')!.textContent!);
      drawn.add(document.querySelectorAll('canvas')[1]!.toDataURL());
    }
    return [seen.size, drawn.size];
  });
  if (reducedMotion === 'reduce') expect(pictures).toBeLessThanOrEqual(steps + 1);
  else expect(pictures).toBeGreaterThan(steps + 2);
});

test('`paragrad explore <run>` shows the policy of a run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-explore-'));
  mkdirSync(join(folder, 'checkpoint'));
  for (const [name, content] of Object.entries(shippedFiles('adversary'))) {
    writeFileSync(join(folder, name === 'config.json' ? '' : 'checkpoint', name), content);
  }
  const link = await serveCommand('explore', folder);
  const page = await open(`${link.hash}&seed=7&step=2`, {}, link);
  const session = new Session(shippedFiles('adversary'), 7);
  session.goTo(2);
  expectClose(await readings(page), expectedReadings(session));
  expect(await page.locator('.choices select').first().inputValue()).toBe('run-0');
  rmSync(folder, { recursive: true });
});

test('a link to something that is not there says so', async () => {
  const page = await (await explorer.browser.newContext()).newPage();
  await page.goto(new URL('#run=nothing', explorer.address).href);
  expect(await page.getByRole('alert').textContent()).toContain('The run "nothing" cannot be shown');
});
