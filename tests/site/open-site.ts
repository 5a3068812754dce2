/** The built site of docs/ in a headless Chromium, served from a folder, for the tests of a file. */
/// <reference lib="dom" />
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { ROOT } from '../markdown.js';

/** The folder that `npm run test:site` builds it for. */
const BASE = '/some/where/';
export const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };
export const WIDE = { viewport: { width: 1280, height: 900 } };

const problems: string[] = [];

export interface Site {
  readonly address: URL;
  /** Opens a page that complains of nothing, and asks no other server for anything. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Serves the site for the tests of this file. */
export function useSite(): Site {
  let server: PreviewServer;
  let browser: Browser;
  let address: URL;

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

  return {
    get address() {
      return address;
    },
    async open(path, options = WIDE) {
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
    },
  };
}
