import { Generator } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AgentSpec, ReplayMemory, type Transition } from '../../src/index.js';

const SPECS: AgentSpec[] = [
  { name: 'a', observationSize: 3, actionSize: 2, maxAction: 1 },
  { name: 'b', observationSize: 1, actionSize: 1, maxAction: 1 },
];

/** The observations of step t of an episode: no two steps have the same. */
function observation(episode: number, t: number): number[][] {
  return [[episode, t, 0.5], [episode * 1000 + t]];
}

function transition(episode: number, t: number, terminated = false): Transition {
  return {
    observations: observation(episode, t),
    actions: [[episode, t], [-t]],
    rewards: [t, episode],
    nextObservations: observation(episode, t + 1),
    terminations: [terminated, false],
  };
}

function fill(memory: ReplayMemory, episodes: number, length: number): void {
  for (let episode = 0; episode < episodes; episode++) {
    for (let t = 0; t < length; t++) memory.add(transition(episode, t, t === length - 1));
  }
}

test('a sampled transition is one that was added, with its own next observation', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 500 }),
      (episodes, length, capacity) => {
        const memory = new ReplayMemory(SPECS, { capacity });
        fill(memory, episodes, length);
        expect(memory.size).toBe(Math.min(capacity, episodes * length));

        const batch = memory.sample(50, new Generator(1));
        for (let row = 0; row < 50; row++) {
          const [episode, t] = batch.observations[0].data.subarray(row * 3);
          expect(episode * length + t).toBeGreaterThanOrEqual(episodes * length - capacity);
          expect([...batch.nextObservations[0].data.subarray(row * 3, row * 3 + 3)]).toEqual([
            episode,
            t + 1,
            0.5,
          ]);
          expect(batch.observations[1].data[row]).toBe(episode * 1000 + t);
          expect(batch.nextObservations[1].data[row]).toBe(episode * 1000 + t + 1);
          expect([...batch.actions[0].data.subarray(row * 2, row * 2 + 2)]).toEqual([episode, t]);
          expect(batch.actions[1].data[row]).toBe(-t);
          expect(batch.rewards.map(({ data }) => data[row])).toEqual([t, episode]);
          expect(batch.terminations.map(({ data }) => data[row])).toEqual([t === length - 1 ? 1 : 0, 0]);
        }
      },
    ),
  );
});

test('a draw of k gives the k-th transition that it holds, counted from the oldest', () => {
  for (const [capacity, episodes] of [
    [100, 2],
    [5, 3],
  ]) {
    const memory = new ReplayMemory(SPECS, { capacity });
    fill(memory, episodes, 4);
    let drawn = 0;
    const counting = Object.assign(new Generator(1), { integer: () => drawn++ });
    const { observations, actions, rewards, nextObservations } = memory.sample(memory.size, counting);
    const added = Array.from({ length: episodes * 4 }, (_, k) => 1000 * Math.floor(k / 4) + (k % 4));
    const held = added.slice(-memory.size);
    expect([...observations[1].data]).toEqual(held);
    expect([...nextObservations[1].data]).toEqual(held.map((o) => o + 1));
    expect([...actions[1].data].map((a) => a + 0)).toEqual(held.map((o) => -(o % 1000) + 0));
    expect([...rewards[0].data]).toEqual(held.map((o) => o % 1000));
  }
});

test('every transition it holds is sampled about equally often', () => {
  const memory = new ReplayMemory(SPECS, { capacity: 10 });
  fill(memory, 3, 7);
  const counts = new Map<number, number>();
  for (const reward of memory.sample(10_000, new Generator(3)).observations[1].data) {
    counts.set(reward, (counts.get(reward) ?? 0) + 1);
  }
  expect(counts.size).toBe(10);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(900));
});

describe('its storage', () => {
  const ten: AgentSpec[] = Array.from({ length: 10 }, (_, i) => ({
    name: `agent_${i}`,
    observationSize: 60,
    actionSize: 2,
    maxAction: 1,
  }));

  test('grows as the memory fills, and is empty at first', () => {
    expect(new ReplayMemory(ten, { capacity: 1e6 }).byteLength).toBe(0);
  });

  test('holds each observation once', () => {
    const memory = new ReplayMemory(SPECS, { capacity: 1e6 });
    fill(memory, 1000, 25);
    const observationBytes = 4 * 4;
    const stepBytes = 4 * (3 + 2 + 2) + 8;
    const rows = 1000 * 25;
    // Each observation once, the last one of every episode, and the free space in the blocks of the three queues.
    const bound =
      rows * (26 / 25) * observationBytes + rows * stepBytes + 4096 * (observationBytes + stepBytes);
    expect(memory.byteLength).toBeLessThanOrEqual(bound);
    expect(memory.byteLength).toBeLessThan(rows * (2 * observationBytes + stepBytes));
  });

  test('stops growing at the capacity', () => {
    const memory = new ReplayMemory(SPECS, { capacity: 5000 });
    fill(memory, 400, 25);
    const full = memory.byteLength;
    fill(memory, 4000, 25);
    expect(memory.byteLength).toBe(full);
  });
});

describe('bad input is refused, and nothing is stored', () => {
  const memory = new ReplayMemory(SPECS);
  memory.add(transition(0, 0));
  const good = transition(0, 1);

  test.each<[string, Transition, RegExp]>([
    [
      'a NaN observation',
      { ...good, observations: [[0, Number.NaN, 0], [1]] },
      /a's observations contain NaN/,
    ],
    [
      'an infinite reward',
      { ...good, rewards: [0, Number.POSITIVE_INFINITY] },
      /b's rewards contain Infinity/,
    ],
    [
      'a wrong length',
      {
        ...good,
        actions: [
          [1, 2],
          [1, 2],
        ],
      },
      /b's actions have length 2; give length 1/,
    ],
    [
      'a missing agent',
      { ...good, nextObservations: [[0, 0, 0]] },
      /nextObservations of 1 agents; give those of all 2/,
    ],
  ])('%s', (_, transition, message) => {
    expect(() => memory.add(transition)).toThrow(message);
    expect(memory.size).toBe(1);
  });

  test('sampling from an empty memory is refused', () => {
    expect(() => new ReplayMemory(SPECS).sample(1, new Generator(0))).toThrow(/nothing to sample/);
  });
});
