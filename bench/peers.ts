/**
 * `npm run bench:peers`: measures the same work in Paragrad and in other libraries, each in a process of its own, in turns.
 * `-- --quick` is a short run, to see that everything works. `-- --rounds <n>` says how often each is measured (default 3, or 1
 * with --quick).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkArgument, integerFrom1 } from '@paragrad/check';
import { contenders } from './contenders.js';
import { commit, machine } from './machine.js';
import { printRow, ROOT } from './processes.js';
import { returnTable } from './report.js';
import { type Missing, Rows, save } from './results.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const { quick } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : 3));
checkArgument('bench:peers', 'rounds', rounds, integerFrom1);

install();
const rows = new Rows();
const missing = new Map<string, Missing>();
const all = contenders(quick);
const once = new Set<string>(); // works with one round only
for (let round = 0; round < rounds; round++) {
  for (const contender of all) {
    if (round >= (contender.rounds ?? rounds)) continue;
    try {
      for (const row of contender.measure()) {
        if (contender.rounds === 1) once.add(row.work);
        rows.add(row);
        printRow(row);
      }
    } catch (error) {
      const { name } = contender;
      missing.set(name, { name, error: reason(error) });
      console.error(`${name}: not measured: ${reason(error)}`);
    }
  }
}
const returns = rows.all().filter(({ unit }) => unit === 'return');
if (returns.length > 0) console.log(`\nDo they learn the same?\n\n${returnTable(returns)}`);
save(
  {
    machine: machine(),
    date: new Date().toISOString(),
    commit: commit(),
    quick,
    // Ratios compare round with round, so a row needs all rounds.
    rows: rows.all().filter(({ work, values }) => values.length === (once.has(work) ? 1 : rounds)),
    missing: [...missing.values()],
  },
  `${ROOT}${quick ? 'runs/bench' : 'bench/results'}`,
  'peers.json',
);

/** Installs the other libraries and Node 24, unless they are installed. */
function install(): void {
  const folder = `${ROOT}bench/peers`;
  const done = `${folder}/node_modules/.package-lock.json`;
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(`${folder}/package-lock.json`).mtimeMs) return;
  console.log('Installing the other libraries and Node 24 (once; about 600 MB) ...');
  try {
    // Without install scripts: one of them would compile `gl`, which a dependency of js-pytorch uses for a GPU.
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'inherit',
    });
  } catch {
    console.error('The installation failed. Missing libraries are not measured.');
  }
}

/** The line that names the error, without the path of this repository. */
function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const line = /^\w*Error\b.*/m.exec(stderr ?? '')?.[0] ?? message.split('\n')[0];
  return line.replaceAll(ROOT, '');
}
