/**
 * Compares Paragrad with PyTorch on random programs. `npm run test:differential` runs it where python3 has PyTorch; the variables
 * PYTHON, PROGRAMS (how many), SEED (of the first) and RECORD (writes fixtures/differential) are for other runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { difference, kernelSets, largeWays, type TorchAnswer, toJson, type Way } from './compare.js';
import type { Kind } from './draw.js';
import { type Program, randomProgram } from './program.js';

const { PYTHON = '/usr/bin/python3', PROGRAMS = '2000', SEED = '0', RECORD } = process.env;
const LARGE = Math.ceil(Number(PROGRAMS) / 100);

type Answer = TorchAnswer | { failed: string };

const script = fileURLToPath(new URL('in_pytorch.py', import.meta.url));
const fixture = new URL('../../fixtures/differential/programs.json.gz', import.meta.url);

/** PyTorch's answers, in the order of the programs. `rounds`: how often PyTorch rounds each program at random. */
function answers(programs: object[], rounds: number): Answer[] {
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

const check = (program: Program, torch: Answer, ways?: Way[]): string | null =>
  'failed' in torch ? `PyTorch fails: ${torch.failed}` : difference(program, torch, ways);

/** Compares the programs of `count` seeds, and prints the differences. Returns them, and the programs with PyTorch's answers. */
async function compare(count: number, kind?: Kind, ways?: Way[]) {
  const seeds = Array.from({ length: count }, (_, k) => Number(SEED) + k);
  const recorded: { program: Program; torch: Answer }[] = [];
  const differences: number[] = [];
  const atOnce = kind === 'large' ? 20 : 500;
  while (recorded.length < count) {
    const some = seeds.slice(recorded.length, recorded.length + atOnce);
    const programs = some.map((seed) => randomProgram(seed, kind));
    const torch = answers(programs, RECORD === undefined ? 1 : 2);
    // A second look: so few random roundings can miss that a program hangs on one.
    const again = [...some.keys()].filter((k) => check(programs[k], torch[k], ways));
    const asked = again.map((k) => programs[k]);
    const better = asked.length > 0 ? answers(asked, 20) : [];
    for (const [n, k] of again.entries()) {
      torch[k] = better[n];
      const found = check(programs[k], torch[k], ways);
      if (found) differences.push(some[k]);
      if (found) console.log(`seed ${some[k]}: ${found}\n${kind === 'large' ? kind : toJson(programs[k])}`);
    }
    recorded.push(...programs.map((program, k) => ({ program, torch: torch[k] })));
    await new Promise(setImmediate); // lets Vitest print
  }
  return { recorded, differences };
}

test(`${LARGE} large programs on two threads give what PyTorch gives`, { timeout: 36_000_000 }, async () => {
  for (const set of kernelSets) await set.useThreads?.(2);
  const { differences } = await compare(LARGE, 'large', largeWays);
  for (const set of kernelSets) await set.useThreads?.(1);
  expect(differences).toEqual([]);
});

test(`${PROGRAMS} random programs give what PyTorch gives`, { timeout: 36_000_000 }, async () => {
  const { recorded, differences } = await compare(Number(PROGRAMS));
  expect(differences).toEqual([]);
  if (RECORD !== undefined) {
    mkdirSync(new URL('.', fixture), { recursive: true });
    writeFileSync(fixture, gzipSync(toJson(recorded), { level: 9 }));
  }
});
