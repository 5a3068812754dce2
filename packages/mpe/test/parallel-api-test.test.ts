/** `parallelApiTest` notices environments that break their promises. parallel-env.test.ts checks that it passes for ours. */
import { expect, it } from 'vitest';
import { Box, Discrete, makeEnv, type StepResult, Tuple } from '../src/index.js';
import { type ParallelApi, parallelApiTest } from '../src/testing/index.js';

type Env = ReturnType<typeof makeEnv>;

/** A correct environment with some members replaced. It has the required members only, and `state`. */
function broken(changes: (env: Env) => Partial<ParallelApi>): ParallelApi {
  const env = makeEnv('simple_spread', { maxCycles: 5 });
  const correct: ParallelApi = {
    possibleAgents: env.possibleAgents,
    get agents() {
      return env.agents;
    },
    observationSpace: (agent) => env.observationSpace(agent),
    actionSpace: (agent) => env.actionSpace(agent),
    reset: (options) => env.reset(options),
    step: (actions) => env.step(actions as Parameters<Env['step']>[0]),
    state: () => env.state(),
  };
  return Object.defineProperties(correct, Object.getOwnPropertyDescriptors(changes(env)));
}

/** A `step` that changes the result of the correct one. */
function stepping(change: (result: StepResult) => object): (env: Env) => Partial<ParallelApi> {
  return (env) => ({
    step: (actions) => {
      const result = env.step(actions as Parameters<Env['step']>[0]);
      return { ...result, ...change(result) };
    },
  });
}

it('passes for the correct environment, which has no optional members but state', () => {
  parallelApiTest(broken(() => ({})));
});

it('an info may hold anything, also itself', () => {
  const info: Record<string, unknown> = { seconds: 5n, numbers: Float64Array.of(1, Number.NaN) };
  info.itself = [info];
  parallelApiTest(
    broken(
      stepping(({ infos }) => ({
        infos: Object.fromEntries(Object.keys(infos).map((name) => [name, info])),
      })),
    ),
  );
});

it.each<[string, string, (env: Env) => Partial<ParallelApi>]>([
  [
    'no list of agents',
    'reset: agents is undefined; give an array with the names',
    () => ({ agents: undefined as never }),
  ],
  ['a set of agents', 'reset: agents is a Set; give an array', () => ({ agents: new Set() as never })],
  [
    'a reward that is a text',
    'step 1: the reward of agent_0 is "1", which is not a finite number',
    stepping(({ rewards }) => ({ rewards: { ...rewards, agent_0: '1' } })),
  ],
  [
    'an agent twice',
    'possibleAgents has a name twice: agent_0,agent_0',
    () => ({ possibleAgents: ['agent_0', 'agent_0'] }),
  ],
  [
    'a live agent that is not possible',
    'reset: agent_2 is in agents, but not in possibleAgents: agent_0, agent_1',
    () => ({ possibleAgents: ['agent_0', 'agent_1'] }),
  ],
  [
    'a new space at each call',
    "observationSpace('agent_0') returns a new space at each call; it must always return the same object",
    () => ({ observationSpace: () => new Box(-9, 9, [18]) }),
  ],
  [
    'an observation outside its space',
    'reset: the observation of agent_0 is not in its space Box(-0.1, 0.1, [18])',
    () => {
      const space = new Box(-0.1, 0.1, [18]);
      return { observationSpace: () => space };
    },
  ],
  [
    'an agent without an observation at reset',
    'reset: observations has nothing for agent_1, which is live',
    (env) => ({
      reset: (options) => {
        const { agent_1, ...observations } = env.reset(options).observations;
        return { observations, infos: { agent_0: {}, agent_1: {}, agent_2: {} } };
      },
    }),
  ],
  [
    'an agent without a reward',
    'step 1: rewards has nothing for agent_0, which is live',
    stepping(({ rewards: { agent_0, ...rewards } }) => ({ rewards })),
  ],
  [
    'a reward for nobody',
    'step 1: rewards has something for referee, which was not live',
    stepping(({ rewards }) => ({ rewards: { ...rewards, referee: 1 } })),
  ],
  [
    'a reward that is not a number',
    'step 1: the reward of agent_1 is NaN, which is not a finite number',
    stepping(({ rewards }) => ({ rewards: { ...rewards, agent_1: Number.NaN } })),
  ],
  [
    'a flag that is not a boolean',
    'step 1: terminations of agent_2 is 0; return true or false',
    stepping(({ terminations }) => ({ terminations: { ...terminations, agent_2: 0 } })),
  ],
  [
    'an agent that is live after its end',
    'step 1: agent_0 was terminated or truncated, but is still in agents',
    stepping(({ terminations }) => ({ terminations: { ...terminations, agent_0: true } })),
  ],
  [
    'an agent that leaves without a flag',
    'step 5: agent_0 left agents without being terminated or truncated',
    stepping(({ truncations }) => ({ truncations: { ...truncations, agent_0: false } })),
  ],
  [
    'a seed without effect',
    'reset({ seed: 0 }) and the same actions gave a different episode the second time (first difference at reset)',
    (env) => ({ reset: () => env.reset() }),
  ],
  [
    'observations that are overwritten',
    'step 2 changed what the call before it had returned',
    (env) => {
      const own = Object.fromEntries(env.possibleAgents.map((agent) => [agent, new Float64Array(18)]));
      return stepping(({ observations }) => {
        for (const agent in observations) own[agent].set(observations[agent]);
        return { observations: own };
      })(env);
    },
  ],
  [
    'an action space that refuses its own samples',
    "actionSpace('agent_0'), Box(0, 1, [5]), does not contain 2, which its own sample() returned",
    () => {
      const space = Object.assign(new Box(0, 1, [5]), { sample: () => 2 });
      return { actionSpace: () => space };
    },
  ],
  [
    'an info that is null',
    'step 1: the info of agent_0 is null; return an object, which may be empty',
    stepping(({ infos }) => ({ infos: { ...infos, agent_0: null } })),
  ],
  [
    'a state that is null',
    'reset: state() returned null; return an array of numbers',
    () => ({ state: () => null as never }),
  ],
  [
    'a state that grows',
    'step 1: state() has length 1, but had 3 at reset; the length must not change',
    (env) => ({ state: () => new Array(env.getState().steps === 0 ? 3 : 1).fill(0) }),
  ],
  [
    'an agent that is live twice',
    'reset: agents has a name twice: agent_0, agent_0',
    () => ({ agents: ['agent_0', 'agent_0'] }),
  ],
  [
    'possible agents in a different order each time',
    'possibleAgents was agent_0,agent_1,agent_2, and is agent_2,agent_1,agent_0 when read again',
    (env) => {
      let names = [...env.possibleAgents].reverse();
      return {
        get possibleAgents() {
          names = [...names].reverse();
          return names;
        },
      };
    },
  ],
  [
    'episodes that differ only in NaN, infinity and null',
    'reset({ seed: 0 }) and the same actions gave a different episode the second time (first difference at step 1)',
    (env) => {
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, null];
      let at = 0;
      return stepping(() => {
        const infos = { agent_0: { odd: odd[at++ % 3] }, agent_1: {}, agent_2: {} };
        return { infos };
      })(env);
    },
  ],
  [
    'a step that returns nothing',
    'step 1 returned undefined; return an object',
    () => ({ step: () => undefined as never }),
  ],
  [
    'a step that returns a tuple, as in Python',
    'step 1 returned [{ agent_0: ',
    (env) => ({ step: (actions) => Object.values(env.step(actions as Parameters<Env['step']>[0])) as never }),
  ],
  [
    'a step that is async',
    'step 1 returned a Promise; return an object with observations, rewards, terminations, truncations, infos, each a record by agent',
    () => ({ step: async () => null }) as never,
  ],
  [
    'a reset that returns nothing',
    'reset returned null; return an object',
    () => ({ reset: () => null as never }),
  ],
  [
    'no observation spaces',
    'the environment has no method observationSpace',
    () => ({ observationSpace: undefined as never }),
  ],
  [
    'a space that is not a space',
    "actionSpace('agent_0') is undefined; return an object with sample(random) and contains(value)",
    () => ({ actionSpace: () => undefined as never }),
  ],
  [
    'a wrong number of live agents',
    'step 5: numAgents is 3, but agents has 0 names',
    () => ({ numAgents: 3 }),
  ],
  [
    'a wrong number of possible agents',
    'maxNumAgents is 4, but possibleAgents has 3 names',
    () => ({ maxNumAgents: 4 }),
  ],
  [
    'a step that changes the actions that it was given',
    'step 1 changed the actions that it was given, from ',
    (env) => ({
      step: (actions) => {
        const result = env.step(actions as Parameters<Env['step']>[0]);
        Object.assign(actions, { agent_0: 9 });
        return result;
      },
    }),
  ],
  [
    'a step that changes the actions that the step before it was given',
    'step 2 changed the actions that the step before it was given; copy them if you keep them',
    (env) => {
      let kept: object | undefined;
      return {
        step: (actions) => {
          if (kept) Object.assign(kept, { agent_0: 9 });
          kept = actions;
          return env.step(actions as Parameters<Env['step']>[0]);
        },
      };
    },
  ],
  ...(['NaN', 'Infinity', '1e39'] as const).map(
    (text): [string, string, (env: Env) => Partial<ParallelApi>] => [
      `an observation of ${text}`,
      `step 1: the observation of agent_1 is ${Number(text)} at index 2; give finite numbers that float32 can hold`,
      stepping(({ observations }) => ({
        observations: { ...observations, agent_1: observations.agent_1.with(2, Number(text)) },
      })),
    ],
  ),
  [
    'a reward that float32 cannot hold',
    'step 1: the reward of agent_1 is 1e+39, which is not a finite number; give one that float32 can hold',
    stepping(({ rewards }) => ({ rewards: { ...rewards, agent_1: 1e39 } })),
  ],
  [
    'an observation of another length',
    'step 1: the observation of agent_1 has shape [17]; give an array of shape [18], flat or nested',
    stepping(({ observations }) => ({
      observations: { ...observations, agent_1: observations.agent_1.subarray(1) },
    })),
  ],
  [
    'an observation that is missing',
    'step 1: observations has nothing for agent_1, which is live; give one for every live agent, also in its last step',
    stepping(({ observations: { agent_1, ...observations } }) => ({ observations })),
  ],
  ...[new Box(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, [5]), new Box(0, [1, 1, 1, 1, 1 / 0])].map(
    (space): [string, string, () => Partial<ParallelApi>] => [
      `the action space ${space}`,
      `actionSpace('agent_0') is ${space}, which has no finite bounds; give finite low and high`,
      () => ({ actionSpace: () => space }),
    ],
  ),
  [
    'an unbounded part of an action space',
    "actionSpace('agent_0'), part 1, is Box(0, Infinity, [1]), which has no finite bounds",
    () => {
      const space = new Tuple([new Discrete(2), new Box(0, Number.POSITIVE_INFINITY, [1])]);
      return { actionSpace: () => space };
    },
  ],
  [
    'a space that training does not know',
    "actionSpace('agent_0') is { sample: the function sample, contains: the function contains }, which training does not know; give a Box, Discrete",
    () => {
      const space = { sample: () => 0, contains: () => true };
      return { actionSpace: () => space };
    },
  ],
  [
    'parts of an action that do not add up',
    "actionParts('agent_0') is [2, 2], but its box has 5 numbers; give parts that add up to them",
    () => {
      const space = new Box(0, 1, [5]);
      return { actionSpace: () => space, actionParts: () => [2, 2] };
    },
  ],
  [
    'an environment whose agents stay after the end',
    'step 5: agent_0 was terminated or truncated, but is still in agents; take it out in the same step',
    (env) => ({ agents: env.possibleAgents }),
  ],
  [
    'a reset that works only with a seed',
    'reset without a seed returned undefined; return an object',
    (env) => ({
      reset: (options) => (options?.seed === undefined ? (undefined as never) : env.reset(options)),
    }),
  ],
  ['metadata that is not an object', 'metadata is v3; give an object', () => ({ metadata: 'v3' as never })],
  ['a close that is not a method', 'close is true; make it a method', () => ({ close: true as never })],
])('notices %s', (_, message, changes) => {
  expect(() => parallelApiTest(broken(changes))).toThrow(`parallelApiTest: ${message}`);
});

it.each(['episodes', 'maxSteps'])('refuses %s: 0', (name) => {
  expect(() =>
    parallelApiTest(
      broken(() => ({})),
      { [name]: 0 },
    ),
  ).toThrow(`parallelApiTest: ${name} is 0; give an integer of at least 1`);
});

it('notices episodes that never end, unless maxSteps says where to leave them', () => {
  const space = new Discrete(2);
  const env: ParallelApi = {
    possibleAgents: ['a'],
    agents: ['a'],
    observationSpace: () => space,
    actionSpace: () => space,
    reset: () => ({ observations: { a: 0 }, infos: { a: {} } }),
    step: () => ({
      observations: { a: 1 },
      rewards: { a: 0 },
      terminations: { a: false },
      truncations: { a: false },
      infos: { a: {} },
    }),
  };
  expect(() => parallelApiTest(env)).toThrow(
    'parallelApiTest: an episode had not ended after 10000 steps; set truncations at a time limit, and empty agents then;',
  );
  parallelApiTest(env, { maxSteps: 20 });
});

it('notices an agent that is live again without a reset', () => {
  let t = 0;
  const agents = ['a', 'b'];
  const recordOf = <T>(live: readonly string[], value: (agent: string) => T) =>
    Object.fromEntries(live.map((agent) => [agent, value(agent)]));
  const space = new Box(0, 1, [1]);
  const env: ParallelApi = {
    possibleAgents: agents,
    get agents() {
      return t === 1 ? ['b'] : agents;
    },
    observationSpace: () => space,
    actionSpace: () => space,
    reset: () => {
      t = 0;
      return { observations: recordOf(agents, () => [0]), infos: recordOf(agents, () => ({})) };
    },
    step: (actions) => {
      t += 1;
      const live = Object.keys(actions);
      return {
        observations: recordOf(live, () => [0]),
        rewards: recordOf(live, () => 0),
        terminations: recordOf(live, (agent) => t === 1 && agent === 'a'),
        truncations: recordOf(live, () => false),
        infos: recordOf(live, () => ({})),
      };
    },
  };
  expect(() => parallelApiTest(env)).toThrow('parallelApiTest: step 2: a is live again before a reset');
});
