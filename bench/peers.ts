/**
 * `npm run bench:peers`: the same work by Paragrad and by others, each in a process of its own, taking turns. `-- --quick`
 * only sees that everything works; `--rounds <n>` says how often each has its turn (default 5; 1 if quick).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkCount } from '@paragrad/tensor';
import { contenders } from './contenders.js';
import { commit, machine } from './machine.js';
import { ROOT, show } from './processes.js';
import { type Missing, Rows, save } from './results.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const { quick } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : 5));
checkCount('bench:peers', 'rounds', rounds);

install();
const rows = new Rows();
const missing = new Map<string, Missing>();
const all = contenders(quick);
for (let round = 0; round < rounds; round++) {
  for (const contender of all) {
    try {
      for (const row of contender.measure()) {
        rows.add(row);
        show(row);
      }
    } catch (error) {
      const { name } = contender;
      missing.set(name, { name, error: reason(error) });
      console.error(`${name}: not measured: ${reason(error)}`);
    }
  }
}
save(
  {
    machine: machine(),
    date: new Date().toISOString(),
    commit: commit(),
    quick,
    rows: rows.all().filter((row) => row.values.length === rounds), // or rounds would be paired with others
    missing: [...missing.values()],
  },
  `${ROOT}${quick ? 'runs/bench' : 'bench/results'}`,
  'peers.json',
);

/** Installs the other libraries and Node 24, unless that was done. */
function install(): void {
  const folder = `${ROOT}bench/peers`;
  const done = `${folder}/node_modules/.package-lock.json`;
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(`${folder}/package-lock.json`).mtimeMs) return;
  console.log('Installing what to compare with, and Node 24 (once; about 600 MB) ...');
  try {
    // No scripts: they would compile `gl`, which a dependency of js-pytorch has for a GPU.
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'inherit',
    });
  } catch {
    console.error('That failed. Those that are missing are left out.');
  }
}

/** The line that names the error, without where this repository happens to be. */
function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const line = /^\w*Error\b.*/m.exec(stderr ?? '')?.[0] ?? message.split('\n')[0];
  return line.replaceAll(ROOT, '');
}
