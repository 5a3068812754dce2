/** What can be checked of the READMEs: examples that stand on their own compile and run, tables are complete, links lead somewhere. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { algorithmNames } from '@paragrad/maddpg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');
const MADDPG = read('packages/maddpg/README.md');
const all = [
  README,
  ...['tensor', 'nn', 'mpe'].map((name) => read(`packages/${name}/README.md`)),
  MADDPG,
].join('\n');
const examples = [...all.matchAll(/```ts\n([\s\S]*?)```/g)]
  .map(([, code]) => code)
  .filter((code) => code.includes('import '));

// Inside the project, so that the packages are found as a user of this workspace finds them.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.readme-'));
  examples.forEach((code, index) => {
    writeFileSync(join(folder, `example${index}.ts`), `${code}\nexport {};\n`);
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
});

test('they compile', () => {
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      noEmit: true,
      noUnusedLocals: false, // an example may end with a value
      types: ['node'],
      declarationMap: false,
      declaration: false,
    },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    stdio: 'inherit',
  });
});

test("the algorithm's lines that it shows are the source's", () => {
  const source = readFileSync(join(ROOT, 'packages/maddpg/src/maddpg.ts'), 'utf8');
  const [, shown] = /## The heart of it\n\n```ts\n([\s\S]*?)```/.exec(README)!;
  const lines = shown.split('\n').map((line) => line.trim());
  const code = lines.filter((line) => line !== '' && !line.startsWith('/**'));
  expect(code.length).toBeGreaterThan(10);
  expect(code.filter((line) => !source.includes(line))).toEqual([]);
});

test('the graph it shows is the one that the example prints', () => {
  const printed = execFileSync(process.execPath, [join(ROOT, 'examples/dist/gradient-flow.js')], {
    encoding: 'utf8',
  });
  const [graph] = /^neg \[\][\s\S]*?(?=\n```)/m.exec(README)!;
  expect(printed).toContain(graph);
});

// What the GPU example does without a GPU is tested with the GPU kernels.
const runnable = examples
  .map((code, index) => ({ code, index }))
  .filter(({ code }) => !code.includes('tensor/gpu'));

test.each(runnable)('example $index runs', async ({ index }) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import(join(folder, `example${index}.ts`));
  log.mockRestore();
});

test('every algorithm is in the table of variants and baselines', () => {
  const missing = algorithmNames.filter((name) => !MADDPG.includes(`| \`algorithm: '${name}'\``));
  expect(missing).toEqual([]);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/tour.md',
  'packages/tensor/README.md',
  'packages/nn/README.md',
  'packages/mpe/README.md',
  'packages/maddpg/README.md',
])('links of %s lead somewhere', (path) => {
  const anchorsOf = (text: string) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
  const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  expect(links.length).toBeGreaterThan(0);
  const dead = links.filter(([, file, anchor]) => {
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});
