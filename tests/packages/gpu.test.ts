/** What docs/installing.md says about installing gpu.js, by doing it. */

import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf, read } from '../markdown.js';
import { libraries } from './packed.js';
import { addPackage } from './unpack.js';

const page = read('docs/installing.md');
const [, whole, unused] = /gpu\.js takes (\d+) MB with all that it needs\. (\d+) of them/
  .exec(page)!
  .map(Number);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-gpu-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const install = (cwd: string) =>
  execFileSync('npm', ['install', '--omit=optional', '--no-audit', '--no-fund'], { cwd });

/** The size of all files in a folder, in MB. */
function megabytes(path: string): number {
  const bytes = (at: string): number =>
    lstatSync(at).isDirectory()
      ? readdirSync(at).reduce((sum, name) => sum + bytes(join(at, name)), 0)
      : lstatSync(at).size;
  return bytes(path) / 2 ** 20;
}

test('gpu.js is as large as the page says, and so is the part that is not used', () => {
  const project = join(folder, 'whole');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "dependencies": { "gpu.js": "2.24.1" } }');
  install(project);
  expect(Math.abs(megabytes(join(project, 'node_modules')) - whole)).toBeLessThan(1.5);
  expect(Math.abs(megabytes(join(project, 'node_modules/webgpu')) - unused)).toBeLessThan(1.5);
});

test('as the page says, it is small, useGpu loads it, and npm rebuild gl does nothing', () => {
  const project = join(folder, 'small');
  mkdirSync(join(project, 'no-webgpu'), { recursive: true });
  const [manifest, empty] = blocksOf(page, 'json').filter((code) => code.includes('webgpu'));
  writeFileSync(join(project, 'package.json'), manifest);
  writeFileSync(join(project, 'no-webgpu/package.json'), empty);
  install(project);
  expect(megabytes(join(project, 'node_modules'))).toBeLessThan(whole - unused + 2);
  expect(existsSync(join(project, 'node_modules/gl'))).toBe(false);
  expect(execFileSync('npm', ['rebuild', 'gl'], { cwd: project, encoding: 'utf8' })).toMatch(
    /rebuilt .* successfully/,
  );
  expect(existsSync(join(project, 'node_modules/gl'))).toBe(false);

  for (const tarball of libraries()) addPackage(project, tarball);
  const program = `import { useGpu } from '@paragrad/tensor/gpu';
    await useGpu({ choice: 'always' }).catch((error) => console.log(error.message));`;
  const args = ['--input-type=module', '--eval', program];
  expect(execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' })).toMatch(
    /^useGpu: gpu\.js finds no WebGL here/,
  );
});
