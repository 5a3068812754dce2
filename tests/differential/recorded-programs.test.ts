/** The programs of fixtures/differential, with the answers of PyTorch: random-programs.fuzz.ts has recorded them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referenceKernels } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { readJson } from '../../fixtures/golden/read.js';
import * as all from '../../packages/tensor/src/ops/index.js';
import { difference, kernelSets, type TorchAnswer, type Way } from './compare.js';
import { OPS } from './ops.js';
import { type Program, randomProgram } from './program.js';

const folder = fileURLToPath(new URL('../../fixtures/differential', import.meta.url));
const recorded = readJson<{ program: Program; torch: TorchAnswer }[]>(folder, 'programs.json');

/** Outside of a scope on one thread, and inside on two. */
const ways = kernelSets.flatMap((set): Way[] => [
  { set, dtype: 'float32', inScope: false },
  { set, dtype: set === referenceKernels ? 'float64' : 'float32', inScope: true },
]);

test.each(ways)(
  'recorded programs give what PyTorch gives: $set.name, $dtype, in a scope: $inScope',
  async (way) => {
    await way.set.useThreads?.(way.inScope ? 2 : 1);
    const found = recorded.flatMap(({ program, torch }) => difference(program, torch, [way]) ?? []);
    await way.set.useThreads?.(1);
    expect(found).toEqual([]);
  },
);

test('every op can be drawn, and PyTorch has a line for it', () => {
  expect(Object.keys(OPS).sort()).toEqual(Object.keys(all).sort());
  const script = readFileSync(fileURLToPath(new URL('in_pytorch.py', import.meta.url)), 'utf8');
  const lines = [...script.matchAll(/^ {4}"(\w+)": /gm)].map(([, name]) => name);
  expect(lines.sort()).toEqual(Object.keys(all).sort());
});

test('every op is in ten recorded programs or more', () => {
  const used = recorded.flatMap(({ program }) =>
    program.nodes.flatMap((node) => ('op' in node ? [node.op] : [])),
  );
  const rare = Object.keys(OPS).filter((op) => used.filter((name) => name === op).length < 10);
  expect(rare).toEqual([]);
});

test('a seed gives one program', () => {
  expect(randomProgram(5)).toEqual(randomProgram(5));
  expect(randomProgram(5)).not.toEqual(randomProgram(6));
});

test('differences are found: other numbers in the leaves do not fit the answers', () => {
  const regular = recorded.filter(({ program }) => program.kind === 'regular').slice(0, 200);
  const found = regular.filter(({ program, torch }) => {
    const nodes = program.nodes.map((node) =>
      'data' in node ? { ...node, data: node.data.map((x) => x + 1e-6) } : node,
    );
    return difference({ ...program, nodes }, torch);
  });
  // The others end in indices, masks or signs, which do not change.
  expect(found.length).toBeGreaterThan(150);
});
