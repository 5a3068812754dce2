/** Normalization of observations and rewards: the statistics that it uses, when they change, and what cannot be learned without it. */
import { BatchNorm1d } from '@paragrad/nn';
import { Generator, Tensor } from '@paragrad/tensor';
import { describe, expect, test, vi } from 'vitest';
import {
  algorithmNames,
  algorithms,
  type Batch,
  BatchNorm,
  defaultConfig,
  defaultsOf,
  type EnsembleMaddpg,
  type EnsembleMemory,
  evaluate,
  InferringMaddpg,
  loadCheckpoint,
  Maddpg,
  type MaddpgSettings,
  makeRunEnv,
  PrioritizedReplayMemory,
  parseConfig,
  policyOf,
  prepareRun,
  ReplayMemory,
  ReturnNorm,
  type RunConfig,
  saveCheckpoint,
  type Training,
  type Transition,
  train,
} from '../src/index.js';
import { farAway, type Game, identityGame, meanScore, transitionsOf, withRewardScales } from './games.js';
import { smallConfig } from './short-run.js';

/** The algorithms that can normalize: MADDPG and its variants. */
const normalizing = algorithmNames.filter(
  (name) => 'observationNorm' in defaultsOf(algorithms[name].settings),
);

/** A short run with two kinds of agents: a speaker that does not move, and a listener that does not speak. */
function trainingOf(settings: Partial<MaddpgSettings>, config: Partial<RunConfig> = {}): Training<Maddpg> {
  return prepareRun({
    ...smallConfig,
    scenario: 'simple_speaker_listener',
    episodes: 4,
    ...config,
    settings: { ...smallConfig.settings, hidden: [8], ...settings },
  }) as Training<Maddpg>;
}

/** Trains, and returns every transition. */
function transitionsOfRun(training: Training<Maddpg>): Transition[] {
  const transitions: Transition[] = [];
  const { memory } = training;
  const add = memory.add.bind(memory);
  memory.add = (transition) => {
    transitions.push(transition);
    add(transition);
  };
  for (const _ of train(training));
  return transitions;
}

/** All the statistics that an algorithm normalizes by, by name. */
function statisticsOf(maddpg: Maddpg): Record<string, number[]> {
  return Object.fromEntries(
    maddpg.agents.flatMap(({ normalizer }, i) =>
      Object.entries(normalizer.stateDict()).map(([name, { data }]) => [`${i}.${name}`, [...data]]),
    ),
  );
}

/** One column of a tensor [rows, width]. */
function column({ data, shape: [rows, width] }: Tensor, index: number): number[] {
  return Array.from({ length: rows }, (_, row) => data[row * width + index]);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Divides by n - 1, unless another divisor is given. */
function varianceOf(values: readonly number[], divisor = values.length - 1): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / divisor;
}

function expectClose(got: ArrayLike<number>, expected: readonly number[], tolerance = 1e-5): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(Math.abs(got[k] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });
}

/** Learns from batches of a game. As in training, every transition is observed before the update. */
function learn(game: Game, maddpg: Maddpg, updates: number, seed = 1): void {
  const generator = new Generator(seed);
  for (let update = 0; update < updates; update++) {
    const batch = game.batch(64, generator);
    for (const transition of transitionsOf(batch)) maddpg.observe(transition);
    maddpg.update(batch);
  }
}

const game = farAway(identityGame(2));
const runningAndReturn = { observationNorm: 'running', rewardNorm: 'return' } as const;
const makeMaddpg = (settings: Partial<MaddpgSettings>, { specs } = game) =>
  new Maddpg(specs, { generator: new Generator(1), hidden: [32], ...settings });

describe('without normalization', () => {
  const training = trainingOf({});
  transitionsOfRun(training);
  const { algorithm: maddpg, memory } = training;

  test('batches stay as they are, and there are no statistics', () => {
    const batch = memory.sample(8, new Generator(1));
    expect(maddpg.normalized(batch)).toBe(batch);
    expect(statisticsOf(maddpg)).toEqual({});
  });

  test('configurations and checkpoints from before normalization existed load without it', () => {
    const withoutNorms = (settings: object) => ({
      ...settings,
      observationNorm: undefined, // JSON leaves undefined out
      rewardNorm: undefined,
    });
    const config = { ...defaultConfig, settings: withoutNorms(defaultConfig.settings) };
    expect(parseConfig(JSON.stringify(config), 'old')).toEqual(defaultConfig);
    const files = saveCheckpoint(maddpg);
    const { crc32: _, ...description } = JSON.parse(files['algorithm.json']); // checksums are younger, too
    description.settings = withoutNorms(maddpg.settings);
    expect(
      loadCheckpoint({ ...files, 'algorithm.json': JSON.stringify(description) }).settings,
    ).toMatchObject({
      observationNorm: 'none',
      rewardNorm: 'none',
    });
  });
});

describe("observationNorm 'batch'", () => {
  const tau = 0.25;
  const batchNorm = (maddpg: Maddpg, i: number) => maddpg.agents[i].normalizer.stateDict();
  const draw = () => game.batch(16, new Generator(5));

  test('does what a new BatchNorm1d in front of the networks would do', () => {
    const { specs, batch } = identityGame(3);
    const x = batch(32, new Generator(2)).x;
    const [layer, norm] = [new BatchNorm1d(specs.length), new BatchNorm(specs.length)];
    norm.trackBatch(x);
    expect(norm.forLearning(x).data).toEqual(layer.forward(x).data);
    expect(norm.forward(x).data).toEqual(layer.eval().forward(x).data);
    const { running_mean: mean, running_var: variance } = norm.stateDict();
    expect(mean.data).toEqual(layer.runningMean.data);
    expect(variance.data).toEqual(layer.runningVar.data);
  });

  test('normalizes a batch by its own statistics for the networks that learn, and by running ones for the targets', () => {
    const maddpg = makeMaddpg({ observationNorm: 'batch', tau });
    for (let k = 0; k < 3; k++) maddpg.update(draw());
    const batch = draw();
    const { observations, x, nextObservations, nextX, rewards } = maddpg.normalized(batch);
    for (const i of [0, 1]) {
      const o = column(batch.observations[i], 0);
      const deviation = Math.sqrt(varianceOf(o, o.length) + 1e-5);
      const expected = o.map((value) => (value - meanOf(o)) / deviation);
      expectClose(observations[i].data, expected, 1e-4);
      expect(column(x, i)).toEqual([...observations[i].data]);

      const { 'observations.target_mean': mean, 'observations.target_var': variance } = batchNorm(maddpg, i);
      const next = column(batch.nextObservations[i], 0);
      expectClose(
        nextObservations[i].data,
        next.map((value) => (value - mean.data[0]) / Math.sqrt(variance.data[0] + 1e-5)),
      );
      expect(column(nextX, i)).toEqual([...nextObservations[i].data]);
      expect(rewards[i]).toBe(batch.rewards[i]);
    }
  });

  test('acting uses the running statistics, with one row or more', () => {
    const maddpg = makeMaddpg({ observationNorm: 'batch' });
    for (let k = 0; k < 30; k++) maddpg.update(draw());
    const rows = (values: number[]) =>
      [0, 1].map(() => new Tensor(Float32Array.from(values), [values.length, 1]));
    const acted = maddpg.act(rows([1050]));
    const together = maddpg.act(rows([1050, 950]));
    for (const i of [0, 1]) {
      const { 'observations.running_mean': mean, 'observations.running_var': variance } = batchNorm(
        maddpg,
        i,
      );
      const normalized = (1050 - mean.data[0]) / Math.sqrt(variance.data[0] + 1e-5);
      const expected = maddpg.agents[i].actor.network.forward(
        new Tensor(Float32Array.of(normalized), [1, 1]),
      );
      expectClose(acted[i].data, [expected.item()]);
      expectClose([together[i].data[0]], [expected.item()]);
    }
  });

  /** The statistics after some updates from one batch. `targetsMove` says in which updates the targets move, too. */
  function expected(batch: Batch, i: number, targetsMove: readonly boolean[]) {
    const o = column(batch.observations[i], 0);
    const running = { mean: 0, variance: 1 };
    const target = { ...running };
    for (const moves of targetsMove) {
      running.mean = 0.9 * running.mean + 0.1 * meanOf(o);
      running.variance = 0.9 * running.variance + 0.1 * varianceOf(o);
      if (!moves) continue;
      target.mean = tau * running.mean + (1 - tau) * target.mean;
      target.variance = tau * running.variance + (1 - tau) * target.variance;
    }
    return [running.mean, running.variance, target.mean, target.variance];
  }

  test.each(normalizing.filter((name) => name !== 'ensemble-maddpg'))(
    '%s updates the running statistics once for each batch, and moves those of the targets like their weights',
    (algorithm) => {
      const { algorithm: maddpg } = trainingOf({ observationNorm: 'batch', tau }, { algorithm });
      const training = trainingOf({});
      transitionsOfRun(training);
      const batch = training.memory.sample(16, new Generator(3));
      for (let update = 0; update < 3; update++) maddpg.update(batch);
      const moves = algorithm === 'matd3' ? [false, true, false] : [true, true, true];
      maddpg.specs.forEach((_, i) => {
        const state = batchNorm(maddpg, i);
        const names = ['running_mean', 'running_var', 'target_mean', 'target_var'];
        expectClose(
          names.map((name) => state[`observations.${name}`].data[0]),
          expected(batch, i, moves),
        );
      });
    },
  );

  test('an ensemble updates the running statistics for each of its batches, and moves those of the targets once', () => {
    const training = trainingOf({ observationNorm: 'batch', tau }, { algorithm: 'ensemble-maddpg' });
    transitionsOfRun(training);
    const ensemble = loadCheckpoint(saveCheckpoint(training.algorithm)) as EnsembleMaddpg;
    const before = statisticsOf(ensemble);
    const means: number[][] = []; // [batch][agent]
    const memory = training.memory as EnsembleMemory;
    const sampleOf = memory.sampleOf.bind(memory);
    memory.sampleOf = (...given) => {
      const batch = sampleOf(...given);
      means.push(batch.observations.map((o) => meanOf(column(o, 0))));
      return batch;
    };
    ensemble.learn(memory, 8, new Generator(1));
    expect(means.length).toBeGreaterThan(2);
    const after = statisticsOf(ensemble);
    for (const i of [0, 1]) {
      const running = means.reduce(
        (running, batch) => 0.9 * running + 0.1 * batch[i],
        before[`${i}.observations.running_mean`][0],
      );
      const target = tau * running + (1 - tau) * before[`${i}.observations.target_mean`][0];
      expectClose([after[`${i}.observations.running_mean`][0]], [running]);
      expectClose([after[`${i}.observations.target_mean`][0]], [target]);
    }
  });

  test('losses, steps of critic and actor, acting and observing change no statistics', () => {
    const maddpg = makeMaddpg({ observationNorm: 'batch' });
    maddpg.update(draw());
    const before = statisticsOf(maddpg);
    const batch = maddpg.normalized(draw());
    maddpg.criticStep(0, batch, maddpg.nextActions(batch));
    maddpg.actorStep(0, batch);
    maddpg.act(batch.observations);
    maddpg.observe(transitionsOf(draw())[0]);
    expect(statisticsOf(maddpg)).toEqual(before);
    maddpg.update(draw());
    expect(statisticsOf(maddpg)).not.toEqual(before);
  });

  test('a batch of one row is refused, because it has no variance', () => {
    const maddpg = makeMaddpg({ observationNorm: 'batch' });
    expect(() => maddpg.update(game.batch(1, new Generator(1)))).toThrow(
      /^batchNorm1d: training with x \[1, 1\]/,
    );
  });
});

describe("observationNorm 'running'", () => {
  const training = trainingOf(runningAndReturn);
  const transitions = transitionsOfRun(training);
  const { algorithm: maddpg, memory } = training;

  test('each observation counts once, the last one of an episode included', () => {
    maddpg.agents.forEach(({ normalizer }, i) => {
      const observed = transitions.flatMap(({ observations, nextObservations }, t) =>
        t % 25 === 0 ? [observations[i], nextObservations[i]] : [nextObservations[i]],
      );
      const { count, mean, squares } = Object.fromEntries(
        Object.entries(normalizer.observations.stateDict()).map(([name, x]) => [name.split('.')[1], x.data]),
      );
      expect(count[0]).toBe(4 * 26);
      expect(observed).toHaveLength(4 * 26);
      mean.forEach((value, k) => {
        const values = observed.map((observation) => observation[k]);
        expect(value).toBeCloseTo(meanOf(values), 10);
        expect(squares[k] / count[0]).toBeCloseTo(varianceOf(values, values.length), 10);
      });
    });
  });

  test('the replay memory holds raw observations, and the current statistics normalize them', () => {
    const batch = memory.sample(20, new Generator(1));
    const raw = new Set(transitions.map(({ observations }) => Math.fround(observations[1][0])));
    for (const value of column(batch.observations[1], 0)) expect(raw).toContain(value);
    const again = loadCheckpoint(saveCheckpoint(maddpg)) as Maddpg;
    const before = again.normalized(batch).observations[1].data;
    for (const transition of transitions.slice(0, 5)) again.observe(transition);
    expect(again.normalized(batch).observations[1].data).not.toEqual(before);
  });

  test('all networks of an update, and the actors when they act, get the same observations', () => {
    const batch = memory.sample(20, new Generator(1));
    const { observations, nextObservations, x, nextX } = maddpg.normalized(batch);
    maddpg.agents.forEach(({ normalizer, actor }, i) => {
      expect(observations[i].data).toEqual(normalizer.forward(batch.observations[i]).data);
      expect(nextObservations[i].data).toEqual(normalizer.forward(batch.nextObservations[i]).data);
      expect(maddpg.act(batch.observations)[i].data).toEqual(actor.network.greedy(observations[i]).data);
    });
    expect(column(x, 0)).toEqual(column(observations[0], 0));
    expect(column(nextX, 0)).toEqual(column(nextObservations[0], 0));
  });

  test('inferring-maddpg also normalizes the batch that it infers policies from', () => {
    const inferring = new InferringMaddpg(game.specs, { generator: new Generator(1), ...runningAndReturn });
    const batch = game.batch(16, new Generator(2));
    for (const transition of transitionsOf(batch)) inferring.observe(transition);
    const inferenceStep = vi.spyOn(inferring, 'inferenceStep');
    inferring.update(batch);
    const [[latest]] = inferenceStep.mock.calls;
    expect(latest.x.data).toEqual(inferring.normalized(batch).x.data);
  });

  test('learning before anything was observed is refused', () => {
    const batch = memory.sample(8, new Generator(1));
    expect(() => trainingOf({ observationNorm: 'running' }).algorithm.update(batch)).toThrow(
      "observationNorm 'running': nothing was observed yet; call observe(transition) for each step of the environment",
    );
    expect(() => trainingOf({ rewardNorm: 'return' }).algorithm.update(batch)).toThrow(
      /^rewardNorm 'return': no reward was observed yet; /,
    );
  });
});

describe("rewardNorm 'return'", () => {
  const step = (reward: number, end?: 'terminated' | 'truncated'): Transition => ({
    observations: [[0], [0]],
    actions: [[0], [0]],
    rewards: [reward, 10 * reward],
    nextObservations: [[0], [0]],
    terminations: [end === 'terminated', false],
    truncations: [end === 'truncated', false],
  });
  const deviationOf = (maddpg: Maddpg, i: number) =>
    (maddpg.agents[i].normalizer.rewards as ReturnNorm).deviation;
  const { specs, batch } = identityGame(2);

  test('an episode also ends where the next transition begins with another observation', () => {
    const maddpg = new Maddpg(specs, { generator: new Generator(1), gamma: 0.5, ...runningAndReturn });
    const from = (o: number, reward: number): Transition => {
      const { truncations: _, ...rest } = step(reward);
      return { ...rest, observations: [[o], [o]], nextObservations: [[o + 1], [o + 1]] };
    };
    for (const one of [from(0, 1), from(1, 2), from(0, 4), from(1, 8)]) maddpg.observe(one);
    const returns = [1, 2.5, 4, 10];
    expect(deviationOf(maddpg, 0)).toBeCloseTo(Math.sqrt(varianceOf(returns, 4)), 10);
    const statistics = maddpg.agents[0].normalizer.observations.stateDict();
    expect(statistics['statistics.count'].data[0]).toBe(6); // 0, 1, 2 twice
    expect(statistics['statistics.mean'].data[0]).toBeCloseTo(1, 10);
  });

  test('rewards are divided by the deviation of the discounted return, which starts again with each episode', () => {
    const maddpg = new Maddpg(specs, { generator: new Generator(1), gamma: 0.5, rewardNorm: 'return' });
    const steps = [step(1), step(2), step(4, 'terminated'), step(8), step(16, 'truncated'), step(32)];
    for (const one of steps) maddpg.observe(one);
    const returns = [1, 2.5, 5.25, 8, 20, 32];
    const deviation = Math.sqrt(varianceOf(returns, returns.length));
    expect(deviationOf(maddpg, 0)).toBeCloseTo(deviation, 10);
    expect(deviationOf(maddpg, 1)).toBeCloseTo(10 * deviation, 10);
    const raw = batch(8, new Generator(1));
    const { rewards, observations, terminations } = maddpg.normalized(raw);
    expectClose(
      rewards[0].data,
      [...raw.rewards[0].data].map((r) => r / deviation),
      1e-6,
    );
    expectClose(
      rewards[1].data,
      [...raw.rewards[1].data].map((r) => r / deviation / 10),
      1e-6,
    );
    expect(observations[0]).toBe(raw.observations[0]);
    expect(terminations).toBe(raw.terminations);
  });

  test('rewards stay as they are if the return never varies', () => {
    const norm = new ReturnNorm(0.9);
    for (let k = 0; k < 5; k++) {
      norm.startEpisode();
      norm.observe(-3);
    }
    expect(norm.deviation).toBe(1);
  });

  test.each([ReplayMemory, PrioritizedReplayMemory])(
    '%o: n-step returns are those of rewards that are divided one by one',
    (Memory) => {
      const nStep = { steps: 3, gamma: 0.9 };
      const maddpg = new Maddpg(specs, { generator: new Generator(1), gamma: 0.9, rewardNorm: 'return' });
      const steps = Array.from({ length: 40 }, (_, t) =>
        step(Math.sin(t), t % 7 === 6 ? 'truncated' : undefined),
      );
      for (const one of steps) maddpg.observe(one);
      const [raw, divided] = [new Memory(specs, { nStep }), new Memory(specs, { nStep })];
      for (const one of steps) {
        raw.add(one);
        divided.add({ ...one, rewards: one.rewards.map((r, i) => r / deviationOf(maddpg, i)) });
      }
      const got = maddpg.normalized(raw.sample(60, new Generator(2)));
      const wanted = divided.sample(60, new Generator(2));
      for (const i of [0, 1]) expectClose(got.rewards[i].data, [...wanted.rewards[i].data], 1e-6);
      expect(got.priority?.weights.data).toEqual(wanted.priority?.weights.data);
    },
  );
});

describe.each<[string, Partial<MaddpgSettings>]>([
  ['batch', { observationNorm: 'batch' }],
  ['running and return', runningAndReturn],
])('with normalization %s', (_, settings) => {
  test.each(normalizing)('%s trains the same way twice, and is the same after loading', (algorithm) => {
    const actions = algorithm === 'inferring-maddpg' ? 'continuous' : 'discrete';
    const one = trainingOf(settings, { algorithm, actions, nStep: 2 });
    const reports = [...train(one)];
    expect(reports.at(-1)!.updates).toBeGreaterThan(3);
    for (const { criticLoss, actorLoss } of reports.at(-1)!.latest) {
      expect(criticLoss).toBeGreaterThan(0);
      expect(actorLoss).not.toBeNaN();
    }
    const another = trainingOf(settings, { algorithm, actions, nStep: 2 });
    expect([...train(another)]).toEqual(reports);
    const files = saveCheckpoint(one.algorithm);
    expect(saveCheckpoint(another.algorithm)).toEqual(files);

    const loaded = loadCheckpoint(files) as Maddpg;
    expect(statisticsOf(loaded)).toEqual(statisticsOf(one.algorithm));
    expect(saveCheckpoint(loaded)).toEqual(files);
    const observations = one.algorithm.specs.map(({ observationSize }) => Array(observationSize).fill(0.5));
    const byAgent = Object.fromEntries(one.algorithm.specs.map(({ name }, i) => [name, observations[i]]));
    const acting = (maddpg: Maddpg) => {
      maddpg.startEpisode(new Generator(9));
      return policyOf(maddpg)(byAgent);
    };
    expect(acting(loaded)).toEqual(acting(one.algorithm));
  });

  test('evaluation changes no statistics, and reports raw rewards', () => {
    const config = { ...defaultConfig, scenario: 'simple_speaker_listener' } as const;
    const training = trainingOf(settings);
    transitionsOfRun(training);
    const { algorithm: maddpg } = training;
    const before = statisticsOf(maddpg);
    const policy = policyOf(maddpg);
    const env = makeRunEnv(config);
    const { meanReturn } = evaluate(env, policy, { episodes: 2, seed: 3 });
    expect(statisticsOf(maddpg)).toEqual(before);

    let total = 0;
    for (let episode = 0; episode < 2; episode++) {
      let { observations } = env.reset(episode === 0 ? { seed: 3 } : {});
      while (env.agents.length > 0) {
        const step = env.step(policy(observations));
        observations = step.observations;
        total += env.possibleAgents.reduce((sum, name) => sum + step.rewards[name], 0);
      }
    }
    // To four digits, because evaluate plays episodes side by side: the kernels sum several rows in another order than one.
    expect(meanReturn).toBeCloseTo(total / 2 / env.possibleAgents.length, 4);
  });
});

test('normalization keeps the priorities of a batch', () => {
  const training = trainingOf(runningAndReturn, { sampling: { kind: 'prioritized' }, nStep: 3 });
  transitionsOfRun(training);
  const batch = training.memory.sample(16, new Generator(1));
  expect(training.algorithm.normalized(batch).priority).toBe(batch.priority);
  expect(batch.priority!.weights.data.some((weight) => weight < 1)).toBe(true);
});

test('an unknown kind of normalization is refused', () => {
  const settings = { observationNorm: 'layer' } as unknown as Partial<MaddpgSettings>;
  expect(() => makeMaddpg(settings)).toThrow(
    'Maddpg: observationNorm is "layer"; give one of none, batch, running',
  );
  const other = { rewardNorm: 'batch' } as unknown as Partial<MaddpgSettings>;
  expect(() => makeMaddpg(other)).toThrow('Maddpg: rewardNorm is "batch"; give one of none, return');
});

describe('learning', () => {
  test.each([
    ['none', -Infinity, -0.5],
    ['batch', -0.05, 0],
    ['running', -0.05, 0],
  ] as const)(
    "with observationNorm '%s' the score in a game far from 0 is between %d and %d",
    (observationNorm, low, high) => {
      const maddpg = makeMaddpg({ observationNorm, gamma: 0.9 });
      learn(game, maddpg, 500);
      const score = meanScore(game, maddpg);
      expect(score).toBeGreaterThan(low);
      expect(score).toBeLessThan(high);
    },
  );

  /** How far each agent is from doing what it observes, whatever the scale of its reward. */
  function errors(rewardNorm: MaddpgSettings['rewardNorm']): number[] {
    const scales = [1e3, 1e-3];
    const game = withRewardScales(scales, identityGame(2));
    const maddpg = makeMaddpg({ rewardNorm, gamma: 0.5 }, game);
    learn(game, maddpg, 400);
    return [0, 1].map((agent) => {
      const one: Game = {
        ...game,
        reward: (o, a, i) => (i === agent ? game.reward(o, a, i) / scales[i] : 0),
      };
      return -2 * meanScore(one, maddpg); // meanScore takes the mean over both agents
    });
  }

  test('two agents whose rewards differ by a factor of a million learn only with normalization', () => {
    for (const error of errors('return')) expect(error).toBeLessThan(0.05);
    for (const error of errors('none')) expect(error).toBeGreaterThan(0.15);
  });
});
