/** The programs of the guides print with the tarballs what the pages say, as they do in this workspace. */
import { execFile } from 'node:child_process';
import { realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../markdown.js';
import { gradientFlow, outputsIn, pagePrograms, programOf } from '../page-programs.js';
import { unpack } from './unpack.js';

/** What some guides install besides the libraries. */
const OTHERS = { 'fast-check': 'packages/tensor', omggif: 'packages/mpe' };

const { files, chapters } = gradientFlow();
const guides = [
  ...pagePrograms.map(({ name, blocks }) => ({ file: `${name}.mjs`, blocks })),
  ...[...chapters].map(([file, blocks]) => ({ file, blocks })),
];

let folder: string;
beforeAll(() => {
  folder = unpack();
  for (const [name, owner] of Object.entries(OTHERS)) {
    symlinkSync(realpathSync(join(ROOT, owner, 'node_modules', name)), join(folder, 'node_modules', name));
  }
  for (const [name, program] of files) writeFileSync(join(folder, name), program);
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2023 };
  for (const { name, blocks } of pagePrograms) {
    const { outputText } = transpileModule(programOf(blocks), { compilerOptions });
    writeFileSync(join(folder, `${name}.mjs`), outputText);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

// One of them trains five policies.
const timeout = 300_000;

test.each(guides)('$file', { timeout }, async ({ file, blocks }) => {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
  expect(outputsIn(stdout)).toEqual(blocks.map(({ output }) => output));
});
