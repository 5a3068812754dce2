// Publishes the packages. `npm run release` checks, packs, and publishes to npm with provenance. With --check it only checks.
// With --rehearse <registry> it publishes what is in packed/ to another registry, which proves that the tarballs can be published.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { check, rehearse } = parseArgs({
  options: { check: { type: 'boolean' }, rehearse: { type: 'string' } },
}).values;
if (rehearse && !/^http:\/\/(127\.0\.0\.1|localhost):/.test(rehearse)) {
  console.error(
    `--rehearse checks nothing, so it is for a registry on this machine only; this is ${rehearse}.`,
  );
  process.exit(1);
}
const manifests = readdirSync('packages').map((name) => read(`packages/${name}/package.json`));

const problems = findProblems();
if (problems.length > 0) console.error(`Not ready for npm:\n${problems.map((one) => `- ${one}`).join('\n')}`);
if (problems.length > 0 && !rehearse) process.exit(1);
if (check) process.exit(0);

if (!rehearse) run(process.execPath, 'scripts/pack.mjs');
for (const { name, version } of inOrderOfNeeds(manifests)) {
  const tarball = `./packed/${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  if (!rehearse && isPublished(`${name}@${version}`)) continue; // by an earlier call, which then stopped
  const where = rehearse
    ? ['--registry', rehearse, `--@paragrad:registry=${rehearse}`, '--provenance=false']
    : ['--provenance'];
  run('npm', 'publish', tarball, '--access', 'public', ...where);
  console.log(`published ${name} ${version}`);
}

/** Why nothing may be published to npm. */
function findProblems() {
  const [{ version }] = manifests;
  const changes = readdirSync('.changeset').filter((name) => name.endsWith('.md') && name !== 'README.md');
  const [, latest, date] = /^## ([^\s,]+)(, \d{4}-\d\d-\d\d$)?/m.exec(text('CHANGELOG.md')) ?? [];
  const [, cited] = /^version: (.*)$/m.exec(text('CITATION.cff')) ?? [];
  const status = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).trim();
  return [
    ...manifests
      .filter((one) => one.version !== version)
      .map(
        (one) => `${one.name} has version ${one.version}, ${manifests[0].name} ${version}; all have the same`,
      ),
    ...(latest === version ? [] : [`CHANGELOG.md begins with ${latest}, but the packages have ${version}`]),
    ...(date ? [] : [`CHANGELOG.md gives ${latest} no date`]),
    ...(cited === version ? [] : [`CITATION.cff has version ${cited}, but the packages have ${version}`]),
    ...changes.map(
      (name) => `.changeset/${name} is in no version yet; run npm run release:version, and commit`,
    ),
    ...(status === '' ? [] : [`these files are not committed:\n  ${status.replaceAll('\n', '\n  ')}`]),
    ...manifests
      .filter(({ repository }) => !repository?.url)
      .map(({ name }) => `${name} has no repository in its package.json; npm's provenance names it`),
  ];
}

/** Each package after those that it needs. */
function inOrderOfNeeds(left) {
  if (left.length === 0) return [];
  const names = new Set(left.map(({ name }) => name));
  const needs = ({ dependencies, peerDependencies }) => Object.keys({ ...dependencies, ...peerDependencies });
  const next = left.filter((one) => !needs(one).some((name) => names.has(name)));
  return [...next, ...inOrderOfNeeds(left.filter((one) => !next.includes(one)))];
}

function isPublished(nameAndVersion) {
  return spawnSync('npm', ['view', nameAndVersion, 'version'], { encoding: 'utf8' }).stdout.trim() !== '';
}

function text(path) {
  return readFileSync(path, 'utf8');
}

function read(path) {
  return JSON.parse(text(path));
}

function run(...[program, ...args]) {
  execFileSync(program, args, { stdio: 'inherit' });
}
