/** What MATD3 adds to MADDPG. golden.test.ts tests parity with PyTorch, and gradient-contracts.test.ts the gradients. */
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { Matd3, prepareRun } from '../../src/index.js';
import { identityGame } from '../games.js';
import { numbers, shortRun, smallConfig } from '../short-run.js';

const matd3 = (settings: object = {}) => {
  return shortRun<Matd3>({ algorithm: 'matd3', settings: { ...smallConfig.settings, ...settings } }, 64);
};

test('the next value is the lower one of two critics, row by row', () => {
  const { maddpg, batch } = matd3();
  const nextActions = maddpg.nextActions(batch);
  const agents = [0, 1, 2];
  const value = agents.flatMap((i) => [...maddpg.nextValue(i, batch, nextActions).data]);
  const [first, second] = (['q1', 'q2'] as const).map((q) =>
    numbers(agents.map((i) => maddpg.agents[i].critic.target[q].forward(batch.nextX, nextActions, i))),
  );
  expect(value).toEqual(first.map((q, row) => Math.min(q, second[row])));
  for (const q of [first, second]) expect(value).not.toEqual(q);
});

describe("the noise on the targets' actions", () => {
  test('is clipped, and the actions stay in their bounds', () => {
    const { maddpg, batch } = matd3({ policyNoise: 10, noiseClip: 0.3 });
    const wild = numbers(matd3({ policyNoise: 10, noiseClip: 3 }).maddpg.nextActions(batch));
    expect(Math.max(...wild.map(Math.abs))).toBe(1);
    const noisy = numbers(maddpg.nextActions(batch));
    const again = numbers(maddpg.nextActions(batch));
    expect(Math.max(...again.map((a, k) => Math.abs(a - noisy[k])))).toBeGreaterThan(0.59); // from -0.3 to 0.3
    expect(Math.max(...again.map((a, k) => Math.abs(a - noisy[k])))).toBeLessThanOrEqual(0.6001);
  });

  test('plays no part in acting, nor in the actor loss', () => {
    const { maddpg, batch } = matd3();
    expect(numbers(maddpg.act(batch.observations))).toEqual(numbers(maddpg.act(batch.observations)));
    expect(maddpg.actorLoss(0, batch).item()).toBe(maddpg.actorLoss(0, batch).item());
  });
});

test('with policyDelay 3, critics move in every update, actors and targets in every third', () => {
  const { maddpg, batch } = matd3({ policyDelay: 3 });
  maddpg.updates = 0;
  const { actor, critic } = maddpg.agents[1];
  const weights = () =>
    [actor.network, critic.network, actor.target, critic.target].map((one) => numbers(one.parameters()));
  const movedIn = [1, 2, 3, 4].map(() => {
    const before = weights();
    maddpg.update(batch);
    return weights().map((now, index) => now.some((value, k) => value !== before[index][k]));
  });
  const [resting, moving] = [
    [false, true, false, false],
    [true, true, true, true],
  ];
  expect(movedIn).toEqual([resting, resting, moving, resting]);
});

test('an update without actor steps repeats the report of the last ones', () => {
  const training = prepareRun({ ...smallConfig, algorithm: 'matd3' });
  const { batch } = shortRun({}, 32);
  const { algorithm: maddpg } = training;
  const losses = [1, 2, 3].map(() => maddpg.update(batch)[0].actorLoss);
  expect(losses[0]).toBeNaN();
  expect(losses[1]).toBe(losses[2]);
});

test.each([
  [{ policyNoise: -1 }, 'Matd3: policyNoise is -1; give a finite number of at least 0'],
  [{ noiseClip: Number.NaN }, 'Matd3: noiseClip is NaN; give a finite number of at least 0'],
  [{ policyDelay: 0 }, 'Matd3: policyDelay is 0; give an integer of at least 1'],
  [{ heads: 4 }, 'Matd3: there is no setting heads; the settings are gamma, '],
])('%o is refused', (settings, message) => {
  const specs = identityGame(2).specs;
  expect(() => new Matd3(specs, { generator: new Generator(1), ...settings })).toThrow(message);
});
