/** `parallelApiTest` notices environments that break their promises. That it passes for ours, parallel-env.test.ts says. */
import { expect, it } from 'vitest';
import { Box, makeEnv, type StepResult } from '../src/index.js';
import { type ParallelApi, parallelApiTest } from '../src/testing/index.js';

type Env = ReturnType<typeof makeEnv>;

/** An environment in which some things are otherwise. */
function broken(changes: (env: Env) => Partial<ParallelApi>): ParallelApi {
  const env = makeEnv('simple_spread', { maxCycles: 5 });
  const sound: ParallelApi = {
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
  return Object.defineProperties(sound, Object.getOwnPropertyDescriptors(changes(env)));
}

/** A step whose result is changed. */
function stepping(change: (result: StepResult) => object): (env: Env) => Partial<ParallelApi> {
  return (env) => ({
    step: (actions) => {
      const result = env.step(actions as Parameters<Env['step']>[0]);
      return { ...result, ...change(result) };
    },
  });
}

it('passes for the one that the others are made from', () => {
  parallelApiTest(broken(() => ({})));
});

it.each<[string, string, (env: Env) => Partial<ParallelApi>]>([
  [
    'an agent twice',
    'possibleAgents has a name twice: agent_0,agent_0',
    () => ({ possibleAgents: ['agent_0', 'agent_0'] }),
  ],
  [
    'an agent that can not be',
    'agent_2 is among agents and not among possibleAgents, agent_0, agent_1',
    () => ({ possibleAgents: ['agent_0', 'agent_1'] }),
  ],
  [
    'a space made anew',
    "observationSpace('agent_0') gives a new space at each call; it must be the same object",
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
    'a reward that is no number',
    'step 1: the reward of agent_1 is NaN, not a finite number',
    stepping(({ rewards }) => ({ rewards: { ...rewards, agent_1: Number.NaN } })),
  ],
  [
    'a flag that is no boolean',
    'step 1: terminations of agent_2 is 0; give true or false',
    stepping(({ terminations }) => ({ terminations: { ...terminations, agent_2: 0 } })),
  ],
  [
    'an agent that lives on',
    'step 1: agent_0 was terminated or truncated, and is still among agents',
    stepping(({ terminations }) => ({ terminations: { ...terminations, agent_0: true } })),
  ],
  [
    'an agent that leaves without a word',
    'step 5: agent_0 left agents without being terminated or truncated',
    stepping(({ truncations }) => ({ truncations: { ...truncations, agent_0: false } })),
  ],
  [
    'a seed without effect',
    'reset({ seed: 0 }) and the same actions gave another episode the second time (first at reset)',
    (env) => ({ reset: () => env.reset() }),
  ],
  [
    'observations that are overwritten',
    'step 2 changed what the call before it had given out',
    (env) => {
      const own = Object.fromEntries(env.possibleAgents.map((agent) => [agent, new Float64Array(18)]));
      return stepping(({ observations }) => {
        for (const agent in observations) own[agent].set(observations[agent]);
        return { observations: own };
      })(env);
    },
  ],
])('notices %s', (_, message, changes) => {
  expect(() => parallelApiTest(broken(changes))).toThrow(`parallelApiTest: ${message}`);
});

it('notices an agent that rises from the dead', () => {
  let t = 0;
  const agents = ['a', 'b'];
  const give = <T>(live: readonly string[], value: (agent: string) => T) =>
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
      return { observations: give(agents, () => [0]), infos: give(agents, () => ({})) };
    },
    step: (actions) => {
      t += 1;
      const live = Object.keys(actions);
      return {
        observations: give(live, () => [0]),
        rewards: give(live, () => 0),
        terminations: give(live, (agent) => t === 1 && agent === 'a'),
        truncations: give(live, () => false),
        infos: give(live, () => ({})),
      };
    },
  };
  expect(() => parallelApiTest(env)).toThrow('parallelApiTest: step 2: a is live again before a reset');
});
