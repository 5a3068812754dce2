/** Nothing that is not finite, or not finite as float32, is remembered; and NaN never becomes a choice. */
import { type Generator as Draws, Generator, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  type Algorithm,
  type AlgorithmName,
  algorithmNames,
  EpsilonGreedy,
  explorationKinds,
  Learner,
  makeAlgorithm,
  makeExploration,
  Normalizer,
  PrioritizedReplayMemory,
  policyOf,
  ReplayMemory,
  type Transition,
} from '../../src/index.js';

const generator = new Generator(1);
const specs: AgentSpec[] = ['ada', 'bob'].map((name) => ({
  name,
  observationSize: 3,
  actionSize: 2,
  maxAction: 1,
  choices: [2],
}));
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

function step(change: Partial<Transition> = {}): Transition {
  return {
    observations: [
      [0, 0, 0],
      [1, 1, 1],
    ],
    actions: [
      [1, 0],
      [0, 1],
    ],
    rewards: [1, 2],
    nextObservations: [
      [0, 0, 1],
      [1, 1, 2],
    ],
    terminations: [false, false],
    ...change,
  };
}

describe('a replay memory stores nothing that float32 cannot hold', () => {
  const memories: [string, () => ReplayMemory][] = [
    ['plain', () => new ReplayMemory(specs)],
    ['n-step', () => new ReplayMemory(specs, { nStep: { steps: 3, gamma: 0.9 } })],
    ['prioritized', () => new PrioritizedReplayMemory(specs)],
    ['of an ensemble', () => makeAlgorithm('ensemble-maddpg', specs, { generator }).makeMemory()],
  ];
  const bad: [string, object, string][] = [
    nan,
    infinity,
    -infinity,
    1e39,
    -1e39,
    '1',
    null,
    undefined,
  ].flatMap((x): [string, object, string][] => {
    const given = typeof x === 'string' ? `"${x}"` : String(x);
    const text = x === 1e39 ? '1e+39' : x === -1e39 ? '-1e+39' : given;
    return [
      [`${text} as reward`, { rewards: [0, x] }, `bob's rewards contain ${text}`],
      [
        `${text} in an observation`,
        {
          observations: [
            [0, x, 0],
            [1, 1, 1],
          ],
        },
        `ada's observations contain ${text}`,
      ],
      [
        `${text} in an action`,
        {
          actions: [
            [1, 0],
            [x, 1],
          ],
        },
        `bob's actions contain ${text}`,
      ],
      [
        `${text} in a next observation`,
        {
          nextObservations: [
            [0, 0, 1],
            [1, 1, x],
          ],
        },
        `bob's nextObservations contain ${text}`,
      ],
    ];
  });
  const others: [string, object, string][] = [
    [
      'a termination of text',
      { terminations: [false, 'no'] },
      `bob's terminations is "no"; give true or false`,
    ],
    ['a termination of NaN', { terminations: [nan, false] }, "ada's terminations is NaN; give true or false"],
    ['a truncation of text', { truncations: ['no', false] }, `ada's truncations is "no"; give true or false`],
    ['truncations of one agent', { truncations: [true] }, 'truncations of 1 agents; give those of all 2'],
    ['a mistyped name', { truncation: [true, true] }, 'no option truncation (did you mean truncations?)'],
    ['no rewards', { rewards: undefined }, 'rewards is missing; give an array with one entry for each agent'],
    [
      'an observation of text',
      { observations: ['abc', [1, 1, 1]] },
      `ada's observations have "abc"; give length 3`,
    ],
  ];

  describe.each(memories)('%s', (_, make) => {
    test.each([...bad, ...others])('%s', (_, change, message) => {
      const memory = make();
      memory.add(step());
      const before = memory.latest(5);
      expect(() => memory.add(step(change))).toThrow(message);
      expect(memory.size).toBe(1);
      memory.add(step({ rewards: [3, 4] }));
      expect(memory.size).toBe(2);
      for (const [i, reward] of [1, 2].entries()) expect(before.rewards[i].data[0]).toBe(reward);
      for (const { data } of [memory.latest(5)].flatMap(({ x, nextX, rewards, actions }) => [
        x,
        nextX,
        ...rewards,
        ...actions,
      ])) {
        expect(data.every(Number.isFinite)).toBe(true);
      }
    });
  });

  test('the sum of n rewards must be finite, too', () => {
    const memory = new ReplayMemory(specs, { nStep: { steps: 3, gamma: 1 } });
    expect(() => memory.add(step({ rewards: [3e38, 0] }))).toThrow(
      'ReplayMemory: sums of n-step rewards contain 9',
    );
    expect(memory.size).toBe(0);
    expect(() => new ReplayMemory(specs).add(step({ rewards: [3e38, 0] }))).not.toThrow();
  });

  test('priorities are finite', () => {
    const memory = new PrioritizedReplayMemory(specs);
    for (let k = 0; k < 5; k++) memory.add(step());
    const { priority } = memory.sample(2, generator);
    for (const errors of [[nan, 1], [1, infinity], [1, 1e39], [1], undefined]) {
      expect(() => priority!.report(errors as number[])).toThrow(
        /^PrioritizedReplayMemory: the squared errors have /,
      );
    }
    expect([...memory.sample(50, generator).priority!.weights.data].every(Number.isFinite)).toBe(true);
  });
});

/** Makes all weights of the first agent's networks this number. */
function spoil(algorithm: Algorithm, value: number): void {
  for (const [owner, parts] of algorithm.namedParts()) {
    if (!owner.startsWith('ada')) continue;
    for (const part of Object.values(parts)) {
      const weights = part instanceof Learner ? part.network.parameters() : [];
      for (const parameter of weights) parameter.update((data) => data.fill(value));
    }
  }
}

describe.each(algorithmNames)('%s', (name: AlgorithmName) => {
  const options = { generator: new Generator(2), hidden: [4] };
  const make = () =>
    makeAlgorithm(name, specs, { ...options, ...(name === 'attention-maddpg' && { attentionHeads: 2 }) });

  test.each([nan, infinity])('a policy whose weights are %d does not play on', (value) => {
    const algorithm = make();
    const observations = { ada: [1, 2, 3], bob: [1, 2, 3] };
    expect(policyOf(algorithm)(observations).bob).toHaveLength(2);
    spoil(algorithm, value);
    for (const explore of [false, true]) {
      expect(() => policyOf(algorithm, { explore })(observations)).toThrow(
        /^act: ada's (actor|encoder of messages|network of values) returned (NaN|Infinity) for finite observations: training has diverged/,
      );
      expect(() => algorithm.act([zeros([2, 3]), zeros([2, 3])], { explore })).toThrow(/^act: ada's /);
    }
  });

  test.each([nan, infinity, 1e39, '1', null])('an observation with %s is not acted on', (x) => {
    const policy = policyOf(make());
    expect(() => policy({ ada: [1, 2, 3], bob: [0, x as number, 0] })).toThrow(
      /^policy: bob's observation(s contain| has parts of several lengths, or other things than numbers)/,
    );
    const observed = [zeros([1, 3]), zeros([1, 3])];
    observed[1].update((data) => data.fill(nan));
    expect(() => make().act(observed)).toThrow(/^act: bob's observations contain NaN/);
  });
});

describe.each(explorationKinds)('exploration: %s', (kind) => {
  const explore = (seed: Draws = new Generator(1)) => makeExploration({ kind, initial: 1 }, seed);
  const spec = { ...specs[0], actionSize: 3 };

  test.each([
    ['NaN', [nan, 0, 1], "perturb: ada's action contain NaN"],
    ['NaN in a choice', [0, nan, 1], "perturb: ada's action contain NaN"],
    ['Infinity', [infinity, 0, 1], "perturb: ada's action contain Infinity"],
    ['a number too few', [0, 1], "perturb: ada's action have length 2; give length 3"],
    ['nothing', undefined, "perturb: ada's action have undefined; give length 3"],
  ])('an action with %s is refused', (_, action, message) => {
    for (let k = 0; k < 20; k++)
      expect(() => explore().perturb(action as number[], spec, 0)).toThrow(message);
  });

  test.each([undefined, {}, { ...spec, actionSize: Number.NaN }])('the spec %o is refused', (wrong) => {
    expect(() => explore().perturb([0, 0, 1], wrong as AgentSpec, 0)).toThrow(/^perturb: spec/);
  });

  test.each([nan, -1, 0.5, infinity, undefined])('the episode %s is refused', (episode) => {
    expect(() => explore().perturb([0, 0, 1], spec, episode as number)).toThrow(/^perturb: episode is /);
  });

  test('what it returns is finite, however strong the noise', () => {
    const strength = kind === 'epsilon-greedy' ? 1 : 1e308;
    const strong = makeExploration({ kind, initial: strength }, new Generator(3));
    const wide = { ...spec, maxAction: 3e38 };
    for (let k = 0; k < 100; k++) {
      for (const x of strong.perturb([3e38, 0, 1], wide, k)) expect(Math.abs(x)).toBeLessThanOrEqual(3e38);
    }
  });
});

test('epsilon-greedy checks the action also when it replaces it', () => {
  const always = new EpsilonGreedy({ generator, initial: 1 });
  expect(() => always.perturb([nan, nan], specs[0], 0)).toThrow("perturb: ada's action contain NaN");
});

describe('normalization remembers nothing that is not finite', () => {
  const make = (settings: object) =>
    makeAlgorithm('maddpg', specs, { generator: new Generator(1), hidden: [4], ...settings });
  const statisticsOf = (algorithm: Algorithm) =>
    algorithm
      .namedParts()
      .flatMap(([, parts]) =>
        Object.values(parts).flatMap((part) =>
          part instanceof Normalizer ? part.namedBuffers().map(([name, { data }]) => [name, [...data]]) : [],
        ),
      );

  test.each([nan, infinity, 1e39])('running statistics: %d', (x) => {
    const algorithm = make({ observationNorm: 'running', rewardNorm: 'return' });
    algorithm.observe(step());
    const before = statisticsOf(algorithm);
    for (const bad of [
      step({ rewards: [0, x] }),
      step({
        observations: [
          [0, 0, 0],
          [x, 1, 1],
        ],
      }),
      step({
        nextObservations: [
          [0, 0, 0],
          [1, 1, x],
        ],
      }),
      step({ truncations: [true, 'no' as never] }),
    ]) {
      expect(() => algorithm.observe(bad)).toThrow(/^observe: bob's /);
      expect(statisticsOf(algorithm)).toEqual(before);
    }
  });

  test('running statistics of numbers that float32 cannot square', () => {
    const algorithm = make({ observationNorm: 'running', rewardNorm: 'return' });
    const large = step({
      rewards: [1e30, -1e30],
      observations: [
        [1e30, -3e38, 0],
        [1, 1, 1],
      ],
    });
    for (let k = 0; k < 5; k++) algorithm.observe(large);
    for (const [, numbers] of statisticsOf(algorithm)) {
      expect((numbers as number[]).every(Number.isFinite)).toBe(true);
    }
    expect(policyOf(algorithm)({ ada: [1e30, 1, 1], bob: [1, 1, 1] }).ada).toHaveLength(2);
  });

  test('statistics of a batch whose variance float32 cannot hold', () => {
    const algorithm = make({ observationNorm: 'batch' });
    const memory = algorithm.makeMemory();
    const before = statisticsOf(algorithm);
    for (const x of [1e30, -1e30])
      memory.add(
        step({
          observations: [
            [x, 0, 0],
            [1, 1, 1],
          ],
        }),
      );
    expect(() => algorithm.learn(memory, 8, generator)).toThrow(
      "batch: ada's observations contain numbers of size 1.0000000",
    );
    expect(statisticsOf(algorithm)).toEqual(before);
  });
});
