/** What `train` and `evaluate` say about an environment that breaks a promise, and that they copy what it may change. */
import { type Action, Box, Discrete, type Space } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  agentSpecs,
  type Environment,
  type EnvironmentStep,
  EpsilonGreedy,
  evaluate,
  Maddpg,
  policyOf,
  ReplayMemory,
  train,
} from '../src/index.js';

/** Agents a and b. In step 3 b terminates, in step 5 a is truncated. */
class TwoAgents implements Environment {
  readonly possibleAgents = ['a', 'b'];
  agents: string[] = [];
  t = 0;
  readonly space: Space = new Box(0, 1, [2]);

  observationSpace(_agent?: string): Space {
    return this.space;
  }
  actionSpace(_agent?: string): Space {
    return this.space;
  }
  reset() {
    this.t = 0;
    this.agents = ['a', 'b'];
    return { observations: this.each(this.agents, () => [0, 0]) };
  }
  step(_: Readonly<Record<string, Action>>): EnvironmentStep {
    const acted = this.agents;
    this.t += 1;
    this.agents = acted.filter((name) => this.t < (name === 'a' ? 5 : 3));
    return {
      observations: this.each(acted, () => [this.t, 0]),
      rewards: this.each(acted, () => this.t),
      terminations: this.each(acted, (name) => name === 'b' && this.t === 3),
      truncations: this.each(acted, (name) => name === 'a' && this.t === 5),
      infos: this.each(acted, () => ({})),
    };
  }
  each<T>(names: readonly string[], make: (name: string) => T): Record<string, T> {
    return Object.fromEntries(names.map((name) => [name, make(name)]));
  }
}

function trained(env: Environment, maxEpisodeSteps = 50): ReplayMemory {
  const generator = new Generator(1);
  const algorithm = new Maddpg(agentSpecs(env), { generator, hidden: [4] });
  const memory = new ReplayMemory(algorithm.specs);
  const exploration = new EpsilonGreedy({ generator, initial: 0.5 });
  const rest = { generator, episodes: 2, batchSize: 4, stepsPerUpdate: 4, maxEpisodeSteps };
  for (const _ of train({ env, algorithm, memory, exploration, ...rest }));
  return memory;
}

function evaluated(env: Environment) {
  const algorithm = new Maddpg(agentSpecs(env), { generator: new Generator(1), hidden: [4] });
  return evaluate(env, policyOf(algorithm), { episodes: 2, seed: 1, maxEpisodeSteps: 50 });
}

test('an agent that ends early counts with what it got, in training and in evaluation', () => {
  expect(evaluated(new TwoAgents()).returns).toEqual({ a: 15, b: 6 });
  const { rewards, liveness } = trained(new TwoAgents()).latest(5);
  expect([...rewards[0].data]).toEqual([1, 2, 3, 4, 5]);
  expect([...rewards[1].data]).toEqual([1, 2, 3, 0, 0]);
  expect([...liveness!.live[1].data]).toEqual([1, 1, 1, 0, 0]);
  expect([...liveness!.nextLive[1].data]).toEqual([1, 1, 0, 0, 0]);
  expect([...liveness!.truncated[0].data]).toEqual([0, 0, 0, 0, 1]);
});

/** The environment with a step that returns something else. */
const stepping = (change: (env: TwoAgents, result: EnvironmentStep) => Partial<EnvironmentStep>) => {
  const env = new TwoAgents();
  const step = env.step.bind(env);
  env.step = (actions) => {
    const result = step(actions);
    return { ...result, ...change(env, result) };
  };
  return env;
};

/** The environment with one more live agent after step t. */
const withLive = (t: number, name: string) =>
  stepping((env) => {
    if (env.t === t) env.agents.push(name);
    return {};
  });

describe.each<[string, (env: Environment) => unknown]>([
  ['train', trained],
  ['evaluate', evaluated],
])('%s says', (owner, run) => {
  test.each<[string, () => Environment]>([
    [
      'in step 1 of an episode, ghost is in agents, but not in possibleAgents, which are a, b; declare every agent there',
      () => withLive(1, 'ghost'),
    ],
    [
      'in step 3 of an episode, b was terminated, but is still in agents; take it out of agents in its last step',
      () => withLive(3, 'b'),
    ],
    ['in step 5 of an episode, a was truncated, but is still in agents', () => withLive(5, 'a')],
    [
      'in step 3 of an episode, b left agents without an end; set its termination or truncation in its last step',
      () => stepping(() => ({ terminations: { a: false, b: false } })),
    ],
    [
      "in step 1 of an episode, b's reward is NaN; give a finite number for each agent that acted",
      () => stepping(() => ({ rewards: { a: 1, b: Number.NaN } })),
    ],
    [
      "in step 1 of an episode, b's reward is undefined; give a finite number for each agent that acted",
      () => stepping(() => ({ rewards: { a: 1 } })),
    ],
    [
      'in step 1 of an episode, there is no observation for b, which is live; give one for each of a, b',
      () => stepping(() => ({ observations: { a: [0, 0] } })),
    ],
    [
      'in step 5 of an episode, a was truncated, but has no observation; give its last one',
      () => stepping((env, { observations }) => ({ observations: env.t === 5 ? {} : observations })),
    ],
    [
      'in step 1 of an episode, step returned undefined; return an object with observations, rewards, terminations, truncations',
      () => Object.assign(new TwoAgents(), { step: () => undefined }),
    ],
    [
      'in step 1 of an episode, step returned a Promise; return an object with observations',
      () => Object.assign(new TwoAgents(), { step: async () => ({}) }),
    ],
    ...(['observations', 'rewards', 'terminations', 'truncations'] as const).map(
      (record): [string, () => Environment] => [
        `in step 1 of an episode, ${record} is undefined in what step returned, which has observations, rewards`,
        () => stepping(() => ({ [record]: undefined })),
      ],
    ),
    [
      'in step 1 of an episode, terminations is undefined in what step returned, which has observations, rewards, dones, infos; ',
      () =>
        Object.assign(new TwoAgents(), {
          step: () => ({ observations: {}, rewards: {}, dones: {}, infos: {} }),
        }),
    ],
    [
      'in step 1 of an episode, rewards is [1, 2] in what step returned',
      () => stepping(() => ({ rewards: [1, 2] as never })),
    ],
    [
      'after reset of an episode, reset returned [{ a: [..., ...] }, {}]; return an object with observations, each a record by agent',
      () => Object.assign(new TwoAgents(), { reset: () => [{ a: [0, 0] }, {}] }),
    ],
    [
      'after reset of an episode, reset returned undefined; return an object with observations',
      () => Object.assign(new TwoAgents(), { reset: () => undefined }),
    ],
    [
      'after reset of an episode, agents is undefined; give an array with the names of the live agents',
      () =>
        Object.assign(new TwoAgents(), { agents: undefined, reset: () => ({ observations: { a: [0, 0] } }) }),
    ],
    ['in step 1 of an episode, a is in agents twice; list each live agent once', () => withLive(1, 'a')],
    [
      `in step 5 of an episode, a's termination is "False"; give true or false`,
      () => stepping((env) => (env.t === 5 ? { terminations: { a: 'False' as never } } : {})),
    ],
    [
      `in step 1 of an episode, b's reward is "1"; give a finite number for each agent that acted`,
      () => stepping(() => ({ rewards: { a: 1, b: '1' as never } })),
    ],
    [
      'after reset of an episode, agents is empty; list the agents that begin the episode',
      () => Object.assign(new TwoAgents(), { reset: () => ({ observations: {} }) }),
    ],
    [
      'in step 50 of an episode, the episode is not over, and maxEpisodeSteps is 50; set truncations at a time limit',
      () =>
        stepping((env) => {
          env.agents = ['a', 'b'];
          env.t = 1;
          return { terminations: {}, truncations: {} };
        }),
    ],
  ])('%s', (message, make) => {
    expect(() => run(make())).toThrow(`${owner}: ${message}`);
  });
});

test('an observation of another length is refused by name', () => {
  const env = stepping((_, { observations }) => ({ observations: { ...observations, b: [0, 0, 0] } }));
  const message = "b's observation has shape [3]; give an array of shape [2]";
  expect(() => trained(env)).toThrow(`train: in step 1 of an episode, ${message}`);
  expect(() => evaluated(env)).toThrow(`policy: ${message}`);
});

test('an observation that networks cannot take is refused by name', () => {
  const env = stepping(({ t }, { observations }) => ({
    observations: t === 2 ? { ...observations, a: [1e39, 0] } : observations,
  }));
  const message =
    "a's observations contain 1e+39; give finite numbers that float32 can hold (nobody acted on them)";
  expect(() => trained(env)).toThrow(`train: in step 2 of an episode, ${message}`);
  expect(() => evaluated(env)).toThrow(`policy: ${message}`);
});

test('metrics are refused for an environment without infos', () => {
  const env = stepping(() => ({ infos: undefined as never }));
  const policy = () => ({ a: [0, 0], b: [0, 0] });
  const metrics = [{ name: 'collisions', unit: '', measure: () => 1 }] as never;
  expect(() => evaluate(env, policy, { episodes: 1, seed: 1, metrics })).toThrow(
    'evaluate: metrics need benchmark data',
  );
});

test.each([[0, 0, 1], Float32Array.of(0, 0, 1), Int32Array.of(0, 0, 1)])(
  'a discrete space gets the index of the choice %o',
  (choice) => {
    const env = Object.assign(new TwoAgents(), { actionSpace: () => new Discrete(3, 5) });
    const seen: unknown[] = [];
    const step = env.step.bind(env);
    env.step = (actions) => {
      seen.push(actions.a);
      return step(actions);
    };
    evaluate(env, () => ({ a: choice, b: 6, unknown: [1] }), { episodes: 1, seed: 1 });
    expect(new Set(seen)).toEqual(new Set([7]));
  },
);

test.each<[string, unknown]>([
  ['no method actionSpace', { ...new TwoAgents(), actionSpace: undefined }],
  ['spaces that are not a method', { ...new TwoAgents(), observationSpace: { a: new Box(0, 1, [2]) } }],
])('an environment with %s is refused', (_, env) => {
  const message =
    /^agentSpecs: env is .* without [\w, ]*Space.*; give an environment.*observationSpace\(agent\), actionSpace\(agent\)/;
  expect(() => agentSpecs(env as Environment)).toThrow(message);
});

test('the algorithm must know the environment’s agents', () => {
  const env = new TwoAgents();
  const generator = new Generator(1);
  const algorithm = new Maddpg(agentSpecs(env).slice(0, 1), { generator, hidden: [4] });
  const training = { env, algorithm, memory: new ReplayMemory(algorithm.specs), generator, episodes: 1 };
  const exploration = new EpsilonGreedy({ generator, initial: 0.5 });
  expect(() => [...train({ ...training, exploration })]).toThrow(
    "train: the environment's agents are a, b, and the algorithm's a; make the algorithm with agentSpecs(env)",
  );
  expect(() => policyOf(algorithm)({ a: [0, 0], b: [0, 0] })).toThrow(
    'policy: there is an observation for b',
  );
});

test('what is remembered is what was chosen and observed, whatever the environment does with its arrays', () => {
  const reused = new Float64Array(2);
  const seen: number[] = [];
  const chosen: number[][] = [];
  const env = new TwoAgents();
  const step = env.step.bind(env);
  env.step = (actions) => {
    chosen.push(Array.from(actions.a as ArrayLike<number>));
    for (const action of Object.values(actions) as number[][]) action.fill(7);
    const result = step(actions);
    reused.set([env.t * 10, 0]);
    seen.push(env.t * 10);
    return { ...result, observations: env.each(Object.keys(result.observations), () => reused) };
  };
  const { observations, nextObservations, actions } = trained(env).latest(5);
  const firstOf = (x: { data: ArrayLike<number> }) => Array.from(x.data).filter((_, k) => k % 2 === 0);
  expect(firstOf(observations[0])).toEqual([0, 10, 20, 30, 40]);
  expect(firstOf(nextObservations[0])).toEqual([10, 20, 30, 40, 50]);
  // The box from 0 to 1 is [-1, 1] for the algorithm.
  const expected = chosen.slice(-5).flatMap((action) => action.map((x) => 2 * x - 1));
  actions[0].data.forEach((a, k) => {
    expect(a).toBeCloseTo(expected[k], 6);
  });
  expect(chosen.flat().every((x) => x >= 0 && x <= 1)).toBe(true);
});
