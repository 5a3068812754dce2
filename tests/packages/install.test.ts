/** The tarballs of `npm run pack`, installed by each client into an empty project, train there. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, ROOT, read } from '../markdown.js';
import { clients, emptyProject, installClients } from './clients.js';
import { libraries, manifestOf, tarballs } from './packed.js';
import { type Registry, startRegistry } from './registry.js';

/** The example of the README, with fewer episodes. */
const program = blocksOf(read('README.md'), 'ts')
  .find((code) => code.includes('makeEnv'))!
  .replaceAll('episodes: 100', 'episodes: 30');
const names = () => libraries().map((path) => manifestOf(path).name);

let unpublished: Registry;
let registry: Registry;
let expected: string;
beforeAll(async () => {
  installClients();
  unpublished = await startRegistry([]);
  registry = await startRegistry(tarballs());
  const file = join(ROOT, 'node_modules', '.readme-example.mjs'); // in this workspace
  writeFileSync(file, program);
  expected = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  rmSync(file);
});
afterAll(() => {
  unpublished.stop();
  registry.stop();
});

test('there are six tarballs, five of them libraries', () => {
  expect(tarballs()).toHaveLength(6);
  expect(names().sort()).toEqual(
    ['check', 'maddpg', 'mpe', 'nn', 'tensor'].map((name) => `@paragrad/${name}`),
  );
  expect(expected.trim().split('\n')).toHaveLength(31);
});

describe.each(Object.entries(clients))('%s', (_, { install, run }) => {
  test.each([
    ['from the tarballs, while no registry has them', libraries, () => unpublished.url],
    ['from a registry, by name', names, () => registry.url],
  ])('%s', async (_, what, url) => {
    const project = emptyProject(url());
    await project.run([...install, ...what()]);
    writeFileSync(join(project.folder, 'program.mjs'), program);
    expect(await project.run([...run, 'program.mjs'])).toBe(expected);
    rmSync(project.folder, { recursive: true });
  });
});

test('npm gets the others for the one that is named, once each', async () => {
  const project = emptyProject(registry.url);
  await project.run([...clients.npm.install, '@paragrad/maddpg']);
  const { dependencies } = JSON.parse(await project.run(['npm', 'ls', '--all', '--json']));
  expect(Object.keys(dependencies)).toEqual(['@paragrad/maddpg']);
  const lock = JSON.parse(await project.run(['cat', 'package-lock.json']));
  expect(
    Object.keys(lock.packages)
      .filter((path) => path !== '')
      .sort(),
  ).toEqual(
    names()
      .map((name) => `node_modules/${name}`)
      .sort(),
  );
  rmSync(project.folder, { recursive: true });
});
