/** scripts/release.mjs: what it refuses, and a release of the tarballs to a registry in the test, from which npm installs them. */
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../markdown.js';
import { clients, emptyProject } from './clients.js';
import { manifestOf } from './packed.js';
import { startRegistry } from './registry.js';

const PACKAGES = ['check', 'tensor', 'nn', 'mpe', 'maddpg', 'cli'];
const folder = mkdtempSync(join(tmpdir(), 'paragrad-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (path: string) => join(folder, path);
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

/** A repository in which everything is ready for npm. */
function prepare(): void {
  rmSync(folder, { recursive: true });
  for (const name of PACKAGES) {
    mkdirSync(at(`packages/${name}`), { recursive: true });
    const manifest = JSON.parse(readFileSync(join(ROOT, `packages/${name}/package.json`), 'utf8'));
    const repository = { type: 'git', url: 'git+https://example.com/repository.git' };
    writeFileSync(
      at(`packages/${name}/package.json`),
      JSON.stringify({ ...manifest, version: '0.1.0', repository }),
    );
  }
  cpSync(join(ROOT, '.changeset/README.md'), at('.changeset/README.md'));
  mkdirSync(at('scripts'));
  copyFileSync(join(ROOT, 'scripts/release.mjs'), at('scripts/release.mjs'));
  writeFileSync(at('CHANGELOG.md'), '# Changelog\n\n## 0.1.0, 2026-12-01\n\n- First.\n');
  writeFileSync(at('CITATION.cff'), 'cff-version: 1.2.0\nversion: 0.1.0\n');
  git('init', '--quiet');
  commit();
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
}

function problems(): string[] {
  try {
    execFileSync(process.execPath, [at('scripts/release.mjs'), '--check'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    return (error as { stderr: string }).stderr.split('\n').filter((line) => line.startsWith('- '));
  }
}

const change = (path: string, from: string, to: string) =>
  writeFileSync(at(path), readFileSync(at(path), 'utf8').replace(from, to));

test('a repository in which everything agrees is ready', () => {
  prepare();
  expect(problems()).toEqual([]);
});

test.each([
  [
    'packages/nn/package.json',
    '"version":"0.1.0"',
    '"version":"0.2.0"',
    /^- @paragrad\/nn has version 0\.2\.0, .* 0\.1\.0/,
  ],
  ['packages/nn/package.json', '"repository"', '"repo"', /^- @paragrad\/nn has no repository/],
  ['CHANGELOG.md', '## 0.1.0', '## 0.0.9', /^- CHANGELOG\.md begins with 0\.0\.9/],
  ['CHANGELOG.md', ', 2026-12-01', ', not published yet', /^- CHANGELOG\.md gives 0\.1\.0 no date/],
  ['CITATION.cff', 'version: 0.1.0', 'version: 0.0.9', /^- CITATION\.cff has version 0\.0\.9/],
])('%s with %s -> %s is not ready', (path, from, to, problem) => {
  prepare();
  change(path, from, to);
  commit();
  expect(problems()).toEqual([expect.stringMatching(problem)]);
});

test('what is not committed, and what is in no version yet, is not ready', () => {
  prepare();
  writeFileSync(at('.changeset/new.md'), '---\n"@paragrad/nn": minor\n---\n\nNew.\n');
  expect(problems()).toEqual([
    expect.stringContaining('.changeset/new.md is in no version yet'),
    '- these files are not committed:',
  ]);
});

test('a rehearsal on another machine would be a release', () => {
  prepare();
  const args = [at('scripts/release.mjs'), '--rehearse', 'https://registry.example.com/'];
  expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).toThrow(
    '--rehearse checks nothing, so it is for a registry on this machine only',
  );
});

test('the tarballs are published, each after those that it needs, and npm installs them', async () => {
  const registry = await startRegistry([]);
  const token = { [`npm_config_${registry.url.replace('http:', '')}:_authToken`]: 'any' };
  await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'scripts/release.mjs'), '--rehearse', registry.url],
    {
      env: { ...process.env, ...token },
    },
  );
  const names = registry.published.map((path) => manifestOf(path).name);
  expect([...names].sort()).toEqual([
    ...['check', 'maddpg', 'mpe', 'nn', 'tensor'].map((name) => `@paragrad/${name}`),
    'paragrad',
  ]);
  names.forEach((_, k) => {
    const { dependencies, peerDependencies } = manifestOf(registry.published[k]);
    const needs = Object.keys({ ...dependencies, ...peerDependencies });
    const later = names.slice(k);
    expect(needs.filter((name) => later.includes(name))).toEqual([]);
  });

  const project = emptyProject(registry.url);
  await project.run([...clients.npm.install, '@paragrad/maddpg']);
  const program =
    "import { prepareRun } from '@paragrad/maddpg'; console.log(prepareRun({}).env.possibleAgents.length)";
  expect(await project.run([process.execPath, '--input-type=module', '--eval', program])).toBe('3\n');
  rmSync(project.folder, { recursive: true });
  registry.stop();
});
