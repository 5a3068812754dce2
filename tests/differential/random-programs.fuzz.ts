/**
 * Compares Paragrad with PyTorch on random programs. `npm run test:differential` runs it where python3 has PyTorch; the variables
 * PYTHON, PROGRAMS (how many), SEED (of the first) and RECORD (writes fixtures/differential) are for other runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { difference, type TorchAnswer, toJson } from './compare.js';
import { type Program, randomProgram } from './program.js';

const { PYTHON = '/usr/bin/python3', PROGRAMS = '2000', SEED = '0', RECORD } = process.env;
const AT_ONCE = 1000;

type Answer = TorchAnswer | { failed: string };

const script = fileURLToPath(new URL('in_pytorch.py', import.meta.url));
const fixture = new URL('../../fixtures/differential/programs.json.gz', import.meta.url);

/** PyTorch's answers, in the order of the programs. `rounds`: how often PyTorch rounds each program at random. */
function answers(programs: object[], rounds = 2): Answer[] {
  const input = programs.map((program) => `${toJson(program)}\n`).join('');
  const { stdout, stderr, status } = spawnSync(PYTHON, [script, String(rounds)], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${PYTHON} in_pytorch.py: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const check = (program: Program, torch: Answer): string | null =>
  'failed' in torch ? `PyTorch fails: ${torch.failed}` : difference(program, torch);

test(`${PROGRAMS} random programs give what PyTorch gives`, { timeout: 3_600_000 }, () => {
  const recorded = [];
  const differences = [];
  for (let from = 0; from < Number(PROGRAMS); from += AT_ONCE) {
    const count = Math.min(AT_ONCE, Number(PROGRAMS) - from);
    const seeds = Array.from({ length: count }, (_, k) => Number(SEED) + from + k);
    const programs = seeds.map((seed) => randomProgram(seed));
    for (const [k, torch] of answers(programs).entries()) {
      let answer = torch;
      let found = check(programs[k], answer);
      // A second look: two random roundings can miss that a program hangs on one.
      if (found) [answer] = answers([programs[k]], 20);
      if (found) found = check(programs[k], answer);
      if (found) differences.push(`seed ${seeds[k]}: ${found}\n${toJson(programs[k])}`);
      recorded.push({ program: programs[k], torch: answer });
    }
  }
  expect(differences.join('\n\n')).toBe('');
  if (RECORD !== undefined) {
    mkdirSync(new URL('.', fixture), { recursive: true });
    writeFileSync(fixture, gzipSync(toJson(recorded), { level: 9 }));
  }
});
