/** Environments of the reader's own: the example of the page, classes, and what is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from '@paragrad/maddpg';
import * as mpe from '@paragrad/mpe';
import { afterAll, expect, test } from 'vitest';
import { Carrying } from '../../../examples/carrying.js';
import { example } from '../src/own/example.js';
import { type OwnModule, ownRun } from '../src/own/own-run.js';

const folder = mkdtempSync(join(tmpdir(), 'paragrad-own-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the code as the worker does: all of mpe has its name there. */
async function run(code: string): Promise<OwnModule> {
  Object.assign(globalThis, mpe);
  const file = join(folder, `${Math.random()}.mjs`);
  writeFileSync(file, code);
  return (await import(/* @vite-ignore */ file)) as OwnModule;
}

test('the example of the page learns, with the networks that it asks for', async () => {
  const { training, config, player } = ownRun(await run(example));
  expect(config.settings.hidden).toEqual([64, 64]);
  expect(training.algorithm.specs.map(({ name }) => name)).toEqual(['courier_0', 'courier_1']);
  const returns = [...train({ ...training, episodes: 300, onWarning: () => {} })].map(
    ({ meanReturn }) => meanReturn,
  );
  const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  expect(mean(returns.slice(-50))).toBeGreaterThan(mean(returns.slice(0, 40)) + 3);
  const pictures = Array.from({ length: 30 }, () => player!.step()); // also across the end of an episode
  expect(pictures[1].state.agents[0].pos).not.toEqual(pictures[0].state.agents[0].pos);
  expect(pictures[29].pushes.flat().every(Number.isFinite)).toBe(true);
}, 60_000);

test('a class with the methods of PettingZoo trains, too; it has no picture', () => {
  const { training, player } = ownRun({
    default: Carrying,
    run: { kernels: 'reference', episodes: 30, warmupSteps: 64, batchSize: 32, settings: { hidden: [8] } },
  });
  expect([...train({ ...training, onWarning: () => {} })].at(-1)!.updates).toBeGreaterThan(0);
  expect(player).toBeUndefined();
});

test.each([
  [{}, /exports no environment.*export default defineScenario/],
  [{ default: 3 }, /exports no environment/],
  [{ default: Carrying, run: { batchSize: 0 } }, /run: batchSize is 0; give an integer of at least 1/],
  [{ default: Carrying, run: { settings: { gama: 1 } as object } }, /gama.*gamma/],
  [{ default: class {} }, /environment/],
])('%o is an error that teaches', (given, message) => {
  expect(() => ownRun(given)).toThrow(message);
});
