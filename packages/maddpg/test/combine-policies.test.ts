import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { combinePolicies, evaluate, makeRunEnv, type Policy, policyOf, prepareRun } from '../src/index.js';
import { smallConfig } from './short-run.js';

const tag = { ...smallConfig, scenario: 'simple_tag' } as const;
const options = { episodes: 3, seed: 1 };
const env = makeRunEnv(tag);
const policyOfSeed = (seed: number) => policyOf(prepareRun({ ...tag, seed }).algorithm);
const play = (policy: Policy) => evaluate(env, policy, options).returns;
const forAll = (policyFor: (agent: string) => Policy) =>
  combinePolicies(Object.fromEntries(env.possibleAgents.map((name) => [name, policyFor(name)])));

describe('combinePolicies', () => {
  test('of one policy for all agents is that policy', () => {
    const policy = policyOfSeed(1);
    expect(play(forAll(() => policy))).toEqual(play(policy));
  });

  test('each agent acts as its own policy', () => {
    const [first, second] = [policyOfSeed(1), policyOfSeed(2)];
    const { observations } = env.reset({ seed: 1 });
    const actions = forAll((name) => (name.startsWith('adversary') ? first : second))(observations);
    for (const name of env.possibleAgents) {
      const own = name.startsWith('adversary') ? first : second;
      expect(actions[name]).toEqual(own(observations)[name]);
    }
    expect(first(observations)).not.toEqual(second(observations));
  });

  test('each policy is asked once a step, and starts each episode once', () => {
    const calls: string[] = [];
    const logging = (label: string): Policy =>
      Object.assign(
        (() => {
          calls.push(label);
          return Object.fromEntries(env.possibleAgents.map((name) => [name, [0, 0]]));
        }) as Policy,
        { startEpisode: () => void calls.push(`start ${label}`) },
      );
    const [first, second] = [logging('first'), logging('second')];
    const policy = forAll((name) => (name.startsWith('adversary') ? first : second));
    policy.startEpisode!(new Generator(1));
    policy(env.reset({ seed: 1 }).observations);
    expect(calls).toEqual(['start first', 'start second', 'first', 'second']);
  });

  test('an agent that is not live gets no action', () => {
    const { observations } = env.reset({ seed: 1 });
    const policy = policyOfSeed(1);
    const { agent_0: _, ...others } = observations;
    expect(Object.keys(forAll(() => policy)(others))).toEqual(Object.keys(others));
  });

  test('an agent without a policy is an error that teaches', () => {
    const policy = combinePolicies({ agent_0: policyOfSeed(1) });
    expect(() => policy(env.reset({ seed: 1 }).observations)).toThrow(
      'combinePolicies: there is an observation for adversary_0, but policies for agent_0; give one for each agent',
    );
    expect(() => combinePolicies({})).toThrow('give one for each agent, by name');
  });

  test('what a policy returns is checked', () => {
    const policy = forAll(() => (() => undefined) as unknown as Policy);
    expect(() => policy(env.reset({ seed: 1 }).observations)).toThrow(
      'what the policy of adversary_0 returns is undefined',
    );
  });
});
