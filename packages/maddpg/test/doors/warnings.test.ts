/** What is said before a training with which nothing is learned; and that ordinary ones say nothing. */
import { scenarioNames } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { describe, expect, test, vi } from 'vitest';
import {
  algorithmNames,
  GaussianNoise,
  Maddpg,
  OrnsteinUhlenbeckNoise,
  prepareRun,
  preset,
  presetNames,
  ReplayMemory,
  type RunOptions,
  type Training,
  train,
  trainingWarnings,
} from '../../src/index.js';

const small = { settings: { hidden: [4] } } as const;
const warningsOf = (options: RunOptions) =>
  trainingWarnings(
    prepareRun({ ...small, ...options, settings: { ...small.settings, ...options.settings } }),
  );

test.each<[string, RunOptions, string]>([
  [
    'fewer episodes than the warm-up',
    { episodes: 10 },
    'nothing will be learned in 250 steps (episodes: 10, of 25 steps each), because the first update comes after step 1100: ' +
      'warmupSteps is 1024, and stepsPerUpdate is 100',
  ],
  [
    'a step too few',
    { episodes: 1, env: { maxCycles: 99 }, warmupSteps: 1 },
    'nothing will be learned in 99 steps',
  ],
  [
    'a warm-up longer than the run',
    { episodes: 100, warmupSteps: 2501 },
    'the first update comes after step 2600',
  ],
  [
    'updates further apart than the run is long',
    { episodes: 100, stepsPerUpdate: 2501 },
    'nothing will be learned in',
  ],
  [
    'a memory smaller than a batch',
    { replayCapacity: 10 },
    'little will be learned: the replay memory holds 10 transitions, so a batch of 1024 repeats them',
  ],
  [
    'a memory smaller than the warm-up',
    { replayCapacity: 100, batchSize: 32 },
    'the replay memory holds 100 transitions, so it forgets the first of the 1024 steps before the first update',
  ],
  [
    'n steps longer than an episode',
    { nStep: 26 },
    'n-step returns of 26 steps are longer than an episode of 25',
  ],
  [
    'random episodes to the end',
    { episodes: 100, exploration: { randomEpisodes: 100 } },
    'all actions will be random: randomEpisodes is 100, and there are 100 episodes',
  ],
  [
    'a decay longer than the run',
    { episodes: 100, warmupSteps: 100, settings: { lrDecay: 0.1, lrDecayStart: 13, lrDecayEnd: 26 } },
    'the learning rates will not reach the end of their decay: it comes after 26 updates, and there are 25; give lrDecayEnd: 25, and lrDecayStart: 13',
  ],
  ['a tiny actorLr', { settings: { actorLr: 1e-12 } }, 'nothing will be learned: actorLr is 1e-12'],
  ['a tiny criticLr', { settings: { criticLr: 1e-30 } }, 'nothing will be learned: criticLr is 1e-30'],
  [
    'a tiny lr',
    {
      algorithm: 'iql',
      actions: 'discrete',
      exploration: { kind: 'epsilon-greedy' },
      settings: { lr: 1e-20 },
    },
    'nothing will be learned: lr is 1e-20',
  ],
  ['tau 0', { settings: { tau: 0 } }, 'the target networks will not move: tau is 0'],
  [
    'gradients clipped to nothing',
    { settings: { maxGradNorm: 1e-20 } },
    'nothing will be learned: maxGradNorm is 1e-20',
  ],
  [
    'actors that never step',
    { algorithm: 'matd3', episodes: 50, settings: { policyDelay: 5 } },
    'not all networks will learn: there are 2 updates, and some networks learn only in every 5th',
  ],
  [
    'no exploration',
    { exploration: { initial: 0 } },
    'nothing new will be tried: the strength of exploration is 0',
  ],
  [
    'no exploration of a baseline',
    { algorithm: 'qmix', actions: 'discrete', exploration: { kind: 'epsilon-greedy', initial: 0 } },
    'nothing new will be tried',
  ],
  [
    'a final strength without annealing',
    { exploration: { initial: 0.3, final: 0.05 } },
    'exploration will not anneal: its final strength is 0.05, but it stays 0.3; give decay or episodes',
  ],
  [
    'annealing longer than the run',
    { exploration: { initial: 0.3, final: 0.05, episodes: 20_000 } },
    'exploration will not reach its final strength 0.05: it anneals over 20000 episodes, and there are 10000',
  ],
])('%s', (_, options, message) => {
  const warnings = warningsOf(options);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(message);
});

test('noise where agents only choose, and draw no choices themselves', () => {
  const training = prepareRun({
    ...small,
    algorithm: 'iql',
    actions: 'discrete',
    exploration: { kind: 'epsilon-greedy' },
  });
  for (const Noise of [GaussianNoise, OrnsteinUhlenbeckNoise]) {
    const exploration = new Noise({ generator: new Generator(1), initial: 0.3 });
    expect(trainingWarnings({ ...training, exploration })).toEqual([
      'nothing new will be tried: noise leaves choices alone, and the agents draw none themselves; explore with EpsilonGreedy',
    ]);
  }
});

test('one reward for teams that compete', () => {
  const warnings = warningsOf({
    algorithm: 'qmix',
    scenario: 'simple_tag',
    actions: 'discrete',
    exploration: { kind: 'epsilon-greedy' },
  });
  expect(warnings).toEqual([
    'little will be learned: the algorithm learns from the mean reward of all agents, and the teams adversaries and good compete; ' +
      'take one with a value for each agent, such as MADDPG or IQL',
  ]);
});

describe('ordinary trainings say nothing', () => {
  test.each(presetNames.flatMap((name) => scenarioNames.map((scenario) => [name, scenario] as const)))(
    'the preset %s on %s',
    (name, scenario) => {
      const { settings, ...run } = preset(name, scenario);
      const usable = name === 'openai2018' && run.env ? run : run;
      expect(warningsOf({ ...usable, settings: { ...settings, hidden: [4] } })).toEqual([]);
    },
  );

  test.each(algorithmNames)('%s with its defaults', (algorithm) => {
    const isBaseline = algorithm === 'iql' || algorithm === 'qmix';
    const choosing = { actions: 'discrete', exploration: { kind: 'epsilon-greedy' } } as const;
    expect(warningsOf({ algorithm, ...(isBaseline && choosing) })).toEqual([]);
  });

  test.each<RunOptions>([
    { nStep: 25 },
    { episodes: 44 },
    { exploration: { initial: 0.3, final: 0.05, episodes: 10_000 } },
    { exploration: { initial: 0.3, final: 0.05, decay: 0.99 } },
    { actions: 'discrete', exploration: { initial: 0 } },
    { replayCapacity: 1024 },
    { exploration: { initial: 0, randomEpisodes: 100 } },
    { episodes: 100, warmupSteps: 100, settings: { lrDecayEnd: 26 } }, // nothing decays
    { episodes: 100, warmupSteps: 100, settings: { lrDecay: 0.1, lrDecayEnd: 25 } },
    { algorithm: 'matd3', episodes: 52 },
  ])('%j', (options) => {
    expect(warningsOf(options)).toEqual([]);
  });
});

describe('train', () => {
  const training = (options: RunOptions = {}) =>
    prepareRun({ ...small, episodes: 2, warmupSteps: 1e6, ...options });

  test('warns before the first step, at once', () => {
    const onWarning = vi.fn();
    const reports = train({ ...training(), onWarning });
    expect(onWarning.mock.calls).toEqual([
      [expect.stringMatching(/^Warning: nothing will be learned in 50 steps .*\.$/)],
    ]);
    expect([...reports]).toHaveLength(2);
    expect(onWarning).toHaveBeenCalledTimes(1);
  });

  test('warns on the console, unless told otherwise', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    train(training());
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test('says at the end that nothing was learned, if it could not know the length of an episode', () => {
    const onWarning = vi.fn();
    const { episodeLength: _, ...unknown } = training();
    expect([...train({ ...unknown, onWarning })]).toHaveLength(2);
    expect(onWarning.mock.calls).toEqual([
      [
        'Warning: nothing was learned: there was no update in 50 steps, because the first update comes after step 1000000: ' +
          'warmupSteps is 1000000, and stepsPerUpdate is 100.',
      ],
    ]);
  });

  test.each<[string, object, RegExp]>([
    [
      'an unknown name',
      { batchsize: 32 },
      /^train: there is no option batchsize \(did you mean batchSize\?\)/,
    ],
    ['no environment', { env: undefined }, /^train: env is missing; give an environment/],
    ['an array as memory', { memory: [] }, /^train: memory is \[\]; give a replay memory/],
    ['a name as algorithm', { algorithm: 'maddpg' }, /^train: algorithm is "maddpg"; give an algorithm/],
    ['a number as exploration', { exploration: 0.1 }, /^train: exploration is 0.1; give an exploration/],
    [
      'endless episodes',
      { episodes: Number.POSITIVE_INFINITY },
      /^train: episodes is Infinity; give an integer/,
    ],
    ['a batch of text', { batchSize: '32' }, /^train: batchSize is "32"; give an integer of at least 1/],
  ])('%s is refused before it is iterated', (_, change, message) => {
    expect(() => train({ ...training(), ...change })).toThrow(message);
  });

  test('batch normalization of single rows is refused', () => {
    expect(() =>
      train(training({ batchSize: 1, settings: { hidden: [4], observationNorm: 'batch' } })),
    ).toThrow(
      "train: batchSize is 1, but observationNorm is 'batch', and one row has no variance; give a batchSize of at least 2",
    );
  });

  test('n-step returns with another discount than the algorithm are refused', () => {
    const run = training({ settings: { hidden: [4], gamma: 0.5 } });
    const memoryOf = (steps: number, gamma: number) =>
      new ReplayMemory(run.algorithm.specs, { nStep: { steps, gamma } });
    expect(() => train({ ...run, memory: memoryOf(3, 0.99) })).toThrow(
      'train: gamma is 0.99 in the n-step returns of the memory, and 0.5 in the algorithm; give both the same',
    );
    train({ ...run, memory: memoryOf(3, 0.5) });
    train({ ...run, memory: memoryOf(1, 1) }); // such a memory discounts nothing
  });

  test('a state with another seed is refused', () => {
    const state = train(training({ seed: 1 })).getState();
    train(training({ seed: 1 })).setState(state);
    expect(() => train(training({ seed: 2 })).setState(state)).toThrow(
      'train: the saved state is that of a training with another seed; go on with the seed that it began with',
    );
  });

  test('a network that diverges stops the training, with the names of agent and network', () => {
    const diverging: Training = prepareRun({
      ...small,
      episodes: 50,
      batchSize: 32,
      warmupSteps: 50,
      stepsPerUpdate: 5,
      settings: { hidden: [4], actorLr: 1e30, criticLr: 1e30, maxGradNorm: 1e30 },
    });
    expect(() => [...train(diverging)]).toThrow(
      /^(act: agent_\d's actor returned (NaN|-?Infinity)|agent_\d's (actor|critic): (the loss is (NaN|-?Infinity), so this step|clipGradNorm: the norm of the gradient is (NaN|Infinity)))/,
    );
  });

  test("an error of one's own clipping stays as it is", () => {
    const thrown = new TypeError('mine');
    class Clipping extends Maddpg {
      protected override clip(): number {
        throw thrown;
      }
    }
    const run = training({ batchSize: 8, warmupSteps: 25, stepsPerUpdate: 5 });
    const algorithm = new Clipping(run.algorithm.specs, { generator: new Generator(1) });
    expect(() => [...train({ ...run, algorithm })]).toThrow(thrown);
  });

  test('a reward that is not finite stops the training, and is not stored', () => {
    const run = training();
    const { env } = run;
    const step = env.step.bind(env);
    let steps = 0;
    env.step = (actions) => {
      const next = step(actions);
      steps += 1;
      return steps < 5 ? next : { ...next, rewards: { ...next.rewards, agent_1: Number.NaN } };
    };
    expect(() => [...train({ ...run, onWarning: () => {} })]).toThrow(
      "train: in step 5 of an episode, agent_1's reward is NaN; give a finite number",
    );
    expect(run.memory.size).toBe(4);
  });
});

test('an exploration of your own needs no annealing', () => {
  const run = prepareRun(small);
  const noise = new GaussianNoise({ generator: new Generator(1), initial: 0.2 });
  const exploration = { perturb: noise.perturb.bind(noise), strength: () => 0.2 };
  expect(trainingWarnings({ ...run, exploration })).toEqual([]);
});
