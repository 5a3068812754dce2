/** MADDPG as its authors released it: how it differs from `Maddpg`. */
import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { type AgentReport, defaultsOf, Maddpg, type MaddpgSettings, OpenaiMaddpg } from '../../src/index.js';
import { shortRun } from '../short-run.js';

const { batch, maddpg } = shortRun({ scenario: 'simple_spread' }, 64);
const make = (Algorithm: typeof Maddpg, settings: Partial<MaddpgSettings> = {}) =>
  new Algorithm(maddpg.specs, {
    ...defaultsOf(OpenaiMaddpg.settings),
    ...settings,
    generator: new Generator(3),
  });
const targetActorOf = (algorithm: Maddpg, i: number) =>
  algorithm.agents[i].actor.target.parameters().flatMap(({ data }) => [...data]);

test('without clipping, the first agent learns exactly what it learns in MADDPG', () => {
  const settings = { maxGradNorm: 1e9 };
  const [released, plain] = [make(OpenaiMaddpg, settings), make(Maddpg, settings)];
  const [first, second] = [released.update(batch), plain.update(batch)];
  for (const [name, value] of Object.entries(first[0])) {
    expect(value).toBeCloseTo(second[0][name as keyof AgentReport], 10); // the norms are sums in another order
  }
  expect(targetActorOf(released, 0)).toEqual(targetActorOf(plain, 0));
});

test('later agents use the new targets of the agents before them', () => {
  const settings = { maxGradNorm: 1e9, tau: 1 };
  const [released, plain] = [make(OpenaiMaddpg, settings), make(Maddpg, settings)];
  const [first, second] = [released.update(batch), plain.update(batch)];
  expect(first[1].criticLoss).not.toBe(second[1].criticLoss);
  expect(first[2].criticLoss).not.toBe(second[2].criticLoss);
});

test('the gradient of each parameter is clipped by itself', () => {
  const maxGradNorm = 1e-3;
  const released = make(OpenaiMaddpg, { maxGradNorm });
  const report = released.criticStep(0, batch, released.nextActions(batch));
  const norms = released.agents[0].critic.network.parameters().map(({ grad }) => Math.hypot(...grad!.data));
  for (const norm of norms) expect(norm).toBeLessThanOrEqual(maxGradNorm * 1.0001);
  expect(Math.max(...norms)).toBeGreaterThan(maxGradNorm * 0.99);
  expect(Math.hypot(...norms)).toBeGreaterThan(maxGradNorm * 1.2); // the norm of all of them together
  const plain = make(Maddpg, { maxGradNorm: 1e9 });
  const unclipped = plain.criticStep(0, batch, plain.nextActions(batch));
  expect(report.criticGradNorm).toBeCloseTo(unclipped.criticGradNorm, 4);
});
