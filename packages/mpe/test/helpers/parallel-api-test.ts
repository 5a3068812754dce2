import { expect } from 'vitest';
import { SeededRandom } from '../../src/index.js';
import { type Env, sampleActions } from './episodes.js';

/** The promises of the Parallel API, after PettingZoo's own `parallel_api_test`: holds an environment to them for some episodes. */
export function parallelApiTest(env: Env, episodes = 3): void {
  const random = new SeededRandom(7);
  const all = env.possibleAgents;
  expect(new Set(all).size).toBe(all.length);
  for (const agent of all) {
    expect(env.observationSpace(agent)).toBe(env.observationSpace(agent));
    expect(env.actionSpace(agent)).toBe(env.actionSpace(agent));
  }

  for (let episode = 0; episode < episodes; episode++) {
    const start = env.reset({ seed: episode });
    expect(env.agents).toEqual(all);
    expect(Object.keys(start.infos)).toEqual(all);
    expectObservations(env, start.observations);

    while (env.agents.length > 0) {
      const live = [...env.agents];
      const { observations, rewards, terminations, truncations, infos } = env.step(
        sampleActions(env, random),
      );
      for (const record of [observations, rewards, terminations, truncations, infos]) {
        expect(Object.keys(record)).toEqual(live);
      }
      expectObservations(env, observations);
      for (const agent of live) {
        expect(rewards[agent]).toSatisfy(Number.isFinite);
        expect(infos[agent]).toBeTypeOf('object');
      }
      const goingOn = live.filter((agent) => !terminations[agent] && !truncations[agent]);
      expect(env.agents).toEqual(goingOn);
      expect(Array.from(env.state())).toEqual(all.flatMap((agent) => Array.from(observations[agent] ?? [])));
    }
    const nothing = { observations: {}, rewards: {}, terminations: {}, truncations: {}, infos: {} };
    expect(env.step({})).toEqual(nothing);
  }
}

function expectObservations(env: Env, observations: Record<string, Float64Array>): void {
  expect(Object.keys(observations)).toEqual(env.possibleAgents);
  for (const [agent, observation] of Object.entries(observations)) {
    expect(observation).toBeInstanceOf(Float64Array);
    expect(env.observationSpace(agent).contains(observation)).toBe(true);
  }
}
