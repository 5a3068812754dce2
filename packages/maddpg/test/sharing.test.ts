/** Parameter sharing: which agents share networks, whose value a shared critic computes, and how shared networks learn. */
import { readSafetensors } from '@paragrad/nn';
import { concat, Generator, noGrad, normal, type Tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  type Algorithm,
  type AlgorithmName,
  algorithms,
  CentralizedCritic,
  completeConfig,
  defaultsOf,
  estimate,
  Iql,
  Learner,
  loadCheckpoint,
  Maddpg,
  type MaddpgSettings,
  maddpgSettings,
  makeAlgorithm,
  makeCritic,
  Qmix,
  type RunOptions,
  type SharedCritic,
  saveCheckpoint,
} from '../src/index.js';
import { firstOfKind } from '../src/learning/sharing.js';
import { batchInFloat64, convertToFloat64, expectFiniteDifferences } from './float64.js';
import { agreementGame, identityGame, meanScore } from './games.js';
import { numbers, shortRun, smallConfig } from './short-run.js';

const spec = (name: string, observationSize: number, actionSize = 2): AgentSpec => ({
  name,
  observationSize,
  actionSize,
  maxAction: 1,
});
const generator = () => new Generator(1);

/** A short run of simple_tag: three predators that share networks, and a prey whose observation is shorter. */
const tagRun = (config: RunOptions = {}, settings: Partial<MaddpgSettings> = {}) =>
  shortRun(
    {
      scenario: 'simple_tag',
      episodes: 8,
      settings: { ...smallConfig.settings, parameterSharing: true, ...settings },
      ...config,
    },
    64,
  );
const { maddpg, batch } = tagRun();
const copyOf = (algorithm: Maddpg) => loadCheckpoint(saveCheckpoint(algorithm)) as Maddpg;

describe('agents of the same kind', () => {
  test('have specs that differ only in the name', () => {
    const a = spec('a', 3);
    const others = [{ observationSize: 4 }, { actionSize: 1 }, { maxAction: 2 }, { choices: [2] }];
    const specs = [a, { ...a, name: 'b' }, ...others.map((other) => ({ ...a, ...other })), a];
    expect(firstOfKind(specs)).toEqual([0, 0, 2, 3, 4, 5, 0]);
  });

  test('have the same networks and optimizers; an agent of another kind has its own', () => {
    const [first, ...others] = maddpg.agents;
    const prey = others.pop()!;
    for (const other of others) {
      expect(other.actor).toBe(first.actor);
      expect(other.critic).toBe(first.critic);
    }
    expect(prey.actor).not.toBe(first.actor);
    expect(prey.critic).not.toBe(first.critic);
    const parts = [first, prey].flatMap(({ actor, critic }) => [actor, critic]);
    const distinct = parts.flatMap(({ network, target, optimizer }) => [network, target, optimizer]);
    expect(new Set(distinct).size).toBe(12);
  });

  test('have one network in IQL and QMIX', () => {
    const specs = ['a', 'b', 'c'].map((name) => ({ ...spec(name, 3, 4), choices: [4] }));
    for (const Baseline of [Iql, Qmix]) {
      const { agents } = new Baseline(specs, { generator: generator(), parameterSharing: true });
      expect(new Set(agents).size).toBe(1);
    }
  });

  test('share nothing by default', () => {
    const { agents } = new Maddpg(maddpg.specs, { generator: generator() });
    expect(new Set(agents.map(({ actor }) => actor)).size).toBe(4);
    expect(agents[0].critic.network).toBeInstanceOf(CentralizedCritic);
  });

  test('have their networks stored once in a checkpoint, and share them again after loading', () => {
    const files = saveCheckpoint(maddpg);
    const loaded = copyOf(maddpg);
    expect(saveCheckpoint(loaded)).toEqual(files);
    const owned = (file: 'networks' | 'optimizers') => {
      const names = Object.keys(readSafetensors(files[`${file}.safetensors`]));
      return [...new Set(names.map((name) => name.split('.', 2).join('.')))].sort();
    };
    const parts = ['actor', 'critic', 'targetActor', 'targetCritic'];
    const of = (names: string[]) =>
      ['adversary_0', 'agent_0'].flatMap((owner) => names.map((name) => `${owner}.${name}`));
    expect(owned('networks')).toEqual(of(parts));
    expect(owned('optimizers')).toEqual(of(['actorOptimizer', 'criticOptimizer']));
    expect(loaded.agents[2].actor).toBe(loaded.agents[0].actor);
    expect(loaded.update(batch)).toEqual(copyOf(maddpg).update(batch));
    expect(saveCheckpoint(loaded)).not.toEqual(files);
  });

  test('are each normalized by their own statistics, also after loading', () => {
    const { maddpg } = tagRun({}, { observationNorm: 'running', rewardNorm: 'return' });
    const alone = tagRun(
      {},
      { observationNorm: 'running', rewardNorm: 'return', parameterSharing: false },
    ).maddpg;
    const counts = ({ agents }: Maddpg) =>
      agents.map(({ normalizer }) => normalizer.stateDict()['observations.statistics.count'].data[0]);
    expect(counts(maddpg)).toEqual(counts(alone));
    expect(new Set(maddpg.agents.map(({ normalizer }) => normalizer)).size).toBe(4);
    copyOf(maddpg).agents.forEach(({ normalizer }, i) => {
      const kept = maddpg.agents[i].normalizer.stateDict();
      for (const [name, { data }] of Object.entries(normalizer.stateDict())) {
        expect(data).toEqual(kept[name].data);
      }
    });
  });

  test('have target statistics of their own, which an update moves by tau', () => {
    const { maddpg, batch } = tagRun({}, { observationNorm: 'batch' });
    const target = (i: number) => {
      const state = maddpg.agents[i].normalizer.stateDict();
      return {
        target: state['observations.target_mean'].data[0],
        running: state['observations.running_mean'].data[0],
      };
    };
    const before = [0, 1, 2, 3].map((i) => target(i).target);
    maddpg.update(batch);
    before.forEach((value, i) => {
      const { target: moved, running } = target(i);
      expect(moved).toBeCloseTo(0.01 * running + 0.99 * value, 6);
      expect(moved).not.toBe(value);
    });
  });

  test('have their parameters counted once in an estimate', () => {
    const hidden = [8];
    const config: RunOptions = { ...smallConfig, env: { N: 3 }, batchSize: 10, actions: 'discrete' };
    const parametersOf = (algorithm: AlgorithmName, parts: RunOptions = {}) =>
      estimate(
        completeConfig({
          ...config,
          algorithm,
          settings: { ...defaultsOf(algorithms[algorithm].settings), hidden, parameterSharing: true },
          ...parts,
        }),
        { trialSeconds: 0 },
      ).parameters;
    // An agent observes 18 numbers and chooses one of 5 moves: an actor 18-8-5 and a critic 69-8-1, or one value network 18-8-5.
    const actor = 18 * 8 + 8 + (8 * 5 + 5);
    expect(parametersOf('maddpg')).toBe(actor + 3 * 23 * 8 + 8 + (8 + 1));
    expect(parametersOf('iql', { exploration: { kind: 'epsilon-greedy', initial: 1 } })).toBe(actor);
  }, 20_000);
});

describe('a shared critic', () => {
  const [a, b] = [spec('a', 3), spec('b', 2, 1)];
  const inputs = (specs: readonly AgentSpec[], draws = new Generator(7)) => ({
    observations: specs.map(({ observationSize }) => normal([4, observationSize], draws)),
    actions: specs.map(({ actionSize }) => normal([4, actionSize], draws)),
  });
  const criticOf = (
    specs: readonly AgentSpec[],
    i: number,
    critic: MaddpgSettings['critic'] = 'centralized',
  ) => {
    const settings = { ...defaultsOf(maddpgSettings), critic, hidden: [8], parameterSharing: true };
    return makeCritic(specs, i, settings, generator()) as SharedCritic;
  };
  const moved = <T>(values: readonly T[], from: number, to: number) =>
    values.toSpliced(from, 1).toSpliced(to, 0, values[from]);

  test('gives an agent the same value in every place, if the others keep their order', () => {
    const places = fc.integer({ min: 2, max: 5 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        from: fc.integer({ min: 0, max: n - 1 }),
        to: fc.integer({ min: 0, max: n - 1 }),
        kind: fc.constantFrom<MaddpgSettings['critic']>('centralized', 'independent'),
      }),
    );
    fc.assert(
      fc.property(places, ({ n, from, to, kind }) => {
        const specs = Array.from({ length: n }, (_, k): AgentSpec => ({ ...a, name: `a${k}` }));
        const shared = criticOf(specs, 0, kind);
        const { observations, actions } = inputs(specs);
        const value = (i: number, o: readonly Tensor[], u: readonly Tensor[]) =>
          numbers([shared.forward(concat(o, 1), u, i)]);
        const before = value(from, observations, actions);
        expect(value(to, moved(observations, from, to), moved(actions, from, to))).toEqual(before);
        if (n > 1 && from !== to) expect(value(to, observations, actions)).not.toEqual(before);
      }),
    );
  });

  test('sees the agent itself first, then those of its kind, then the rest', () => {
    const specs = [a, b, { ...a, name: 'c' }, { ...b, name: 'd' }];
    const shared = criticOf(specs, 0);
    const { observations, actions } = inputs(specs);
    const x = concat(observations, 1);
    const valueInOrder = (order: number[]) =>
      numbers([
        shared.body.forward([
          concat(
            order.map((j) => observations[j]),
            1,
          ),
          concat(
            order.map((j) => actions[j]),
            1,
          ),
        ]),
      ]);
    expect(numbers([shared.forward(x, actions, 0)])).toEqual(valueInOrder([0, 2, 1, 3]));
    expect(numbers([shared.forward(x, actions, 2)])).toEqual(valueInOrder([2, 0, 1, 3]));
    const another = criticOf(specs, 1);
    expect(another.body.parameters()[0].shape).toEqual([8, 2 * (3 + 2) + 2 * (2 + 1)]);
  });

  test.each([0, 1, 2, 3])('has gradients for agent %i that agree with finite differences', (i) => {
    for (const critic of ['centralized', 'independent'] as const) {
      const exact = copyOf(tagRun({}, { critic }).maddpg);
      convertToFloat64(exact);
      const exactBatch = batchInFloat64(batch);
      const others = noGrad(() => exact.actions(exactBatch));
      // The others' actions stay fixed, also those of the same actor.
      const actorLoss = () =>
        exact.actorLoss(
          i,
          exactBatch,
          others.with(i, exact.agents[i].actor.network.forward(exactBatch.observations[i])),
        );
      expectFiniteDifferences(exact.agents[i].actor.network.parameters(), actorLoss);
      const next = exact.nextActions(exactBatch);
      expectFiniteDifferences(exact.agents[i].critic.network.parameters(), () =>
        exact.criticLoss(i, exactBatch, next),
      );
    }
  });

  test('of your own class is told which agent’s value to compute', () => {
    const asked: number[] = [];
    class OwnCritic extends CentralizedCritic {
      override forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
        asked.push(i);
        return super.forward(x, actions, i);
      }
    }
    class OwnCritics extends Maddpg {
      protected override makeCritic(_i: number, draws: Generator): OwnCritic {
        return new OwnCritic(this.specs, [8], draws);
      }
    }
    const { specs, batch } = identityGame(2);
    for (const parameterSharing of [false, true]) {
      const own = new OwnCritics(specs, { generator: generator(), parameterSharing });
      expect(own.agents[0].critic === own.agents[1].critic).toBe(parameterSharing);
      own.update(batch(8, generator()));
      // Each agent asks three times: for its critic's loss, for the target, and for its actor's loss.
      expect(asked.splice(0)).toEqual([0, 0, 0, 1, 1, 1]);
    }
  });
});

describe('an update', () => {
  test('takes a step for each agent, with the current actions of the others', () => {
    const [whole, steps] = [copyOf(maddpg), copyOf(maddpg)];
    const reports = whole.update(batch);
    const nextActions = steps.nextActions(batch);
    const expected = steps.agents.map((_, i) => ({
      ...steps.criticStep(i, batch, nextActions),
      ...steps.actorStep(i, batch, steps.actions(batch)),
    }));
    steps.targetStep();
    expect(reports).toEqual(expected);
    const weights = (algorithm: Maddpg) => saveCheckpoint(algorithm)['networks.safetensors'];
    expect(weights(whole)).toEqual(weights(steps));
    const count = (algorithm: Maddpg) => algorithm.agents[1].actor.optimizer.stateDict()['0.step'].item();
    expect(count(whole) - count(maddpg)).toBe(3);
  });

  test.each(['attention-maddpg', 'communicating-maddpg'] as const)(
    'of %s takes one step with a shared actor, on the sum of the losses',
    (algorithm) => {
      const { maddpg, batch } = tagRun({ algorithm });
      const { optimizer } = maddpg.agents[0].actor;
      const before = optimizer.stateDict()['0.step'].item();
      maddpg.update(batch);
      expect(optimizer.stateDict()['0.step'].item() - before).toBe(1);
    },
  );

  /** Every network with its target, each once. */
  function targetsOf(algorithm: Algorithm): { online: Tensor[]; target: Tensor[] }[] {
    const parts = algorithm.namedParts().flatMap(([, parts]) => Object.values(parts));
    const learners = new Set(parts.filter((part) => part instanceof Learner));
    return [...learners].map(({ network, target }) => ({
      online: network.parameters(),
      target: target.parameters(),
    }));
  }

  test.each(['maddpg', 'matd3', 'attention-maddpg', 'communicating-maddpg', 'iql', 'qmix'] as const)(
    'of %s moves each target by tau once',
    (name) => {
      const specs = ['a', 'b', 'c'].map((name) => ({ ...spec(name, 3, 4), choices: [4] }));
      const algorithm = makeAlgorithm(name, specs, {
        generator: generator(),
        hidden: [8],
        tau: 0.25,
        parameterSharing: true,
      });
      const targets = targetsOf(algorithm);
      expect(targets.length).toBeGreaterThan(0);
      for (const { online } of targets) {
        for (const parameter of online) parameter.update((data) => data.fill(1));
      }
      const before = targets.map(({ target }) => numbers(target));
      algorithm.updates = 2; // one in which MATD3's targets move
      algorithm.targetStep();
      targets.forEach(({ target }, t) => {
        numbers(target).forEach((value, k) => {
          expect(value).toBeCloseTo(0.25 + 0.75 * before[t][k], 5);
        });
      });
    },
  );
});

describe('agents with shared networks learn', () => {
  test('to do what they observe, with centralized and with independent critics', () => {
    const game = identityGame(3);
    for (const critic of ['centralized', 'independent'] as const) {
      const draws = new Generator(1);
      const settings = { gamma: 0.5, tau: 0.05, hidden: [32], parameterSharing: true, critic };
      const algorithm = new Maddpg(game.specs, { generator: draws, ...settings });
      expect(meanScore(game, algorithm)).toBeLessThan(-0.2); // before learning
      for (let update = 0; update < 400; update++) algorithm.update(game.batch(64, draws));
      expect(meanScore(game, algorithm)).toBeGreaterThan(-0.03);
    }
  });

  test.each(['maddpg', 'attention-maddpg'] as const)('to agree, with %s', (name) => {
    const game = agreementGame();
    const draws = new Generator(1);
    const settings = { hidden: [32], parameterSharing: true };
    const algorithm = makeAlgorithm(name, game.specs, { generator: draws, ...settings });
    for (let update = 0; update < 500; update++) algorithm.update(game.batch(128, draws));
    expect(meanScore(game, algorithm)).toBeGreaterThan(0.9);
  });
});
