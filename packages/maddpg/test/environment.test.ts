/** Environments that no run configuration makes: your own, and particle environments in other modes. */
import { Box, Discrete, makeEnv, type ParallelEnv, type Space } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import {
  agentSpecs,
  EpsilonGreedy,
  evaluate,
  Maddpg,
  type MaddpgSettings,
  policyOf,
  ReplayMemory,
  train,
} from '../src/index.js';

test('the kind of actions follows from the action space', () => {
  const specOf = (space: Space) =>
    agentSpecs({
      possibleAgents: ['ada'],
      agents: [],
      observationSpace: () => new Box(-1, 1, [4]),
      actionSpace: () => space,
      reset: () => ({ observations: {} }),
      step: () => ({ observations: {}, rewards: {}, terminations: {}, truncations: {}, infos: {} }),
    });
  const ada = { name: 'ada', observationSize: 4, actionSize: 3 };
  expect(specOf(new Box(-2, 2, [3]))).toEqual([{ ...ada, maxAction: 2 }]);
  expect(specOf(new Box(0, 1, [3]))).toEqual([{ ...ada, maxAction: 1, choices: [3] }]);
  expect(specOf(new Discrete(3))).toEqual([{ ...ada, maxAction: 1, choices: [3] }]);
  expect(() => specOf(new Box(0, 5, [3]))).toThrow(
    /^agentSpecs: ada's action space is a box from 0 to 5, but .*; scale the actions in the environment/,
  );
});

/** Trains in an environment whose actions are whole numbers. */
function trainOn(env: ParallelEnv, settings: Partial<MaddpgSettings> = {}): Maddpg {
  const generator = new Generator(1);
  const maddpg = new Maddpg(agentSpecs(env), { generator, hidden: [8], ...settings });
  const memory = new ReplayMemory(maddpg.specs, { capacity: 1000 });
  const exploration = new EpsilonGreedy({ generator, initial: 0.3 });
  for (const _ of train({
    env,
    algorithm: maddpg,
    memory,
    exploration,
    generator,
    episodes: 4,
    batchSize: 32,
  }));
  for (const { data } of memory.sample(64, generator).actions) {
    expect(new Set(data)).toEqual(new Set([0, 1])); // one-hot
  }
  return maddpg;
}

test('a discrete space gets the index of the choice, in training and in evaluation', () => {
  const env = makeEnv('simple_reference'); // a move and a word are one choice of 50
  const maddpg = trainOn(env);
  expect(maddpg.specs[0].choices).toEqual([50]);
  expect(evaluate(env, policyOf(maddpg), { episodes: 2, seed: 1 }).meanReturn).toBeLessThan(0);
});

test('a discrete space refuses soft choices', () => {
  expect(() => trainOn(makeEnv('simple_spread'), { straightThrough: false })).toThrow(
    /^agent_0's action is \[0\.\d+, .*\], but its space is Discrete\(5\), .* leave straightThrough true/,
  );
});
