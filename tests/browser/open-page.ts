import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';

export interface OpenPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** Headers that make a page cross-origin isolated, so that it can have SharedArrayBuffers. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Bundles the built packages with page/main.ts, minified, as a user's bundler would. Serves the bundle with these HTTP headers, and
 * opens it in a headless Chromium: the program $CHROMIUM, or the one that Debian installs.
 */
export async function openPage(headers: Record<string, string> = {}): Promise<OpenPage> {
  const outDir = mkdtempSync(join(tmpdir(), 'paragrad-page-'));
  const vite = {
    configFile: false,
    root: fileURLToPath(new URL('page', import.meta.url)),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const;
  await build(vite);
  const server = await preview({ ...vite, preview: { headers, port: 0 } });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });

  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(server.resolvedUrls!.local[0]);
  await page.waitForFunction(() => 'paragrad' in globalThis);
  return {
    page,
    async close() {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}
