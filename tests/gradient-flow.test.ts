/**
 * docs/gradient-flow.md: each chapter is a program. Below each block is what it prints, and the pictures are those that the programs
 * write. After a change, `RECORD=1 npx vitest run tests/gradient-flow` writes the pictures anew.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, read } from './markdown.js';
import { gradientFlow, outputsIn } from './page-programs.js';

const PICTURES = 'docs/images/gradient-flow';
const page = read('docs/gradient-flow.md');
const { files, chapters: programs } = gradientFlow();
const chapters = [...programs.keys()];

// Inside the project, so that the packages are found as a reader's program in the clone finds them.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.gradient-flow-'));
  for (const [name, program] of files) writeFileSync(join(folder, name), program);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('every chapter is a program, and checks its gradients by gradcheck', () => {
  const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title).slice(1, -1);
  expect(chapters).toHaveLength(titles.length);
  const unchecked = chapters.filter(
    (name) => !programs.get(name)!.some(({ code }) => code.includes('gradcheck(')),
  );
  expect(unchecked).toEqual([]);
});

test('all outputs of the page belong to a block of code', () => {
  const blocks = [...programs.values()].flat();
  expect(page.match(/^```text$/gm)).toHaveLength(blocks.filter(({ output }) => output).length);
});

const printed = new Map<string, string>();

/** What a program prints. It runs once, as a reader runs it: in a process of its own. It writes its pictures into the folder. */
function run(name: string): string {
  const known =
    printed.get(name) ?? execFileSync(process.execPath, [name], { cwd: folder, encoding: 'utf8' });
  printed.set(name, known);
  return known;
}

test('the helpers say what is wrong with what they get', () => {
  const program = `
    import { tensor } from '@paragrad/tensor';
    import { inspect } from '@paragrad/tensor/inspect';
    import { draw, named, slope } from './helpers.mjs';
    const x = named('x', tensor([1, 2], { requiresGrad: true }));
    const loss = () => named('loss', x.square().sum());
    const wrong = [() => slope(loss, x, 2), () => draw('x.svg', inspect(loss()), { square: ['lost', 'x'] })];
    for (const call of wrong) try { call(); } catch ({ message }) { console.log(message); }`;
  writeFileSync(join(folder, 'wrong.mjs'), program);
  expect(run('wrong.mjs')).toMatch(
    /^slope: there is no number 2 among 2.*\ndraw: no tensor of this graph is named lost.*\n$/,
  );
});

test.each(chapters)('%s prints what the page says', (name) => {
  expect(outputsIn(run(name))).toEqual(programs.get(name)!.map(({ output }) => output));
});

test('the pictures of the page are those that the programs write', () => {
  for (const name of chapters) run(name);
  const written = readdirSync(folder).filter((name) => name.endsWith('.svg'));
  if (process.env.RECORD)
    for (const name of written) copyFileSync(join(folder, name), join(ROOT, PICTURES, name));
  const shown = [...page.matchAll(/\]\(images\/gradient-flow\/(.*?)\)/g)].map(([, name]) => name);
  expect(shown.toSorted()).toEqual(written.toSorted());
  expect(readdirSync(join(ROOT, PICTURES)).toSorted()).toEqual(written.toSorted());
  for (const name of written) {
    expect(readFileSync(join(ROOT, PICTURES, name), 'utf8'), name).toBe(
      readFileSync(join(folder, name), 'utf8'),
    );
  }
}, 300_000); // alone, it runs all programs
