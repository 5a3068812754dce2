// Breaks every gradient of packages/tensor/src/ops in turn (its sign, a factor, its inputs or arguments exchanged), in a
// copy of the project, and says whether the parity and gradient suites notice. `node scripts/mutate-gradients.mjs [word]`
// tries only the mutations whose description contains the word. About five minutes for all.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'mutate-gradients-'));
mkdirSync(join(copy, 'packages/tensor'), { recursive: true });
for (const part of ['src', 'test', 'package.json'].map((name) => `packages/tensor/${name}`)) {
  cpSync(join(root, part), join(copy, part), { recursive: true });
}
for (const part of ['fixtures', 'vitest.config.ts'])
  cpSync(join(root, part), join(copy, part), { recursive: true });
for (const modules of ['node_modules', 'packages/tensor/node_modules']) {
  symlinkSync(join(root, modules), join(copy, modules));
}

/** Where the expression that starts at `from` ends: at the first , ; or closing bracket that is not inside another. */
function endOf(text, from) {
  for (let at = from, depth = 0; ; at++) {
    if (depth === 0 && /[,;)\]}]/.test(text[at])) return at;
    depth += '([{'.includes(text[at]) ? 1 : ')]}'.includes(text[at]) ? -1 : 0;
  }
}

function* mutationsOf(text) {
  for (const { 0: head, index } of text.matchAll(/\(d[cyz](?:, \{.*?\})?\) =>\s*/g)) {
    const body = index + head.length;
    const from = text[body] === '{' ? text.indexOf('return ', body) + 'return '.length : body;
    const to = endOf(text, from);
    const expression = text.slice(from, to);
    const edit = (kind, start, end, by) => ({
      kind,
      at: index,
      mutated: text.slice(0, start) + by + text.slice(end),
    });
    yield edit('sign', from, to, `(${expression}).neg()`);
    yield edit('factor', from, to, `(${expression}).mul(2)`);
    const inputs = /inputs: \[(, )?(\w+)\]/.exec(head);
    if (inputs && inputs[2] !== 'x') {
      const start = index + inputs.index;
      yield edit('input', start, start + inputs[0].length, `inputs: [${inputs[1] ? '' : ', '}${inputs[2]}]`);
    }
    for (const call of expression.matchAll(
      /\b(sub|div|pow|greater|gate|where|narrow|winner|matmul\w\w)\(\[?/g,
    )) {
      const last = call[1] === 'where' || call[1] === 'narrow';
      const first = from + call.index + call[0].length;
      const a = last ? endOf(text, first) + 1 : first;
      const b = endOf(text, a) + 1;
      const end = endOf(text, b);
      yield edit(`arguments of ${call[1]}`, a, end, `${text.slice(b, end)}, ${text.slice(a, b - 1)}`);
    }
  }
}

function survives(suite) {
  const vitest = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--bail=1',
    `packages/tensor/test/${suite}`,
  ];
  return spawnSync(process.execPath, vitest, { cwd: copy, stdio: 'ignore', timeout: 120_000 }).status === 0;
}

const suites = ['golden.test', 'gradients.test'];
if (!suites.every(survives)) throw new Error('the suites fail before anything is broken');
const counts = { killed: 0, survived: 0 };
for (const file of readdirSync(join(root, 'packages/tensor/src/ops'))) {
  const target = join(copy, 'packages/tensor/src/ops', file);
  const text = readFileSync(target, 'utf8');
  for (const { kind, at, mutated } of mutationsOf(text)) {
    const op = /(?:const|function) (\w+)[^\n]*(?![\s\S]*\n(?:export )?(?:const|function) )/.exec(
      text.slice(0, at),
    )?.[1];
    const what = `${file}:${text.slice(0, at).split('\n').length} ${op}: ${kind}`;
    if (!what.includes(process.argv[2] ?? '')) continue;
    writeFileSync(target, mutated);
    const killer = suites.find((suite) => !survives(suite));
    counts[killer ? 'killed' : 'survived']++;
    console.log(`${killer ? `killed by ${killer}` : 'SURVIVED'}  ${what}`);
  }
  writeFileSync(target, text);
}
console.log(counts);
rmSync(copy, { recursive: true });
process.exitCode = counts.survived > 0 ? 1 : 0;
