import { describe, expect, it } from 'vitest';
import { type Action, type ActionMode, makeEnv } from '../src/index.js';

/** The velocity that one action gives an agent at rest. */
function push(actionMode: ActionMode, action: Action): readonly number[] | undefined {
  const env = makeEnv('simple_adversary', { N: 1, actionMode });
  env.reset();
  env.step({ adversary_0: action, agent_0: action });
  return env.getState().agents[0]?.vel;
}

describe('a push', () => {
  it('goes nowhere, left, right, down and up for the discrete actions 0 to 4', () => {
    const pushes = [0, 1, 2, 3, 4].map((action) => push('discrete', action));
    expect(pushes).toEqual([
      [0, 0],
      [-0.5, 0],
      [0.5, 0],
      [0, -0.5],
      [0, 0.5],
    ]);
  });

  it('is right minus left and up minus down for continuous actions, each clipped to [0, 1]', () => {
    expect(push('continuous', [1, 0.25, 1, 0.5, 0.25])).toEqual([0.375, -0.125]);
    expect(push('continuous', [0, -3, 7, 2, -1])).toEqual([0.5, -0.5]);
    expect(push('continuous', new Float32Array([0, 0, 0.5, 0, 0]))).toEqual([0.25, 0]);
  });

  it('is the action itself in mode force, clipped to [-1, 1]', () => {
    expect(push('force', [0.5, -0.25])).toEqual([0.25, -0.125]);
    expect(push('force', [-9, Number.POSITIVE_INFINITY])).toEqual([-0.5, 0.5]);
  });

  it('is stronger for agents with an acceleration of their own', () => {
    const env = makeEnv('simple_tag', { numObstacles: 0 });
    env.reset({ seed: 2 });
    env.step({ adversary_0: 2, adversary_1: 2, adversary_2: 2, agent_0: 2 });
    const speeds = env.getState().agents.map((agent) => agent.vel[0].toFixed(12));
    expect(speeds).toEqual(['0.300000000000', '0.300000000000', '0.300000000000', '0.400000000000']);
  });
});

describe('a malformed action', () => {
  const discrete = 'its space is Discrete(5): a move (0 no action, 1 left, 2 right, 3 down, 4 up)';
  const continuous = 'its space is Box(0, 1, [5]): 5 numbers, weights of [no action, left, right, down, up]';
  const force = 'its space is Box(-1, 1, [2]): 2 numbers, a force (x to the right, y up)';

  it.each<[ActionMode, unknown, string]>([
    ['discrete', 5, `5; ${discrete}`],
    ['discrete', -1, `-1; ${discrete}`],
    ['discrete', 1.5, `1.5; ${discrete}`],
    ['discrete', Number.NaN, `NaN; ${discrete}`],
    ['discrete', [0, 1], `[0, 1]; ${discrete}`],
    ['discrete', '2', `2; ${discrete}`],
    ['discrete', null, `null; ${discrete}`],
    ['continuous', [0, 0, 0, 0], `[0, 0, 0, 0]; ${continuous}`],
    ['continuous', [0, 0, Number.NaN, 0, 0], `[0, 0, NaN, 0, 0]; ${continuous}`],
    ['continuous', 3, `3; ${continuous}`],
    ['force', [0, 0, 0], `[0, 0, 0]; ${force}`],
    ['force', new Float32Array([Number.NaN, 0]), `[NaN, 0]; ${force}`],
    ['force', ['1', '0'], `[1, 0]; ${force}`],
  ])('%s %j is an error', (actionMode, action, problem) => {
    expect(() => push(actionMode, action as Action)).toThrow(`step: the action of adversary_0 is ${problem}`);
  });
});
