/** `npm run bench`: measures how fast Paragrad is on this machine. `-- --help` lists the options. */
import { parseArgs } from 'node:util';
import { checkArgument, integerFrom1 } from '@paragrad/check';
import type { KernelsName, Threads } from './engine.js';
import { commit, machine } from './machine.js';
import { measure, nodes, printRow, ROOT, type Subject } from './processes.js';
import { Rows, save } from './results.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});

type SetUp = readonly [KernelsName, Threads];
const EVERY: SetUp[] = [
  ['reference', 'one'],
  ['simd', 'one'],
  ['simd', 'all'],
  ['relaxed-simd', 'one'],
  ['relaxed-simd', 'all'],
];
const ONE: SetUp[] = [['default', 'one']];
const ONE_AND_ALL: SetUp[] = [...ONE, ['default', 'all']];

/** The set-ups that each subject is measured on. Environments use no kernels. */
const PLAN: Record<Subject, SetUp[]> = {
  matmul: EVERY,
  mlp: EVERY,
  maddpg: EVERY,
  acting: EVERY.filter(([, threads]) => threads === 'one'),
  environment: ONE,
  training: ONE_AND_ALL,
  memory: ONE_AND_ALL,
};

if (values.help) {
  console.log(`npm run bench -- [options] [subjects]

  --quick        a short run, to see that everything works; its numbers are only a rough hint
  --rounds <n>   how often each set-up is measured (default 3, or 1 with --quick)
  subjects       any of ${Object.keys(PLAN).join(', ')} (default: all)

A full run of all subjects writes bench/results/bench.json; npm run bench:report makes docs/performance.md from it.
Other runs write to runs/bench. Node 24 is measured, too, once npm run bench:peers has installed it.`);
  process.exit();
}

const unknown = positionals.filter((name) => !(name in PLAN));
if (unknown.length > 0) {
  throw new Error(`bench: unknown subject ${unknown}; choose from ${Object.keys(PLAN).join(', ')}`);
}
const chosen = (Object.entries(PLAN) as [Subject, SetUp[]][]).filter(
  ([subject]) => positionals.length === 0 || positionals.includes(subject),
);

const { quick } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : 3));
checkArgument('bench', 'rounds', rounds, integerFrom1);
const rows = new Rows();
for (let round = 0; round < rounds; round++) {
  for (const [subject, setUps] of chosen) {
    if (subject === 'memory' && round > 0) continue; // it takes minutes, and one round is enough
    for (const node of subject === 'memory' ? [process.execPath] : nodes()) {
      for (const setUp of setUps) {
        for (const row of measure(node, subject, setUp, { quick })) {
          rows.add(row);
          printRow(row);
        }
      }
    }
  }
}

const results = {
  machine: machine(),
  date: new Date().toISOString(),
  commit: commit(),
  quick,
  rows: rows.all(),
};
save(results, ROOT + (quick || positionals.length > 0 ? 'runs/bench' : 'bench/results'), 'bench.json');
