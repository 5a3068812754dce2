/** The page of `paragrad explore` in Firefox ESR: it opens, computes the numbers of Node, and trains. */
/// <reference lib="dom" />
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedFiles } from '../../apps/explorer/shipped-files.js';
import { Session } from '../../apps/explorer/src/model/session.js';
import { serveCommand, stopServers } from './serve-command.js';

let address: URL;
let browser: Browser;

beforeAll(async () => {
  address = await serveCommand('explore');
  browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  });
});
afterAll(async () => {
  await browser?.close();
  stopServers();
});

async function open(link: string) {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(new URL(link, address).href);
  await page.waitForSelector('.handle');
  return { page, problems };
}

test('it opens, and computes the numbers that Node computes', async () => {
  const { page, problems } = await open('#run=spread&seed=4&step=6&overlay=places');
  const values = await page.$$eval('[data-reading="value"]', (cells) =>
    cells.map((cell) => Number(cell.getAttribute('data-value'))),
  );
  const session = new Session(shippedFiles('spread'), 4);
  session.goTo(6);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(session.advice(i).value, 5);
  });
  expect(values.length).toBe(3);
  expect(problems).toEqual([]);
});

test('it trains', async () => {
  const { page, problems } = await open('#view=train&scenario=simple');
  await page.locator('::-p-text(Start training)').click();
  await page.waitForFunction(
    () => {
      const label = document.querySelector('.curves .plot')?.getAttribute('aria-label') ?? '';
      const number = /training ([−\d.]+)/.exec(label)?.[1];
      return number !== undefined && Number(number.replace('−', '-')) > -15; // about -35 in the beginning
    },
    { timeout: 90_000 },
  );
  expect(problems).toEqual([]);
}, 120_000);

test('it trains in an environment of the reader, in a sandbox', async () => {
  const { page, problems } = await open('#view=own');
  await page.locator('::-p-text(Train with this code)').click();
  await page.waitForFunction(
    () => Number(document.querySelector('.numbers dd')?.textContent?.split(' ')[0].replaceAll(',', '')) > 60,
    { timeout: 90_000 },
  );
  await page.waitForSelector('.own-arena');
  expect(problems).toEqual([]);
}, 120_000);
