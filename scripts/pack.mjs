// `npm run pack`: makes a tarball of each published package in packed/, and checks it as a user would get it. The packages
// were built before. What is packed is what `npm publish` would send: release.mjs sends these files.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const OUT = 'packed';
const packages = readdirSync('packages');

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
const faults = (await Promise.all(packages.map(pack))).flat();
if (faults.length > 0) {
  rmSync(OUT, { recursive: true }); // nobody may install or publish these
  console.error(faults.join('\n'));
  process.exit(1);
}

/** Packs a package, and returns what is wrong with it. */
async function pack(name) {
  const folder = `packages/${name}`;
  removeStale(folder);
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const args = ['pack', `./${folder}`, '--ignore-scripts', '--json', '--pack-destination', OUT];
  const { stdout } = await promisify(execFile)('npm', args);
  const [{ filename, files }] = JSON.parse(stdout);
  const tarball = join(OUT, filename);
  const found = [
    ...missing(
      manifest,
      files.map(({ path }) => path),
    ),
    ...unpublishable(manifest),
    ...(await publintFaults(tarball)),
    ...(await attwFaults(tarball)),
  ];
  console.log(tarball);
  return found.map((fault) => `${tarball}: ${fault}`);
}

/** Files that a package needs and does not have. */
function missing(manifest, files) {
  const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets));
  const named = [manifest.exports, manifest.bin ?? {}].flatMap(targets).map((path) => path.replace('./', ''));
  return ['LICENSE', 'README.md', ...named]
    .filter((path) => !files.includes(path))
    .map((path) => `it has no ${path}`);
}

/** What would work in this repository only: versions that no registry knows, and packages with different versions. */
function unpublishable(manifest) {
  const { version } = JSON.parse(readFileSync('packages/tensor/package.json', 'utf8'));
  const ranges = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'].flatMap(
    (kind) => Object.entries(manifest[kind] ?? {}),
  );
  return [
    ...(manifest.private ? ['it is private'] : []),
    ...(manifest.version === version
      ? []
      : [`its version is ${manifest.version}, that of tensor ${version}`]),
    ...ranges
      .filter(
        ([name, range]) => /^(workspace|link|file|catalog):/.test(range) || !inStep(name, range, version),
      )
      .map(([name, range]) => `it needs ${name} ${range}; write ^${version}`),
  ];
}

function inStep(name, range, version) {
  return !/^(@paragrad\/|paragrad$)/.test(name) || range === `^${version}`;
}

/** Removes built files whose source is gone: the compiler leaves them. */
function removeStale(folder) {
  for (const path of readdirSync(`${folder}/dist`, { recursive: true })) {
    const stem = path.replace(/\.d\.ts$/, '');
    if (stem === path || existsSync(`${folder}/src/${stem}.ts`)) continue;
    for (const end of ['.d.ts', '.d.ts.map', '.js', '.js.map']) {
      rmSync(`${folder}/dist/${stem}${end}`, { force: true });
    }
  }
}

async function publintFaults(path) {
  const data = readFileSync(path);
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/** Whether TypeScript finds the types of each entry. The packages are modules only, for Node and bundlers. */
async function attwFaults(path) {
  const manifest = fileURLToPath(import.meta.resolve('@arethetypeswrong/cli/package.json'));
  const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.attw);
  try {
    const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-color'];
    await promisify(execFile)(process.execPath, [program, path, ...options]);
    return [];
  } catch ({ stdout, stderr }) {
    return [`attw:\n${stdout}${stderr}`];
  }
}
