/** Stepping through an update and breaking it, on the page of `paragrad explore` in a headless Chromium. */
/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { source as axe } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { shippedFiles } from '../../apps/explorer/shipped-files.js';
import { copyWith } from '../../apps/explorer/src/model/copy.js';
import { knowledgeOf } from '../../apps/explorer/src/model/critic-knowledge.js';
import { BATCH_ROWS } from '../../apps/explorer/src/model/gradient-flow.js';
import { type Mistake, mistakes, mistakesNamed } from '../../apps/explorer/src/model/mistakes.js';
import type { Phase } from '../../apps/explorer/src/model/recorder.js';
import { Session } from '../../apps/explorer/src/model/session.js';
import { stepThrough } from '../../apps/explorer/src/model/update-steps.js';
import { openPage, useExplorer } from './explorer-page.js';

const LINK = '#run=adversary&seed=3&step=4&batch=batch';

const explorer = useExplorer();

const open = (link: string, options: BrowserContextOptions = {}) =>
  openPage(explorer.browser, new URL(link, explorer.address), '.update, .mistakes', {
    reducedMotion: 'reduce',
    ...options,
  });

function sessionInNode(): Session {
  const session = new Session(shippedFiles('adversary'), 3);
  session.goTo(4);
  return session;
}

/** The update in Node. */
function phasesInNode(session: Session, made: readonly Mistake[] = []): readonly Phase[] {
  const batch = session.batchOfEpisodes(BATCH_ROWS, copyWith(session.algorithm, made));
  return stepThrough(session.algorithm, batch, made).phases;
}

/** Every number of the phase on the page: before and after. */
const numbersOf = (page: Page) =>
  page.$$eval('[data-number]', (lines) =>
    Object.fromEntries(
      lines.map((line) => [
        line.getAttribute('data-number')!,
        [...line.querySelectorAll('td')].map((cell) => {
          const value = cell.getAttribute('data-value');
          return value === null ? null : Number(value);
        }),
      ]),
    ),
  );

function expectClose(
  actual: readonly (number | null)[],
  expected: readonly (number | null)[],
  what: string,
): void {
  expected.forEach((value, k) => {
    if (value === null) expect(actual[k], what).toBeNull();
    else
      expect(Math.abs(actual[k]! - value), `${what}: ${actual[k]}, ${value}`).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(value)),
      );
  });
}

const oneStep = (page: Page) => page.getByRole('button', { name: 'One step of the update' });
const arrowsOf = (page: Page, name: string) =>
  page.$$eval(`.arrows.${name} path`, (paths) => paths.map((path) => path.getAttribute('d')!));

test('every phase has the numbers that Node computes, by the keyboard alone', async () => {
  const phases = phasesInNode(sessionInNode());
  const page = await open(`${LINK}&view=update`);
  await oneStep(page).focus();
  for (const phase of phases) {
    await page.keyboard.press('Enter');
    const shown = await numbersOf(page);
    const what = `${phase.kind} ${phase.of} ${phase.agent}`;
    expect(Object.keys(shown).length, what).toBeGreaterThan(0);
    if (phase.loss) expectClose(shown.loss!, phase.loss, `${what} loss`);
    if (phase.meanQ) expectClose(shown['mean-q']!, phase.meanQ, `${what} mean Q`);
    for (const { network, change } of phase.networks)
      expectClose(shown[network]!, change, `${what} ${network}`);
  }
  expect(await oneStep(page).isDisabled()).toBe(true);
});

test('the lines that run are those of the real file, and the first of them is in sight', async () => {
  const path = fileURLToPath(new URL('../../packages/maddpg/src/maddpg.ts', import.meta.url));
  const lines = readFileSync(path, 'utf8').split('\n');
  const page = await open(`${LINK}&view=update&phase=2`);
  const box = page.getByRole('region', { name: 'The code of maddpg.ts' });
  const running = await box.locator('.runs').allTextContents();
  expect(running.map((line) => line.trimEnd())).toEqual(
    lines
      .slice(
        lines.findIndex((line) => line.includes('protected clip(')),
        -1,
      )
      .slice(0, 3),
  );
  const [inner, outer] = [await box.locator('.runs').first().boundingBox(), await box.boundingBox()];
  expect(inner!.y).toBeGreaterThan(outer!.y);
  expect(inner!.y).toBeLessThan(outer!.y + outer!.height);
});

test('the arrows turn with the steps, and turn back; a link brings the phase again', async () => {
  const page = await open(`${LINK.replace('batch=batch', 'batch=moment')}&view=update`);
  const [force, push] = [await arrowsOf(page, 'force'), await arrowsOf(page, 'push')];
  expect(await arrowsOf(page, 'force-after')).toEqual(force);
  expect(await arrowsOf(page, 'push-after')).toEqual(push);
  const go = (phase: string) => page.getByLabel(/^Phase/).selectOption(phase);
  await go('3'); // adversary 0's critic has taken its step
  const turned = await arrowsOf(page, 'push-after');
  expect(turned[0]).not.toBe(push[0]);
  expect(turned.slice(1)).toEqual(push.slice(1));
  expect(await arrowsOf(page, 'force-after')).toEqual(force);
  await go('6'); // and its actor
  const acted = await arrowsOf(page, 'force-after');
  expect(acted[0]).not.toBe(force[0]);
  expect(acted.slice(1)).toEqual(force.slice(1));
  const again = await open(new URL(page.url()).hash);
  expect(await arrowsOf(again, 'force-after')).toEqual(acted);
  await go('0');
  expect(await arrowsOf(page, 'push-after')).toEqual(push);
  expect(await arrowsOf(page, 'force-after')).toEqual(force);
  await page.getByRole('tab', { name: 'Train here' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.arrows').length === 2);
});

test('it plays by itself, stops, and goes on in slow motion', async () => {
  const page = await open(`${LINK}&view=update`, { reducedMotion: 'no-preference' });
  await page.getByRole('button', { name: 'Play the update' }).click();
  await page.getByText('Phase 2 of 19').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Slow motion' }).click();
  await page.getByText('Phase 3 of 19').waitFor();
  await page.getByRole('button', { name: 'Back by one phase' }).click();
  await page.getByText('Phase 2 of 19').waitFor();
});

const lineOf = (page: Page, name: string) => page.locator(`[data-line="${name}"] td`).allTextContents();

test.each(mistakes.filter(({ newCritics }) => !newCritics))(
  '$title: the switch changes the update on the page as it does in Node',
  async (mistake) => {
    const session = sessionInNode();
    const page = await open(`${LINK}&view=mistakes`);
    await page.getByLabel(mistake.title, { exact: true }).check();
    expect(new URL(page.url()).hash).toContain(`mistakes=${mistake.name}`);
    await page.waitForSelector('.differences');
    const [right, broken] = await lineOf(page, "actor's step: gradient in");
    expect(right).toMatch(/^adversary 0's actor [\d.]+$/);
    if (mistake.name === 'no-detach')
      expect(broken).toMatch(/adversary 0's actor .*agent 0's actor .*agent 1's actor/);
    else if (mistake.name === 'gradient-into-critic')
      expect(broken).toMatch(/adversary 0's actor .*adversary 0's critic/);
    else expect(broken).toMatch(/^adversary 0's actor [\d.e−]+$/);
    const graph = String(await page.locator('img[data-graph]').last().getAttribute('alt'));
    expect(graph.includes("agent_1's actor")).toBe(mistake.name === 'no-detach');
    expect(graph.includes("adversary_0's critic")).toBe(mistake.name === 'gradient-into-critic');
    const made = mistakesNamed([mistake.name]);
    const phases = phasesInNode(session, made);
    await page.getByRole('tab', { name: /^Follow/ }).click();
    await page.getByText(`With the mistake: ${mistake.title}`).waitFor();
    await page.waitForSelector('.graph [data-node]');
    const cuts = await page.locator('.graph .detached').count();
    expect(cuts).toBe(mistake.name === 'no-detach' ? 0 : 2);
    await page.getByRole('tab', { name: 'Break it' }).click();
    await page.getByRole('button', { name: 'Step through this update' }).click();
    for (const k of [1, 3, 6]) {
      await page.getByLabel(/^Phase/).selectOption(String(k));
      const shown = await numbersOf(page);
      const phase = phases[k - 1]!;
      expectClose(shown.loss!, phase.loss!, `${mistake.name} ${k}`);
      for (const { network, change } of phase.networks)
        expectClose(shown[network]!, change, `${mistake.name} ${k} ${network}`);
    }
  },
);

test("an independent critic knows nothing of the others; the centralized one's numbers are those of Node", async () => {
  const session = sessionInNode();
  const page = await open(`${LINK}&view=mistakes`);
  await page.getByRole('button', { name: 'Compare with an independent critic' }).click();
  await page.getByText('an independent one').waitFor();
  const rows = await page.$$eval('[data-knows]', (all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.getAttribute('data-value')))),
  );
  const { observations, actions } = knowledgeOf(session.algorithm, 0, session.batchOfEpisodes(128));
  rows.forEach((row, j) => {
    expectClose(row, [observations[j]!, actions[j]!], `agent ${j}`);
    if (j > 0) expect(row.slice(2)).toEqual([0, 0]);
    else expect(Math.min(...row.slice(2))).toBeGreaterThan(0);
  });
});

test('right and broken are trained beside each other, and it shows', async () => {
  const page = await open(`${LINK}&view=mistakes&mistakes=independent-critic`);
  await page.getByRole('button', { name: 'Train right and broken' }).click();
  await page.waitForSelector('[data-costs="over"]', { timeout: 60_000 });
  const text = String(await page.locator('[data-costs]').textContent()).replaceAll('−', '-');
  const [, ...scores] = /right (\S+) and (\S+), broken (\S+) and (\S+);/.exec(text)!.map(Number);
  for (const score of scores.slice(0, 2)) expect(score).toBeGreaterThan(0.9);
  for (const score of scores.slice(2)) expect(score).toBeLessThan(-0.2);
  expect(await page.locator('.comparison path.right').count()).toBe(2);
  expect(await page.locator('.comparison path.broken').count()).toBe(2);
});

test("in the arena's scenario, too; it can be stopped", async () => {
  const page = await open(`${LINK}&view=mistakes&mistakes=no-detach&agent=1`);
  await page.getByLabel('Where').selectOption('arena');
  await page.getByText('The score is what agent 0, which you follow, gets').waitFor();
  await page.getByRole('button', { name: 'Train right and broken' }).click();
  await page
    .getByText(/^No detach; simple_adversary, agent 0\. So far, [1-9]\d* updates: right/)
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page
    .getByText(/^No detach; simple_adversary, agent 0\. After \d+ updates/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Train right and broken' }).waitFor();
});

test('on a phone, by touch: a switch, and one step', async () => {
  const page = await open(`${LINK}&view=mistakes`, {
    viewport: { width: 375, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await page.getByText('No clipping', { exact: true }).tap();
  await page.getByRole('button', { name: 'Step through this update' }).tap();
  await oneStep(page).tap();
  await page.getByText('Phase 1 of 19').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
});

test.each(['view=update&phase=6', 'view=mistakes&mistakes=no-detach,independent-critic'])(
  '%s: axe finds nothing serious, also in the dark on a phone; nothing is too wide',
  async (link) => {
    const phone = { viewport: { width: 375, height: 740 }, isMobile: true, colorScheme: 'dark' } as const;
    for (const options of [{}, phone]) {
      const page = await open(`${LINK}&${link}`, { ...options, bypassCSP: true });
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      });
      expect(found).toEqual([]);
      const { width } = page.viewportSize()!;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  },
);
