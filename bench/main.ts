/** `npm run bench`: measures how fast Paragrad is on this machine. `-- --help` lists the options. */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkArgument, integerFrom1 } from '@paragrad/check';
import { commit, machine } from './machine.js';
import { PLAN, type Plan } from './plan.js';
import { type Checkout, HERE, measure, nodes, printRow, ROOT, type Subject } from './processes.js';
import { BEFORE, Rows, save } from './results.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    against: { type: 'string' },
  },
});

if (values.help) {
  console.log(`npm run bench -- [options] [subjects]

  --quick             a short run, to see that everything works; its numbers are only a rough hint
  --rounds <n>        how often each set-up is measured (default 1; some always have more)
  --against <folder>  measures ${named(({ against }) => against)} in an older checkout, too; it must be built
  subjects            any of ${Object.keys(PLAN).join(', ')} (default: all)

A full run of all subjects writes bench/results/bench.json; npm run bench:report makes docs/performance.md from it.
Other runs write to runs/bench. Node 24 is measured, too, once npm run bench:peers has installed it.`);
  process.exit();
}

const unknown = positionals.filter((name) => !(name in PLAN));
if (unknown.length > 0) {
  throw new Error(`bench: unknown subject ${unknown}; choose from ${Object.keys(PLAN).join(', ')}`);
}
const chosen = (Object.entries(PLAN) as [Subject, Plan][]).filter(
  ([subject]) => positionals.length === 0 || positionals.includes(subject),
);

const { quick } = values;
const rounds = Number(values.rounds ?? 1);
checkArgument('bench', 'rounds', rounds, integerFrom1);
const roundsOf = (plan: Plan) => (quick ? rounds : (plan.rounds ?? rounds));
const before = values.against && olderCheckout(values.against);

const rows = new Rows();
for (let round = 0; round < Math.max(...chosen.map(([, plan]) => roundsOf(plan))); round++) {
  for (const [subject, plan] of chosen) {
    if (round < roundsOf(plan)) measureOnce(subject, plan, round);
  }
}

const results = {
  machine: machine(),
  date: new Date().toISOString(),
  commit: commit(),
  ...(before && { against: commit(before.root) }),
  quick,
  rows: rows.all(),
};
save(results, ROOT + (quick || positionals.length > 0 ? 'runs/bench' : 'bench/results'), 'bench.json');

/** One round of a subject on all set-ups. The two checkouts take turns. */
function measureOnce(subject: Subject, { setUps, thisNode, cases, against }: Plan, round: number) {
  for (const node of thisNode ? [process.execPath] : nodes()) {
    for (const setUp of setUps) {
      if (setUp[0] === 'reference' && node !== process.execPath) continue;
      for (const only of cases ?? [undefined]) {
        for (const checkout of before && against ? [before, HERE] : [HERE]) {
          const effort = { quick, seed: round + 1, ...(only !== undefined && { only }) };
          for (const measured of measure(node, subject, setUp, effort, checkout)) {
            const row = checkout === HERE ? measured : { ...measured, by: BEFORE };
            rows.add(row);
            printRow(row);
          }
        }
      }
    }
  }
}

/** A checkout that measures with the programs of this one: copies them to a folder there that git ignores. */
function olderCheckout(folder: string): Checkout {
  const root = resolve(folder);
  cpSync(`${ROOT}bench/dist`, `${root}/bench/runs`, { recursive: true });
  return { root, script: 'bench/runs/measure.js' };
}

function named(isWanted: (plan: Plan) => boolean | undefined): string {
  const names = Object.entries(PLAN).flatMap(([name, plan]) => (isWanted(plan) ? [name] : []));
  return names.join(', ');
}
