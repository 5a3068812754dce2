// Breaks every gradient in packages/tensor/src/ops, one at a time, in a copy of the project: wrong sign, wrong factor,
// swapped inputs or swapped arguments. Prints whether the parity tests and the tests of the ops fail. All mutations take
// several minutes; `node scripts/mutate-gradients.mjs [word]` tries only those whose description contains the word.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'mutate-gradients-'));
const left = ['node_modules', 'dist', '.git'];
cpSync(root, copy, { recursive: true, filter: (path) => !left.includes(basename(path)) });
for (const modules of ['node_modules', 'packages/tensor/node_modules']) {
  symlinkSync(join(root, modules), join(copy, modules));
}

/** The end of the expression that starts at `from`: the first , ; or closing bracket outside of nested brackets. */
function endOf(text, from) {
  for (let at = from, depth = 0; ; at++) {
    if (depth === 0 && /[,;)\]}]/.test(text[at])) return at;
    depth += '([{'.includes(text[at]) ? 1 : ')]}'.includes(text[at]) ? -1 : 0;
  }
}

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

function passes(suite) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const run = [vitest, 'run', '--bail=1', `packages/tensor/test/${suite}`];
  return spawnSync(process.execPath, run, { cwd: copy, stdio: 'ignore', timeout: 300_000 }).status === 0;
}

const suites = ['golden.test.ts', 'ops/'];
if (!suites.every(passes)) throw new Error('the tests fail without any mutation');
const counts = { killed: 0, survived: 0 };
for (const file of readdirSync(join(root, 'packages/tensor/src/ops'))) {
  const target = join(copy, 'packages/tensor/src/ops', file);
  const text = readFileSync(target, 'utf8');
  for (const { what, mutated } of mutationsOf(text)) {
    if (!`${file}:${what}`.includes(process.argv[2] ?? '')) continue;
    writeFileSync(target, mutated);
    const killer = suites.find((suite) => !passes(suite));
    counts[killer ? 'killed' : 'survived']++;
    console.log(`${killer ? `killed by ${killer}` : 'SURVIVED'}  ${file}:${what}`);
  }
  writeFileSync(target, text);
}
console.log(counts);
rmSync(copy, { recursive: true });
process.exitCode = counts.survived > 0 ? 1 : 0;
