// The first step of `npm start` and `npm test`: installs the dependencies, then builds. Needs only Node and npm. The
// installation is skipped if no package.json or lock file has changed. The build is TypeScript's incremental build, the
// bundles of the libraries, and the pages; the last two are skipped if no source of theirs has changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Paragrad needs Node 20.19 or newer; this is ${process.version}.`);
}

const members = [
  ...['packages', 'apps'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`)),
  'bench',
  'examples',
];
const installInputs = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  ...members.map((folder) => `${folder}/package.json`),
].filter(existsSync);
runIfChanged(installInputs, 'node_modules/.paragrad-installed', () => {
  console.log('Installing dependencies (once; a minute or a few) ...');
  run(`npx --yes ${PNPM} install --frozen-lockfile --reporter=append-only`);
});
run('node node_modules/typescript/bin/tsc -b');
const libraries = ['check', 'tensor', 'nn', 'mpe', 'maddpg'].map((name) => `packages/${name}`);
const BUNDLED = 'node_modules/.paragrad-bundled';
if (!libraries.every((folder) => existsSync(`${folder}/dist/index.js`))) rmSync(BUNDLED, { force: true });
runIfChanged(
  [
    ...sourcesOf(libraries),
    ...libraries.map((folder) => `${folder}/package.json`),
    ...['scripts/bundle.mjs', 'pnpm-lock.yaml'],
  ],
  BUNDLED,
  () => run('node scripts/bundle.mjs'),
);
const PAGES = 'packages/cli/dist/pages';
const pageInputs = [
  ...sourcesOf(['apps/play', 'apps/watch', 'apps/explorer', ...libraries, 'packages/cli']),
  ...['apps/vite.config.ts', 'apps/play/index.html', 'apps/watch/index.html', 'pnpm-lock.yaml'],
  ...['apps/explorer/vite.config.ts', 'apps/explorer/index.html'],
  ...['apps/explorer/shipped-files.ts', ...filesOf('apps/explorer/public'), ...filesOf('results/policies')],
].filter(existsSync);
runIfChanged(pageInputs, `${PAGES}/.paragrad-built`, () => {
  run('node node_modules/vite/bin/vite.js build --config apps/vite.config.ts');
  run('node node_modules/vite/bin/vite.js build --config apps/explorer/vite.config.ts');
});

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort();
}

function sourcesOf(folders) {
  return folders
    .map((folder) => `${folder}/src`)
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`))
    .filter((path) => /\.(tsx?|css)$/.test(path))
    .sort();
}

/** Calls `action` if the content of the files is another one than after the last call, which `stamp` remembers. */
function runIfChanged(files, stamp, action) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  const fingerprint = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  action();
  writeFileSync(stamp, fingerprint);
}

function run(command) {
  // Prints nothing if the command succeeds, and its whole output if it fails.
  const { status, stdout, stderr } = spawnSync(command, {
    shell: true,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) fail(`${stdout}${stderr}\nThis failed: ${command}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
