/** The examples of all pages compile and run. An example is a TypeScript block that imports what it needs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { blocksOf, compile, pagePaths, programPages, ROOT, read } from './markdown.js';

const examples = pagePaths
  .filter((path) => !programPages.includes(path))
  .flatMap((path) =>
    blocksOf(read(path), 'ts')
      .filter((code) => code.includes('import '))
      .map((code, k) => ({ name: `${path}, example ${k + 1}`, file: `${path}-${k + 1}.ts`, code })),
  )
  .map(({ file, ...example }) => ({ ...example, file: file.replaceAll(/[/.](?=.*\.ts$)/g, '-') }));

// Inside the project, so that the packages are found as a user of this workspace finds them.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.docs-'));
  for (const { file, code } of examples) writeFileSync(join(folder, file), `${code}\nexport {};\n`);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(30);
});

test('the examples compile', () => {
  compile(folder);
});

// The tests of the GPU kernels check what the GPU example does without a GPU, and those of the browser run what needs a page.
const runnable = examples.filter(({ code }) => !/tensor\/gpu|reference lib="dom"/.test(code));

test.each(runnable)('$name runs', async ({ file }) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(join(folder, file));
  log.mockRestore();
});
