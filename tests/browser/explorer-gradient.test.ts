/** The view of the explorer that follows a gradient, in a headless Chromium: its numbers are those of Node. */
/// <reference lib="dom" />
import type { Graph } from '@paragrad/tensor/inspect';
import { source as axe } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { shippedFiles } from '../../apps/explorer/shipped-files.js';
import { foldFlow, type GradientFlow, gradientFlow } from '../../apps/explorer/src/model/gradient-flow.js';
import { Session } from '../../apps/explorer/src/model/session.js';
import { openPage, PHONE, SCREENSHOTS, useExplorer } from './explorer-page.js';

const explorer = useExplorer();

const open = (link: string, options: BrowserContextOptions = {}) =>
  openPage(explorer.browser, new URL(`#view=gradient&${link}`, explorer.address), '.graph svg .box', options);

/** What Node computes for the same run and moment. */
function flowOf(
  name: string,
  kind: 'moment' | 'batch',
  { seed = 4, step = 6, agent = 0 } = {},
): GradientFlow {
  const session = new Session(shippedFiles(name), seed);
  session.goTo(step);
  return gradientFlow(session, agent, kind);
}

/** The edges of the picture: from, to, norm. */
const linesOf = (page: Page) =>
  page.$$eval(
    '.graph .line',
    (lines) => lines.map(({ dataset }) => [dataset.from, dataset.to, dataset.norm] as const),
    undefined as never,
  ) as Promise<[string, string, string][]>;

async function expectEdges(page: Page, { edges }: Graph): Promise<void> {
  const lines = await linesOf(page);
  expect(lines.map(([from, to]) => [Number(from), Number(to)])).toEqual(
    edges.map(({ from, to }) => [from, to]),
  );
  edges.forEach(({ gradientNorm }, k) => {
    const [, , norm] = lines[k]!;
    if (gradientNorm === null) expect(norm).toBe('');
    else
      expect(Math.abs(Number(norm) - gradientNorm)).toBeLessThanOrEqual(1e-5 * Math.max(1e-2, gradientNorm));
  });
}

const ALL = "actor,critic,loss,agent_1's_actor,agent_2's_actor";

test.each([
  ['spread', 'moment', ''],
  ['spread', 'moment', ALL],
  ['spread', 'batch', 'critic'],
  ['tag', 'moment', 'actor'],
  ['simple', 'batch', ''],
] as const)('%s, %s, unfolded "%s": the norm on every edge is that of Node', async (name, kind, unfolded) => {
  const page = await open(`run=${name}&seed=4&step=6&batch=${kind}&unfolded=${unfolded}`);
  await expectEdges(page, foldFlow(flowOf(name, kind), unfolded.split(',')));
});

test("the others' actions are cut, the critic's weights get nothing, and the page says why", async () => {
  const page = await open('run=spread&seed=4&step=6&agent=1');
  expect(await page.locator('.line.detached .cut').count()).toBe(2);
  await page.locator('.box', { hasText: "agent_1's critic" }).hover();
  const details = page.locator('.details');
  await expect
    .poll(() => details.textContent())
    .toMatch(/8,129 weights in 6 tensors: no gradient. The gradient passes through/);
  await page.locator('.line.detached .touch').first().hover({ force: true });
  await expect
    .poll(() => details.textContent())
    .toMatch(/cut off by detach.*maddpg\.ts:\d+ .*action\.detach\(\)/);
  await page.locator('.box', { hasText: "agent_0's action" }).hover();
  await expect.poll(() => details.textContent()).toContain('detach makes a constant of what others do');
  expect(await details.locator('.source li').allInnerTexts()).toEqual([
    expect.stringMatching(/^maddpg\.ts:\d+ .*action\.detach\(\)/),
  ]);
});

test('a number is the sum of its products, and each factor can be followed', async () => {
  const page = await open('run=spread&seed=4&step=6&unfolded=critic');
  const { graph } = flowOf('spread', 'moment');
  await page.locator('.box', { hasText: 'matmulNT' }).click();
  await page
    .locator('.matrix canvas')
    .first()
    .click({ position: { x: 90, y: 3 } });
  const example = page.locator('[data-example="values"]');
  expect(await example.textContent()).toMatch(/^\[0, \d+\]: .* · .* \+ … \(6 products\) = /);
  const shown = page.locator('.products h4');
  const [, column] = /matmulNT\[0, (\d+)\]/.exec((await shown.textContent())!)!;
  const node = graph.nodes.find(({ op }) => op === 'matmulNT')!;
  const value = Number(await shown.getAttribute('data-value'));
  expect(value).toBeCloseTo(node.values![Number(column)]!, 5);
  expect(await page.locator('.products tbody tr').count()).toBe(6); // the actions of three agents
  expect(Number(await page.locator('.products [data-sum]').getAttribute('data-sum'))).toBeCloseTo(value, 5);
  const factor = page.locator('.products button.factor', { hasText: /^W\[/ }).first();
  const text = (await factor.textContent())!;
  await factor.click();
  await expect.poll(() => shown.textContent()).toMatch(/^narrow\[\d+, \d\] = /);
  expect((await shown.textContent())!.split(' = ')[1]).toBe(text.split('] ')[1]);
  // The weight itself.
  await page.locator('.products button.factor').first().click();
  await expect.poll(() => page.locator('.products').textContent()).toContain('A weight: it was learned.');
});

test('all of it by keyboard', async () => {
  const page = await open('run=spread&seed=4&step=6');
  await page.locator('#tab-gradient').focus();
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    );
  for (let k = 0; k < 12 && !(await focused())?.startsWith("agent_0's loss"); k++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(focused).toMatch(/^agent_0's critic, .*Press to unfold/);
  await page.keyboard.press('Enter');
  await expect.poll(focused).toMatch(/^agent_0's Q, linear/);
  expect(new URL(page.url()).hash).toContain('unfolded=critic');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(focused).toMatch(/^relu/);
  const numbers = page.locator('.matrix').first().getByRole('button', { name: 'Numbers' });
  await numbers.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect.poll(focused).toMatch(/^row 0, column 1: /);
  await expect.poll(() => page.locator('.products h4').textContent()).toMatch(/^relu\[0, 1\] = /);
});

test('the list says what the picture says', async () => {
  const page = await open('run=spread&seed=4&step=6');
  const boxes = await page.$$eval('.box', (all) =>
    all.map((box) => box.querySelector('title')!.textContent!.replace('. Press to unfold', '')),
  );
  await page.getByRole('button', { name: 'As a list' }).click();
  const items = await page.locator('.outline button[data-node]').allInnerTexts();
  expect(items.map((text) => text.split(';')[0]).sort()).toEqual(boxes.sort());
  expect(items.filter((text) => text.includes('cut off by detach'))).toHaveLength(2);
  await page.locator('.outline [data-node]', { hasText: /^agent_0's critic/ }).click();
  await page.locator('.outline .details').getByRole('button', { name: 'Unfold' }).click();
  await expect.poll(() => page.locator('.outline').textContent()).toContain('agent_0.critic.body.0.weight');
});

test('by touch, at 375 pixels: look first, then unfold; the page does not scroll sideways', async () => {
  const page = await open('run=spread&seed=4&step=6', PHONE);
  const critic = page.locator('.box', { hasText: "agent_0's critic" });
  await critic.scrollIntoViewIfNeeded();
  await critic.tap();
  await expect.poll(() => page.locator('.details h3').textContent()).toContain("agent 0's critic");
  await critic.tap();
  await expect.poll(() => page.locator('.box', { hasText: 'matmulNT' }).count()).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('while it plays, the graph follows', async () => {
  const page = await open('run=spread&seed=4');
  const before = await linesOf(page);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => linesOf(page), { timeout: 5000 }).not.toEqual(before);
  await page.getByRole('button', { name: 'Pause' }).click();
  const step = Number(
    /step=(\d+)/.exec(page.url())?.[1] ??
      (await page.evaluate(() => /step=(\d+)/.exec(location.hash)?.[1] ?? 0)),
  );
  await expect.poll(async () => (await linesOf(page))[0]![2]).not.toBe('');
  await expect
    .poll(async () => {
      try {
        await expectEdges(page, foldFlow(flowOf('spread', 'moment', { step }), []));
        return true;
      } catch {
        return false;
      }
    })
    .toBe(true);
});

test.each(['light', 'dark'] as const)(
  '%s: axe finds nothing serious, folded and unfolded',
  async (colorScheme) => {
    for (const [width, link] of [
      [1400, ''],
      [1400, `unfolded=${ALL}&batch=batch`],
      [375, 'unfolded=critic'],
    ] as const) {
      const page = await open(`run=spread&seed=4&step=6&${link}`, {
        colorScheme,
        viewport: { width, height: 900 },
      });
      await page.locator('.box', { hasText: "agent_0's act" }).first().click();
      await page.locator('.matrix canvas').first().click();
      await page.locator('.number-table button').first().click();
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .map(({ html }) => html)
                .slice(0, 3)
                .join(' ')}`,
          );
      });
      expect(violations).toEqual([]);
      if (SCREENSHOTS)
        await page.screenshot({
          path: `${SCREENSHOTS}/gradient-${colorScheme}-${width}-${link.length}.png`,
          fullPage: true,
        });
      await page.context().close();
    }
  },
);
