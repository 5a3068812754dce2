/** MADDPG with the attention critic: what its steps change. */
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { AttentionMaddpg } from '../../src/index.js';
import { agreementGame } from '../games.js';
import { copyOf, numbers, shortRun } from '../short-run.js';

const { maddpg: attention, batch } = shortRun<AttentionMaddpg>(
  { algorithm: 'attention-maddpg', scenario: 'simple_tag', episodes: 8 },
  64,
);
const copy = () => copyOf(attention);

describe('a step', () => {
  test('of the critics changes the shared critic, and of the actors every actor', () => {
    const maddpg = copy();
    const networks = () => [
      numbers(maddpg.agents[0].critic.network.parameters()),
      ...maddpg.agents.map(({ actor }) => numbers(actor.network.parameters())),
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

  test('of the targets moves the target of the shared critic once, not once for each agent', () => {
    const maddpg = copy();
    const { network, target } = maddpg.agents[0].critic;
    const before = numbers(target.parameters());
    maddpg.targetStep();
    const goal = numbers(network.parameters());
    numbers(target.parameters()).forEach((value, k) => {
      expect(value).toBeCloseTo(0.01 * goal[k] + 0.99 * before[k], 6);
    });
    expect(maddpg.agents[3].critic.target).toBe(target);
  });

  test('has only the reward as the target of a terminated transition', () => {
    const ended = {
      ...batch,
      terminations: batch.terminations.map((done, i) => (i === 1 ? done.mul(0).add(1) : done)),
    };
    const rewards = numbers([batch.rewards[1]]);
    expect(numbers([attention.targets(ended).narrow(1, 1, 1)])).toEqual(rewards);
    expect(numbers([attention.targets(batch).narrow(1, 1, 1)])).not.toEqual(rewards);
  });
});

test('a loaded algorithm has one critic for all agents, too', () => {
  const [first, ...others] = copy().agents.map(({ critic }) => critic);
  for (const other of others) expect(other).toBe(first);
});

test('the shared critic and its target are made once, not once for each agent', () => {
  let made = 0;
  class Counting extends AttentionMaddpg {
    protected override makeCritic(i: number, generator: Generator) {
      made += 1;
      return super.makeCritic(i, generator);
    }
  }
  const { agents } = new Counting(attention.specs, { generator: new Generator(1) });
  expect(made).toBe(2);
  expect(new Set(agents.map(({ critic }) => critic)).size).toBe(1);
  expect(agents.map(({ normalizer }) => normalizer.spec.name)).toEqual(
    attention.specs.map(({ name }) => name),
  );
});

test.each([
  [{ attentionHeads: 3 }, /embed 64, 3 heads/],
  [{ attentionHeads: 0 }, /attentionHeads is 0/],
  [{ critic: 'independent' as const }, /^AttentionMaddpg: critic is 'independent'/],
  [{ othersActions: 'replay' as const }, /^AttentionMaddpg: .*othersActions is 'replay'/],
])('%o is refused', (settings, message) => {
  const { specs } = agreementGame();
  expect(() => new AttentionMaddpg(specs, { generator: new Generator(1), ...settings })).toThrow(message);
});
