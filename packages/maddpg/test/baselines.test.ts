/** IQL and QMIX: their equations computed by hand, their gradients, what they learn, and what IQL does not. */
import { Generator, grad, normal, type Tensor, tensor, uniform } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countCombinations, fromCombinations, toCombinations } from '../src/baselines/combined-choices.js';
import {
  type AgentSpec,
  type Algorithm,
  agentSpecs,
  algorithms,
  type Batch,
  defaultsOf,
  EpsilonGreedy,
  evaluate,
  Iql,
  jointBatch,
  loadCheckpoint,
  Mixer,
  policyOf,
  prepareRun,
  Qmix,
  type QmixSettings,
  ReplayMemory,
  type RunConfig,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { batchInFloat64, convertToFloat64, expectFiniteDifferences } from './float64.js';
import { namedNetworks } from './networks-of.js';
import { numbers, smallConfig } from './short-run.js';
import { TwoStepGame } from './two-step-game.js';

const chooser = (name: string, observationSize: number, ...choices: number[]): AgentSpec => ({
  name,
  observationSize,
  actionSize: choices.reduce((sum, size) => sum + size),
  maxAction: 1,
  choices,
});
const column = (...values: number[]) => tensor(values.map((value) => [value]));
const generator = () => new Generator(1);

describe('the joint choices of an agent', () => {
  test('are numbered as in PettingZoo, the first choice fastest', () => {
    expect(countCombinations([5, 10])).toBe(50);
    const action = fromCombinations({ data: [23], shape: [1, 1] }, [5, 10]); // move 3, word 4
    expect([...action.data].flatMap((value, k) => (value === 1 ? [k] : []))).toEqual([3, 5 + 4]);
    expect(toCombinations(action, [5, 10])).toEqual({ data: Int32Array.of(23), shape: [1, 1] });
  });

  test('have one number and one action each', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }), (choices) => {
        const all = Array.from({ length: countCombinations(choices) }, (_, number) => number);
        const actions = fromCombinations({ data: all, shape: [all.length, 1] }, choices);
        expect([...toCombinations(actions, choices).data]).toEqual(all);
        const rows = all.map((row) => actions.narrow(0, row, 1).data.join());
        expect(new Set(rows).size).toBe(all.length);
      }),
    );
  });
});

/** Gives an agent without hidden layers these values, whatever it observes: they are the biases, and the weights are 0. */
function setValues(agent: Iql['agents'][number], values: number[], targetValues: number[]): void {
  for (const [network, biases] of [
    [agent.q.network, values],
    [agent.q.target, targetValues],
  ] as const) {
    const [weight, bias] = network.parameters();
    weight.update((data) => data.fill(0));
    bias.update((data) => data.set(biases));
  }
}

/** Three transitions of agents that observe one number. The second terminated, and the third was truncated by a time limit. */
function threeSteps(specs: readonly AgentSpec[], rewards: readonly number[]): Batch {
  const each = <T>(value: (spec: AgentSpec, i: number) => T) => specs.map(value);
  return jointBatch({
    observations: each(() => column(0, 1, 2)),
    actions: each(({ choices }) => fromCombinations({ data: [0, 1, 0], shape: [3, 1] }, choices!)),
    rewards: each((_, i) => column(rewards[i], rewards[i], rewards[i])),
    nextObservations: each(() => column(1, 2, 3)),
    terminations: each(() => column(0, 1, 0)), // truncation does not count as termination
  });
}

describe('targets', () => {
  test('of IQL take the best next action from the learning network, and its value from the target network', () => {
    const iql = new Iql([chooser('a', 1, 2)], { generator: generator(), hidden: [], gamma: 0.5 });
    setValues(iql.agents[0], [1, 2], [10, 5]); // the second action is best, and its target value is 5, not 10 or 2
    const batch = threeSteps(iql.specs, [1]);
    expect(numbers([iql.nextValue(0, batch)])).toEqual([5, 5, 5]);
    expect(numbers([iql.target(0, batch)])).toEqual([1 + 0.5 * 5, 1, 1 + 0.5 * 5]);
    expect(numbers([iql.value(0, batch)])).toEqual([1, 2, 1]);
    expect(iql.loss(0, batch).item()).toBeCloseTo((2.5 ** 2 + 1 + 2.5 ** 2) / 3, 5);
  });

  test("of QMIX are mixed by the target mixer; the reward is the mean of the agents' rewards", () => {
    const specs = [chooser('a', 1, 2), chooser('b', 1, 3)];
    const qmix = new Qmix(specs, { generator: generator(), hidden: [], gamma: 0.5, mixingSize: 1 });
    setValues(qmix.agents[0], [1, 2], [10, 5]);
    setValues(qmix.agents[1], [3, 0, 0], [1, 8, 8]);
    setMixer(qmix.mixer.target, { weights: [-2, 3], bias: 1, last: -0.5, state: 4 });
    setMixer(qmix.mixer.network, { weights: [1, 1], bias: -7, last: 1, state: 0 });
    const batch = threeSteps(specs, [2, 4]);
    const next = 0.5 * (2 * 5 + 3 * 1 + 1) + 4;
    expect(numbers([qmix.target(batch)])).toEqual([3 + 0.5 * next, 3, 3 + 0.5 * next]);
    const total = [1 + 3 - 7, 2 + 0 - 7, 1 + 3 - 7].map((x) => Math.exp(x) - 1); // elu of a negative number
    numbers([qmix.total(batch)]).forEach((value, row) => {
      expect(value).toBeCloseTo(total[row], 5);
    });
  });
});

/** Makes a mixer use these weights in every state. */
function setMixer(
  mixer: Mixer,
  values: { weights: number[]; bias: number; last: number; state: number },
): void {
  for (const parameter of mixer.parameters()) parameter.update((data) => data.fill(0));
  mixer.weights.bias!.update((data) => data.set(values.weights));
  mixer.biases.bias!.update((data) => data.fill(values.bias));
  mixer.lastWeights.bias!.update((data) => data.fill(values.last));
  mixer.stateValue
    .parameters()
    .at(-1)!
    .update((data) => data.fill(values.state));
}

describe('the mixer', () => {
  const cases = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    agents: fc.integer({ min: 1, max: 4 }),
    scale: fc.constantFrom(0.1, 1, 10),
  });
  const makeMixer = (agents: number, draws: Generator) => new Mixer(agents, 5, 8, draws);

  test("rises in every agent's value: no gradient with respect to a value is negative", () => {
    fc.assert(
      fc.property(cases, ({ seed, agents, scale }) => {
        const draws = new Generator(seed);
        const mixer = makeMixer(agents, draws);
        const q = uniform([16, agents], draws, { low: -scale, high: scale, requiresGrad: true });
        const [dq] = grad(mixer.forward(q, normal([16, 5], draws)).sum(), [q]);
        expect(Math.min(...dq.data)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...dq.data)).toBeGreaterThan(0);
      }),
    );
  });

  test("is highest where every agent's own value is highest", () => {
    fc.assert(
      fc.property(cases, ({ seed, agents, scale }) => {
        const draws = new Generator(seed);
        const mixer = makeMixer(agents, draws);
        const values = Array.from({ length: agents }, () =>
          [0, 1, 2].map(() => draws.uniform(-scale, scale)),
        );
        const joint = Array.from({ length: 3 ** agents }, (_, number) =>
          values.map((own, i) => own[Math.floor(number / 3 ** i) % 3]),
        );
        const state = normal([1, 5], draws);
        const totals = joint.map((q) => mixer.forward(tensor([q]), state).item());
        const best = values.map((own) => Math.max(...own));
        expect(mixer.forward(tensor([best]), state).item()).toBe(Math.max(...totals));
      }),
    );
  });

  test('has weights that depend on the state', () => {
    const mixer = makeMixer(2, generator());
    const gradientIn = (state: Tensor) => {
      const q = tensor([[1, 2]], { requiresGrad: true });
      return [...grad(mixer.forward(q, state).sum(), [q])[0].data];
    };
    const [one, another] = [normal([1, 5], new Generator(3)), normal([1, 5], new Generator(4))];
    expect(gradientIn(one)).not.toEqual(gradientIn(another));
  });
});

/** Two kinds of agents, with one choice and with two. */
const specs = [chooser('a', 3, 4), chooser('b', 2, 3, 2), chooser('c', 3, 4)];
/** Random transitions. */
function randomBatch(rows: number): Batch {
  const draws = new Generator(5);
  const each = <T>(value: (spec: AgentSpec) => T) => specs.map(value);
  return jointBatch({
    observations: each(({ observationSize }) => normal([rows, observationSize], draws)),
    actions: each(({ choices }) => {
      const data = Array.from({ length: rows }, () => draws.integer(countCombinations(choices!)));
      return fromCombinations({ data, shape: [rows, 1] }, choices!);
    }),
    rewards: each(() => normal([rows, 1], draws)),
    nextObservations: each(({ observationSize }) => normal([rows, observationSize], draws)),
    terminations: each(() => column(...Array.from({ length: rows }, (_, row) => Number(row % 4 === 0)))),
  });
}

describe('gradients', () => {
  const batch = randomBatch(32);
  const options = () => ({ generator: generator(), hidden: [8] });
  const parametersByName = (algorithm: Algorithm) =>
    namedNetworks(algorithm).map(({ owner, name, network }) => ({
      name: `${owner}.${name}`,
      parameters: network.parameters(),
    }));
  const reached = (algorithm: Algorithm, loss: Tensor) => {
    loss.backward();
    return parametersByName(algorithm)
      .filter(({ parameters }) => parameters.some(({ grad }) => grad?.data.some((g) => g !== 0)))
      .map(({ name }) => name);
  };

  test.each([0, 1, 2])("of IQL's loss of agent %i reach that agent's network, and nothing else", (i) => {
    const iql = new Iql(specs, options());
    expect(reached(iql, iql.loss(i, batch))).toEqual([`${specs[i].name}.q`]);
    convertToFloat64(iql);
    const exactBatch = batchInFloat64(batch);
    expectFiniteDifferences(iql.agents[i].q.network.parameters(), () => iql.loss(i, exactBatch));
  });

  test("of QMIX's loss reach every agent's network and the mixer, but no target", () => {
    const qmix = new Qmix(specs, { ...options(), mixingSize: 4 });
    expect(reached(qmix, qmix.loss(batch))).toEqual(['a.q', 'b.q', 'c.q', 'team.mixer']);
    convertToFloat64(qmix);
    const exactBatch = batchInFloat64(batch);
    const learned = [...qmix.agents.map(({ q }) => q), qmix.mixer].flatMap(({ network }) =>
      network.parameters(),
    );
    expectFiniteDifferences(learned, () => qmix.loss(exactBatch));
  });

  test.each([
    ['IQL', Iql],
    ['QMIX', Qmix],
  ])('an update of %s changes every network, and moves every target by tau', (_, Baseline) => {
    const learner = new Baseline(specs, { ...options(), tau: 0.25 });
    const weights = () =>
      parametersByName(learner).map(({ name, parameters }) => [name, numbers(parameters)] as const);
    const before = new Map(weights());
    learner.update(batch);
    const after = new Map(weights());
    for (const [name, values] of after) expect(values, name).not.toEqual(before.get(name));
    for (const [online, target] of [
      ['a.q', 'a.targetQ'],
      ['b.q', 'b.targetQ'],
      ['team.mixer', 'team.targetMixer'],
    ]) {
      before.get(target)?.forEach((value, k) => {
        expect(after.get(target)![k]).toBeCloseTo(0.25 * after.get(online)![k] + 0.75 * value, 5);
      });
    }
  });
});

describe('learning', () => {
  /** The return of the best actions, after learning from 500 episodes of random play. */
  function returnAfterPractice(
    Baseline: typeof Iql | typeof Qmix,
    seed: number,
    settings: Partial<QmixSettings> = {},
  ): number {
    const env = new TwoStepGame();
    const generator = new Generator(seed);
    const options = { hidden: [32], lr: 3e-3, tau: 0.05, ...settings };
    const learner = new Baseline(agentSpecs(env), { generator, ...options });
    const memory = new ReplayMemory(learner.specs);
    const exploration = new EpsilonGreedy({ generator, initial: 1 });
    const training = { env, algorithm: learner, memory, exploration, generator };
    for (const _ of train({ ...training, episodes: 500, batchSize: 64, stepsPerUpdate: 1 }));
    return evaluate(env, policyOf(learner), { episodes: 1, seed: 1 }).meanReturn;
  }

  test.each([1, 2, 3])('QMIX finds the return of 8 in the two-step game, with seed %i', (seed) => {
    expect(returnAfterPractice(Qmix, seed)).toBe(8);
  });

  test.each([1, 2, 3])(
    'IQL settles for a return of 7, because to each agent step B looks worth 4.5; seed %i',
    (seed) => {
      expect(returnAfterPractice(Iql, seed)).toBe(7);
    },
  );

  test('QMIX finds the return of 8 with shared networks, too', () => {
    expect(returnAfterPractice(Qmix, 1, { parameterSharing: true })).toBe(8);
  });

  test.each([
    ['IQL', Iql],
    ['QMIX', Qmix],
  ])('%s learns to choose what it observes, with one choice and with two', (_, Baseline) => {
    const agents = [chooser('one', 3, 3), chooser('two', 6, 3, 3)];
    const draws = new Generator(2);
    const learner = new Baseline(agents, {
      generator: draws,
      hidden: [32],
      lr: 1e-2,
      gamma: 0.5,
      tau: 0.1,
    });
    const batchOf = (rows: number, act: (observations: Tensor[]) => Tensor[]): Batch => {
      const draw = () =>
        agents.map(({ choices }) =>
          fromCombinations(
            {
              data: Array.from({ length: rows }, () => draws.integer(countCombinations(choices!))),
              shape: [rows, 1],
            },
            choices!,
          ),
        );
      const observations = draw();
      const actions = act(observations);
      const rewards = observations.map((observation, i) =>
        observation.mul(actions[i]).sum({ axis: 1, keepDim: true }),
      );
      const terminations = agents.map(() => column(...Array<number>(rows).fill(0)));
      return jointBatch({ observations, actions, rewards, nextObservations: draw(), terminations });
    };
    const explore = (observations: Tensor[]) =>
      observations.map((_, i) => {
        const { choices } = agents[i];
        const data = Array.from({ length: observations[0].shape[0] }, () =>
          draws.integer(countCombinations(choices!)),
        );
        return fromCombinations({ data, shape: [data.length, 1] }, choices!);
      });
    for (let update = 0; update < 600; update++) learner.update(batchOf(64, explore));
    const { rewards } = batchOf(300, (observations) => learner.act(observations));
    expect(rewards.map((r) => r.mean().item())).toEqual([1, 2]);
  });

  const run = <Name extends 'iql' | 'qmix'>(algorithm: Name, parts: Partial<RunConfig> = {}) =>
    prepareRun({
      ...smallConfig,
      scenario: 'simple_reference',
      actions: 'discrete',
      exploration: { kind: 'epsilon-greedy', initial: 0.5 },
      settings: { ...defaultsOf(algorithms[algorithm].settings), hidden: [16] },
      ...parts,
      algorithm,
    });

  test.each<[string, Partial<RunConfig>]>([
    ['uniform replay', {}],
    ['prioritized replay', { sampling: { kind: 'prioritized' } }],
    ['3-step returns', { nStep: 3 }],
  ])('a run with %s stores one-hot choices, and learns 50 values', (_, parts) => {
    for (const algorithm of ['iql', 'qmix'] as const) {
      const training = run(algorithm, parts);
      expect([...train(training)].at(-1)!.updates).toBeGreaterThan(30);
      expect(training.algorithm.agents[0].q.network.parameters().at(-1)!.shape).toEqual([50]);
      const { actions } = training.memory.sample(50, generator());
      for (const value of numbers(actions)) expect([0, 1]).toContain(value);
      expect(numbers([actions[0].sum({ axis: 1 })])).toEqual(Array(50).fill(2));
      const loaded = loadCheckpoint(saveCheckpoint(training.algorithm));
      expect(loaded).toBeInstanceOf(training.algorithm.constructor);
    }
  });

  test.each<[string, object, RegExp]>([
    ['continuous actions', { actions: 'continuous' }, /^Iql: agent_0's actions are numbers.*'discrete'/],
    [
      'noise',
      { exploration: { initial: 0.1 } },
      /^exploration: kind is 'gaussian', but iql.*'epsilon-greedy'/,
    ],
    [
      'settings of actors',
      { settings: smallConfig.settings },
      /^run: iql has no setting settings\.actorLr \(did you mean settings\.lr\?\); the settings are .*\blr\b/,
    ],
  ])('%s are refused', (_, parts, message) => {
    expect(() => run('iql', parts)).toThrow(message);
  });

  test.each([Iql, Qmix])('choices with too many combinations are refused: %s', (Kind) => {
    const choices = [1000, 1000, 2];
    const agent = { name: 'ada', observationSize: 2, actionSize: 2002, maxAction: 1, choices };
    expect(() => new Kind([agent], { generator: generator() })).toThrow(
      `${Kind.name}: ada's choices have 2000000 combinations, and this algorithm learns a value of each; give at most 1000000`,
    );
  });

  test('the constructor refuses settings of actors, too', () => {
    const options = { ...smallConfig.settings, generator: generator() };
    expect(() => new Iql(specs, options)).toThrow(
      /^Iql: there is no setting actorLr \(did you mean lr\?\); the settings are .*\blr\b/,
    );
  });

  test('a mixingSize of 0 is refused', () => {
    const options = { generator: generator(), mixingSize: 0 };
    expect(() => new Qmix(specs, options)).toThrow('Qmix: mixingSize is 0; give an integer of at least 1');
  });
});
