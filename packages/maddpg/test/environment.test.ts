/** Environments that no run configuration makes: your own, and particle environments in other modes. */
import {
  Box,
  Dict,
  Discrete,
  MultiDiscrete,
  makeEnv,
  type ParallelEnv,
  type Space,
  scenarioNames,
  Tuple,
} from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { toActionSpace } from '../src/environments/action-vectors.js';
import {
  type AgentSpec,
  agentSpecs,
  type Environment,
  EpsilonGreedy,
  evaluate,
  Maddpg,
  type MaddpgSettings,
  policyOf,
  ReplayMemory,
  train,
} from '../src/index.js';

const envOf = (actionSpace: Space, rest: Partial<Environment> = {}): Environment => ({
  possibleAgents: ['ada'],
  agents: [],
  observationSpace: () => new Box(-1, 1, [4]),
  actionSpace: () => actionSpace,
  reset: () => ({ observations: {} }),
  step: () => ({ observations: {}, rewards: {}, terminations: {}, truncations: {}, infos: {} }),
  ...rest,
});
const INF = Number.POSITIVE_INFINITY;

describe('the kind of actions follows from the action space', () => {
  const numbers = { maxAction: 1 };
  test.each<[Space, Partial<AgentSpec>]>([
    [new Box(-2, 2, [3]), { actionSize: 3, maxAction: 2 }],
    [new Box(-1, 1, [3]), { actionSize: 3, maxAction: 1 }],
    [new Box(-1, 1, [2, 3]), { actionSize: 6, maxAction: 1 }],
    [new Box(0, 1, [1]), { ...numbers, actionSize: 1, actionSpace: { low: 0, high: 1, shape: [1] } }],
    [new Box(0, 1, [3]), { ...numbers, actionSize: 3, actionSpace: { low: 0, high: 1, shape: [3] } }],
    [new Box(0, 5, [3]), { ...numbers, actionSize: 3, actionSpace: { low: 0, high: 5, shape: [3] } }],
    [new Box([0, -1], 2), { ...numbers, actionSize: 2, actionSpace: { low: [0, -1], high: 2, shape: [2] } }],
    [
      new Box(-1e30, 1e30, [1]),
      { ...numbers, actionSize: 1, actionSpace: { low: -1e30, high: 1e30, shape: [1] } },
    ],
    [new Box(0, 0, [1]), { ...numbers, actionSize: 1, actionSpace: { low: 0, high: 0, shape: [1] } }],
    [new Discrete(3), { ...numbers, actionSize: 3, choices: [3], actionSpace: { n: 3, start: 0 } }],
    [
      new MultiDiscrete([5, 3]),
      { ...numbers, actionSize: 8, choices: [5, 3], actionSpace: { nvec: [5, 3] } },
    ],
    [
      new Tuple([new Discrete(2), new Box(0, 1, [2])]),
      {
        ...numbers,
        actionSize: 4,
        choices: [2],
        actionSpace: {
          spaces: [
            { n: 2, start: 0 },
            { low: 0, high: 1, shape: [2] },
          ],
        },
      },
    ],
    [
      new Dict({ gear: new Discrete(2), throttle: new Box(0, 1, [1]) }),
      {
        ...numbers,
        actionSize: 3,
        choices: [2],
        actionSpace: { spaces: { gear: { n: 2, start: 0 }, throttle: { low: 0, high: 1, shape: [1] } } },
      },
    ],
  ])('%s', (space, spec) => {
    expect(agentSpecs(envOf(space))).toEqual([{ name: 'ada', observationSize: 4, ...spec }]);
    expect(JSON.parse(JSON.stringify(agentSpecs(envOf(space))))).toEqual(agentSpecs(envOf(space)));
  });

  test('typed arrays in a space are as good as arrays', () => {
    const specsOf = (space: object) => agentSpecs(envOf(space as Space));
    const box = { shape: Int32Array.of(2), low: Float32Array.of(-1, -2), high: Float32Array.of(1, 2) };
    expect(specsOf(box)).toEqual(specsOf(new Box([-1, -2], [1, 2])));
    expect(specsOf({ nvec: Int32Array.of(2, 3) })).toEqual(specsOf(new MultiDiscrete([2, 3])));
    expect(specsOf({ n: 3, start: null })).toEqual(specsOf(new Discrete(3)));
  });

  test('a box from 0 to 1 holds choices only if actionParts says so', () => {
    const ada = { name: 'ada', observationSize: 4, actionSize: 3, maxAction: 1, choices: [1, 2] };
    expect(agentSpecs(envOf(new Box(0, 1, [3]), { actionParts: () => [1, 2] }))).toEqual([ada]);
    const undecided = agentSpecs(envOf(new Box(0, 1, [3]), { actionParts: () => undefined }));
    expect(undecided[0].choices).toBeUndefined();
    expect(() => agentSpecs(envOf(new Box(0, 1, [3]), { actionParts: () => [5] }))).toThrow(
      "agentSpecs: actionParts('ada') is [5], but its box has 3 numbers; give parts that add up to 3",
    );
    for (const scenario of scenarioNames) {
      const env = makeEnv(scenario, { actionMode: 'continuous' });
      for (const { name, choices, actionSize } of agentSpecs(env)) {
        expect(choices).toEqual(env.actionParts(name));
        expect(choices!.reduce((sum, size) => sum + size)).toBe(actionSize);
      }
    }
  });

  test.each<[Space, string]>([
    [new Box(-INF, INF, [2]), "ada's action space is Box(-Infinity, Infinity, [2]), without finite bounds"],
    [new Box(0, [1, INF]), "ada's action space is Box(0, [1, Infinity], [2]), without finite bounds"],
    [
      new Tuple([new Discrete(2), new Box(0, INF, [1])]),
      "part 1 of ada's action space is Box(0, Infinity, [1]), without finite bounds",
    ],
    [
      { sample: () => 0 } as unknown as Space,
      "ada's action space is { sample: the function sample }; give a Box, Discrete",
    ],
    [undefined as unknown as Space, "ada's action space is undefined; give a Box, Discrete"],
    [{ shape: 2 } as unknown as Space, "ada's action space is { shape: 2 }; give a Box, Discrete"],
    [{ n: '3' } as unknown as Space, 'ada\'s action space is { n: "3" }; give a Box, Discrete'],
    [{ nvec: 3 } as unknown as Space, "ada's action space is { nvec: 3 }; give a Box, Discrete"],
    [{ spaces: null } as unknown as Space, "ada's action space is { spaces: null }; give a Box, Discrete"],
    [
      { shape: [2], low: -1 } as unknown as Space,
      "ada's action space is { shape: [2], low: -1 }, without finite bounds",
    ],
    [
      { shape: [2], low: [-1], high: 1 } as unknown as Space,
      "ada's action space is { shape: [2], low: [-1], high: 1 }, without finite bounds",
    ],
    [
      { shape: [2], low: null, high: 1 } as unknown as Space,
      "ada's action space is { shape: [2], low: null,",
    ],
    [new Box(-1, 1, [0]), "ada's action space has 0 numbers, as a vector for networks; give a space of 1 to"],
    [new Tuple([]), "ada's action space has 0 numbers"],
    [new Discrete(1e9), "ada's action space has 1000000000 numbers"],
  ])('%s is refused', (space, message) => {
    expect(() => agentSpecs(envOf(space))).toThrow(`agentSpecs: ${message}`);
  });
});

test.each<[Space, number]>([
  [new Box(-INF, INF, [4, 4, 3]), 48],
  [new Box(0, 1, [7]), 7],
  [new Discrete(5), 5],
  [new Tuple([new Discrete(2), new Box(-1, 1, [3])]), 5],
])('observations of %s become vectors', (space, size) => {
  const [spec] = agentSpecs(envOf(new Discrete(2), { observationSpace: () => space }));
  expect(spec.observationSize).toBe(size);
});

test.each<[Space, number]>([
  [new Box(-1, 1, [3, 0]), 0],
  [new Dict({}), 0],
  [new MultiDiscrete([1e9, 1e9]), 2e9],
])('observations of %s are refused', (space, size) => {
  expect(() => agentSpecs(envOf(new Discrete(2), { observationSpace: () => space }))).toThrow(
    `agentSpecs: ada's observation space has ${size} numbers`,
  );
});

describe('an action vector in the form of its space', () => {
  const specOf = (space: Space) => agentSpecs(envOf(space))[0];
  test.each<[Space, number[], unknown]>([
    [new Box(0, 1, [3]), [-1, 0, 1], Float64Array.of(0, 0.5, 1)],
    [new Box([0.1, -7, 3], [0.3, 1e300, 3]), [1, -1, 0.2], Float64Array.of(0.3, -7, 3)],
    [
      new Box(-Number.MAX_VALUE, Number.MAX_VALUE, [2]),
      [-1, 1],
      Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE),
    ],
    [new Box(0, 1, [2]), [-1.5, 9], Float64Array.of(0, 1)],
    [new Box(-0.1, 0.1, [2]), [Math.fround(0.1), -Math.fround(0.1)], [0.1, -0.1]], // a little above 0.1
    [new Discrete(3), [0, 0, 1], 2],
    [new Discrete(3, -1), [1, 0, 0], -1],
    [new MultiDiscrete([2, 3]), [0, 1, 1, 0, 0], [1, 0]],
    // The numbers come first in the vector, whatever the order in the space.
    [
      new Tuple([new Discrete(2), new Box(0, 4, [1]), new Discrete(2)]),
      [0, 0, 1, 1, 0],
      [1, Float64Array.of(2), 0],
    ],
    [new Dict({ a: new Discrete(2), b: new Box(0, 4, []) }), [1, 0, 1], { a: 1, b: Float64Array.of(4) }],
  ])('%s from %j', (space, vector, action) => {
    expect(toActionSpace(specOf(space), vector)).toEqual(action);
    expect(space.contains(action)).toBe(true);
  });

  test('NaN is refused by name', () => {
    expect(() => toActionSpace(specOf(new Box(0, 1, [2])), [0, Number.NaN])).toThrow(
      "ada's action is NaN at index 1",
    );
  });
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
    /^agent_0's action has the choice \[0\.\d+, .*\], but its action space takes one option; set straightThrough: true/,
  );
});

test('a policy for other actions says so', () => {
  const specs = agentSpecs(makeEnv('simple_spread', { actionMode: 'force' }));
  const maddpg = new Maddpg(specs, { generator: new Generator(1) });
  expect(() => evaluate(makeEnv('simple_spread'), policyOf(maddpg), { episodes: 1, seed: 1 })).toThrow(
    /^agent_0's action has 2 numbers, but its action space here takes one of 5 options; was the policy made for an environment with another actionMode\?/,
  );
});
