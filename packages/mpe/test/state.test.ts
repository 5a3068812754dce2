import { describe, expect, it } from 'vitest';
import {
  defineScenario,
  geometry,
  makeAgents,
  makeEnv,
  makeLandmarks,
  makeVectorEnv,
  makeWorld,
  type ScenarioName,
  type WorldState,
} from '../src/index.js';

/** A valid state of simple_adversary, changed by `damage`, with its environment and the original state. */
function damaged(damage: (state: WorldState) => void) {
  const env = makeEnv('simple_adversary');
  env.reset({ seed: 1 });
  const before = env.getState();
  const state = env.getState();
  damage(state);
  return { env, before, state };
}

describe('setState', () => {
  it.each<[string, (state: WorldState) => void, string]>([
    [
      'a missing agent',
      (s) => s.agents.pop(),
      'the agents are [adversary_0, agent_0]; this environment has [adversary_0, agent_0, agent_1]',
    ],
    [
      'one landmark too many',
      (s) => s.landmarks.push(structuredClone(s.landmarks[0]) as never),
      'the landmarks are [landmark 0, landmark 1, landmark 0]; this environment has [landmark 0, landmark 1]',
    ],
    [
      'no agents at all',
      (s) => Reflect.deleteProperty(s, 'agents'),
      'the agents are []; this environment has [adversary_0, agent_0, agent_1]',
    ],
    [
      'a position that is too short',
      (s) => set(s.agents[1], 'pos', [1]),
      'pos of agent_0 is [1]; give 2 numbers',
    ],
    [
      'a velocity of strings',
      (s) => set(s.agents[1], 'vel', ['0', '0']),
      'vel of agent_0 is ["0", "0"]; give 2 numbers',
    ],
    [
      'an utterance that is too long',
      (s) => set(s.agents[0], 'c', [0, 0, 0]),
      'c of adversary_0 is [0, 0, 0]; give 2 numbers',
    ],
    ['a size of 0', (s) => set(s.landmarks[1], 'size', 0), 'size of landmark 1 is 0; give a number above 0'],
    [
      'a mass that is not a number',
      (s) => set(s.agents[0], 'mass', Number.NaN),
      'mass of adversary_0 is NaN; give a number above 0',
    ],
    [
      'an unknown goal',
      (s) => set(s.agents[2], 'goal_a', { landmark: 2 }),
      'goal_a of agent_1 is { landmark: 2 }; give { landmark: an index from 0 to 1 }',
    ],
    [
      'no goal',
      (s) => set(s.agents[2], 'goal_a', undefined),
      'goal_a of agent_1 is undefined; give { landmark: an index from 0 to 1 }',
    ],
    [
      'a collide that is not a boolean',
      (s) => set(s.agents[0], 'collide', 'no'),
      'collide of adversary_0 is "no"; give true or false',
    ],
    [
      'an unknown goal of an agent that needs none',
      (s) => set(s.agents[1], 'goal_b', { landmark: 99 }),
      'goal_b of agent_0 is { landmark: 99 }; give { landmark: an index from 0 to 1 }',
    ],
    [
      'an unknown key of an agent that needs none',
      (s) => set(s.agents[1], 'key_landmark', 99),
      'key_landmark of agent_0 is 99; give an index from 0 to 1',
    ],
    [
      'a memory in a scenario without memory',
      (s) => set(s, 'memory', [1]),
      'memory of the world is [1]; give 0 numbers',
    ],
    ['a negative number of steps', (s) => set(s, 'steps', -1), 'steps is -1; give an integer of at least 0'],
  ])('rejects %s and changes nothing', (_, damage, problem) => {
    const { env, before, state } = damaged(damage);
    expect(() => env.setState(state)).toThrow(`setState: ${problem}`);
    expect(env.getState()).toEqual(before);
  });

  it.each([null, undefined, 3])('rejects %s', (state) => {
    expect(() => makeEnv('simple').setState(state as never)).toThrow(
      `setState: the state is ${state}; give what getState() returned`,
    );
  });

  it('counts steps from 0 if the state has no number of steps', () => {
    const { env, state } = damaged((s) => Reflect.deleteProperty(s, 'steps'));
    env.step({ adversary_0: 0, agent_0: 0, agent_1: 0 });
    env.setState(state);
    expect(env.getState().steps).toBe(0);
  });

  it('sets utterances, which silent agents lose with their next action', () => {
    const { env, state } = damaged((s) => set(s.agents[1], 'c', [0.5, 1]));
    env.setState(state);
    const before = env.getState();
    env.step({ adversary_0: 0, agent_0: 0, agent_1: 0 });
    expect(before.agents[1]?.c).toEqual([0.5, 1]);
    expect(env.getState().agents[1]?.c).toEqual([0, 0]);
  });

  it('sets goals, and returns the observations of the new state', () => {
    const { env, state } = damaged((s) => {
      for (const agent of s.agents) {
        agent.pos = [0, 0];
        agent.goal_a = { landmark: 1 };
      }
      set(s.landmarks[0], 'pos', [0.25, 0.5]);
      set(s.landmarks[1], 'pos', [-0.5, 1]);
    });
    const observations = env.setState(state);
    expect(Array.from(observations.adversary_0 ?? [])).toEqual([0.25, 0.5, -0.5, 1, 0, 0, 0, 0]);
    expect(Array.from(observations.agent_1 ?? [])).toEqual([-0.5, 1, 0.25, 0.5, -0.5, 1, 0, 0, 0, 0]);
  });
});

/** An agent pushes a ball. Reset changes the mass of the ball. The memory counts the steps in which they touch. */
const football = defineScenario({
  name: 'football',
  params: {},
  create() {
    const agents = makeAgents(1, 'agent', { size: 0.1, color: [1, 0, 0], collide: true });
    const [ball] = makeLandmarks(1, { size: 0.1, color: [0, 0, 0], collide: true, movable: true });
    const world = makeWorld({ agents, landmarks: [ball], memory: 2 });
    return {
      world,
      reset(random) {
        agents[0].x = -0.2;
        ball.mass = random.uniform(0.1, 1);
        ball.maxSpeed = random.uniform(0.1, 1);
      },
      step() {
        if (geometry.touches(agents[0], ball)) world.memory[0] += 1;
      },
      reward: () => world.memory[0],
      observe: (agent, out) => out.relative(agent, ball),
    };
  },
});

describe('a scenario with a memory and a movable landmark', () => {
  const play = (env: ReturnType<typeof makeEnv>) =>
    Array.from({ length: 10 }, () => env.step({ agent_0: 2 }));

  it('has mass, maximum speed and memory restored by setState', () => {
    const env = makeEnv(football);
    env.reset({ seed: 1 });
    play(env);
    const state = JSON.parse(JSON.stringify(env.getState()));
    expect(state.memory[0]).toBeGreaterThan(0);
    const other = makeEnv(football);
    expect(other.setState(state)).toEqual(env.setState(state));
    expect(other.getState()).toEqual(state);
    expect(play(other)).toEqual(play(env));
  });

  it('has an empty memory after reset', () => {
    const env = makeEnv(football);
    env.reset({ seed: 1 });
    play(env);
    env.reset();
    expect(env.getState().memory).toEqual([0, 0]);
  });

  it('rejects a memory of another length', () => {
    const env = makeEnv(football);
    env.reset();
    const { memory, ...state } = env.getState();
    expect(() => env.setState(state)).toThrow('setState: memory of the world is []; give 2 numbers');
  });

  it('rejects a movable landmark with a mass of 0', () => {
    const env = makeEnv(football);
    env.reset();
    const state = env.getState();
    set(state.landmarks[0], 'mass', 0);
    expect(() => env.setState(state)).toThrow('setState: mass of landmark 0 is 0; give a number above 0');
  });
});

it('keeps a memory for each copy of a VectorEnv', () => {
  const env = makeVectorEnv(football, 2, { maxCycles: 50 });
  env.reset({ seed: 1 });
  let rewards: Float32Array = new Float32Array(2);
  for (let t = 0; t < 20; t++) rewards = env.step([2, 0]).rewards;
  expect(rewards[0]).toBeGreaterThan(0);
  expect(rewards[1]).toBe(0);
});

describe('goals', () => {
  const stateOf = (name: ScenarioName) => {
    const env = makeEnv(name);
    env.reset({ seed: 1 });
    return { env, state: env.getState() };
  };

  it.each<[ScenarioName, number, string, unknown, string]>([
    [
      'simple_reference',
      0,
      'goal_a',
      { landmark: 1 },
      'goal_a of agent_0 is { landmark: 1 }; give { agent: an index from 0 to 1 }',
    ],
    [
      'simple_reference',
      1,
      'goal_b',
      { landmark: 3 },
      'goal_b of agent_1 is { landmark: 3 }; give { landmark: an index from 0 to 2 }',
    ],
    [
      'simple_speaker_listener',
      0,
      'goal_b',
      null,
      'goal_b of speaker_0 is null; give { landmark: an index from 0 to 2 }',
    ],
    ['simple_crypto', 2, 'key_landmark', 2, 'key_landmark of alice_0 is 2; give an index from 0 to 1'],
    ['simple_crypto', 1, 'color', [0, 0, 0], 'color of bob_0 is [0, 0, 0]; give 4 numbers'],
  ])('of %s are checked', (name, agent, key, value, problem) => {
    const { env, state } = stateOf(name);
    const before = env.getState();
    set(state.agents[agent], key, value);
    expect(() => env.setState(state)).toThrow(`setState: ${problem}`);
    expect(env.getState()).toEqual(before);
  });

  it('may be agents and landmarks, and are restored', () => {
    const { env, state } = stateOf('simple_reference');
    for (const [i, agent] of state.agents.entries()) {
      expect(agent.goal_a).toEqual({ agent: 1 - i });
      agent.goal_b = { landmark: i };
      agent.pos = [i, 0];
    }
    state.landmarks[0].pos = [1, 0.5];
    state.landmarks[1].pos = [0, 0.25];
    env.setState(state);
    expect(env.getState()).toEqual({ ...state, steps: 0 });
    const { rewards } = env.step({ agent_0: 0, agent_1: 0 });
    // Half of the agent's own reward and half of the mean of both.
    expect(rewards).toEqual({ agent_0: -0.4375, agent_1: -0.3125 });
  });

  it('of simple_crypto: key_landmark sets the key, which is a color', () => {
    const { env, state } = stateOf('simple_crypto');
    set(state.agents[2], 'key_landmark', 1);
    const { bob_0 } = env.setState(state);
    expect(Array.from(bob_0.slice(0, 4))).toEqual([0, 1, 0, 0]);
    expect(env.getState().agents[2].key).toEqual([0, 1, 0, 0]);
  });
});

function set(object: object | undefined, key: string, value: unknown): void {
  Object.assign(object ?? {}, { [key]: value });
}
