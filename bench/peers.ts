/**
 * `npm run bench:peers`: the same work by Paragrad and by others, each in a process of its own, taking turns. `-- --quick`
 * only sees that everything works; `--rounds <n>` says how often each has its turn (default 5; 1 if quick).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { checkCount } from '@paragrad/tensor';
import { commit, machine } from './machine.js';
import {
  type Measured,
  measure,
  nodes,
  ROOT,
  run,
  runNode,
  type Subject,
  show,
  version,
} from './processes.js';
import { type Missing, Rows, save } from './results.js';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const { quick } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : 5));
checkCount('bench:peers', 'rounds', rounds);
const flags = quick ? ['--quick'] : [];

interface Contender {
  readonly name: string;
  readonly measure: () => Measured[];
}

let python: string | undefined;
install();
const rows = new Rows();
const missing = new Map<string, Missing>();
const contenders = [...mlpContenders(), ...maddpgContenders(), ...trainingContenders()];
for (let round = 0; round < rounds; round++) {
  for (const contender of contenders) {
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
    rows: rows.all(),
    missing: [...missing.values()],
  },
  `${ROOT}${quick ? 'runs/bench' : 'bench/results'}`,
  'peers.json',
);

/** The MLP step in all libraries. */
function mlpContenders(): Contender[] {
  const [here] = nodes();
  let expected: number[] | undefined;
  const contender = (by: string, node: string, library: string, option: string): Contender => ({
    name: `${by} (${option}), Node ${version(node)}`,
    measure() {
      const result = runNode(node, 'bench/peers/run.mjs', [library, option, ...flags]);
      if (!result) return [];
      const { losses, ...row } = result as Measured & { losses: number[] };
      expected ??= losses;
      checkLosses(losses, expected);
      return [{ ...row, by }];
    },
  });
  return [
    ...nodes().flatMap((node) =>
      ['one', 'all'].map((threads) => contender('paragrad', node, 'paragrad', threads)),
    ),
    ...nodes().map((node) => contender('jax-js', node, 'jax-js', 'jit, wasm')),
    contender('tfjs wasm', here, 'tfjs', 'wasm'),
    contender('tfjs cpu', here, 'tfjs', 'cpu'),
    contender('js-pytorch', here, 'js-pytorch', 'cpu'),
  ];
}

/** Throws unless the losses fell as Paragrad's did: then it is the same network, loss and optimiser. */
function checkLosses(losses: number[], expected: number[]): void {
  // js-pytorch's ReLU has a slope of 0.001 below 0: a difference of 1.2e-4. The others' are below 2e-6.
  const same = losses.every((loss, i) => Math.abs(loss - expected[i]) <= 5e-4 * expected[i]);
  if (!same) throw new Error(`it does other work: losses ${losses}, and Paragrad's were ${expected}`);
}

/** The MADDPG update, here and in PyTorch with every sensible number of threads. */
function maddpgContenders(): Contender[] {
  const cases = [
    { agents: 3, observation: 18 },
    { agents: 10, observation: 60 },
  ];
  return cases.flatMap(({ agents, observation }) => {
    const work = `MADDPG update, ${agents} agents of ${observation}/2`;
    const pytorch = ['naive', 'frozen'].flatMap((variant) =>
      threadSettings().map(({ threads, wait }) => ({
        name: `PyTorch ${variant}, ${agents} agents, ${threads} threads ${wait}`.trim(),
        measure() {
          python ??= findPython();
          const args = ['bench/peers/maddpg.py', variant, `${agents}`, `${observation}`, ...flags];
          const row = run(python, args, threadsEnv(threads, wait)) as Measured;
          const kernels = wait ? `${row.kernels}, ${wait}` : row.kernels;
          return [{ ...row, kernels, work, by: `PyTorch ${variant}`, threads }];
        },
      })),
    );
    return [...paragradContenders('maddpg', work), ...pytorch];
  });
}

function trainingContenders(): Contender[] {
  return paragradContenders('training');
}

/** @param work that work alone; all of the subject's, if left out */
function paragradContenders(subject: Subject, work?: string): Contender[] {
  return nodes().flatMap((node) =>
    (['one', 'all'] as const).map((threads) => ({
      name: `paragrad ${subject}, ${threads}, Node ${version(node)}`,
      measure: () => measure(node, subject, ['default', threads], work ? { quick, only: work } : { quick }),
    })),
  );
}

/** Powers of two, and all cores. More than one also with threads that sleep, not spin, while they wait for each other. */
function threadSettings(): { threads: number; wait: '' | 'passive' }[] {
  const cores = os.availableParallelism();
  const several: number[] = [];
  for (let count = 2; count < cores; count *= 2) several.push(count);
  if (cores > 1) several.push(cores);
  const waits = ['', 'passive'] as const;
  return [
    { threads: 1, wait: '' },
    ...several.flatMap((threads) => waits.map((wait) => ({ threads, wait }))),
  ];
}

/**
 * Debian's PyTorch ignores torch.set_num_threads where BLAS is concerned, so the environment says it. A core type that is
 * pinned there could hold BLAS to slower kernels than the processor's own.
 */
function threadsEnv(threads: number, wait: string): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OMP_WAIT_POLICY: __, ...env } = process.env;
  const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'];
  const counts = Object.fromEntries(names.map((name) => [name, `${threads}`]));
  return { ...env, ...counts, ...(wait && { OMP_WAIT_POLICY: wait }) };
}

/** The first Python that has PyTorch: PYTHON, if it is set, then the one on PATH, then the system's. */
function findPython(): string {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);
  const found = candidates.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0);
  if (!found) {
    throw new Error(
      `no PyTorch in ${candidates.join(', ')}; on Debian: apt-get install python3-torch libopenblas0-pthread`,
    );
  }
  return found;
}

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
