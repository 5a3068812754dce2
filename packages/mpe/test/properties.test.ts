/** Properties of every scenario, for any actions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, actionModes, Discrete, makeEnv, physicsNames, scenarioNames } from '../src/index.js';
import type { Env } from './helpers/episodes.js';

/** Any action of the agent's space, often at its bounds. */
function anyAction(env: Env, agent: string): fc.Arbitrary<Action> {
  const space = env.actionSpace(agent);
  if (space instanceof Discrete) return fc.nat(space.n - 1);
  const { shape } = space;
  const [low, high] = [Number(space.low), Number(space.high)];
  const number = fc.oneof(fc.constantFrom(low, high, 0), fc.double({ min: low, max: high, noNaN: true }));
  return fc.array(number, { minLength: shape[0], maxLength: shape[0] });
}

/** A seed, and actions that stay the same for many steps, so that agents move far. */
function anyEpisode(env: Env): fc.Arbitrary<{ seed: number; actions: Record<string, Action>[] }> {
  const actionsOfAll = fc.record(
    Object.fromEntries(env.possibleAgents.map((agent) => [agent, anyAction(env, agent)])),
  ) as fc.Arbitrary<Record<string, Action>>;
  const stretches = fc.array(fc.tuple(actionsOfAll, fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
    maxLength: 6,
  });
  return fc.record({
    seed: fc.nat(),
    actions: stretches.map((all) => all.flatMap(([action, times]) => new Array(times).fill(action))),
  });
}

describe.each(scenarioNames)('%s', (name) => {
  describe.each(physicsNames)('%s', (physics) => {
    it.each(actionModes)(
      'returns finite observations of the right shape and finite rewards: %s',
      (actionMode) => {
        const env = makeEnv(name, { actionMode, physics, maxCycles: 200 });
        fc.assert(
          fc.property(anyEpisode(env), ({ seed, actions }) => {
            let { observations } = env.reset({ seed });
            const check = () => {
              const wrong = env.possibleAgents.filter((agent) => {
                const [size] = env.observationSpace(agent).shape;
                return observations[agent].length !== size || !observations[agent].every(Number.isFinite);
              });
              expect(wrong).toEqual([]);
            };
            check();
            for (const action of actions) {
              const result = env.step(action);
              observations = result.observations;
              check();
              expect(Object.values(result.rewards).every(Number.isFinite)).toBe(true);
            }
          }),
          { numRuns: 25 },
        );
      },
    );
  });

  it('continues the same after setState(getState()) in the middle of an episode', () => {
    const [env, other] = [makeEnv(name, { maxCycles: 200 }), makeEnv(name, { maxCycles: 200 })];
    fc.assert(
      fc.property(anyEpisode(env), fc.nat(), fc.nat(), ({ seed, actions }, at, otherSeed) => {
        const middle = at % actions.length;
        env.reset({ seed });
        for (const action of actions.slice(0, middle)) env.step(action);
        const state = env.getState();
        expect(env.setState(state)).toEqual(other.setState(state));
        expect(env.getState()).toEqual(state);
        other.reset({ seed: otherSeed });
        other.setState(state);
        for (const action of actions.slice(middle)) expect(other.step(action)).toEqual(env.step(action));
      }),
      { numRuns: 25 },
    );
  });
});
