/** MADDPG as it was released: in what it differs from the plain algorithm. */
import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { type AgentReport, defaultsOf, Maddpg, type MaddpgSettings, OpenaiMaddpg } from '../../src/index.js';
import { experience } from '../experience.js';

const { batch, maddpg } = experience({ scenario: 'simple_spread' }, 64);
const make = (Algorithm: typeof Maddpg, settings: Partial<MaddpgSettings> = {}) =>
  new Algorithm(maddpg.specs, {
    ...defaultsOf(OpenaiMaddpg.settings),
    ...settings,
    generator: new Generator(3),
  });
const numbers = (algorithm: Maddpg, i: number) =>
  algorithm.agents[i].actor.target.parameters().flatMap(({ data }) => [...data]);

test('is MADDPG in what the first agent learns, where nothing is clipped', () => {
  const settings = { maxGradNorm: 1e9 };
  const [released, plain] = [make(OpenaiMaddpg, settings), make(Maddpg, settings)];
  const [first, second] = [released.update(batch), plain.update(batch)];
  for (const [name, value] of Object.entries(first[0])) {
    expect(value).toBeCloseTo(second[0][name as keyof AgentReport], 10); // norms are summed up in another order
  }
  expect(numbers(released, 0)).toEqual(numbers(plain, 0));
});

test('later agents meet the new targets of those before', () => {
  const settings = { maxGradNorm: 1e9, tau: 1 };
  const [released, plain] = [make(OpenaiMaddpg, settings), make(Maddpg, settings)];
  const [first, second] = [released.update(batch), plain.update(batch)];
  expect(first[1].criticLoss).not.toBe(second[1].criticLoss);
  expect(first[2].criticLoss).not.toBe(second[2].criticLoss);
});

test('clips each parameter by itself', () => {
  const maxGradNorm = 1e-3;
  const released = make(OpenaiMaddpg, { maxGradNorm });
  const report = released.criticStep(0, batch, released.nextActions(batch));
  const norms = released.agents[0].critic.network.parameters().map(({ grad }) => Math.hypot(...grad!.data));
  for (const norm of norms) expect(norm).toBeLessThanOrEqual(maxGradNorm * 1.0001);
  expect(Math.max(...norms)).toBeGreaterThan(maxGradNorm * 0.99);
  expect(Math.hypot(...norms)).toBeGreaterThan(maxGradNorm * 1.2); // all together are longer
  const plain = make(Maddpg, { maxGradNorm: 1e9 });
  const unclipped = plain.criticStep(0, batch, plain.nextActions(batch));
  expect(report.criticGradNorm).toBeCloseTo(unclipped.criticGradNorm, 4);
});
