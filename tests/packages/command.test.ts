/** The command of the tarballs trains in an empty project. What it needs of others comes from npm's own registry. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, emptyProject, installClients } from './clients.js';
import { manifestOf, tarballs } from './packed.js';
import { type Registry, startRegistry } from './registry.js';

const npms = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
const paragrad = join('node_modules', '.bin', 'paragrad');

let registry: Registry;
beforeAll(async () => {
  installClients();
  registry = await startRegistry(tarballs(), npms);
});
afterAll(() => registry.stop());

// yarn 1 brings no peers: the command itself must name all that the libraries need.
test.each([
  ['npm', 'from the tarballs, while no registry has them', tarballs, () => npms],
  ['yarn 1', 'from a registry, by name', () => ['paragrad'], () => registry.url],
])('%s, %s', async (client, _, what, url) => {
  const project = emptyProject(url());
  await project.run([...clients[client].install, ...what()]);
  const { version } = manifestOf(tarballs()[0]);
  expect(await project.run([paragrad, '--version'])).toBe(`${version}\n`);
  const small = ['--episodes', '2', '--evaluation-episodes', '2', '--out', 'run'];
  expect(await project.run([paragrad, 'train', 'simple', ...small])).toMatch(/^ +trained +-\d/m);
  expect(readdirSync(join(project.folder, 'run'))).toEqual(
    expect.arrayContaining(['checkpoint', 'config.json', 'curve.svg', 'episode.gif', 'metrics.csv']),
  );
  rmSync(project.folder, { recursive: true });
});
