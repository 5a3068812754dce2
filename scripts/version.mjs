// `npm run release:version`: makes the next version of all packages from the files in .changeset. Changesets sets the versions, and the
// ranges in which the packages need each other; this script writes CHANGELOG.md, which is one for all of them.
import { execSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 11)) {
  console.error(`Changesets needs Node 22.11 or newer; this is ${process.version}.`);
  process.exit(1);
}
const KINDS = { major: 'Breaking', minor: 'New or changed', patch: 'Mended' };

const changes = readdirSync('.changeset')
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => readFileSync(`.changeset/${name}`, 'utf8'))
  .map((text) => {
    const [, packages, summary] = /^---\n([\s\S]*?)---\n+([\s\S]*)$/.exec(text);
    return {
      kind: Object.keys(KINDS).find((kind) => packages.includes(`: ${kind}`)),
      summary: summary.trim().replaceAll('\n', '\n  '),
    };
  });
if (changes.length === 0) {
  console.error(
    'There is no file in .changeset, so there is nothing to release. `npm run changeset` writes one.',
  );
  process.exit(1);
}

const run = (command) => execSync(command, { stdio: 'inherit' });
run('npm run changeset -- version');
const { version } = JSON.parse(readFileSync('packages/tensor/package.json', 'utf8'));
const parts = Object.entries(KINDS).flatMap(([kind, title]) => {
  const ofKind = changes.filter((change) => change.kind === kind);
  return ofKind.length === 0
    ? []
    : [`### ${title}\n\n${ofKind.map(({ summary }) => `- ${summary}`).join('\n')}\n`];
});
const today = new Date().toISOString().slice(0, 10);
const section = `## ${version}, ${today}\n\n${parts.join('\n')}\n`;
writeFileSync(
  'CHANGELOG.md',
  readFileSync('CHANGELOG.md', 'utf8').replace(/^## /m, () => `${section}## `),
);
writeFileSync(
  'CITATION.cff',
  readFileSync('CITATION.cff', 'utf8').replace(
    /^version: .*\n(date-released: .*\n)?/m,
    `version: ${version}\ndate-released: ${today}\n`,
  ),
);
const [, pnpm] = /const PNPM = '(.*)'/.exec(readFileSync('scripts/setup.mjs', 'utf8'));
run(`npx --yes ${pnpm} install --lockfile-only --ignore-scripts`);

console.log(`CHANGELOG.md has ${version} now. Read it, and commit everything.`);
