import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ActionError,
  actionModes,
  type Box,
  makeEnv,
  physicsNames,
  type RGB,
  SeededRandom,
  scenarioNames,
  type WorldState,
} from '../src/index.js';
import { parallelApiTest } from '../src/testing/index.js';
import { midEpisode, playEpisode, sampleActions } from './helpers/episodes.js';

const noActions = { agent_0: 0, agent_1: 0, agent_2: 0 };

describe.each(scenarioNames)('%s', (name) => {
  describe.each(physicsNames)("%s's physics", (physics) => {
    it.each(actionModes)('passes parallelApiTest with %s actions', (actionMode) => {
      parallelApiTest(makeEnv(name, { actionMode, physics }));
    });
  });

  it('has the joined observations as its state, and returns empty records after the end', () => {
    const env = makeEnv(name);
    const random = new SeededRandom(1);
    const nothing = { observations: {}, rewards: {}, terminations: {}, truncations: {}, infos: {} };
    let { observations } = env.reset({ seed: 1 });
    expect(Object.keys(observations)).toEqual(env.possibleAgents);
    while (env.agents.length > 0) {
      const joined = env.possibleAgents.flatMap((agent) => [...observations[agent]]);
      expect([...env.state()]).toEqual(joined);
      ({ observations } = env.step(sampleActions(env, random)));
    }
    expect(env.step({})).toEqual(nothing);
  });

  it('plays the same episode for the same seed, bit for bit', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        expect(playEpisode(makeEnv(name), seed)).toEqual(playEpisode(makeEnv(name), seed));
      }),
      { numRuns: 20 },
    );
  });

  it('plays different episodes for different seeds', () => {
    expect(playEpisode(makeEnv(name), 1)).not.toEqual(playEpisode(makeEnv(name), 2));
  });

  it('continues its random numbers when reset without a seed', () => {
    const [env, same] = [makeEnv(name), makeEnv(name)];
    const first = env.reset().observations;
    const second = env.reset().observations;
    expect(second).not.toEqual(first);
    expect(same.reset({ seed: 0 }).observations).toEqual(first);
    expect(same.reset().observations).toEqual(second);
  });

  it('starts an episode that depends on the seed only, not on the world before', () => {
    const env = midEpisode(name);
    const state = env.getState();
    for (const agent of state.agents)
      Object.assign(agent, { size: 0.5, mass: 9, max_speed: 0.1, collide: false });
    for (const landmark of state.landmarks) landmark.color = landmark.color.map(() => 1) as unknown as RGB;
    env.setState(state);
    env.reset({ seed: 3 });
    const fresh = makeEnv(name);
    fresh.reset({ seed: 3 });
    expect(env.getState()).toEqual(fresh.getState());
  });

  it('restores a state of a running episode exactly, from JSON and in another environment', () => {
    const env = midEpisode(name, 10);
    const state = JSON.parse(JSON.stringify(env.getState())) as WorldState;
    const other = makeEnv(name);
    other.setState(state);
    expect(other.getState()).toEqual(env.getState());
    const random = new SeededRandom(5);
    while (env.agents.length > 0) {
      const actions = sampleActions(env, random);
      expect(other.step(actions)).toEqual(env.step(actions));
    }
    expect(other.agents).toEqual([]);
  });

  it('does the same with a force as with the equal continuous action', () => {
    const component = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    const forces = makeEnv(name, { actionMode: 'force' });
    const continuous = makeEnv(name, { actionMode: 'continuous' });
    const agents = forces.possibleAgents;
    const sizes = agents.map((agent) => (forces.actionSpace(agent) as Box).shape[0]);
    const moves = agents.map((agent, i) => (continuous.actionSpace(agent) as Box).shape[0] > sizes[i]);
    const step = fc.tuple(...sizes.map((n) => fc.array(component, { minLength: n, maxLength: n })));
    fc.assert(
      fc.property(fc.nat(), fc.array(step, { minLength: 1, maxLength: 3 }), (seed, steps) => {
        forces.reset({ seed });
        continuous.reset({ seed });
        for (const drawn of steps) {
          const byForce = agents.map((agent, i) => [agent, drawn[i]]);
          const byWeights = agents.map((agent, i) => {
            const words = (values: number[]) => values.map((v) => (Math.min(Math.max(v, -1), 1) + 1) / 2);
            const [x, y, ...rest] = drawn[i];
            if (!moves[i]) return [agent, words(drawn[i])];
            const weights = [0.7, Math.max(-x, 0), Math.max(x, 0), Math.max(-y, 0), Math.max(y, 0)];
            return [agent, [...weights, ...words(rest)]];
          });
          const got = forces.step(Object.fromEntries(byForce));
          const expected = continuous.step(Object.fromEntries(byWeights));
          expect(JSON.stringify(got)).toBe(JSON.stringify(expected));
        }
      }),
    );
  });

  it('reports the benchmark only with benchmarkData, which changes nothing else', () => {
    const [plain, reporting] = [makeEnv(name), makeEnv(name, { benchmarkData: true })];
    const random = new SeededRandom(1);
    expect(reporting.reset({ seed: 1 })).toEqual(plain.reset({ seed: 1 }));
    const actions = sampleActions(plain, random);
    const { infos, ...rest } = reporting.step(actions);
    const { infos: none, ...expected } = plain.step(actions);
    expect(rest).toEqual(expected);
    for (const agent of plain.possibleAgents) {
      expect(none[agent]).toEqual({});
      expect(infos[agent]).toHaveProperty('benchmarkData');
    }
  });

  it('never changes what it has returned', () => {
    const env = midEpisode(name);
    const random = new SeededRandom(2);
    const result = env.step(sampleActions(env, random));
    const state = env.getState();
    const joined = env.state();
    const before = structuredClone({ result, state, joined });
    playEpisode(env, 8);
    expect({ result, state, joined }).toEqual(before);
    expect(env.step({}).observations).toEqual({});
  });
});

describe('the end of an episode', () => {
  it('is truncation, not termination, at maxCycles', () => {
    const env = makeEnv('simple_spread', { maxCycles: 3 });
    env.reset({ seed: 1 });
    for (let t = 1; t <= 3; t++) {
      const { terminations, truncations } = env.step(noActions);
      expect(truncations).toEqual({ agent_0: t === 3, agent_1: t === 3, agent_2: t === 3 });
      expect(terminations).toEqual({ agent_0: false, agent_1: false, agent_2: false });
    }
    expect(env.agents).toEqual([]);
  });

  it('is termination when the task is done, if terminateOnSuccess is true; at the time limit it is truncation', () => {
    const flags = (terminateOnSuccess: boolean, maxCycles: number) => {
      const env = makeEnv('simple_spread', { terminateOnSuccess, maxCycles });
      env.reset({ seed: 1 });
      const state = env.getState();
      state.agents.forEach((agent, i) => {
        const x = i - 1;
        agent.pos = [x, 0];
        if (state.landmarks[i]) state.landmarks[i].pos = [x, 0.09];
      });
      env.setState(state);
      const { terminations, truncations } = env.step(noActions);
      return {
        terminated: terminations.agent_0,
        truncated: truncations.agent_0,
        live: env.agents.length,
      };
    };
    expect(flags(true, 25)).toEqual({ terminated: true, truncated: false, live: 0 });
    expect(flags(false, 25)).toEqual({ terminated: false, truncated: false, live: 3 });
    expect(flags(true, 1)).toEqual({ terminated: false, truncated: true, live: 0 });
  });

  it('is undone by reset and by setState', () => {
    const env = makeEnv('simple_spread', { maxCycles: 1 });
    env.reset();
    const start = env.getState();
    env.step(noActions);
    expect(env.agents).toEqual([]);
    env.setState(start);
    expect(env.agents).toEqual(env.possibleAgents);
    env.step(noActions);
    env.reset();
    expect(env.agents).toEqual(env.possibleAgents);
  });
});

describe('the curriculum', () => {
  it("scales the prey's speed at reset in simple_tag", () => {
    const env = makeEnv('simple_tag', { curriculum: true });
    const limits = [0, 1, 2].map((stage) => {
      env.curriculumStage = stage;
      env.reset();
      const prey = env.getState().agents.at(-1);
      return [prey?.max_speed, prey?.accel];
    });
    expect(env.getState().curriculum_stage).toBe(2);
    expect(limits).toEqual([
      [0.65, 2],
      [1.3 * 0.75, 3],
      [1.3, 4],
    ]);
  });

  it('is null without one, and cannot be set', () => {
    const env = makeEnv('simple_spread');
    expect(env.curriculumStage).toBeNull();
    expect(() => {
      env.curriculumStage = 1;
    }).toThrow(
      'curriculumStage: simple_spread was made without a curriculum; make it with { curriculum: true } if its scenario has one',
    );
  });

  it('rejects an unknown stage', () => {
    const env = makeEnv('simple_spread', { curriculum: true });
    expect(() => {
      env.curriculumStage = 2;
    }).toThrow('curriculumStage: 2 is not a stage of simple_spread; its stages are 0 to 1');
  });
});

describe("PettingZoo's numAgents, maxNumAgents, metadata and close", () => {
  it('count the live and the possible agents', () => {
    const env = makeEnv('simple_tag', { maxCycles: 1 });
    const counts = () => [env.numAgents, env.maxNumAgents];
    expect(counts()).toEqual([0, 4]);
    env.reset();
    expect(counts()).toEqual([4, 4]);
    env.step({ adversary_0: 0, adversary_1: 0, adversary_2: 0, agent_0: 0 });
    expect(counts()).toEqual([0, 4]);
  });

  it('name each scenario and its version as the reference does', () => {
    expect(scenarioNames.map((name) => makeEnv(name).metadata.name)).toEqual([
      'simple_v3',
      'simple_adversary_v3',
      'simple_crypto_v3',
      'simple_push_v3',
      'simple_reference_v3',
      'simple_speaker_listener_v4',
      'simple_spread_v3',
      'simple_tag_v3',
      'simple_world_comm_v3',
    ]);
  });

  it("give no version to OpenAI's physics, which the version does not describe", () => {
    expect(makeEnv('simple_spread', { physics: 'openai' }).metadata.name).toBe('simple_spread');
  });

  it('say how the environment renders', () => {
    expect(makeEnv('simple').metadata).toEqual({
      name: 'simple_v3',
      renderModes: ['rgba_array'],
      renderFps: 10,
      isParallelizable: true,
    });
  });

  it('close an environment without any effect, as often as it is called', () => {
    const [env, other] = [midEpisode('simple_spread'), midEpisode('simple_spread')];
    env.close();
    env.close();
    expect(env.step(noActions)).toEqual(other.step(noActions));
    expect(env.agents).toEqual(env.possibleAgents);
  });
});

describe('errors', () => {
  it.each([
    ['step', (env: ReturnType<typeof makeEnv>) => env.step(noActions)],
    ['state', (env: ReturnType<typeof makeEnv>) => env.state()],
    ['getState', (env: ReturnType<typeof makeEnv>) => env.getState()],
    ['scene', (env: ReturnType<typeof makeEnv>) => env.scene()],
    ['render', (env: ReturnType<typeof makeEnv>) => env.render()],
  ])('%s before the first reset', (op, call) => {
    expect(() => call(makeEnv('simple_spread'))).toThrow(
      `${op}: no episode has been started; call reset() first`,
    );
  });

  it('for an unknown agent', () => {
    const env = makeEnv('simple_spread');
    const rest = 'there is no agent "agent_3"; the agents are agent_0, agent_1, agent_2';
    expect(() => env.observationSpace('agent_3')).toThrow(`observationSpace: ${rest}`);
    expect(() => env.actionSpace('agent_3')).toThrow(`actionSpace: ${rest}`);
    env.reset();
    expect(() => env.step({ ...noActions, agent_3: 0 })).toThrow(`step: ${rest}`);
  });

  it('for a seed that is not a natural number', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => makeEnv('simple_spread').reset({ seed })).toThrow(
        `reset: seed is ${seed}; give an integer from 0 to 2^53 - 1`,
      );
    }
  });

  it('for a bare seed, which reset would ignore', () => {
    const env = makeEnv('simple_spread');
    expect(() => env.reset(42 as never)).toThrow(
      'reset: 42 stands where the options do; give an object such as { seed: 42 }',
    );
    expect(() => env.reset(null as never)).toThrow('reset: null stands where the options do');
  });

  it('for missing actions', () => {
    const env = midEpisode('simple_spread');
    expect(() => env.step(undefined as never)).toThrow(
      'step: the actions are undefined; give a record with one action for each of agent_0, agent_1, agent_2',
    );
  });

  it.each<[string, unknown, string]>([
    ['[1, 2, 3]', [1, 2, 3], '{ agent_0: 1, agent_1: 2, agent_2: 3 }'],
    ['[1]', [1], '{ agent_0: 1, agent_1: ..., agent_2: ... }'],
    [
      '[[1, 2], [3, 4], [5, 6]]',
      [[1, 2], [3, 4], [5, 6]], // biome-ignore format: a matrix
      '{ agent_0: [1, 2], agent_1: [3, 4], agent_2: [5, 6] }',
    ],
    ['Int8Array [1, 2, 3]', Int8Array.of(1, 2, 3), '{ agent_0: 1, agent_1: 2, agent_2: 3 }'],
    ['a Map', new Map([['agent_0', 1]]), '{ agent_0: ..., agent_1: ..., agent_2: ... }'],
  ])('for actions without names: %s', (inWords, actions, example) => {
    const env = midEpisode('simple_spread');
    expect(() => env.step(actions as never)).toThrow(ActionError);
    expect(() => env.step(actions as never)).toThrow(
      `step: the actions are ${inWords}; give a record with one action for each of agent_0, agent_1, agent_2, such as ${example}`,
    );
  });

  it('for actions without names of many agents, whose example is short', () => {
    const env = makeEnv('simple_spread', { N: 5 });
    env.reset({ seed: 1 });
    expect(() => env.step([0, 0, 0, 0, 0] as never)).toThrow('{ agent_0: 0, agent_1: 0, agent_2: 0, ... }');
  });

  it('for wrong actions, which leave the world as it was', () => {
    const env = midEpisode('simple_spread');
    const before = env.getState();
    expect(() => env.step({ agent_0: 1, agent_1: 1 })).toThrow(
      'step: there is no action for agent_2; its space is Discrete(5); give one for each of agent_0, agent_1, agent_2',
    );
    expect(() => env.step({ ...noActions, agent_2: 5 })).toThrow('step: the action of agent_2 is 5;');
    expect(() => env.step({ ...noActions, agent_2: [0] })).toThrow(
      'step: the action of agent_2 is [0]; its space is',
    );
    expect(env.getState()).toEqual(before);
  });

  it('for an action after the end of the episode', () => {
    const env = makeEnv('simple_spread', { maxCycles: 1 });
    env.reset();
    env.step(noActions);
    expect(() => env.step({ agent_1: 0 })).toThrow(
      'step: there is an action for agent_1, which is no longer live: the episode is over; call reset()',
    );
    expect(env.step({}).observations).toEqual({});
  });
});
