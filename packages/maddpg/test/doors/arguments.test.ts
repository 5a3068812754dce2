/** Arguments that were dropped, as from plain JavaScript: each is an ArgumentError that says what is possible. */
import { makeEnv } from '@paragrad/mpe';
import { Generator, tensor, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  ArgumentError,
  completeConfig,
  EnsembleMaddpg,
  EnsembleMemory,
  EpsilonGreedy,
  GaussianNoise,
  Iql,
  Maddpg,
  makeAlgorithm,
  makeExploration,
  OrnsteinUhlenbeckNoise,
  PrioritizedReplayMemory,
  policyOf,
  prepareRun,
  Qmix,
  ReplayMemory,
  randomChoices,
} from '../../src/index.js';

const generator = new Generator(1);
const spec = { name: 'ada', observationSize: 3, actionSize: 2, maxAction: 1 };
const specs: AgentSpec[] = [spec, { ...spec, name: 'bob' }];
const choosers = specs.map((one) => ({ ...one, choices: [2] }));
const maddpg = new Maddpg(specs, { generator, hidden: [4] });
const ensemble = new EnsembleMaddpg(specs, { generator, hidden: [4] });

/** Calls `f` with any arguments, as plain JavaScript can. */
// biome-ignore lint/complexity/noBannedTypes: any function or class
const loosely = (f: Function) => f as unknown as new (...args: unknown[]) => object;
const refuses = (call: () => unknown, message: string) => {
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(message);
};

describe('an unknown option is refused, with the name that was likely meant', () => {
  test.each<[string, () => unknown, string]>([
    [
      'ReplayMemory',
      () => new (loosely(ReplayMemory))(specs, { size: 9 }),
      'ReplayMemory: there is no option size (did you mean capacity?); the options are capacity, nStep',
    ],
    [
      'ReplayMemory, nStep',
      () => new (loosely(ReplayMemory))(specs, { nStep: { n: 3, gamma: 0.9 } }),
      'ReplayMemory: nStep: there is no option n; the options are steps, gamma',
    ],
    [
      'ReplayMemory, with options of the prioritized one',
      () => new (loosely(ReplayMemory))(specs, { alpha: 0.5 }),
      'ReplayMemory: there is no option alpha',
    ],
    [
      'PrioritizedReplayMemory',
      () => new (loosely(PrioritizedReplayMemory))(specs, { betaBatch: 5 }),
      'PrioritizedReplayMemory: there is no option betaBatch (did you mean betaBatches?)',
    ],
    [
      'EnsembleMemory',
      () => new (loosely(EnsembleMemory))(ensemble, { maxSize: 5 }),
      'EnsembleMemory: there is no option maxSize (did you mean capacity?)',
    ],
    [
      'makeMemory',
      () => maddpg.makeMemory({ n_step: 3 } as object),
      'makeMemory: there is no option n_step (did you mean nStep?)',
    ],
    [
      'makeMemory of an ensemble',
      () => ensemble.makeMemory({ bufferSize: 3 } as object),
      'makeMemory: there is no option bufferSize (did you mean capacity?)',
    ],
    [
      'makeMemory, sampling',
      () => maddpg.makeMemory({ sampling: { kind: 'prioritized', beta_batches: 5 } as object }),
      'makeMemory: sampling: there is no setting beta_batches (did you mean betaBatches?)',
    ],
    [
      'Maddpg',
      () => new (loosely(Maddpg))(specs, { generator, learningRate: 5 }),
      'Maddpg: there is no setting learningRate (did you mean actorLr or criticLr?); the settings are gamma, tau, ',
    ],
    ...Object.entries({
      batch_size: 'batchSize of train',
      learning_starts: 'warmupSteps of train',
      train_freq: 'stepsPerUpdate of train',
      total_timesteps: 'episodes of train',
      buffer_size: 'capacity of ReplayMemory',
      n_step: 'nStep of ReplayMemory',
      seed: 'generator, which is new Generator(seed)',
    }).map(([name, likely]): [string, () => unknown, string] => [
      `Maddpg, with ${name}`,
      () => new (loosely(Maddpg))(specs, { generator, [name]: 5 }),
      `Maddpg: there is no setting ${name} (did you mean ${likely}?); the settings are`,
    ]),
    ...Object.entries({
      gamma: 'settings.gamma',
      learning_rate: 'settings.actorLr or settings.criticLr',
      beta_batches: 'sampling.betaBatches',
      random_episodes: 'exploration.randomEpisodes',
      buffer_size: 'replayCapacity',
      setings: 'settings',
      samplings: 'sampling',
      explorations: 'exploration',
    }).map(([name, likely]): [string, () => unknown, string] => [
      `completeConfig, with ${name}`,
      () => completeConfig({ [name]: 5 } as object),
      `run: a run has no setting ${name} (did you mean ${likely}?); the settings are`,
    ]),
    [
      'completeConfig, in settings',
      () => completeConfig({ settings: { batch_size: 5 } as object }),
      'run: maddpg has no setting settings.batch_size (did you mean batchSize?)',
    ],
    [
      'Iql',
      () => new (loosely(Iql))(choosers, { generator, learning_rate: 5 }),
      'Iql: there is no setting learning_rate (did you mean lr?)',
    ],
    [
      'makeAlgorithm',
      () => makeAlgorithm('qmix', choosers, { generator, mixing: 5 } as { generator: Generator }),
      'Qmix: there is no setting mixing',
    ],
    [
      'GaussianNoise',
      () => new (loosely(GaussianNoise))({ generator, sigma: 1 }),
      'GaussianNoise: there is no setting sigma (did you mean initial?)',
    ],
    [
      'OrnsteinUhlenbeckNoise',
      () => new (loosely(OrnsteinUhlenbeckNoise))({ generator, Theta: 0.1 }),
      'OrnsteinUhlenbeckNoise: there is no setting Theta',
    ],
    [
      'makeExploration',
      () => makeExploration({ epsilon: 0.1 } as object, generator),
      'exploration: there is no setting epsilon',
    ],
    [
      'policyOf',
      () => policyOf(maddpg, { Explore: true } as object),
      'policyOf: there is no option Explore (did you mean explore?)',
    ],
    [
      'act',
      () => maddpg.act([zeros([1, 3]), zeros([1, 3])], { greedy: true } as object),
      'act: there is no option greedy; the options are explore',
    ],
  ])('%s', (_, call, message) => refuses(call, message));
});

describe('an option of the wrong kind is refused', () => {
  test.each<[string, () => unknown, string]>([
    [
      'no options',
      () => new (loosely(Maddpg))(specs),
      'Maddpg: generator is undefined; give new Generator(seed)',
    ],
    ['a generator alone', () => new (loosely(Qmix))(choosers, generator), 'Qmix: generator is undefined'],
    ['no options for noise', () => new (loosely(GaussianNoise))(), 'GaussianNoise: generator is undefined'],
    [
      'a number as options',
      () => new (loosely(ReplayMemory))(specs, 1000),
      'ReplayMemory: 1000 stands where',
    ],
    [
      'null as options',
      () => new (loosely(PrioritizedReplayMemory))(specs, null),
      'PrioritizedReplayMemory: null stands where',
    ],
    [
      'a capacity of text',
      () => new (loosely(ReplayMemory))(specs, { capacity: '100' }),
      'ReplayMemory: capacity is "100"; give an integer of at least 1',
    ],
    [
      'an infinite capacity',
      () => new ReplayMemory(specs, { capacity: Number.POSITIVE_INFINITY }),
      'ReplayMemory: capacity is Infinity; give an integer of at least 1',
    ],
    [
      'n-step returns without gamma',
      () => new (loosely(ReplayMemory))(specs, { nStep: { steps: 3 } }),
      'ReplayMemory: nStep: gamma is missing; give a number from 0 to 1',
    ],
    [
      'n-step returns with a gamma above 1',
      () => new ReplayMemory(specs, { nStep: { steps: 3, gamma: 1.5 } }),
      'ReplayMemory: nStep: gamma is 1.5; give a number from 0 to 1',
    ],
    [
      'a number for n-step returns',
      () => new (loosely(ReplayMemory))(specs, { nStep: 3 }),
      'ReplayMemory: nStep is 3; give an object',
    ],
    [
      'a random strength above 1',
      () => new EpsilonGreedy({ generator, initial: 2 }),
      'EpsilonGreedy: initial is 2; give a probability, at most 1',
    ],
    ['an algorithm that is none', () => policyOf(specs as never), 'policyOf: algorithm is ['],
    [
      'a batch size of NaN',
      () => new ReplayMemory(specs).sample(Number.NaN, generator),
      'sample: batchSize is NaN',
    ],
    [
      'an endless latest',
      () => new ReplayMemory(specs).latest(Number.POSITIVE_INFINITY),
      'latest: count is Infinity',
    ],
  ])('%s', (_, call, message) => expect(call).toThrow(message));
});

describe('messages that teach', () => {
  test('act with a single observation says that there are rows', () => {
    refuses(
      () => maddpg.act([zeros([3]), zeros([3])]),
      "act: ada's observations have shape [3]; give shape [1, 3]: one row for each observation, also for a single one",
    );
  });

  test('act with records or lists of numbers says what to give', () => {
    refuses(
      () => maddpg.act({ ada: zeros([1, 3]), bob: zeros([1, 3]) } as never),
      'give an array with a tensor [batch, obs_i] for each agent, in this order: ada, bob',
    );
    refuses(
      () =>
        maddpg.act([
          [1, 2, 3],
          [1, 2, 3],
        ] as never),
      "act: ada's observations are [1, 2, 3]; give a tensor of shape [1, 3]",
    );
    refuses(() => maddpg.act([tensor([[1, 2, 3]])]), 'act: observations of 1 agents; give those of all 2');
  });

  test('memory.add given records says what to give', () => {
    const byName = { ada: [0, 0, 0], bob: [0, 0, 0] };
    refuses(
      () => new ReplayMemory(specs).add({ observations: byName } as never),
      'ReplayMemory: observations is { ada: [0, 0, 0], bob: [0, 0, 0] }; ' +
        'give an array with one entry for each agent, in the order of the specs',
    );
  });
});

describe('specs are checked as settings are', () => {
  const changed = (change: object) => [{ ...spec, ...change }] as AgentSpec[];
  const bad: [string, unknown, string][] = [
    ['no specs', undefined, 'specs is undefined; give an array with the spec of each agent'],
    ['an object', {}, 'specs is {}; give an array'],
    ['no agents', [], 'specs is []; give an array'],
    ['a name alone', ['ada'], 'specs is ["ada"]; give an array'],
    ['no name', changed({ name: undefined }), 'specs[0]: name is missing'],
    ['an empty name', changed({ name: '' }), 'specs[0]: name is ""; give the agent\'s name'],
    [
      'two agents of one name',
      [spec, spec],
      'specs[0] and specs[1] have the name "ada"; give each agent a name',
    ],
    ['maxAction 0', changed({ maxAction: 0 }), 'specs[0]: maxAction is 0; give a number above 0'],
    ['maxAction NaN', changed({ maxAction: Number.NaN }), 'specs[0]: maxAction is NaN'],
    ['a maxAction that float32 cannot hold', changed({ maxAction: 1e39 }), 'specs[0]: maxAction is 1e+39'],
    ['a negative size', changed({ observationSize: -3 }), 'specs[0]: observationSize is -3; give an integer'],
    ['a size of text', changed({ actionSize: '2' }), 'specs[0]: actionSize is "2"; give an integer'],
    ['more options than components', changed({ choices: [2, 3] }), 'more options than its actionSize 2'],
    ['a choice of no options', changed({ choices: [0] }), 'specs[0]: choices is [0]; give an array'],
    ['an unknown field', changed({ obsSize: 3 }), 'specs[0]: there is no option obsSize'],
  ];
  const doors: [string, (specs: never) => unknown][] = [
    ['Maddpg', (given) => new Maddpg(given, { generator })],
    ['Iql', (given) => new Iql(given, { generator })],
    ['ReplayMemory', (given) => new ReplayMemory(given)],
    ['randomChoices', (given) => randomChoices(given, generator)],
  ];
  describe.each(doors)('%s', (owner, make) => {
    test.each(bad)('%s', (_, given, message) => {
      refuses(() => make(given as never), `${owner}: `);
      refuses(() => make(given as never), message);
    });
  });
});

test('an environment in the place of its parameters is refused by prepareRun', () => {
  expect(() => prepareRun({ env: makeEnv('simple') as never })).toThrow(
    'run: env is an environment; give parameters of the scenario, and an environment to train',
  );
});
