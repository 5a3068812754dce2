import { Generator } from '@paragrad/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AgentSpec, PrioritizedReplayMemory, ReplayMemory } from '../../src/index.js';

const SPECS: AgentSpec[] = ['a', 'b'].map((name) => ({
  name,
  observationSize: 1,
  actionSize: 1,
  maxAction: 1,
}));

interface Step {
  time: number;
  rewards: number[];
  terminated: boolean[];
  truncated: boolean;
}
type Episode = Step[];

const rewards = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 2 });
const episode = fc.record({
  steps: fc.array(rewards, { minLength: 1, maxLength: 8 }),
  terminated: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
});
const episodes = fc.array(episode, { minLength: 1, maxLength: 6 }).map((all): Episode[] => {
  let time = 0;
  return all.map(({ steps, terminated }) => {
    const last = steps.length - 1;
    const episode = steps.map((rewards, t) => ({
      time: time++,
      rewards,
      terminated: t === last ? terminated : [false, false],
      truncated: t === last && !terminated.includes(true),
    }));
    return episode;
  });
});

/** Actions and observations are the number of the step. So an episode begins with the observation that the one before ended with. */
function fill(memory: ReplayMemory, episodes: readonly Episode[]): void {
  for (const { time, rewards, terminated, truncated } of episodes.flat()) {
    memory.add({
      observations: [[time], [-time]],
      actions: [[time], [time]],
      rewards,
      nextObservations: [[time + 1], [-time - 1]],
      terminations: terminated,
      truncations: [truncated, truncated],
    });
  }
}

test.each([ReplayMemory, PrioritizedReplayMemory])(
  '%o: the n-step target follows its definition',
  (Memory) => {
    fc.assert(
      fc.property(
        episodes,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 3, max: 60 }),
        (episodes, steps, capacity) => {
          const gamma = 0.5; // exact in float32
          const memory = new Memory(SPECS, { capacity, nStep: { steps, gamma } });
          fill(memory, episodes);
          const { actions, nextObservations, rewards, terminations } = memory.sample(60, new Generator(1));
          for (let row = 0; row < 60; row++) {
            const time = actions[0].data[row];
            const rest = episodes.find((episode) => episode.some((step) => step.time === time))!;
            const part = rest.filter((step) => step.time >= time).slice(0, steps);
            expect(nextObservations[0].data[row]).toBe(time + part.length);
            for (const i of [0, 1]) {
              const value = 64; // of the observation after the last step
              const end = part.at(-1)!.terminated[i] ? 0 : gamma ** part.length * value;
              const expected = part.reduce((sum, step, k) => sum + gamma ** k * step.rewards[i], end);
              const target = rewards[i].data[row] + gamma * (1 - terminations[i].data[row]) * value;
              expect(target).toBe(expected);
            }
          }
        },
      ),
    );
  },
);

test('n-step returns stop at a termination, even if the next transition begins with the same observation', () => {
  const memory = new ReplayMemory(SPECS, { nStep: { steps: 3, gamma: 0.5 } });
  const steps = [false, true, false].map((ended, time) => ({
    time,
    rewards: [1, 1],
    terminated: [ended, ended],
    truncated: false,
  }));
  fill(memory, [steps]);
  const { actions, rewards, terminations } = memory.sample(50, new Generator(1));
  const found = new Map(
    [...actions[0].data].map((time, row) => [time, [rewards[0].data[row], terminations[0].data[row]]]),
  );
  expect(Object.fromEntries(found)).toEqual({ 0: [1.5, 1], 1: [1, 1], 2: [1, 0] });
});
