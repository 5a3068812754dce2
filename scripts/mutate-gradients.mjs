// Breaks every gradient in packages/tensor/src/ops, one at a time: wrong sign or factor, swapped inputs or arguments, a
// case left out; and wrong only somewhere: at small or large values, at negative ones, with axes of length 1, for repeated
// indices, in the last element; some of these also only at second order. (The packages above have no gradients of their
// own: they are made of these ops.) Says which test finds each mutation, first among the tests of the same file, then among
// those of all ops, the parity tests and those of special values. Fails if a mutation survives that SAME does not list.
//
// `node scripts/mutate-gradients.mjs [words]`: only the mutations whose name matches, such as 'tanh|sigmoid'. All of them
// take about ten minutes on a busy core. No file is changed: gradient-mutations.mjs puts all mutations of a file into its
// text when Vite loads it, and mutation-runner.mjs chooses one while it runs a test.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { withMutations } from './gradient-mutations.mjs';

/** Mutations that no test can find, and why. */
const SAME = [
  [/powNumber: wherePositive\(0, dy\)/, 'the same: both choices are 0'],
  [/linearOp: .*of rank 3/, 'linear gives it matrices only'],
  [/softmaxOp: .*where dx is large/, 'dx is at most a quarter of the range of dy'],
  [/putSlice: second order/, 'its gradient is in second derivatives, so this is in the third only'],
];

const [words = ''] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const ops = fileURLToPath(new URL('../packages/tensor/src/ops/', import.meta.url));
const all = [];
for (const file of readdirSync(ops)) withMutations(file, readFileSync(ops + file, 'utf8'), all);
const tried = all.filter((name) => new RegExp(words).test(name) && !SAME.some(([same]) => same.test(name)));
const alive = new Set(tried);
console.log(`${tried.length} mutations`);

const start = performance.now();
const print = {
  onTestCaseResult(test) {
    const { state, errors } = test.result();
    if (state === 'failed') console.log(`FAILS without a mutation: ${test.fullName}\n${errors[0].stack}`);
    for (const name of test.meta().killed ?? []) {
      alive.delete(name);
      console.log(`killed  ${name}  by ${basename(test.module.moduleId)}, ${test.fullName}`);
    }
  },
};

/** Tries what is alive on these test files; with `onlyOwn` each mutation only on the tests of its own file. */
async function run(files, onlyOwn) {
  const conditions = ['@paragrad/source'];
  const mutate = {
    name: 'mutate',
    enforce: 'pre',
    transform: (text, id) => (id.startsWith(ops) ? withMutations(basename(id), text) : undefined),
  };
  const vitest = await createVitest(
    'test',
    {
      ...{ config: false, root, include: files, watch: false, testTimeout: 60_000, reporters: [print] },
      testNamePattern: '^(?!.*no longer)', // not those that measure time
      ...{ pool: 'forks', maxWorkers: 1, isolate: false },
      ...{ runner: `${root}scripts/mutation-runner.mjs`, provide: { alive: [...alive], onlyOwn } },
    },
    { plugins: [mutate], resolve: { conditions }, ssr: { resolve: { conditions } } },
  );
  const { testModules } = await vitest.runTestSpecifications(await vitest.globTestSpecifications());
  await vitest.close();
  if (testModules.length === 0 || !testModules.every((module) => module.ok())) process.exitCode = 1;
}

const tests = 'packages/tensor/test';
const own = new Set(tried.map((name) => `${tests}/ops/${name.split('.')[0]}.test.ts`));
await run([...own], true);
console.log(`${alive.size} left after the tests of their own files`);
if (alive.size > 0) {
  await run([`${tests}/ops/*.test.ts`, `${tests}/golden.test.ts`, `${tests}/special-values.test.ts`], false);
}

for (const name of alive) console.log(`SURVIVED  ${name}`);
const minutes = ((performance.now() - start) / 60_000).toFixed(1);
console.log(`${tried.length - alive.size} killed, ${alive.size} survived, in ${minutes} minutes`);
if (alive.size > 0) process.exitCode = 1;
