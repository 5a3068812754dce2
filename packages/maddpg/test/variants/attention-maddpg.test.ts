/** MADDPG with one critic that attends: which gradients exist, what a step moves, and that it learns. */
import { Generator, grad, type Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  AttentionMaddpg,
  loadCheckpoint,
  prepareRun,
  type RunConfig,
  saveCheckpoint,
  train,
} from '../../src/index.js';
import { experience, smallConfig } from '../experience.js';
import { batchInFloat64, expectFiniteDifferences, inFloat64 } from '../float64.js';
import { agreementGame } from '../games.js';

const config: Partial<RunConfig> = { algorithm: 'attention-maddpg', scenario: 'simple_tag' };
const { maddpg, batch } = experience({ ...config, episodes: 8 }, 64);
const copy = () => loadCheckpoint(saveCheckpoint(maddpg)) as AttentionMaddpg;
const attention = maddpg as AttentionMaddpg;
const agents = [0, 1, 2, 3];
const numbers = (tensors: readonly Tensor[]) => tensors.flatMap(({ data }) => [...data]);

describe('gradients', () => {
  test.each(agents)("agent %i's actor loss reaches its own actor, and no other", (i) => {
    const actors = attention.agents.map(({ actor }) => actor.parameters());
    const loss = attention.actorLosses(batch).narrow(0, i, 1).sum();
    grad(loss, actors.flat(), { allowUnused: true }).forEach((gradient, p) => {
      const isOwn = actors[i].includes(actors.flat()[p]);
      const isThere = gradient?.data.some((value) => value !== 0) ?? false;
      expect(isThere).toBe(isOwn);
    });
  });

  test.each(agents)("agent %i's actor gradient agrees with finite differences through attention", (i) => {
    const exact = copy();
    inFloat64(exact);
    const exactBatch = batchInFloat64(batch);
    expectFiniteDifferences(exact.agents[i].actor.parameters(), () =>
      exact.actorLosses(exactBatch).narrow(0, i, 1).sum(),
    );
  });

  test("the critic's gradient agrees with finite differences, and reaches no actor and no target", () => {
    const exact = copy();
    inFloat64(exact);
    const exactBatch = batchInFloat64(batch);
    const loss = () => exact.criticLosses(exactBatch).sum();
    expectFiniteDifferences(exact.agents[0].critic.parameters(), loss);
    for (const { actor, targetActor, targetCritic } of exact.agents) {
      for (const network of [actor, targetActor, targetCritic]) {
        expect(() => grad(loss(), network.parameters())).toThrow(/grad/);
      }
    }
  });
});

describe('a step', () => {
  test('of the critics moves the one that they share, and of the actors every actor', () => {
    const maddpg = copy();
    const networks = () => [
      numbers(maddpg.agents[0].critic.parameters()),
      ...maddpg.agents.map(({ actor }) => numbers(actor.parameters())),
    ];
    const before = networks();
    maddpg.allCriticsStep(batch);
    const between = networks();
    maddpg.allActorsStep(batch);
    const after = networks();
    const changed = (a: number[][], b: number[][]) =>
      a.map((x, k) => x.some((value, p) => value !== b[k][p]));
    expect(changed(before, between)).toEqual([true, false, false, false, false]);
    expect(changed(between, after)).toEqual([false, true, true, true, true]);
  });

  test('of the targets takes the shared critic along once, not once for each agent', () => {
    const maddpg = copy();
    const [{ critic, targetCritic }] = maddpg.agents;
    const before = numbers(targetCritic.parameters());
    maddpg.targetStep();
    const goal = numbers(critic.parameters());
    numbers(targetCritic.parameters()).forEach((value, k) => {
      expect(value).toBeCloseTo(0.01 * goal[k] + 0.99 * before[k], 6);
    });
    expect(numbers(maddpg.agents[3].targetCritic.parameters())).toEqual(numbers(targetCritic.parameters()));
  });

  test('a terminated transition is worth its reward alone', () => {
    const ended = {
      ...batch,
      terminations: batch.terminations.map((done, i) => (i === 1 ? done.mul(0).add(1) : done)),
    };
    const rewards = numbers([batch.rewards[1]]);
    expect(numbers([attention.targets(ended).narrow(1, 1, 1)])).toEqual(rewards);
    expect(numbers([attention.targets(batch).narrow(1, 1, 1)])).not.toEqual(rewards);
  });
});

test('what is loaded goes on learning as what was saved, with one critic for all', () => {
  const [loaded, again] = [copy(), copy()];
  expect(loaded.update(batch)).toEqual(again.update(batch));
  const [first, ...others] = loaded.agents.map(({ critic }) => critic.all);
  for (const other of others) expect(other).toBe(first);
});

test('the same seed gives the same run', () => {
  const run = () => [...train(prepareRun({ ...smallConfig, ...config, episodes: 6 }))];
  expect(run()).toEqual(run());
});

test.each([
  [{ attentionHeads: 3 }, /embed 64, 3 heads/],
  [{ attentionHeads: 0 }, /attentionHeads 0/],
  [{ critic: 'independent' as const }, /^AttentionMaddpg: critic 'independent'/],
  [{ othersActions: 'replay' as const }, /^AttentionMaddpg: .*othersActions 'replay'/],
])('%o is refused', (settings, message) => {
  const { specs } = agreementGame();
  expect(() => new AttentionMaddpg(specs, { generator: new Generator(1), ...settings })).toThrow(message);
});
