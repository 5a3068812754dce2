/** Several copies of the environment: each plays as it would alone, and nothing of one gets into another. */
import { makeVectorEnv } from '@paragrad/mpe';
import { Generator, normal, ones, referenceKernels, useKernels } from '@paragrad/tensor';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  agentSpecs,
  type Batch,
  completeConfig,
  type EnsembleMaddpg,
  type EnsembleMemory,
  type Environment,
  type EpisodeReport,
  EpsilonGreedy,
  Iql,
  type Maddpg,
  prepareRun,
  ReplayMemory,
  type ReturnNorm,
  type RunningNorm,
  type RunOptions,
  type Trainer,
  type Training,
  train,
  trainingWarnings,
} from '../src/index.js';
import { RandomEnv } from './random-env.js';
import { numbers, smallConfig } from './short-run.js';

// On this set a row's numbers do not depend on how many rows there are. Others differ in their last bits.
const inUse = useKernels(referenceKernels);
beforeAll(() => void useKernels(referenceKernels));
afterAll(() => void useKernels(inUse));

const FOREVER = 1e9;

function prepare(options: RunOptions): Training {
  const config = completeConfig({
    ...smallConfig,
    episodes: 1000,
    warmupSteps: FOREVER,
    ...options,
    settings: { hidden: [8], ...options.settings },
  });
  return { ...prepareRun(config), onWarning: () => {} };
}

/** The training of one copy alone. */
function alone({ envs: _, ...training }: Training, fresh: Training, copy: number, env = fresh.env): Training {
  return {
    ...fresh,
    env,
    generator: training.generator.fork(`episodes of copy ${copy}`),
    exploration: training.exploration.fork!(copy),
  };
}

/** Everything in a batch, row by row. */
function rowsOf({ x, nextX, actions, rewards, terminations, liveness }: Batch): number[][] {
  const all = rewards.map((one) => ones(one.shape));
  const { live = all, nextLive = all, truncated = all.map((one) => one.mul(0)) } = liveness ?? {};
  const tensors = [x, nextX, ...actions, ...rewards, ...terminations, ...live, ...nextLive, ...truncated];
  return Array.from({ length: x.shape[0] }, (_, row) =>
    tensors.flatMap(({ data, shape: [, width] }) => [...data.subarray(row * width, (row + 1) * width)]),
  );
}

function advance(trainer: Trainer, steps: number): EpisodeReport[] {
  return Array.from({ length: steps }, () => trainer.step()).flat();
}

/** The reports without what belongs to the whole training. */
const ownPart = ({ returns, meanReturn }: EpisodeReport) => ({ returns, meanReturn });

/** Trains together and alone, and compares every transition. */
function compare(
  together: Training,
  single: (copy: number) => Training,
  copies: number,
  steps: number,
): void {
  const trainer = train(together);
  const reports = advance(trainer, steps);
  const all = rowsOf(together.memory.latest(FOREVER));
  expect(all).toHaveLength(copies * steps);
  for (let copy = 0; copy < copies; copy++) {
    const training = single(copy);
    const own = advance(train(training), steps);
    expect(all.filter((_, k) => k % copies === copy)).toEqual(rowsOf(training.memory.latest(FOREVER)));
    for (const report of own) {
      const fits = (other: EpisodeReport) =>
        Object.entries(report.returns).every(([name, r]) => Math.abs(other.returns[name] - r) < 1e-4);
      expect(reports.some(fits), JSON.stringify(ownPart(report))).toBe(true);
    }
  }
}

const cases: RunOptions[] = [
  {},
  { nStep: 3 },
  { scenario: 'simple_tag', env: { numAdversaries: 5, numGood: 1, terminateOnSuccess: true }, nStep: 4 },
  { scenario: 'simple_speaker_listener', exploration: { kind: 'ornstein-uhlenbeck', initial: 0.4 } },
  { exploration: { kind: 'epsilon-greedy', initial: 0.5 }, env: { maxCycles: 7, N: 1 }, nStep: 2 },
  {
    algorithm: 'iql',
    actions: 'discrete',
    scenario: 'simple_reference',
    exploration: { kind: 'epsilon-greedy', initial: 0.3 },
  },
  { algorithm: 'communicating-maddpg', scenario: 'simple_adversary' },
  { replayCapacity: 90, nStep: 3, env: { maxCycles: 4 } },
];

describe('each copy of a particle environment plays as it would alone', () => {
  test.each(cases)('%j', (options) => {
    const envs = 5;
    const { replayCapacity } = { replayCapacity: FOREVER, ...options };
    const steps = Math.min(60, replayCapacity / envs);
    compare(
      prepare({ ...options, envs }),
      (copy) => {
        const fresh = prepare(options);
        return alone(fresh, fresh, copy);
      },
      envs,
      steps,
    );
  });

  test('a single copy of a VectorEnv is the same as the environment', () => {
    const options = { ...cases[2], warmupSteps: 50 };
    const together = prepare(options);
    const { scenario, env } = completeConfig(options);
    const vector = makeVectorEnv(scenario, 1, { ...env, actionMode: 'force' });
    const [a, b] = [train({ ...together, envs: vector }), train(prepare(options))];
    const [first, second] = [advance(a, 120), advance(b, 120)];
    expect(first.map(({ steps, updates, latest }) => ({ steps, updates, latest }))).toEqual(
      second.map(({ steps, updates, latest }) => ({ steps, updates, latest })),
    );
    expect(a.updates).toBeGreaterThan(5);
  });
});

describe('copies of any environment', () => {
  const kinds = fc.record({ seed: fc.nat(1e6), careless: fc.boolean(), nStep: fc.constantFrom(1, 3) });

  test('play as each would alone: episodes of different lengths, agents that end early or appear late', () => {
    fc.assert(
      fc.property(kinds, ({ seed, nStep, ...kind }) => {
        const copies = 3;
        const make = (): Training => {
          const env = new RandomEnv(seed, { ...kind, choices: true });
          const algorithm = new Iql(agentSpecs(env), { generator: new Generator(seed), hidden: [4] });
          return {
            env,
            algorithm,
            memory: algorithm.makeMemory({ nStep }),
            exploration: new EpsilonGreedy({ generator: new Generator(2), initial: 0.5 }),
            generator: new Generator(3),
            episodes: 1000,
            warmupSteps: FOREVER,
            onWarning: () => {},
          };
        };
        // The same agents and spaces; an episode's length follows from its seed.
        const env = (k: number) => new Shorter(new RandomEnv(seed, { ...kind, choices: true }), k);
        const together = { ...make(), envs: Array.from({ length: copies }, (_, k) => env(k)) };
        compare(together, (copy) => alone(make(), make(), copy, env(copy)), copies, 40);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 15) },
    );
  });
});

/** Cuts the episodes of another environment off after a few steps, which follow from the seed. */
class Shorter implements Environment {
  readonly possibleAgents: readonly string[];
  agents: readonly string[] = [];

  constructor(
    readonly inner: RandomEnv,
    readonly cut: number,
  ) {
    this.possibleAgents = inner.possibleAgents;
  }

  #left = 0;

  observationSpace = (agent: string) => this.inner.observationSpace(agent);
  actionSpace = (agent: string) => this.inner.actionSpace(agent);

  reset(options: { seed?: number } = {}) {
    const result = this.inner.reset(options);
    this.#left = 3 + ((options.seed ?? 0) % 5) + this.cut;
    this.agents = [...this.inner.agents];
    return result;
  }

  step(actions: Parameters<RandomEnv['step']>[0]): ReturnType<RandomEnv['step']> {
    const acted = this.agents;
    const result = this.inner.step(actions);
    this.#left -= 1;
    const isCut = this.#left <= 0;
    this.agents = isCut ? [] : [...this.inner.agents];
    if (!isCut) return result;
    const truncations = Object.fromEntries(acted.map((name) => [name, !result.terminations[name]]));
    return { ...result, truncations };
  }
}

test('steps, episodes and updates count those of all copies, in order', () => {
  const training = { ...prepare({ envs: 8, episodes: 20, warmupSteps: 50 }), stepsPerUpdate: 3 };
  const reports = [...train(training)];
  expect(reports.map(({ episode }) => episode)).toEqual(Array.from({ length: 20 }, (_, k) => k));
  // Two rounds of 8 episodes of 25 steps, then 4 copies rest.
  const ends = (before: number, copies: number) =>
    Array.from({ length: copies }, (_, k) => before + 24 * copies + k + 1);
  expect(reports.map(({ steps }) => steps)).toEqual([...ends(0, 8), ...ends(200, 8), ...ends(400, 4)]);
  expect(reports.map(({ updates }) => updates)).toEqual([
    ...Array(8).fill(66 - 16),
    ...Array(8).fill(133 - 16),
    ...Array(4).fill(166 - 16),
  ]);
  expect(training.memory.size).toBe(500);
});

test('the strength of exploration belongs to the episode that a copy plays', () => {
  const exploration = { initial: 0.5, final: 0.1, episodes: 10 };
  const training = prepare({ envs: 3, episodes: 12, exploration });
  const reports = [...train(training)];
  reports.forEach(({ strength }, k) => {
    expect(strength).toBeCloseTo(Math.max(0.1, 0.5 - 0.04 * k), 12);
  });
});

test('the same seed gives the same run, and another number of copies another one', () => {
  const run = (envs: number) => [...train(prepare({ envs, episodes: 12, warmupSteps: 60 }))];
  expect(run(4)).toEqual(run(4));
  expect(run(4)).not.toEqual(run(3));
});

test('running statistics count each observation of each copy once, and returns start anew with its episodes', () => {
  const settings = { observationNorm: 'running', rewardNorm: 'return' } as const;
  const training = prepare({ settings, env: { maxCycles: 4 }, envs: 3 });
  advance(train(training), 14); // three whole episodes of each copy, and half of the fourth
  const latest = training.memory.latest(6); // two steps of three copies
  (training.algorithm as Maddpg).agents.forEach(({ normalizer }, i) => {
    const { observations, rewards } = normalizer;
    expect((observations as RunningNorm).statistics.count).toBe(3 * (14 + 4));
    expect((rewards as ReturnNorm).returns.count).toBe(3 * 14);
    const { data } = latest.rewards[i];
    for (let copy = 0; copy < 3; copy++) {
      expect(rewards.currentReturns[copy]).toBeCloseTo(0.99 * data[copy] + data[3 + copy], 5);
    }
  });
});

test('in each copy an ensemble acts with the sub-policies of its own episode, and remembers them', () => {
  const training = prepare({
    algorithm: 'ensemble-maddpg',
    envs: 6,
    env: { maxCycles: 5 },
    exploration: { initial: 0 },
  });
  const ensemble = training.algorithm as EnsembleMaddpg;
  // The sub-policy k always does tanh(k - 1).
  ensemble.subPolicies.forEach((policies) => {
    policies.forEach(({ actor }, k) => {
      const parameters = actor.network.parameters();
      parameters.forEach((one, p) => {
        one.update((data) => data.fill(p === parameters.length - 1 ? k - 1 : 0));
      });
    });
  });
  const trainer = train(training);
  const chosen: number[][][] = [];
  for (let step = 0; step < 15; step++) {
    trainer.step();
    const now = Array.from({ length: 6 }, (_, copy) => [...ensemble.chosenIn(copy)]);
    if (step % 5 === 0) chosen.push(now);
    expect(now).toEqual(chosen.at(-1)); // the same within an episode
  }
  expect(new Set(chosen.map(String)).size).toBe(3);
  expect(new Set(chosen[0].map(String)).size).toBeGreaterThan(1);
  const memory = training.memory as EnsembleMemory;
  const { actions } = memory.latest(FOREVER);
  actions.forEach(({ data }, i) => {
    for (let row = 0; row < 90; row++) {
      const copy = row % 6;
      expect(data[2 * row]).toBeCloseTo(Math.tanh(chosen[Math.floor(row / 30)][copy][i] - 1), 5);
    }
    for (let k = 0; k < 3; k++) {
      expect(memory.sizeOf(i, k)).toBe(5 * chosen.flat().filter((one) => one[i] === k).length);
      if (memory.sizeOf(i, k) === 0) continue;
      const batch = memory.sampleOf(i, k, 20, new Generator(1));
      for (const action of numbers([batch.actions[i]])) expect(action).toBeCloseTo(Math.tanh(k - 1), 5);
    }
  });
});

test('a message is heard only in the rows in which its speaker is live', () => {
  const { algorithm } = prepare({ algorithm: 'communicating-maddpg' });
  const generator = new Generator(4);
  const observations = algorithm.specs.map(({ observationSize }) => normal([4, observationSize], generator));
  const live = [
    [true, true, false, true],
    [true, false, true, true],
    [true, true, true, false],
  ];
  const together = algorithm.act(observations, { live });
  for (let row = 0; row < 4; row++) {
    const rows = observations.map((one) => one.narrow(0, row, 1));
    const single = algorithm.act(rows, { live: live.map((ofAgent) => ofAgent[row]) });
    single.forEach(({ data }, i) => {
      expect([...together[i].narrow(0, row, 1).data]).toEqual([...data]);
    });
  }
});

test('a memory keeps the episodes of several copies apart, whatever their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ copy: fc.nat(3), ends: fc.boolean() }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 4 }),
      (turns, capacity, steps) => {
        const specs = [{ name: 'a', observationSize: 1, actionSize: 1, maxAction: 1 }];
        const gamma = 0.5;
        const memory = new ReplayMemory(specs, { capacity, nStep: { steps, gamma } });
        const now = [0, 1, 2, 3].map((copy) => 1000 * copy);
        const added = turns.map(({ copy, ends }, k) => {
          const from = now[copy];
          now[copy] += ends ? 101 : 1; // what is observed next in this copy, in a new episode if this one ended
          memory.add(
            {
              observations: [[from]],
              actions: [[k / 100]],
              rewards: [k],
              nextObservations: [[from + 1]],
              terminations: [ends],
            },
            copy,
          );
          return { copy, from, ends, k };
        });
        const { x, nextX, rewards, terminations } = memory.latest(capacity);
        const kept = added.slice(-capacity);
        kept.forEach(({ copy, from, k }, row) => {
          const later = added.slice(k).filter((one) => one.copy === copy);
          const end = later.findIndex(({ ends }) => ends);
          const episode = later.slice(0, Math.min(steps, end < 0 ? later.length : end + 1));
          expect(x.data[row]).toBe(from);
          expect(nextX.data[row]).toBe(from + episode.length);
          const sum = episode.reduce((total, one, m) => total + gamma ** m * one.k, 0);
          expect(rewards[0].data[row]).toBeCloseTo(sum, 3);
          const done = episode.at(-1)!.ends ? 1 : 1 - gamma ** (episode.length - 1);
          expect(terminations[0].data[row]).toBeCloseTo(done, 6);
        });
      },
    ),
    { numRuns: 300 },
  );
});

test('a memory that has dropped many steps still knows where the steps of a rare copy began', () => {
  const specs = [{ name: 'a', observationSize: 1, actionSize: 1, maxAction: 1 }];
  const memory = new ReplayMemory(specs, { capacity: 100 });
  const now = [0, 1e6];
  for (let k = 0; k < 13_000; k++) {
    const copy = Number(k % 70 === 0);
    const from = now[copy]++;
    const transition = {
      observations: [[from]],
      actions: [[0]],
      rewards: [0],
      nextObservations: [[from + 1]],
      terminations: [false],
    };
    memory.add(transition, copy);
    if (k % 10 > 0) continue;
    const { x, nextX } = memory.latest(100);
    let [plain, rare] = [...now];
    for (let row = x.shape[0] - 1, step = k; row >= 0; row--, step--) {
      const expected = step % 70 === 0 ? --rare : --plain;
      if (x.data[row] !== expected || nextX.data[row] !== expected + 1) {
        expect([k, row, x.data[row], nextX.data[row]]).toEqual([k, row, expected, expected + 1]);
      }
    }
  }
});

test('more copies than episodes are a warning', () => {
  expect(trainingWarnings(prepare({ envs: 30, episodes: 20, warmupSteps: 100 }))).toEqual([
    '10 of 30 copies of the environment will do nothing, because there are only 20 episodes',
  ]);
});

describe('what is refused', () => {
  test('an exploration that cannot be copied', () => {
    const training = prepare({ envs: 2 });
    const own = { perturb: (action: ArrayLike<number>) => Array.from(action), strength: () => 0.1 };
    expect(() => train({ ...training, exploration: own })).toThrow(
      'train: this exploration cannot explore in several copies of the environment; give it fork(copy)',
    );
    const forked = { ...own, fork: () => own };
    expect(advance(train({ ...training, exploration: forked }), 30)).toHaveLength(2);
  });

  test('a vector environment of other agents, or with other actions', () => {
    const training = prepare({ envs: 2 });
    expect(() => train({ ...training, envs: makeVectorEnv('simple_tag', 2) })).toThrow(
      /^train: .*agents are/,
    );
    expect(() => train({ ...training, envs: makeVectorEnv('simple_spread', 2) })).toThrow(
      /agent_0 is in the place of agent_0, .* 1 in an action, but the algorithm needs 18 and 2/,
    );
    expect(() => train({ ...training, envs: [] })).toThrow(
      /^train: envs is \[\]; give an array of environments/,
    );
  });

  test('an action of an exploration that is not finite, and a reward', () => {
    const training = prepare({ envs: 2 });
    const own = {
      perturb: () => [Number.NaN, 0],
      strength: () => 0.1,
      fork: () => own,
    };
    expect(() => train({ ...training, exploration: own }).step()).toThrow(/agent_0's action contain NaN/);
  });
});
