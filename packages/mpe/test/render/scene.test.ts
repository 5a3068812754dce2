import { describe, expect, it } from 'vitest';
import { fitHalfWidth, makeEnv } from '../../src/index.js';

describe('a scene', () => {
  it('has every agent and landmark where the world has it', () => {
    const env = makeEnv('simple_adversary');
    env.reset({ seed: 1 });
    const { agents, landmarks } = env.getState();
    const { circles } = env.scene();
    for (const { name, pos } of [...agents, ...landmarks]) {
      expect(circles.find((circle) => circle.name === name)).toMatchObject({ x: pos[0], y: pos[1] });
    }
  });

  it('tells agents of one side apart, and the sides', () => {
    const env = makeEnv('simple_tag', { numGood: 3, numAdversaries: 3 });
    env.reset({ seed: 1 });
    const fills = env
      .scene()
      .circles.filter((circle) => circle.kind === 'agent')
      .map((circle) => `${circle.fill}`);
    expect(new Set(fills).size).toBe(6);
  });

  it('shows obstacles below the agents, and landmarks to be covered above them', () => {
    const kinds = (name: 'simple_tag' | 'simple_spread') => {
      const env = makeEnv(name);
      env.reset();
      return env.scene().circles.map((circle) => circle.kind);
    };
    expect(kinds('simple_tag').slice(0, 2)).toEqual(['landmark', 'landmark']);
    expect(kinds('simple_spread').slice(0, 3)).toEqual(['agent', 'agent', 'agent']);
  });

  it('is plain data that later steps leave alone', () => {
    const env = makeEnv('simple_spread');
    env.reset({ seed: 1 });
    const scene = env.scene({ halfWidth: 2 });
    const before = structuredClone(scene);
    env.step({ agent_0: 1, agent_1: 2, agent_2: 3 });
    env.step({ agent_0: 1, agent_1: 2, agent_2: 3 });
    expect(scene).toEqual(before);
    expect(scene.halfWidth).toBe(2);
  });
});

describe('fitHalfWidth', () => {
  it('keeps everything in view for a whole episode, and no more than that', () => {
    const env = makeEnv('simple_spread', { maxCycles: 50 });
    env.reset({ seed: 1 });
    const scenes = [env.scene()];
    while (env.agents.length > 0) {
      env.step({ agent_0: 1, agent_1: 2, agent_2: 4 });
      scenes.push(env.scene());
    }
    const reaches = scenes.flatMap(({ circles }) =>
      circles.map(({ x, y, radius }) => Math.max(Math.abs(x), Math.abs(y)) + radius),
    );
    expect(fitHalfWidth(scenes)).toBe(Math.max(...reaches));
    expect(fitHalfWidth(scenes)).toBeGreaterThan(2);
    expect(fitHalfWidth(scenes, 100)).toBe(100);
  });
});
