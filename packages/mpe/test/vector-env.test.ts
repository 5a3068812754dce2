import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Action,
  actionModes,
  type EnvParams,
  makeEnv,
  makeVectorEnv,
  physicsNames,
  type ScenarioName,
  SeededRandom,
  scenarioNames,
} from '../src/index.js';
import { sampleActions } from './helpers/episodes.js';

type Params = EnvParams<ScenarioName>;

/** Steps a VectorEnv and single environments with the same seeds and actions, and compares every number. */
function compare(name: ScenarioName, params: Params, copies: number, seed: number, steps: number): void {
  const vector = makeVectorEnv(name, copies, params);
  const singles = Array.from({ length: copies }, () => makeEnv(name, params));
  const random = new SeededRandom(seed);
  const agents = vector.possibleAgents;
  const joined = (observations: Record<string, Float64Array>) =>
    agents.flatMap((agent) => [...observations[agent]]);

  const starts = singles.flatMap((env, i) => joined(env.reset({ seed: seed + i }).observations));
  expect(vector.reset({ seed })).toEqual(Float32Array.from(starts));

  for (let t = 0; t < steps; t++) {
    const actions = singles.map((env) => sampleActions(env, random));
    const flat = actions.flatMap((perAgent) => agents.flatMap((agent) => numbers(perAgent[agent])));
    const got = vector.step(Float32Array.from(flat));
    singles.forEach((env, copy) => {
      const rounded = agents.map((agent) => [agent, asFloat32(actions[copy][agent])]);
      const expected = env.step(Object.fromEntries(rounded));
      const over = env.agents.length === 0;
      const row = (array: Float32Array) =>
        array.slice(copy * vector.stateSize, (copy + 1) * vector.stateSize);
      const state = Float32Array.from(joined(expected.observations));
      if (over) expect(row(got.finalObservations)).toEqual(state);
      const next = over ? Float32Array.from(joined(env.reset().observations)) : state;
      expect(row(got.observations)).toEqual(next);
      const rewards = got.rewards.slice(copy * agents.length, (copy + 1) * agents.length);
      expect(rewards).toEqual(Float32Array.from(agents, (agent) => expected.rewards[agent]));
      expect(got.terminations[copy]).toBe(expected.terminations[agents[0]] ? 1 : 0);
      expect(got.truncations[copy]).toBe(expected.truncations[agents[0]] ? 1 : 0);
    });
  }
}

function numbers(action: Action): number[] {
  return typeof action === 'number' ? [action] : Array.from(action);
}

function asFloat32(action: Action): Action {
  return typeof action === 'number' ? action : Float32Array.from(action);
}

describe.each(scenarioNames)('%s', (name) => {
  it('is equal to single environments bit for bit, also after the ends of episodes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...actionModes),
        fc.constantFrom(...physicsNames),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(),
        (actionMode, physics, maxCycles, copies, seed) => {
          compare(name, { actionMode, physics, maxCycles }, copies, seed, 13);
        },
      ),
      { numRuns: 20 },
    );
  });
});

it.each<[ScenarioName, Params]>([
  ['simple_spread', { N: 1, terminateOnSuccess: true }],
  ['simple_spread', { N: 4, numAgentNeighbors: 2, numLandmarkNeighbors: 1 }],
  ['simple_tag', { numGood: 1, numAdversaries: 6, terminateOnSuccess: true }],
  ['simple_tag', { curriculum: true }],
])('%s is also equal with %j', (name, params) => {
  compare(name, params, 5, 1, 60);
});

it('has one stage of the curriculum for all copies', () => {
  const env = makeVectorEnv('simple_tag', 2, { curriculum: true });
  env.curriculumStage = 2;
  expect(env.curriculumStage).toBe(2);
  expect(() => {
    env.curriculumStage = 3;
  }).toThrow('curriculumStage: 3 is not a stage of simple_tag; its stages are 0 to 2');
});

it('has the sizes of its rows', () => {
  const env = makeVectorEnv('simple_speaker_listener', 4, { actionMode: 'continuous' });
  expect(env).toMatchObject({
    name: 'simple_speaker_listener',
    copies: 4,
    possibleAgents: ['speaker_0', 'listener_0'],
    observationSizes: [3, 11],
    stateSize: 14,
    actionSizes: [3, 5],
    actionSize: 8,
  });
  expect(String(env.actionSpace('listener_0'))).toBe('Box(0, 1, [5])');
  expect(env.observationSpace('speaker_0').shape).toEqual([3]);
  expect(() => env.actionSpace('bob_0')).toThrow(
    'actionSpace: there is no agent "bob_0"; the agents are speaker_0, listener_0',
  );
});

it('reuses its arrays', () => {
  const env = makeVectorEnv('simple', 2);
  const start = env.reset({ seed: 1 });
  const first = env.step([1, 2]);
  expect(first.observations).toBe(start);
  expect(env.step([1, 2])).toBe(first);
});

it('continues its random numbers when reset without a seed, and starts with seed 0', () => {
  const [env, seeded] = [makeVectorEnv('simple', 2), makeVectorEnv('simple', 2)];
  expect(env.reset()).toEqual(seeded.reset({ seed: 0 }));
  const first = env.reset().slice();
  expect(first).not.toEqual(seeded.reset({ seed: 0 }));
  expect(first).toEqual(seeded.reset());
});

describe('errors', () => {
  it.each<[string, () => unknown, string]>([
    ['no copies', () => makeVectorEnv('simple', 0), 'makeVectorEnv: copies is 0; give an integer from 1 to'],
    [
      'an unknown scenario',
      () => makeVectorEnv('simpel' as 'simple', 2),
      'makeVectorEnv: there is no scenario simpel (did you mean simple?)',
    ],
    [
      'benchmark data',
      () => makeVectorEnv('simple', 2, { benchmarkData: true }),
      "makeVectorEnv('simple'): benchmarkData is true, but a VectorEnv has no infos to report it in; use makeEnv",
    ],
    [
      'a step before reset',
      () => makeVectorEnv('simple', 2).step([0, 0]),
      'step: no episode has been started',
    ],
    [
      'parameters in place of the number of copies',
      () => makeVectorEnv('simple_spread', { N: 3 } as never),
      'makeVectorEnv: copies is { N: 3 }; give an integer from 1 to 1,000,000, then the parameters',
    ],
    [
      'a record of actions',
      () => {
        const env = makeVectorEnv('simple', 2);
        env.reset();
        env.step({ agent_0: 1 } as never);
      },
      'step: the actions are { agent_0: 1 }; give a flat array of 2 numbers, [2, 1]',
    ],
    [
      'a bare seed',
      () => makeVectorEnv('simple', 2).reset(42 as never),
      'reset: 42 stands where the options do; give an object such as { seed: 42 }',
    ],
    [
      'a further argument',
      () => makeVectorEnv('simple', 2).reset({}, ...([{ seed: 1 }] as unknown as [])),
      'reset: there is a further argument, { seed: 1 }; give at most 1 argument',
    ],
    [
      'a further argument of one environment',
      () => makeEnv('simple').reset({ seed: 1 }, ...([{}] as unknown as [])),
      'reset: there is a further argument, {}; give at most 1 argument',
    ],
    ['a bad seed', () => makeVectorEnv('simple', 2).reset({ seed: -1 }), 'reset: seed is -1'],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  it.each<[number[], string]>([
    [[0, 0, 0], 'step: the actions are 3 numbers; give a flat array of 4 numbers, [2, 2]'],
    [[0, 0, 0, 5], 'step: the action of agent_0 in copy 1 is 5; its space is Discrete(5)'],
    [[0, Number.NaN, 0, 0], 'step: the action of agent_0 in copy 0 is NaN; its space is Discrete(5)'],
  ])('wrong actions %j, which change nothing', (actions, message) => {
    const env = makeVectorEnv('simple_push', 2);
    env.reset({ seed: 1 });
    const same = makeVectorEnv('simple_push', 2);
    same.reset({ seed: 1 });
    expect(() => env.step(actions)).toThrow(message);
    expect(env.step([1, 2, 3, 4])).toEqual(same.step([1, 2, 3, 4]));
  });

  it('a weight that is not a number', () => {
    const env = makeVectorEnv('simple', 1, { actionMode: 'force' });
    env.reset();
    expect(() => env.step([0, Number.NaN])).toThrow(
      'step: the action of agent_0 in copy 0 is [0, NaN]; its space is Box(-1, 1, [2])',
    );
  });
});

it('without autoReset, a copy stands still at its end until it is started again', () => {
  const vector = makeVectorEnv('simple_tag', 3, { maxCycles: 4, actionMode: 'force' });
  vector.autoReset = false;
  const starts = vector.reset({ seed: 1 }).slice();
  const actions = Float64Array.from({ length: 3 * vector.actionSize }, (_, k) => Math.sin(k));
  for (let t = 0; t < 3; t++) expect([...vector.step(actions).truncations]).toEqual([0, 0, 0]);
  const last = vector.step(actions);
  expect([...last.truncations]).toEqual([1, 1, 1]);
  const observed = last.observations.slice();
  expect(observed).toEqual(last.finalObservations);

  const row = (array: Float32Array, copy: number) =>
    array.slice(copy * vector.stateSize, (copy + 1) * vector.stateSize);
  vector.reset({ copy: 1, seed: 2 }); // copy 1 had seed 1 + 1
  expect(row(last.observations, 1)).toEqual(row(starts, 1));
  actions.fill(Number.NaN, 0, vector.actionSize); // those of a copy that stands still do not count
  const next = vector.step(actions);
  expect(row(next.observations, 0)).toEqual(row(observed, 0));
  expect(row(next.observations, 1)).not.toEqual(row(starts, 1));
  expect([...next.rewards.slice(0, 4), ...next.truncations]).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

it.each(scenarioNames)(
  '%s: the state of a copy is that of a single environment, and goes on in another',
  (name) => {
    const params = { maxCycles: 9 };
    const [first, second] = [1, 2].map(() => makeVectorEnv(name, 2, params));
    const single = makeEnv(name, params);
    const random = new SeededRandom(3);
    first.reset({ seed: 6 });
    single.reset({ seed: 7 });
    second.reset({ seed: 40 });
    const flat = (actions: Record<string, Action>) =>
      first.possibleAgents.flatMap((agent) => numbers(actions[agent]));
    for (let t = 0; t < 5; t++) {
      const actions = sampleActions(single, random);
      first.step([...flat(actions), ...flat(actions)]);
      single.step(actions);
    }
    expect(first.getState(1)).toEqual(single.getState());
    second.setState(0, first.getState(1));
    for (let t = 5; t < 9; t++) {
      const actions = sampleActions(single, random);
      const [a, b] = [first, second].map((env) => env.step([...flat(actions), ...flat(actions)]));
      expect(b.rewards.slice(0, single.possibleAgents.length)).toEqual(
        a.rewards.slice(single.possibleAgents.length),
      );
      expect(b.truncations[0]).toBe(a.truncations[1]);
      single.step(actions);
    }
    expect(() => first.getState(2)).toThrow('getState: copy is 2; give the index of a copy, from 0 to 1');
  },
);
