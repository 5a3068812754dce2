/**
 * Pages whose code blocks are one program: it compiles, and below each block is what the block prints.
 * `RECORD=1 npx vitest run tests/program-pages` writes the pictures of docs/own-environment.md anew.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compile, ROOT } from './markdown.js';
import { outputsIn, pagePrograms, programOf } from './page-programs.js';

// Inside the project, so that the packages are found in the same way as by users of this workspace.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.program-pages-'));
  for (const { name, blocks } of pagePrograms) writeFileSync(join(folder, `${name}.ts`), programOf(blocks));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(pagePrograms)('$path: all outputs are right below a block of code', ({ text, blocks }) => {
  expect(blocks.some(({ output }) => output)).toBe(true);
  expect(text.match(/^```text$/gm)).toHaveLength(text.match(/^```\n\n```text$/gm)!.length);
});

test('the programs compile', () => {
  compile(folder);
});

// One of them trains five policies.
const timeout = 300_000;

test.each(pagePrograms)(
  '$path: each block prints the output that is below it',
  { timeout },
  async ({ name, blocks }) => {
    let printed = '';
    const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
      printed += `${format(...values)}\n`;
    });
    await import(join(folder, `${name}.ts`));
    log.mockRestore();
    expect(outputsIn(printed)).toEqual(blocks.map(({ output }) => output));
  },
);

test.each(['meeting.gif', 'carrying.gif'])(
  'docs/own-environment.md: %s is what its program writes',
  (name) => {
    const inDocs = join(ROOT, 'docs/images/own-environment', name);
    const written = readFileSync(join(folder, name));
    if (process.env.RECORD) writeFileSync(inDocs, written);
    expect(written.equals(readFileSync(inDocs))).toBe(true);
  },
);
