/** Evaluations in training: that they change nothing in it, and returns by team. */
import { createHash } from 'node:crypto';
import { makeEnv, scenarioNames } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  algorithmNames,
  completeConfig,
  type Environment,
  type EvaluationOptions,
  evaluate,
  evaluateStepwise,
  loadTraining,
  makeRunEnv,
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
