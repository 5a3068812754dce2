/** Scenarios of your own. examples/own-scenario.ts is a complete one. */
import { describe, expect, it } from 'vitest';
import {
  type Agent,
  defineScenario,
  makeAgents,
  makeEnv,
  makeLandmarks,
  makeVectorEnv,
  makeWorld,
  neighborFinder,
  type ParamTable,
  param,
  type Scenario,
  type ScenarioDefinition,
} from '../src/index.js';
import { parallelApiTest } from '../src/testing/index.js';

/** Singers that cannot move, a conductor that can, and an obstacle. Rewards depend on what the singers say. */
const choir = defineScenario({
  name: 'choir',
  params: { singers: param.count(2) },
  create({ singers }) {
    const agents = makeAgents(singers, 'singer', {
      size: 0.1,
      color: [1, 0, 0],
      silent: false,
      movable: false,
    });
    const [conductor] = makeAgents(1, 'conductor', { size: 0.1, color: [0, 0, 1] });
    const [post] = makeLandmarks(1, { size: 0.2, color: [0, 0, 0], collide: true });
    for (const [i, agent] of agents.entries()) agent.x = i;
    const nearest = neighborFinder([conductor, ...agents], 1);
    return {
      world: makeWorld({ agents: [...agents, conductor], landmarks: [post], dimC: 3, collaborative: true }),
      reset: () => {},
      reward: (agent) => agent.utterance[1],
      observe(agent, out) {
        out.position(agent);
        out.relatives(agent, nearest(agent));
        if (agent === conductor) out.utterances(agents);
      },
    };
  },
});

it.each(['discrete', 'continuous', 'force'] as const)(
  'passes parallelApiTest with %s actions',
  (actionMode) => {
    parallelApiTest(makeEnv(choir, { actionMode }));
    parallelApiTest(makeEnv(choir, { actionMode, physics: 'openai', singers: 4 }));
  },
);

it('has spaces that follow from its agents', () => {
  const env = makeEnv(choir, { singers: 3 });
  expect(env.name).toBe('choir');
  expect(env.possibleAgents).toEqual(['singer_0', 'singer_1', 'singer_2', 'conductor_0']);
  expect(String(env.actionSpace('singer_0'))).toBe('Discrete(3)');
  expect(String(env.actionSpace('conductor_0'))).toBe('Discrete(5)');
  expect(env.observationSpace('conductor_0').shape).toEqual([13]);
});

it('starts each episode from the positions at creation', () => {
  const env = makeEnv(choir);
  env.reset();
  const state = env.getState();
  state.agents[1].pos = [5, 5];
  env.setState(state);
  env.reset();
  expect(env.getState().agents[1].pos).toEqual([1, 0]);
});

it('rewards agents one by one with physics farama, and with the sum of all rewards with openai, in a collaborative world', () => {
  const rewards = (physics: 'farama' | 'openai') => {
    const env = makeEnv(choir, { physics });
    env.reset();
    return env.step({ singer_0: 1, singer_1: 2, conductor_0: 0 }).rewards;
  };
  expect(rewards('farama')).toEqual({ singer_0: 1, singer_1: 0, conductor_0: 0 });
  expect(rewards('openai')).toEqual({ singer_0: 1, singer_1: 1, conductor_0: 1 });
});

it('runs as a VectorEnv', () => {
  const env = makeVectorEnv(choir, 3);
  env.reset();
  expect([...env.step([1, 0, 0, 0, 1, 0, 2, 2, 0]).rewards]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0]);
});

it('reports no benchmark if it defines none', () => {
  const env = makeEnv(choir, { benchmarkData: true });
  env.reset();
  expect(env.step({ singer_0: 1, singer_1: 2, conductor_0: 0 }).infos.singer_0).toEqual({});
});

/** A scenario with one agent, in which `changes` replace some methods. */
const oneAgent = (changes: (agent: Agent) => Partial<Scenario>, params: ParamTable = {}) =>
  defineScenario({
    name: 'one_agent',
    params,
    create() {
      const agents = makeAgents(1, 'agent', { size: 0.1, color: [1, 0, 0] });
      return {
        world: makeWorld({ agents, landmarks: [] }),
        reset: () => {},
        reward: () => 0,
        observe: (agent, out) => out.position(agent),
        ...changes(agents[0]),
      };
    },
  });

it('may observe something that only reset sets', () => {
  const env = makeEnv(
    oneAgent((agent) => ({
      reset: () => {
        agent.goalA = agent;
      },
      observe: (_, out) => out.number(agent.goalA!.size),
    })),
  );
  expect(env.observationSpace('agent_0').shape).toEqual([1]);
  expect(env.reset().observations.agent_0).toEqual(Float64Array.of(0.1));
});

it('may have a parameter localRatio without a shared reward, even with physics openai', () => {
  const env = makeEnv(
    oneAgent(() => ({}), { localRatio: param.fraction(0.5) }),
    {
      localRatio: 1,
      physics: 'openai',
    },
  );
  expect(env.possibleAgents).toEqual(['agent_0']);
});

describe('errors', () => {
  it('for an answer of succeeded that is neither true nor false', () => {
    const env = makeEnv(oneAgent(() => ({ succeeded: () => [] as never })));
    env.reset();
    expect(() => env.step({ agent_0: 0 })).toThrow('succeeded: the result is []; give true or false');
  });

  it('for what defineScenario would refuse', () => {
    const definition = { name: 'x', create() {} } as unknown as ScenarioDefinition;
    for (const make of [() => makeEnv(definition), () => makeVectorEnv(definition, 2)]) {
      expect(make).toThrow(/: params is missing; give an object/);
    }
  });

  it('for an agent that could speak, but has no words', () => {
    const agents = makeAgents(1, 'agent', { size: 0.1, color: [1, 0, 0], silent: false });
    expect(() => makeWorld({ agents, landmarks: [] })).toThrow(
      'makeWorld: agent_0 is not silent, but there are no words to say; give dimC, their number',
    );
    makeWorld({ agents, landmarks: [], dimC: 2 });
  });

  it('for a color outside of 0 to 1', () => {
    const color = [51, 128, 230] as const;
    expect(() => makeAgents(1, 'agent', { size: 0.1, color })).toThrow(
      /three numbers from 0 to 1: red, green and blue/,
    );
  });

  it('for two agents with the same name', () => {
    const couriers = () => makeAgents(2, 'courier', { size: 0.1, color: [1, 0, 0] });
    expect(() => makeWorld({ agents: [...couriers(), ...couriers()], landmarks: [] })).toThrow(
      'makeWorld: two agents have the name courier_0; give each call of makeAgents a different prefix',
    );
  });

  it('for a parameter with the name of a common one', () => {
    const definition = oneAgent(() => ({}), { maxCycles: param.count(100) });
    expect(() => makeEnv(definition)).toThrow(
      "makeEnv('one_agent'): the scenario has a parameter maxCycles, but every environment has one of this name; rename it",
    );
  });

  it.each([-0.1, 1.5, Number.NaN])('for a localRatio of %s', (localRatio) => {
    const definition = oneAgent(() => ({ shared: { localRatio, value: () => 1 } }));
    expect(() => makeEnv(definition)).toThrow(
      `makeEnv('one_agent'): the scenario's shared.localRatio is ${localRatio}; give a number from 0 to 1`,
    );
  });

  it('for a shared reward that the physics would never use', () => {
    const definition = oneAgent(() => ({ shared: { localRatio: 0.5, value: () => 1 } }));
    expect(() => makeEnv(definition, { physics: 'openai' })).toThrow(
      "makeEnv('one_agent'): physics 'openai' does not use the scenario's shared reward (docs/physics.md); make its world with " +
        'collaborative: true, so that every agent gets the sum of all rewards',
    );
    makeEnv(definition);
  });

  it('for a size that changes during an episode of a VectorEnv', () => {
    const shrinking = defineScenario({
      name: 'shrinking',
      params: {},
      create() {
        const agents = makeAgents(1, 'agent', { size: 0.1, color: [1, 0, 0] });
        return {
          world: makeWorld({ agents, landmarks: [] }),
          reset: () => {},
          reward(agent) {
            agent.size *= 0.9;
            return 0;
          },
          observe: (agent, out) => out.position(agent),
        };
      },
    });
    const env = makeVectorEnv(shrinking, 2, { maxCycles: 3 });
    env.reset();
    env.step([0, 0]);
    env.step([0, 0]);
    expect(() => env.step([0, 0])).toThrow(
      'step: the scenario has changed a size, color, mass, maximum speed,',
    );
  });

  it.each<[string, object, string]>([
    ['no world', { world: {} }, 'what create returns: world is {}; give what makeWorld returns'],
    ['no reward', { reward: undefined }, 'what create returns: reward is missing; give a function'],
    ['no reset', { reset: undefined }, 'what create returns: reset is missing; give a function'],
    ['no observe', { observe: undefined }, 'what create returns: observe is missing; give a function'],
    [
      'a part that it does not have',
      { suceeded: () => true },
      'what create returns: there is no option suceeded (did you mean succeeded?)',
    ],
  ])('for %s', (_, changes, message) => {
    const broken = oneAgent(() => changes);
    for (const make of [() => makeEnv(broken), () => makeVectorEnv(broken, 2)]) {
      expect(make).toThrow(`('one_agent'): ${message}`);
    }
  });

  it('for a create that returns nothing, parameters that are plain numbers, and an observation that is returned', () => {
    const definition = oneAgent(() => ({}));
    expect(() => makeEnv({ ...definition, create: () => undefined as unknown as Scenario })).toThrow(
      "makeEnv('one_agent'): what create returns is undefined; give an object",
    );
    expect(() => defineScenario({ ...definition, params: { agents: 3 } as unknown as ParamTable })).toThrow(
      /^defineScenario: params is .*; give an object, each value what a function of `param` makes/,
    );
    const observe = ((agent: Agent) => [agent.x, agent.y]) as unknown as Scenario['observe'];
    expect(() => makeEnv(oneAgent(() => ({ observe })))).toThrow(
      'makeEnv: observe of agent_0 returned [0, 0], but it writes the numbers: out.numbers([1, 2])',
    );
  });

  it('name the scenario and its parameters', () => {
    // @ts-expect-error a parameter that the scenario does not have
    expect(() => makeEnv(choir, { dancers: 2 })).toThrow(
      "makeEnv('choir'): there is no option dancers; the options are",
    );
    // @ts-expect-error a value of another type
    expect(() => makeEnv(choir, { singers: '2' })).toThrow(
      `makeEnv('choir'): singers is "2"; give an integer`,
    );
  });

  it('for an observation that changes its length', () => {
    let extra = false;
    const env = makeEnv(
      oneAgent(() => ({
        observe(agent, out) {
          out.position(agent);
          if (extra) out.number(1);
        },
      })),
    );
    env.reset();
    extra = true;
    expect(() => env.step({ agent_0: 0 })).toThrow(
      'observe: the observation of agent_0 has 3 numbers now, but had 2 when the environment was made; a scenario must always ' +
        'write the same number',
    );
  });
});
