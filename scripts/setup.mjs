// The first step of `npm start` and `npm test`: installs the dependencies, then builds. Needs only Node and npm. The
// installation is skipped if no package.json or lock file has changed. The build is TypeScript's incremental build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
const fingerprint = installInputs
  .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
  .digest('hex');
const stamp = 'node_modules/.paragrad-installed';

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint) {
  console.log('Installing dependencies (once; a minute or so) ...');
  run(`npx --yes ${PNPM} install --frozen-lockfile --reporter=append-only`);
  writeFileSync(stamp, fingerprint);
}
run('node node_modules/typescript/bin/tsc -b');

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
