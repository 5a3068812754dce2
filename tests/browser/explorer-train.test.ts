/** Training on the page of `explore`, in a headless Chromium: it learns, and its runs go to the command and come back; own things. */
/// <reference lib="dom" />
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { completeConfig, prepareRun, saveTraining, train, useRunKernels } from '@paragrad/maddpg';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { unzip } from '../../apps/explorer/src/train/zip.js';
import { serveCommand, stopServers } from './serve-command.js';

const PARAGRAD = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
/** Where to leave pictures of the page, to be looked at: SCREENSHOTS=/some/folder. */
const SCREENSHOTS = process.env.SCREENSHOTS;
const SOON = { timeout: 15_000 };
const WITHIN_A_MINUTE = { timeout: 60_000, interval: 500 };

/** A short run. Node 20 has the same kernels. */
const config = completeConfig({
  scenario: 'simple_tag',
  env: { maxCycles: 5 },
  episodes: 60,
  batchSize: 16,
  warmupSteps: 20,
  stepsPerUpdate: 5,
  kernels: 'simd',
  evaluationEpisodes: 2,
  evaluationEvery: 0,
  settings: { hidden: [8] },
});
const SETTINGS =
  'env:{"maxCycles":5};episodes:60;batchSize:16;warmupSteps:20;stepsPerUpdate:5;kernels:simd;evaluationEpisodes:2;' +
  'evaluationEvery:0;settings.hidden:8';

let folder: string;
let address: string;
let browser: Browser;
let page: Page;
/** What the page complained of, and what it asked other machines for. */
let problems: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-explorer-'));
  address = (await serveCommand('explore')).href;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  stopServers();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  problems = [];
});
afterEach(async () => {
  await page?.context().close();
  expect(problems).toEqual([]);
});

async function open(settings: string, options: BrowserContextOptions = {}): Promise<void> {
  await openView(`train&${settings}`, options);
  await button('Start training').waitFor();
}

async function openView(view: string, options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  page = await context.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && origin !== new URL(address).origin) problems.push(`asked ${request.url()}`);
  });
  await page.goto(`${address}#view=${view}`);
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
/** A number of the line below the buttons, such as `steps`. */
const reading = (name: string) =>
  page
    .locator('.numbers div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .locator('dd')
    .textContent();
const episodes = async () => Number(((await reading('episode')) ?? '0').split(' ')[0].replaceAll(',', ''));
/** The newest number of the smoothed curve. */
const newestReturn = async () => {
  const label = await page.locator('.curves .plot').first().getAttribute('aria-label');
  return Number(/training ([−\d.]+)/.exec(label ?? '')?.[1].replace('−', '-'));
};

test('training raises the return within a minute, while the arena plays what was learned so far', async () => {
  await open('scenario=simple');
  await button('Start training').click();
  await expect.poll(episodes, WITHIN_A_MINUTE).toBeGreaterThan(0);
  expect(await reading('kernels')).toMatch(/simd$/);
  await expect.poll(async () => Number(await reading('steps/s')), SOON).toBeGreaterThan(0);
  await page.getByText('The arena plays what was learned so far.').waitFor();
  const shownValue = () => page.locator('[data-reading="value"]').first().textContent();
  const value = await shownValue();
  await expect.poll(shownValue, SOON).not.toBe(value);
  await expect.poll(episodes, WITHIN_A_MINUTE).toBeGreaterThan(600);
  expect(await newestReturn()).toBeGreaterThan(-15);
  const run = await download('simple');
  const [header, ...lines] = readFileSync(join(run, 'metrics.csv'), 'utf8').trimEnd().split('\n');
  const returns = lines.map((line) => Number(line.split(',')[header.split(',').indexOf('meanReturn')]));
  const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  // The first update comes after 40 episodes.
  expect(mean(returns.slice(-100))).toBeGreaterThan(mean(returns.slice(0, 40)) + 15); // about -8 and -35
}, 150_000);

/** Downloads the run, and unpacks it into a folder of this name. Returns its path. */
async function download(name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), button('Download as .zip').click()]);
  const target = join(folder, name);
  for (const [path, content] of unzip(readFileSync(await file.path()))) {
    const [, ...inside] = path.split('/');
    mkdirSync(dirname(join(target, ...inside)), { recursive: true });
    writeFileSync(join(target, ...inside), content);
  }
  return target;
}

async function chooseFolder(path: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    button("Open a run's folder").click(),
  ]);
  await chooser.setFiles(path);
}

test('page, then command, then page: bit for bit as in one piece', async () => {
  await open(`scenario=simple_tag&preset=defaults&settings=${encodeURIComponent(SETTINGS)}`);
  await page.getByRole('combobox', { name: 'Steps in a second' }).selectOption('at most 100');
  await button('Start training').click();
  await expect.poll(episodes, SOON).toBeGreaterThan(10);
  await button('Pause training').click();
  const first = await download('first');
  expect(await episodes()).toBeLessThan(40);

  const resume = ['resume', first, '--episodes', '45', '--no-film', '--threads', '1'];
  execFileSync(process.execPath, [PARAGRAD, ...resume], { cwd: folder, stdio: 'ignore' });

  await chooseFolder(first);
  await page.getByText('Goes on after 45 of 45 episodes.').waitFor();
  await page.getByText('The run', { exact: true }).click();
  const field = page.getByRole('textbox', { name: /^episodes/ });
  await field.fill('60');
  await field.press('Enter');
  await page.getByRole('combobox', { name: 'Steps in a second' }).selectOption('as many as possible');
  await button('Go on with the run').click();
  await page.getByText('All episodes are trained.').waitFor(SOON);
  const last = await download('last');

  useRunKernels(config);
  const trainer = train({ ...prepareRun(config), onWarning: () => {} });
  for (const _ of trainer);
  const whole = saveTraining(trainer);
  for (const [name, content] of Object.entries(whole)) {
    const found = readFileSync(join(last, 'checkpoints/step-000000300', name));
    expect(Buffer.from(content).equals(found), name).toBe(true);
  }
  expect(JSON.parse(readFileSync(join(last, 'config.json'), 'utf8'))).toEqual(config);
  const lines = readFileSync(join(last, 'metrics.csv'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual([
    'episode',
    ...Array.from({ length: 60 }, (_, k) => `${k}`),
  ]);
}, 120_000);

test('a run goes to a folder of the disk, and what is dropped on the page is opened', async () => {
  await openView('gradient'); // where the page keeps files of its own, as a disk
  const context = page.context();
  await context.addInitScript(() => {
    Object.assign(globalThis, { showDirectoryPicker: () => navigator.storage.getDirectory() });
  });
  await page.goto(`${address}?again#view=train&scenario=simple`);
  await button('Start training').click();
  await expect.poll(episodes, SOON).toBeGreaterThan(0);
  await button('Pause training').click();
  await button('Save to a folder').click();
  await page.getByText('Saved to the folder simple-1.').waitFor(SOON);
  await button('Save to a folder').click();
  await page.getByText('Saved to the folder simple-2.').waitFor(SOON); // nothing is overwritten
  const found = await page.evaluate(async () => {
    const list = async (folder: FileSystemDirectoryHandle, path: string): Promise<string[]> => {
      const names: string[] = [];
      const entries = folder as unknown as AsyncIterable<[string, FileSystemHandle]>;
      for await (const [name, entry] of entries) {
        if (entry.kind === 'file') names.push(path + name);
        else names.push(...(await list(entry as FileSystemDirectoryHandle, `${path}${name}/`)));
      }
      return names;
    };
    return list(await navigator.storage.getDirectory(), '');
  });
  const ofFirst = found.filter((path) => path.startsWith('simple-1/'));
  expect(ofFirst).toContain('simple-1/config.json');
  expect(ofFirst.filter((path) => /checkpoints\/step-\d{9}\/training\.safetensors$/.test(path))).toHaveLength(
    1,
  );

  const [file] = await Promise.all([page.waitForEvent('download'), button('Download as .zip').click()]);
  const zip = readFileSync(await file.path()).toString('base64');
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], 'run.zip'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, zip);
  await page.getByText(/^Goes on after \d+ of 2000 episodes\.$/).waitFor(SOON);
});

test('what cannot be is said: in a setting, at the start, of a folder', async () => {
  await open('preset=defaults');
  await page.getByRole('searchbox', { name: 'Search' }).fill('batchSize');
  const field = page.getByRole('textbox', { name: 'batchSize' });
  await field.fill('none');
  await field.press('Enter');
  await page.getByText('batchSize is "none"; give an integer of at least 1').waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');

  await page.getByRole('searchbox', { name: 'Search' }).fill('env');
  const env = page.getByRole('textbox', { name: 'env', exact: true });
  await env.fill('{"agents": 7}');
  await env.press('Enter');
  await button('Start training').click();
  await page.getByText(/The training has failed\. .*agents/).waitFor();
  expect(await button('Start anew').isVisible()).toBe(true);

  mkdirSync(join(folder, 'no-run'));
  writeFileSync(join(folder, 'no-run/notes.txt'), 'nothing');
  await chooseFolder(join(folder, 'no-run'));
  await expect
    .poll(() => page.getByRole('alert').textContent(), SOON)
    .toContain('there is no config.json in it');
});

test('threads share the work, because the page is isolated', async () => {
  await openView('gradient');
  await page.context().addInitScript(() => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 3 });
  });
  await page.goto(`${address}?again#view=train&scenario=simple`);
  await page.getByRole('combobox', { name: 'Threads' }).selectOption('2');
  await button('Start training').click();
  await expect.poll(() => reading('threads'), SOON).toBe('2');
  await expect.poll(episodes, WITHIN_A_MINUTE).toBeGreaterThan(50);
});

test('the GPU computes only if it is chosen, and the page says which it is', async () => {
  await open('scenario=simple');
  const loaded: string[] = [];
  page.on('response', (response) => loaded.push(response.url()));
  await page.getByRole('combobox', { name: 'Steps in a second' }).selectOption('at most 100');
  await button('Start training').click();
  await expect.poll(() => reading('kernels'), SOON).toMatch(/simd$/);
  expect(loaded.filter((url) => /gpu/.test(url))).toEqual([]);
  await page.getByRole('combobox', { name: 'Products' }).selectOption('on the GPU where faster');
  await button('Start anew').click();
  await page.getByText(/^GPU: .*SwiftShader.*: a program and no GPU/).waitFor(SOON);
});

test('a link has what is trained; all of it works by keyboard', async () => {
  await open('preset=defaults&scenario=simple_push&settings=settings.gamma:0.5');
  await expect.poll(() => page.getByRole('combobox', { name: 'Scenario' }).inputValue()).toBe('simple_push');
  await page.getByText('Undo 1 change').waitFor();
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.focus();
  await page.keyboard.type('gamma');
  expect(await page.getByRole('textbox', { name: /^gamma/ }).inputValue()).toBe('0.5');
  await page.getByRole('combobox', { name: 'Scenario' }).focus();
  await page.keyboard.type('simple_tag');
  await expect.poll(() => page.url()).toContain('scenario=simple_tag');
  await button('Start training').focus();
  await page.keyboard.press('Enter');
  await button('Pause training').waitFor();
  await button('Pause training').focus();
  await page.keyboard.press('Space');
  await page.getByText('Paused.').waitFor();
});

test.each(['light', 'dark'] as const)('%s, it fits a phone, and can be touched', async (colorScheme) => {
  await open('scenario=simple', { colorScheme, viewport: { width: 375, height: 800 }, hasTouch: true });
  await button('Start training').tap();
  await expect.poll(episodes, SOON).toBeGreaterThan(0);
  await page.getByText('How agents explore', { exact: true }).tap();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  const heights = await page
    .locator('.train :is(button, select, input, summary)')
    .evaluateAll((controls) =>
      controls
        .filter((control) => control.checkVisibility())
        .map((control) => control.getBoundingClientRect().height),
    );
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(40);
  if (SCREENSHOTS) {
    await page.waitForTimeout(3000);
    await page.screenshot({ path: join(SCREENSHOTS, `explorer-train-${colorScheme}.png`), fullPage: true });
  }
});

const codeField = () => page.getByRole('textbox', { name: 'Code' });

test('an environment that is typed in trains in a sandbox, and is played', async () => {
  await openView('own');
  await codeField().fill((await codeField().inputValue()).replace('hidden: [64, 64]', 'hidden: [32]'));
  await button('Train with this code').click();
  await expect.poll(episodes, WITHIN_A_MINUTE).toBeGreaterThan(60);
  await page.getByRole('img', { name: /^Your environment, played/ }).waitFor(SOON);
  const tips = () =>
    page.locator('.own-arena .push path').evaluateAll((paths) => paths.map((one) => one.getAttribute('d')));
  const before = await tips();
  expect(before).toHaveLength(2);
  await expect.poll(tips, SOON).not.toEqual(before);
  await button('Hold the picture').click();
  await button('Stop').click();
  await page.getByText('Nothing has been trained here yet.').waitFor();
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, 'explorer-own.png'), fullPage: true });
}, 100_000);

test.each([
  ['export default {', /The training has failed\. .*SyntaxError/],
  ['export default 3', /exports no environment/],
  ['export const run = { batchSize: 0 };', /run: batchSize is 0; give an integer of at least 1/],
  ['throw new Error("from inside")', /from inside/],
])('%s is said as text', async (code, message) => {
  await openView('own');
  await codeField().fill(code);
  await button('Train with this code').click();
  await page.getByText(message).waitFor(SOON);
});

test('code in the sandbox reaches no page, no storage and no network', async () => {
  let connections = 0;
  const listener = createServer(() => connections++).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const probe = `
    const reached = [];
    const attempt = async (name, reach) => { try { if (await reach()) reached.push(name); } catch {} };
    const opened = (made, event) => new Promise((resolve, reject) => {
      made[event] = () => resolve(true);
      made.onerror = reject;
    });
    await attempt('network', () => fetch('http://127.0.0.1:${port}/', { mode: 'no-cors' }).then(() => true));
    await attempt('socket', () => opened(new WebSocket('ws://127.0.0.1:${port}/'), 'onopen'));
    await attempt('events', () => opened(new EventSource('http://127.0.0.1:${port}/'), 'onopen'));
    await attempt('module', () => import('http://127.0.0.1:${port}/x.js').then(() => true));
    await attempt('the page\\'s files', () => import('${address}offline.js').then(() => true));
    await attempt('indexedDB', () => opened(indexedDB.open('x'), 'onsuccess'));
    await attempt('caches', () => caches.keys().then(() => true));
    await attempt('page', () => typeof document !== 'undefined' || typeof parent !== 'undefined');
    throw new Error('origin ' + self.origin + '; reached: ' + reached.join(', ') + '.');`;
  await openView('own');
  await codeField().fill(probe);
  await button('Train with this code').click();
  await page.getByText(/origin null; reached: \./).waitFor(SOON);
  listener.close();
  expect(connections).toBe(0);
  problems = []; // the browser says what it refused
});

test('weights, pictures and code can be taken away', async () => {
  await openView('own&run=spread&seed=3&step=4');
  const take = async (name: RegExp) => {
    const [file] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const weights = await take(/^Weights/);
  const shipped = fileURLToPath(
    new URL('../../apps/explorer/public/policies/spread/networks.safetensors', import.meta.url),
  );
  expect(existsSync(shipped) && weights.bytes.equals(readFileSync(shipped))).toBe(true);
  expect([...unzip((await take(/^Actors/)).bytes).keys()]).toContain('simple_spread-onnx/agent_0.onnx');
  expect((await take(/^The arena/)).bytes.toString()).toMatch(/^<svg/);
  const code = unzip((await take(/^This moment/)).bytes);
  expect([...code.keys()]).toContain('simple_spread-moment/run/networks.safetensors');
  expect(new TextDecoder().decode(code.get('simple_spread-moment/moment.mjs'))).toContain('"steps":4');
});
