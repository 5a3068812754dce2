/** The page of `paragrad explore` in a headless Chromium, for the tests of a file. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { serveCommand, stopServers } from './serve-command.js';

/** Where to leave pictures of the page, to be looked at: SCREENSHOTS=/some/folder. */
export const { SCREENSHOTS } = process.env;
export const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true } as const;

const problems: string[] = [];

/** Serves the page for the tests of this file. After each test, the page must have complained of nothing. */
export function useExplorer(): { browser: Browser; address: URL } {
  const explorer = {} as { browser: Browser; address: URL };
  beforeAll(async () => {
    explorer.address = await serveCommand('explore');
    explorer.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
  });
  afterEach(async () => {
    for (const context of explorer.browser.contexts()) await context.close();
    expect(problems.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await explorer.browser?.close();
    stopServers();
  });
  return explorer;
}

/** Opens an address, and waits until there is something that this selector finds. */
export async function openPage(
  browser: Browser,
  address: URL,
  selector: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(address.href);
  await page.waitForSelector(selector);
  return page;
}
