import { describe, expect, it } from 'vitest';
import { makeEnv, type ScenarioName, type WorldState } from '../src/index.js';

/** The starting states of many episodes. The golden traces test what happens after the start. */
function startStates(name: ScenarioName): WorldState[] {
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
  const states = startStates(name);

  it('starts at rest, with uniformly random positions in a square', () => {
    for (const kind of ['agents', 'landmarks'] as const) {
      const reach = kind === 'agents' ? 1 : landmarkReach;
      const coordinates = states.flatMap((state) => state[kind].flatMap((entity) => entity.pos));
      expect(Math.max(...coordinates)).toBeLessThanOrEqual(reach);
      expect(Math.min(...coordinates)).toBeGreaterThanOrEqual(-reach);
      const fraction = coordinates.filter((x) => x > reach / 2).length / coordinates.length;
      expect(fraction).toBeGreaterThan(0.22);
      expect(fraction).toBeLessThan(0.28);
      expect(states.every((state) => state[kind].every(({ vel }) => vel[0] === 0 && vel[1] === 0))).toBe(
        true,
      );
    }
  });
});

describe('the goal of simple_adversary', () => {
  const states = startStates('simple_adversary');

  it('is a random landmark, the same for all agents, and green', () => {
    const goals = states.map(({ agents, landmarks }) => {
      const [goal, ...others] = new Set(
        agents.map((agent) => (agent.goal_a as { landmark: number }).landmark),
      );
      expect(others).toEqual([]);
      expect(landmarks.map((landmark) => landmark.color[1] > 0.5)).toEqual([goal === 0, goal === 1]);
      return goal;
    });
    const fraction = goals.filter((goal) => goal === 0).length / goals.length;
    expect(fraction).toBeGreaterThan(0.4);
    expect(fraction).toBeLessThan(0.6);
  });
});

describe('goals drawn at reset', () => {
  /** Expects that there are `kinds` different outcomes, each about equally often. */
  function expectUniform(outcomes: unknown[], kinds: number): void {
    const counts = new Map<string, number>();
    for (const outcome of outcomes) {
      const key = JSON.stringify(outcome);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(kinds);
    for (const count of counts.values()) {
      const deviation = Math.sqrt((outcomes.length / kinds) * (1 - 1 / kinds));
      expect(Math.abs(count - outcomes.length / kinds)).toBeLessThan(5 * deviation);
    }
  }

  it('simple_push: one landmark for both agents; the good agent has its color', () => {
    const states = startStates('simple_push');
    expectUniform(
      states.map(({ agents }) => agents.map(({ goal_a, color }) => [goal_a, color])),
      2,
    );
  });

  it('simple_reference: one landmark for each agent; the other agent has its color', () => {
    const states = startStates('simple_reference');
    expectUniform(
      states.map(({ agents }) => agents.map(({ goal_b }) => goal_b)),
      9,
    );
    for (const { agents, landmarks } of states) {
      const { landmark } = agents[0].goal_b as { landmark: number };
      expect(agents[1].color).toEqual(landmarks[landmark].color);
    }
  });

  it('simple_speaker_listener: a random landmark, for the speaker only', () => {
    const states = startStates('simple_speaker_listener');
    expectUniform(
      states.map(({ agents }) => agents[0].goal_b),
      3,
    );
    expect(states.some(({ agents }) => 'goal_b' in agents[1])).toBe(false);
  });

  it('simple_crypto: message and key, independent of each other', () => {
    const states = startStates('simple_crypto');
    expectUniform(
      states.map(({ agents }) => [agents[0].goal_a, agents[2].key_landmark]),
      4,
    );
  });
});

describe('simple_world_comm', () => {
  /** Whether one agent observes another one. There is a forest at the origin, and `at` has the positions of the agents. */
  function sees(observer: number, other: number, at: readonly [number, number][]): boolean {
    const env = makeEnv('simple_world_comm', { numForests: 1, numAdversaries: 2, numGood: 1 });
    env.reset({ seed: 1 });
    const state = env.getState();
    state.agents.forEach((agent, i) => {
      agent.pos = at[i];
    });
    for (const landmark of state.landmarks) landmark.pos = landmark.kind === 'forest' ? [0, 0] : [0.9, 0.9];
    const name = state.agents[observer].name;
    const start = 4 + 2 * state.landmarks.length + 2 * (other > observer ? other - 1 : other);
    return env
      .setState(state)
      [name].slice(start, start + 2)
      .some((x) => x !== 0);
  }
  const [inside, alsoInside, outside]: [number, number][] = [
    [0.1, 0],
    [-0.1, 0],
    [0.8, 0],
  ];
  // The positions are those of the leader, an adversary, and the prey.
  it.each([
    ['an adversary does not see into a forest', 1, [outside, outside, inside], false],
    ['an adversary does not see out of a forest', 1, [outside, inside, outside], false],
    ['an adversary sees inside the same forest', 1, [outside, inside, alsoInside], true],
    [
      'an adversary sees outside of forests',
      1,
      [inside, outside, alsoInside.map((x) => x - 0.9) as [number, number]],
      true,
    ],
    ['the leader sees into a forest', 0, [outside, outside, inside], true],
    ['the leader sees out of a forest', 0, [inside, outside, outside], true],
  ] as const)('%s', (_, observer, at, expected) => {
    expect(sees(observer, 2, at)).toBe(expected);
  });
});
