import { describe, expect, it } from 'vitest';
import { type Action, type ActionMode, makeEnv, type Physics, type ScenarioName } from '../src/index.js';

/** The velocity of an agent at rest after one action. */
function velocityAfter(actionMode: ActionMode, action: Action): readonly number[] | undefined {
  const env = makeEnv('simple_adversary', { N: 1, actionMode });
  env.reset();
  env.step({ adversary_0: action, agent_0: action });
  return env.getState().agents[0]?.vel;
}

describe('a move', () => {
  it('is nothing, left, right, down and up for the discrete actions 0 to 4', () => {
    const velocities = [0, 1, 2, 3, 4].map((action) => velocityAfter('discrete', action));
    expect(velocities).toEqual([
      [0, 0],
      [-0.5, 0],
      [0.5, 0],
      [0, -0.5],
      [0, 0.5],
    ]);
  });

  it('is right minus left and up minus down for continuous actions, each clipped to [0, 1]', () => {
    expect(velocityAfter('continuous', [1, 0.25, 1, 0.5, 0.25])).toEqual([0.375, -0.125]);
    expect(velocityAfter('continuous', [0, -3, 7, 2, -1])).toEqual([0.5, -0.5]);
    expect(velocityAfter('continuous', new Float32Array([0, 0, 0.5, 0, 0]))).toEqual([0.25, 0]);
  });

  it('is the action itself in mode force, clipped to [-1, 1]', () => {
    expect(velocityAfter('force', [0.5, -0.25])).toEqual([0.25, -0.125]);
    expect(velocityAfter('force', [-9, Number.POSITIVE_INFINITY])).toEqual([-0.5, 0.5]);
  });

  it('is stronger for agents with a different accel', () => {
    const env = makeEnv('simple_tag', { numObstacles: 0 });
    env.reset({ seed: 2 });
    env.step({ adversary_0: 2, adversary_1: 2, adversary_2: 2, agent_0: 2 });
    const speeds = env.getState().agents.map((agent) => agent.vel[0].toFixed(12));
    expect(speeds).toEqual(['0.300000000000', '0.300000000000', '0.300000000000', '0.400000000000']);
  });
});

describe("a move in OpenAI's physics", () => {
  const velocityAfter = (actionMode: ActionMode, action: Action) => {
    const env = makeEnv('simple', { actionMode, physics: 'openai' });
    env.reset();
    env.step({ agent_0: action });
    return env.getState().agents[0].vel.map((v) => v + 0);
  };

  it('has the opposite sign in mode continuous, and is not clipped', () => {
    expect(velocityAfter('continuous', [0, 1, 0, 0, 0])).toEqual([0.5, 0]);
    expect(velocityAfter('continuous', [0, 0, 0, 0.5, 1])).toEqual([0, -0.25]);
    expect(velocityAfter('continuous', [0, 3, 0, 0, 0])).toEqual([1.5, 0]);
  });

  it('has the same sign in the modes discrete and force', () => {
    expect(velocityAfter('discrete', 1)).toEqual([-0.5, 0]);
    expect(velocityAfter('discrete', 4)).toEqual([0, 0.5]);
    expect(velocityAfter('force', [1, -2])).toEqual([0.5, -0.5]);
  });
});

describe('a word', () => {
  /** The utterances and velocities of the agents after one step. */
  const stepOnce = (name: ScenarioName, actionMode: ActionMode, actions: Record<string, Action>) => {
    const env = makeEnv(name, { actionMode });
    env.reset();
    env.step(actions);
    return env.getState().agents.map(({ c, vel }) => ({ c, vel }));
  };

  it('is the second part of a discrete action: move + 5 * word', () => {
    const [first, second] = stepOnce('simple_reference', 'discrete', { agent_0: 2 + 5 * 7, agent_1: 3 });
    expect(first).toEqual({ c: [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], vel: [0.5, 0] });
    expect(second).toEqual({ c: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], vel: [0, -0.5] });
  });

  it('is the whole action of an agent that cannot move, and missing in the action of a silent agent', () => {
    const agents = stepOnce('simple_speaker_listener', 'discrete', { speaker_0: 2, listener_0: 1 });
    expect(agents).toEqual([
      { c: [0, 0, 1], vel: [0, 0] },
      { c: [0, 0, 0], vel: [-0.5, 0] },
    ]);
  });

  it('has a weight in mode continuous, clipped to [0, 1]', () => {
    const actions = { speaker_0: [0.25, 2, -1], listener_0: [0, 0, 1, 0, 0] };
    expect(stepOnce('simple_speaker_listener', 'continuous', actions)[0].c).toEqual([0.25, 1, 0]);
  });

  it('has weight (v + 1) / 2 in mode force', () => {
    const actions = { speaker_0: [-1, 0, 3], listener_0: [0, 0] };
    expect(stepOnce('simple_speaker_listener', 'force', actions)[0].c).toEqual([0, 0.5, 1]);
  });

  it.each<[ScenarioName, ActionMode, string]>([
    ['simple_reference', 'discrete', 'Discrete(50)'],
    ['simple_reference', 'continuous', 'Box(0, 1, [15])'],
    ['simple_reference', 'force', 'Box(-1, 1, [12])'],
    ['simple_crypto', 'discrete', 'Discrete(4)'],
  ])('counts in the size of the space: %s, %s: %s', (name, actionMode, space) => {
    const env = makeEnv(name, { actionMode });
    expect(String(env.actionSpace(env.possibleAgents[0]))).toBe(space);
  });

  it('is explained in the error if it is wrong', () => {
    const reference = { agent_1: 0 };
    expect(() => stepOnce('simple_reference', 'discrete', { ...reference, agent_0: 50 })).toThrow(
      'step: the action of agent_0 is 50; its space is Discrete(50): a move (0 no action, 1 left, 2 right, 3 down, 4 up) ' +
        'plus 5 times a word from 0 to 9',
    );
    const speaker = (speaker_0: Action) => ({ speaker_0, listener_0: [0, 0, 0, 0, 0] });
    expect(() => stepOnce('simple_speaker_listener', 'continuous', speaker([1]))).toThrow(
      'step: the action of speaker_0 is [1]; its space is Box(0, 1, [3]): 3 numbers, 3 weights of words',
    );
  });
});

describe('a malformed action', () => {
  it('may be infinite only if it is clipped', () => {
    const infinite = [0, Number.POSITIVE_INFINITY, 0, 0, 0];
    const act = (physics: Physics) => {
      const env = makeEnv('simple', { actionMode: 'continuous', physics });
      env.reset();
      env.step({ agent_0: infinite });
    };
    expect(() => act('farama')).not.toThrow();
    expect(() => act('openai')).toThrow(
      'step: the action of agent_0 is [0, Infinity, 0, 0, 0]; its space is',
    );
  });

  const discrete = 'its space is Discrete(5): a move (0 no action, 1 left, 2 right, 3 down, 4 up)';
  const continuous = 'its space is Box(0, 1, [5]): 5 numbers, weights of [no action, left, right, down, up]';
  const force = 'its space is Box(-1, 1, [2]): 2 numbers, a force (x to the right, y up)';

  it.each<[ActionMode, unknown, string]>([
    ['discrete', 5, `5; ${discrete}`],
    ['discrete', -1, `-1; ${discrete}`],
    ['discrete', 1.5, `1.5; ${discrete}`],
    ['discrete', Number.NaN, `NaN; ${discrete}`],
    ['discrete', [0, 1], `[0, 1]; ${discrete}`],
    ['discrete', '2', `"2"; ${discrete}`],
    ['discrete', null, `null; ${discrete}`],
    ['continuous', [0, 0, 0, 0], `[0, 0, 0, 0]; ${continuous}`],
    ['continuous', [0, 0, Number.NaN, 0, 0], `[0, 0, NaN, 0, 0]; ${continuous}`],
    ['continuous', 3, `3; ${continuous}`],
    ['force', [0, 0, 0], `[0, 0, 0]; ${force}`],
    ['force', new Float32Array([Number.NaN, 0]), `[NaN, 0]; ${force}`],
    ['force', ['1', '0'], `["1", "0"]; ${force}`],
  ])('%s %j is an error', (actionMode, action, problem) => {
    expect(() => velocityAfter(actionMode, action as Action)).toThrow(
      `step: the action of adversary_0 is ${problem}`,
    );
  });
});
