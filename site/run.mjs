/**
 * `npm run docs`: builds the site of docs/, with the reference of the API, into site/dist, serves it, and opens it. `-- --build` only
 * builds, and `-- --base /docs/` is for a server that has the site in this folder. VitePress is installed when it is first needed: it
 * is of no use to anybody else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: { build: { type: 'boolean' }, base: { type: 'string', default: '/' } },
});
if (!/^\/(.*\/)?$/.test(values.base)) {
  console.error(`--base is a path such as /docs/, with a slash at both ends; this is ${values.base}.`);
  process.exit(1);
}

install();
run(process.execPath, '../node_modules/typedoc/bin/typedoc', '--logLevel', 'Warn');
run(process.execPath, 'node_modules/vitepress/bin/vitepress.js', 'build', '.', '--base', values.base);
if (!values.build) {
  const { preview } = await import('vite');
  const server = await preview({
    configFile: false,
    root: here,
    base: values.base,
    appType: 'mpa',
    preview: { open: true },
  });
  server.printUrls();
}

/** Installs what package-lock.json names, unless it is installed. */
function install() {
  const installed = `${here}node_modules/.paragrad-installed`;
  const wanted = readFileSync(`${here}package-lock.json`, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  console.log('Installing VitePress (once; about 100 MB) ...');
  run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
  writeFileSync(installed, wanted);
}

function run(program, ...args) {
  const { status } = spawnSync(program, args, { cwd: here, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
