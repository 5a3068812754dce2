/** docs/tour.md: its code blocks are one program, and below each block is what the block prints. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compile, ROOT, read } from './markdown.js';
import { outputsIn, printingBlocks, programOf } from './page-programs.js';

// The last section quotes the source, as docs-quotes.test.ts checks.
const [page] = read('docs/tour.md').split('## From here to MADDPG');
const blocks = printingBlocks(page, 'ts');

// Inside the project, so that the packages are found in the same way as by users of this workspace.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.tour-'));
  writeFileSync(join(folder, 'tour.ts'), programOf(blocks));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('all outputs of the page belong to a block of code', () => {
  expect(blocks.length).toBeGreaterThan(10);
  expect(page.match(/^```/gm)).toHaveLength(
    2 * blocks.length + 2 * blocks.filter((one) => one.output).length,
  );
});

test('the program compiles', () => {
  compile(folder);
});

test('each block prints the output that is below it', async () => {
  let printed = '';
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
    printed += `${format(...values)}\n`;
  });
  await import(join(folder, 'tour.ts'));
  log.mockRestore();
  expect(outputsIn(printed)).toEqual(blocks.map(({ output }) => output));
});
