/** `updates: 'together'`: what a step is then, and that agents of one shape, computed at once, learn what they learn one by one. */
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  algorithms,
  type Batch,
  Maddpg,
  Matd3,
  makeAlgorithm,
  prepareRun,
  type RunOptions,
  train,
} from '../src/index.js';
import { namedNetworks, parametersByName } from './networks-of.js';
import { copyOf, numbers, shortRun, smallConfig } from './short-run.js';

/** The same equations, but no word that they are right for groups: so every agent is computed alone. */
class MaddpgOneByOne extends Maddpg {}
class Matd3OneByOne extends Matd3 {}

const withSettings = (some: object) => ({ settings: { ...smallConfig.settings, ...some } });

const CASES: Record<string, RunOptions> = {
  'three agents of one kind': { scenario: 'simple_spread' },
  'three of one kind and one of another': { scenario: 'simple_tag' },
  'two kinds, in turns': { scenario: 'simple_world_comm', ...withSettings({ hidden: [8, 8, 8] }) },
  'shared networks': { scenario: 'simple_tag', ...withSettings({ parameterSharing: true }) },
  "others' actions from replay": { scenario: 'simple_tag', ...withSettings({ othersActions: 'replay' }) },
  "shared, others' from replay": {
    scenario: 'simple_spread',
    ...withSettings({ parameterSharing: true, othersActions: 'replay' }),
  },
  'independent critics': { scenario: 'simple_tag', ...withSettings({ critic: 'independent' }) },
  'shared independent critics': {
    scenario: 'simple_tag',
    ...withSettings({ critic: 'independent', parameterSharing: true }),
  },
  choices: { scenario: 'simple_tag', actions: 'discrete' },
  'soft choices': {
    scenario: 'simple_spread',
    actions: 'discrete',
    ...withSettings({ straightThrough: false }),
  },
  'one agent': { scenario: 'simple' },
  'normalized observations and returns': {
    scenario: 'simple_tag',
    ...withSettings({ observationNorm: 'running', rewardNorm: 'return' }),
  },
  'n-step, prioritized': { scenario: 'simple_spread', nStep: 3, sampling: { kind: 'prioritized' } },
  'penalty on numbers': { scenario: 'simple_world_comm', ...withSettings({ actionPenalty: 0.1 }) },
  'clipped often': { scenario: 'simple_tag', ...withSettings({ maxGradNorm: 0.01 }) },
};

const classes = [
  ['maddpg', MaddpgOneByOne],
  ['matd3', Matd3OneByOne],
] as const;

describe.each(classes)(
  '%s: agents computed at once learn what they learn one by one',
  (algorithm, OneByOne) => {
    test.each(Object.entries(CASES))('%s', (_, options) => {
      const run = (oneByOne: boolean) => {
        const config = { ...smallConfig, episodes: 7, ...options, algorithm };
        const settings = { ...smallConfig.settings, ...options.settings, updates: 'together' as const };
        const training = prepareRun({ ...config, settings });
        const { specs } = training.algorithm;
        const remade = oneByOne
          ? new OneByOne(specs, { ...training.algorithm.settings, generator: new Generator(3) })
          : makeAlgorithm(algorithm, specs, { ...training.algorithm.settings, generator: new Generator(3) });
        // The memory belongs to the settings, and exploration and environment start alike.
        const reports = [...train({ ...training, algorithm: remade as Maddpg })].at(-1)!.latest;
        return {
          reports,
          weights: namedNetworks(remade).flatMap(({ network }) => numbers(network.parameters())),
        };
      };
      const [atOnce, oneByOne] = [run(false), run(true)];
      const difference = atOnce.weights.reduce(
        (largest, w, k) => Math.max(largest, Math.abs(w - oneByOne.weights[k])),
        0,
      );
      expect(atOnce.weights.some((w) => w !== 0)).toBe(true);
      // 12 updates later. The sums are the same but for their order.
      expect(difference).toBeLessThan(2e-4);
      atOnce.reports.forEach((report, i) => {
        for (const [name, value] of Object.entries(report))
          expect(value, name).toBeCloseTo(
            Object.entries(oneByOne.reports[i]).find(([other]) => other === name)![1],
            2,
          );
      });
    });
  },
);

test('agents learn from where the others were before the update: each step is that of an agent that learns alone', () => {
  const { maddpg, batch } = shortRun(
    { scenario: 'simple_tag', ...withSettings({ updates: 'together' }) },
    64,
  );
  const actions = numbers(maddpg.actions(batch));
  const after = copyOf(maddpg);
  after.update(batch);
  for (const [i, { name }] of maddpg.specs.entries()) {
    const alone = copyOf(maddpg);
    const before = alone.actions(batch).map((action) => action.detach());
    alone.criticStep(i, batch, alone.nextActions(batch));
    // Its own action with a gradient, the others' as before.
    alone.actorStep(i, batch, before.with(i, alone.action(i, batch)));
    for (const part of ['actor', 'critic']) {
      const [together, own] = [after, alone].map((one) =>
        numbers(parametersByName(one).get(`${name} ${part}`)!),
      );
      for (const [k, w] of together.entries()) expect(w).toBeCloseTo(own[k], 5);
    }
  }
  expect(numbers(after.actions(batch))).not.toEqual(actions);
});

test('in turn, agents see the steps of those before them; together, they do not', () => {
  /** The moving averages of each actor's gradients after one update. */
  const run = (updates: 'in turn' | 'together') => {
    const { maddpg, batch } = shortRun({ scenario: 'simple_spread', episodes: 4 }, 64);
    const settings = { ...maddpg.settings, updates, actorLr: 0.1 };
    const copy = makeAlgorithm('maddpg', maddpg.specs, { ...settings, generator: new Generator(5) });
    copy.update(batch);
    return copy.agents.map(({ actor }) => numbers([actor.optimizer.stateDict()['0.mean']]));
  };
  const [inTurn, together] = [run('in turn'), run('together')];
  const largest = inTurn.map((mean, i) => Math.max(...mean.map((g, k) => Math.abs(g - together[i][k]))));
  expect(largest[0]).toBeLessThan(1e-6);
  expect(largest[1]).toBeGreaterThan(5e-6);
  expect(largest[2]).toBeGreaterThan(5e-6);
});

test('shared networks take one step in an update', () => {
  const settings = { updates: 'together', parameterSharing: true } as const;
  const { maddpg } = shortRun({ scenario: 'simple_spread', ...withSettings(settings) }, 64);
  const { optimizer } = maddpg.agents[0].actor;
  expect(optimizer.stateDict()['0.step'].item()).toBe(maddpg.updates);
});

test('after an update that fails the agents are those that they were', () => {
  const { maddpg, batch } = shortRun(
    { scenario: 'simple_tag', ...withSettings({ updates: 'together' }) },
    64,
  );
  const { agents, specs } = maddpg;
  const huge: Batch = { ...batch, rewards: batch.rewards.map((r) => r.mul(1e30)) };
  expect(() => maddpg.update(huge)).toThrow(/adversary_0's critic.*diverged/);
  expect(maddpg.agents).toBe(agents);
  expect(maddpg.specs).toBe(specs);
  maddpg.update(batch);
});

test.each(['ensemble-maddpg', 'openai-maddpg'] as const)('%s refuses to learn together', (name) => {
  const { specs } = shortRun({ episodes: 4 }, 1).maddpg;
  const Algorithm = algorithms[name] as typeof Maddpg;
  expect(() => new Algorithm(specs, { updates: 'together', generator: new Generator(1) })).toThrow(
    /updates is "together"; give in turn/,
  );
});
