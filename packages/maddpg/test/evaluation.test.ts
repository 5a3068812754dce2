/** Evaluations in training: that they change nothing in it, and returns by team. */
import { createHash } from 'node:crypto';
import { makeEnv, scenarioNames } from '@paragrad/mpe';
import { Generator, referenceKernels, useKernels } from '@paragrad/tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  algorithmNames,
  combinePolicies,
  completeConfig,
  type Environment,
  type EvaluationOptions,
  evaluate,
  evaluateStepwise,
  loadTraining,
  makeRunEnv,
  metricsOf,
  type Policy,
  policyOf,
  prepareRun,
  type RunOptions,
  randomActions,
  saveTraining,
  type Trainer,
  teamsOf,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

const STEPS = 85;
const options: EvaluationOptions = { episodes: 2, seed: 3 };

/** A digest of each file of the training. */
function digests(trainer: Trainer): Record<string, string> {
  const digestOf = (file: string | Uint8Array) => createHash('sha1').update(file).digest('hex');
  return Object.fromEntries(
    Object.entries(saveTraining(trainer)).map(([name, file]) => [name, digestOf(file)]),
  );
}

function configOf(algorithm: AlgorithmName, more: RunOptions = {}): RunOptions {
  const choosing = algorithm === 'iql' || algorithm === 'qmix';
  return {
    ...smallConfig,
    ...(choosing && { actions: 'discrete', exploration: { kind: 'epsilon-greedy' } }),
    ...more,
    algorithm,
    settings: { hidden: [8], ...more.settings },
  };
}

describe('an evaluation between two episodes changes nothing in the training', () => {
  const cases: [AlgorithmName, RunOptions][] = [
    ...algorithmNames.map((name): [AlgorithmName, RunOptions] => [name, {}]),
    ['maddpg', { actions: 'discrete' }],
    ['maddpg', { settings: { observationNorm: 'running', rewardNorm: 'return' } }],
    ['maddpg', { settings: { observationNorm: 'batch' } }],
    ['maddpg', { exploration: { kind: 'ornstein-uhlenbeck' }, scenario: 'simple_crypto' }],
  ];
  test.each(cases)('%s %j', (name, more) => {
    const config = configOf(name, more);
    const undisturbed = train(prepareRun(config));
    for (let k = 0; k < STEPS; k++) undisturbed.step();

    let trainer = train(prepareRun(config));
    const env = makeRunEnv(completeConfig(config));
    const means: number[] = [];
    for (let k = 0; k < STEPS; k++) {
      const [report] = trainer.step();
      if (!report) continue;
      const { meanReturn } = evaluate(env, policyOf(trainer.training.algorithm), options);
      means.push(meanReturn);
      if (report.episode === 1) {
        trainer = loadTraining(saveTraining(trainer), prepareRun(config));
        const again = evaluate(env, policyOf(trainer.training.algorithm), options);
        expect(again.meanReturn).toBe(meanReturn);
      }
    }
    expect(means).toHaveLength(3);
    expect(digests(trainer)).toEqual(digests(undisturbed));
  });
});

test('evaluateStepwise plays the same, one step of the environment at a time', () => {
  const env = makeEnv('simple_tag', { maxCycles: 7 });
  const policy = () => randomActions(env, new Generator(1));
  const steps = evaluateStepwise(env, policy(), options);
  for (let k = 0; k < 14; k++) expect(steps.next().done).toBe(false);
  expect(steps.next()).toEqual({ done: true, value: evaluate(env, policy(), options) });
});

describe('many episodes at once', () => {
  // On the reference kernels a row's numbers do not depend on how many rows there are.
  const inUse = useKernels(referenceKernels);
  beforeAll(() => void useKernels(referenceKernels));
  afterAll(() => void useKernels(inUse));

  /** The policy without the method that acts in many episodes. */
  const oneByOne = ({ startEpisode, ...policy }: Policy, act: Policy): Policy =>
    Object.assign((observations: Parameters<Policy>[0]) => act(observations), policy, {
      startEpisode: startEpisode!,
      actInAll: undefined,
    }) as unknown as Policy;

  const games: [AlgorithmName, RunOptions][] = [
    ['maddpg', {}],
    ['maddpg', { scenario: 'simple_tag', env: { numAdversaries: 6, numGood: 1, terminateOnSuccess: true } }],
    ['ensemble-maddpg', { scenario: 'simple_world_comm', env: { maxCycles: 4 } }],
    ['communicating-maddpg', { scenario: 'simple_crypto', actions: 'discrete' }],
    ['qmix', { scenario: 'simple_reference', env: { maxCycles: 6 } }],
  ];

  test.each(games)('of %s %j are the same as one after the other', (name, more) => {
    const config = completeConfig(configOf(name, more));
    const policy = policyOf(prepareRun(config).algorithm);
    const play = (one: Policy) =>
      evaluate(makeRunEnv(config), one, { episodes: 70, seed: 5, metrics: metricsOf(config) });
    expect(play(policy)).toEqual(play(oneByOne(policy, policy)));
  });

  test('combined policies, too, and a step of all is one step of evaluateStepwise', () => {
    const config = completeConfig(configOf('maddpg', { scenario: 'simple_push' }));
    const [a, b] = [1, 2].map((seed) => policyOf(prepareRun({ ...config, seed }).algorithm));
    const combined = combinePolicies({ adversary_0: a, agent_0: b });
    const episodes = { episodes: 64, seed: 5 };
    const steps = evaluateStepwise(makeRunEnv(config), combined, episodes);
    for (let k = 0; k < 50; k++) expect(steps.next().done).toBe(false); // two rounds of 32 episodes of 25 steps
    const { value } = steps.next();
    expect(value).toEqual(evaluate(makeRunEnv(config), oneByOne(combined, combined), episodes));
  });

  test('in a list of environments, each episode has a seed of its own: how many there are changes nothing', () => {
    const config = completeConfig(configOf('maddpg', {}));
    const policy = policyOf(prepareRun(config).algorithm);
    const play = (count: number) =>
      evaluate(
        Array.from({ length: count }, () => makeRunEnv(config)),
        policy,
        { episodes: 7, seed: 5 },
      );
    for (const count of [2, 3, 9]) expect(play(count)).toEqual(play(1));
    expect(play(2)).not.toEqual(evaluate(makeRunEnv(config), policy, { episodes: 7, seed: 5 }));
    expect(() => evaluate([], policy, options)).toThrow(/^evaluate: env is \[\]; give an environment/);
  });

  test('environments side by side begin the episodes that one would', () => {
    const env = makeEnv('simple_tag', { curriculum: true });
    env.curriculumStage = 1;
    const alone = makeEnv('simple_tag', { curriculum: true });
    alone.curriculumStage = 1;
    const three = env.sideBySide(3);
    expect(three[0]).toBe(env);
    alone.reset({ seed: 4 });
    three[2].reset({ seed: 4 });
    for (const k of [0, 1, 1, 2, 0]) expect(three[k].reset()).toEqual(alone.reset());
    expect(three.map(({ curriculumStage }) => curriculumStage)).toEqual([1, 1, 1]);
  });
});

describe('teams', () => {
  test('scenarios with adversaries have two', () => {
    const teams = Object.fromEntries(scenarioNames.map((name) => [name, teamsOf(makeEnv(name))]));
    const withTeams = Object.entries(teams).filter(([, { adversaries }]) => adversaries);
    expect(Object.fromEntries(withTeams)).toEqual({
      simple_adversary: { adversaries: ['adversary_0'], good: ['agent_0', 'agent_1'] },
      simple_crypto: { adversaries: ['eve_0'], good: ['bob_0', 'alice_0'] },
      simple_push: { adversaries: ['adversary_0'], good: ['agent_0'] },
      simple_tag: { adversaries: ['adversary_0', 'adversary_1', 'adversary_2'], good: ['agent_0'] },
      simple_world_comm: {
        adversaries: ['leadadversary_0', 'adversary_0', 'adversary_1', 'adversary_2'],
        good: ['agent_0', 'agent_1'],
      },
    });
    for (const name of ['simple', 'simple_spread', 'simple_reference', 'simple_speaker_listener'] as const)
      expect(teams[name]).toEqual({});
  });

  test('an environment without `team` has none, and a team without a name is an error', () => {
    const env = makeEnv('simple_tag');
    const withTeam = (team: unknown) =>
      new Proxy<Environment>(env, {
        get: (target, name) => (name === 'team' ? team : Reflect.get(target, name)),
      });
    expect(teamsOf(withTeam(undefined))).toEqual({});
    expect(teamsOf(withTeam(() => 'all'))).toEqual({});
    expect(() => teamsOf(withTeam(() => 1))).toThrow(
      "teamsOf: adversary_0's team is 1; return the team's name",
    );
  });

  test('training and evaluation report the mean return of each', () => {
    const config = completeConfig({ ...smallConfig, scenario: 'simple_world_comm', episodes: 1 });
    const [{ returns, teamReturns }] = train(prepareRun(config));
    const mean = (names: readonly string[], of: Readonly<Record<string, number>>) =>
      names.reduce((sum, name) => sum + of[name], 0) / names.length;
    const env = makeRunEnv(config);
    const { adversaries, good } = teamsOf(env);
    expect(teamReturns).toEqual({ adversaries: mean(adversaries, returns), good: mean(good, returns) });

    const one = evaluate(env, randomActions(env, new Generator(1)), { episodes: 1, seed: 1 });
    const two = evaluate(env, randomActions(env, new Generator(1)), { episodes: 2, seed: 1 });
    for (const [team, agents] of Object.entries({ adversaries, good })) {
      const [first, both] = [one.teams![team], two.teams![team]];
      expect(first).toEqual({ meanReturn: expect.closeTo(mean(agents, one.returns), 9), standardError: 0 });
      expect(both.meanReturn).toBeCloseTo(mean(agents, two.returns), 9);
      // Of two numbers a and b, the standard error is |a - b| / 2.
      expect(both.standardError).toBeCloseTo(Math.abs(first.meanReturn - both.meanReturn), 9);
    }
  });

  test('with one team, nothing is reported by team', () => {
    const config = completeConfig({ ...smallConfig, episodes: 1 });
    const [report] = train(prepareRun(config));
    const env = makeRunEnv(config);
    expect(report).not.toHaveProperty('teamReturns');
    expect(evaluate(env, randomActions(env, new Generator(1)), options)).not.toHaveProperty('teams');
  });
});
