// Breaks every gradient in packages/tensor/src/ops, one at a time, in a copy of the project: wrong sign, wrong factor,
// swapped inputs or swapped arguments; and wrong only somewhere: at small or large values, at negative ones, at 0, with
// axes of length 1, in the last element, at second order. Prints whether the tests of the ops or the parity tests fail.
//
// `node scripts/mutate-gradients.mjs [word] [one in]`: only those whose description contains the word, and of these only
// one in so many. All of them take hours. Vitest stays loaded, and runs first the tests of the file that is broken. A survivor
// may do the same as the original: look at it.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';

const [word = '', oneIn = '1'] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'mutate-gradients-'));
const left = ['node_modules', 'dist', '.git'];
cpSync(root, copy, { recursive: true, filter: (path) => !left.includes(basename(path)) });
for (const modules of ['node_modules', 'packages/tensor/node_modules', 'packages/check/node_modules']) {
  try {
    symlinkSync(join(root, modules), join(copy, modules));
  } catch {} // a package without dependencies has none
}

/** The end of the expression that starts at `from`: the first , ; or closing bracket outside of nested brackets. */
function endOf(text, from) {
  for (let at = from, depth = 0; ; at++) {
    if (depth === 0 && /[,;)\]}]/.test(text[at])) return at;
    depth += '([{'.includes(text[at]) ? 1 : ')]}'.includes(text[at]) ? -1 : 0;
  }
}

/** Where a gradient is wrong by half: a condition on x, a number of it or of its gradient. */
const PLACES = {
  'only inside, 0.25 < abs dx < 1': 'Math.abs(v) > 0.25 && Math.abs(v) < 1',
  'only where dx is small': 'v !== 0 && Math.abs(v) < 0.1',
  'only where dx is large': 'Math.abs(v) > 2',
  'only where dx is negative': 'v < 0',
  'only the last element': 'k === all.length - 1',
  'only with an axis of length 1': 'shape.includes(1)',
  'only of rank 3': 'shape.length === 3',
};

/** All mutations of a file: a description with the line, and the mutated text. */
function* mutationsOf(text) {
  for (const { 0: head, index } of text.matchAll(/\(d[cyz](?:, \{.*?\})?\) =>\s*/g)) {
    const before = text.slice(0, index);
    const op = [...before.matchAll(/^(?:export )?(?:const|function) (\w+)/gm)].at(-1)[1];
    const replace = (kind, start, end, by) => ({
      what: `${before.split('\n').length} ${op}: ${kind}`,
      mutated: text.slice(0, start) + by + text.slice(end),
    });
    const body = index + head.length;
    const from = text[body] === '{' ? text.indexOf('return ', body) + 'return '.length : body;
    const to = endOf(text, from);
    const gradient = text.slice(from, to);
    yield replace('sign', from, to, `(${gradient}).neg()`);
    yield replace('factor', from, to, `(${gradient}).mul(2)`);
    yield replace('factor of 1.001', from, to, `(${gradient}).mul(1.001)`);
    yield replace('second order, detached', from, to, `(${gradient}).add(0).detach()`);
    for (const [place, condition] of Object.entries(PLACES)) {
      yield replace(place, from, to, `wrongWhere(${gradient}, (v, k, all, shape) => ${condition})`);
    }

    const input = /inputs: \[(, )?(\w+)\]/.exec(head);
    if (input && input[2] !== 'x') {
      const other = `inputs: [${input[1] ? '' : ', '}${input[2]}]`;
      yield replace('input', index + input.index, index + input.index + input[0].length, other);
    }
    const calls = /\b(sub|div|pow|greater|wherePositive|where|narrow|shareOfLarger|matmul\w\w)\(\[?/g;
    for (const { 0: call, 1: name, index: offset } of gradient.matchAll(calls)) {
      const first = from + offset + call.length;
      const a = name === 'where' || name === 'narrow' ? endOf(text, first) + 1 : first;
      const b = endOf(text, a) + 1;
      const end = endOf(text, b);
      yield replace(`arguments of ${name}`, a, end, `${text.slice(b, end)}, ${text.slice(a, b - 1)}`);
    }
  }
}

/** What the mutations call: x, but half more where the condition holds. Its own gradient is the same factor. */
const WRONG_WHERE = `
function wrongWhere(x: any, isWrong: any): any {
  const factor = x.data.map((v: number, k: number) => (isWrong(v, k, x.data, x.shape) ? 1.5 : 1));
  return x.mul(new x.constructor(factor, x.shape));
}
`;

// No bail: Vitest counts the failures of earlier runs, too, and would skip everything after the first.
process.chdir(copy);
const vitest = await createVitest('test', {
  ...{ root: copy, watch: false, bail: 0, reporters: [{}], passWithNoTests: false },
  ...{ pool: 'forks', maxWorkers: 1, isolate: true },
});
await vitest.standalone();

/** Whether the tests of these files pass. */
async function passes(files) {
  const specifications = await vitest.globTestSpecifications(files);
  if (specifications.length === 0) throw new Error(`no tests in ${files}`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, false);
  return unhandledErrors.length === 0 && testModules.every((module) => module.ok());
}

const inTests = (name) => `packages/tensor/test/${name}`;
const counts = { killed: 0, survived: 0 };
let seen = 0;
for (const file of readdirSync(join(root, 'packages/tensor/src/ops'))) {
  const target = join(copy, 'packages/tensor/src/ops', file);
  const text = readFileSync(target, 'utf8');
  const own = inTests(`ops/${file.replace('.ts', '.test.ts')}`);
  const chosen = [...mutationsOf(text)].filter(
    ({ what }) => `${file}:${what}`.includes(word) && seen++ % Number(oneIn) === 0,
  );
  if (chosen.length > 0 && !(await passes([own]))) throw new Error(`${own} fails without any mutation`);
  for (const { what, mutated } of chosen) {
    writeFileSync(target, mutated + WRONG_WHERE);
    vitest.invalidateFile(target);
    const suites = [[own], [inTests('golden.test.ts')], [inTests('ops/')]];
    let killer;
    for (const suite of suites) if (!killer && !(await passes(suite))) [killer] = suite;
    counts[killer ? 'killed' : 'survived']++;
    console.log(`${killer ? `killed by ${killer}` : 'SURVIVED'}  ${file}:${what}`);
  }
  writeFileSync(target, text);
  vitest.invalidateFile(target);
  if (chosen.length > 0 && !(await passes([own]))) throw new Error(`${own} fails after the mutations`);
}
await vitest.close();
console.log(counts);
rmSync(copy, { recursive: true });
process.exitCode = counts.survived > 0 ? 1 : 0;
