import { describe, expect, it } from 'vitest';
import { makeEnv, type ScenarioName, type WorldState } from '../src/index.js';

/** The starts of many episodes. What happens after the start is the golden traces' business. */
function starts(name: ScenarioName): WorldState[] {
  const env = makeEnv(name);
  return Array.from({ length: 500 }, (_, seed) => {
    env.reset({ seed });
    return env.getState();
  });
}

describe.each<[ScenarioName, number]>([
  ['simple', 1],
  ['simple_adversary', 1],
  ['simple_crypto', 1],
  ['simple_push', 1],
  ['simple_reference', 1],
  ['simple_speaker_listener', 1],
  ['simple_spread', 1],
  ['simple_tag', 0.9],
  ['simple_world_comm', 0.9],
])('%s', (name, landmarkReach) => {
  const states = starts(name);

  it('starts at rest, everything drawn uniformly from its square', () => {
    for (const kind of ['agents', 'landmarks'] as const) {
      const reach = kind === 'agents' ? 1 : landmarkReach;
      const coordinates = states.flatMap((state) => state[kind].flatMap((entity) => entity.pos));
      expect(Math.max(...coordinates)).toBeLessThanOrEqual(reach);
      expect(Math.min(...coordinates)).toBeGreaterThanOrEqual(-reach);
      const share = coordinates.filter((x) => x > reach / 2).length / coordinates.length;
      expect(share).toBeGreaterThan(0.22);
      expect(share).toBeLessThan(0.28);
      expect(states.every((state) => state[kind].every(({ vel }) => vel[0] === 0 && vel[1] === 0))).toBe(
        true,
      );
    }
  });
});

describe('the goal of simple_adversary', () => {
  const states = starts('simple_adversary');

  it('is any of the landmarks, the same for all agents, and green', () => {
    const goals = states.map(({ agents, landmarks }) => {
      const [goal, ...others] = new Set(
        agents.map((agent) => (agent.goal_a as { landmark: number }).landmark),
      );
      expect(others).toEqual([]);
      expect(landmarks.map((landmark) => landmark.color[1] > 0.5)).toEqual([goal === 0, goal === 1]);
      return goal;
    });
    const share = goals.filter((goal) => goal === 0).length / goals.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });
});
