import { describe, expect, it } from 'vitest';
import { makeEnv, scenarioNames } from '../src/index.js';

const commonParams = 'maxCycles, actionMode, physics, benchmarkData, dynamicRescaling';

describe('makeEnv', () => {
  it('makes every scenario with the agents of the reference', () => {
    const agents = Object.fromEntries(scenarioNames.map((name) => [name, makeEnv(name).possibleAgents]));
    expect(agents).toEqual({
      simple: ['agent_0'],
      simple_adversary: ['adversary_0', 'agent_0', 'agent_1'],
      simple_crypto: ['eve_0', 'bob_0', 'alice_0'],
      simple_push: ['adversary_0', 'agent_0'],
      simple_reference: ['agent_0', 'agent_1'],
      simple_speaker_listener: ['speaker_0', 'listener_0'],
      simple_spread: ['agent_0', 'agent_1', 'agent_2'],
      simple_tag: ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'],
      simple_world_comm: [
        'leadadversary_0',
        'adversary_0',
        'adversary_1',
        'adversary_2',
        'agent_0',
        'agent_1',
      ],
    });
  });

  it('makes environments that share nothing', () => {
    const [a, b] = [makeEnv('simple_spread'), makeEnv('simple_spread')];
    a.reset({ seed: 1 });
    b.reset({ seed: 2 });
    const before = b.getState();
    a.step({ agent_0: 1, agent_1: 1, agent_2: 1 });
    expect(b.getState()).toEqual(before);
  });

  it('takes the default for an undefined parameter', () => {
    expect(makeEnv('simple_spread', { N: undefined } as object).possibleAgents).toHaveLength(3);
  });

  it.each<[string, () => unknown]>([
    [
      ': there is no scenario simple_sprawl (did you mean simple_spread?); the scenarios are simple, simple_adversary, simple_crypto, simple_push, simple_reference, simple_speaker_listener, simple_spread, simple_tag, simple_world_comm',
      () => makeEnv('simple_sprawl' as 'simple_spread'),
    ],
    [': there is no scenario toString;', () => makeEnv('toString' as 'simple_spread')],
    [
      `('simple_adversary'): there is no option localRatio; the options are N, numAgentNeighbors, numLandmarkNeighbors, ${commonParams}`,
      () => makeEnv('simple_adversary', { localRatio: 1 } as object),
    ],
    [
      "('simple_adversary'): there is no option toString;",
      () => makeEnv('simple_adversary', { toString: 1 } as object),
    ],
    [
      "('simple_spread'): N is 1000000000; give an integer from 1 to 10000",
      () => makeEnv('simple_spread', { N: 1e9 }),
    ],
    [
      ': 10000 agents and 10000 landmarks are 200000000 pairs in each step; give a smaller world',
      () => makeEnv('simple_spread', { N: 10_000 }),
    ],
    ["('simple_spread'): N is 0; give an integer from 1 to 10000", () => makeEnv('simple_spread', { N: 0 })],
    [
      `('simple_spread'): N is "3"; give an integer from 1 to 10000`,
      () => makeEnv('simple_spread', { N: '3' } as object),
    ],
    [
      "('simple_spread'): localRatio is 1.5; give a number from 0 to 1",
      () => makeEnv('simple_spread', { localRatio: 1.5 }),
    ],
    [
      "('simple_spread'): localRatio is 0.5, but physics 'openai' does not use it (docs/physics.md); leave it out",
      () => makeEnv('simple_spread', { physics: 'openai', localRatio: 0.5 }),
    ],
    [
      "('simple_tag'): numObstacles is -1; give an integer from 0 to 10000",
      () => makeEnv('simple_tag', { numObstacles: -1 }),
    ],
    [
      "('simple_tag'): numAgentNeighbors is 0.5; give null (all) or an integer from 0 to 1,000,000",
      () => makeEnv('simple_tag', { numAgentNeighbors: 0.5 }),
    ],
    [
      `('simple_tag'): actionMode is "analog"; give one of discrete, continuous, force`,
      () => makeEnv('simple_tag', { actionMode: 'analog' } as object),
    ],
    [
      "('simple_tag'): curriculum is 1; give true or false",
      () => makeEnv('simple_tag', { curriculum: 1 } as object),
    ],
    [
      "('simple_tag'): maxCycles is NaN; give an integer of at least 1",
      () => makeEnv('simple_tag', { maxCycles: Number.NaN }),
    ],
  ])('rejects unknown names and wrong values: makeEnv%s', (message, make) => {
    expect(make).toThrow(`makeEnv${message}`);
  });

  it.each<[string, () => unknown, string]>([
    [
      'a missing scenario',
      () => makeEnv(undefined as never),
      `makeEnv: the scenario is undefined; give one of ${scenarioNames.join(', ')}, or what defineScenario returns`,
    ],
    [
      'an object that is not a scenario',
      () => makeEnv({} as never),
      'makeEnv: the scenario is {}; give one of',
    ],
    [
      'parameters that are not an object',
      () => makeEnv('simple', null as never),
      "makeEnv('simple'): null stands where the options do",
    ],
  ])('rejects %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('has types that reject them as well', () => {
    // @ts-expect-error a parameter of another scenario
    expect(() => makeEnv('simple_adversary', { localRatio: 1 })).toThrow();
    // @ts-expect-error a value of another type
    expect(() => makeEnv('simple_spread', { N: '3' })).toThrow();
    // @ts-expect-error an unknown action mode
    expect(() => makeEnv('simple_tag', { actionMode: 'analog' })).toThrow();
  });
});
