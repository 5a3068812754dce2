// `npm run pack`: makes a tarball of each published package in packed/, and checks it as a user would get it. The packages
// were built before. What is packed is what `npm publish` would send: release.mjs sends these files.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const OUT = 'packed';
const packages = readdirSync('packages');

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
const faults = [];
for (const name of packages) {
  const folder = `packages/${name}`;
  removeStale(folder);
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const [{ filename, files }] = JSON.parse(
    npm('pack', `./${folder}`, '--ignore-scripts', '--json', '--pack-destination', OUT),
  );
  const tarball = join(OUT, filename);
  const found = [
    ...missing(
      manifest,
      files.map(({ path }) => path),
    ),
    ...unpublishable(manifest),
    ...(await publintFaults(tarball)),
    ...attwFaults(tarball),
  ];
  faults.push(...found.map((fault) => `${tarball}: ${fault}`));
  console.log(tarball);
}
if (faults.length > 0) {
  rmSync(OUT, { recursive: true }); // nobody may install or publish these
  console.error(faults.join('\n'));
  process.exit(1);
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
function attwFaults(path) {
  const manifest = fileURLToPath(import.meta.resolve('@arethetypeswrong/cli/package.json'));
  const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.attw);
  try {
    execFileSync(
      process.execPath,
      [program, path, '--profile', 'esm-only', '--format', 'ascii', '--no-color'],
      {
        encoding: 'utf8',
      },
    );
    return [];
  } catch ({ stdout, stderr }) {
    return [`attw:\n${stdout}${stderr}`];
  }
}

function npm(...args) {
  return execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: false });
}
