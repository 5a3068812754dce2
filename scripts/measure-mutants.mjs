// Measures how many seeds find each wrong gradient of packages/tensor/test/testing/mutants.ts within 100 runs, and writes
// the table in docs/testing-gradients.md. `npm run mutants -- 20` tries 20 seeds instead of 200, and writes nothing.
// Fails if fewer than 99 % of the seeds find a mutant.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const ALL_SEEDS = 200;
const root = fileURLToPath(new URL('..', import.meta.url));
const page = fileURLToPath(new URL('../docs/testing-gradients.md', import.meta.url));
const seeds = Number(process.argv[2] ?? ALL_SEEDS);

// Vite compiles the TypeScript sources.
const conditions = ['@paragrad/source'];
const server = await createServer({
  ...{ root, configFile: false, logLevel: 'error', appType: 'custom' },
  server: { middlewareMode: true, ws: false, watch: null },
  ssr: { resolve: { conditions } },
});
const { mutants, runsUntilFound } = await server.ssrLoadModule('/packages/tensor/test/testing/mutants.ts');

const rows = mutants.map((mutant) => {
  const start = performance.now();
  const runs = Array.from({ length: seeds }, (_, k) => runsUntilFound(mutant, k + 1));
  const found = runs.filter((run) => run !== null).sort((a, b) => a - b);
  const seconds = (performance.now() - start) / 1000;
  const row = { name: mutant.name, found: found.length, median: found[Math.floor(found.length / 2)] ?? 0 };
  console.log(
    `${row.found} of ${seeds}  after ${row.median} runs in the middle  ${seconds.toFixed(1)} s  ${row.name}`,
  );
  return row;
});
await server.close();

const missed = rows.filter(({ found }) => found < 0.99 * seeds);
console.log(`${mutants.length} mutants; ${missed.length} found by fewer than 99 % of ${seeds} seeds`);
process.exitCode = missed.length > 0 ? 1 : 0;

if (seeds === ALL_SEEDS) {
  const cells = [
    ['wrong gradient', `seeds of ${ALL_SEEDS}`, 'runs'],
    ...rows.map(({ name, found, median }) => [name, String(found), String(median)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row[0].padEnd(widths[0])} | ${row[1].padStart(widths[1])} | ${row[2].padStart(widths[2])} |`;
  const rule = `| ${'-'.repeat(widths[0])} | ${'-'.repeat(widths[1] - 1)}: | ${'-'.repeat(widths[2] - 1)}: |`;
  const table = [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
  const text = readFileSync(page, 'utf8');
  const block = /(<!-- npm run mutants -->\n)[\s\S]*?(<!-- end -->)/;
  writeFileSync(page, text.replace(block, `$1\n${table}\n\n$2`));
}
