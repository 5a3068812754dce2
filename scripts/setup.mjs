// What `npm start` and `npm test` do first: install the dependencies, then build. Node and npm are all it needs.
// The install is skipped while nothing that decides it has changed; the build is TypeScript's own incremental one.
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
const decisive = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  ...members.map((folder) => `${folder}/package.json`),
].filter(existsSync);
const fingerprint = decisive
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
  // Quiet while it goes well; everything the command said when it doesn't.
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
