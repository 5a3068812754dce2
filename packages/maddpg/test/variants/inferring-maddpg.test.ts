/** Agents that infer the others' policies from what they do: what is inferred, and where it is used. */
import {
  Generator,
  gumbelSoftmax,
  indexSelect,
  logSoftmax,
  normal,
  type Tensor,
  tensor,
  zeros,
} from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  InferringMaddpg,
  jointBatch,
  ReplayMemory,
  StochasticActor,
  saveCheckpoint,
} from '../../src/index.js';
import { mapAction } from '../../src/networks/map-action.js';
import { expectFiniteDifferences, Float64Copy } from '../float64.js';
import { identityGame } from '../games.js';
import { networksReached } from '../networks-of.js';
import { copyOf, numbers, shortRun } from '../short-run.js';

const { maddpg: inferring, batch } = shortRun<InferringMaddpg>(
  { algorithm: 'inferring-maddpg', scenario: 'simple_tag', episodes: 8 },
  64,
);
const copy = () => copyOf(inferring);

/** Steers with two numbers, moves in one of 3 ways, and says one of 2 words. */
const mixed: AgentSpec = { name: 'mixed', observationSize: 4, actionSize: 7, maxAction: 2, choices: [3, 2] };
const [numeric, choosing] = [
  { ...mixed, actionSize: 2, choices: [] },
  { ...mixed, actionSize: 5 },
];

describe('a stochastic actor', () => {
  const actor = new StochasticActor(mixed, [8], new Generator(1));
  actor.spread.update((data) => data.set([0.5, -1]));
  const observations = normal([6, 4], new Generator(2));
  const actions = tensor([
    [0.1, -1.9, 1, 0, 0, 0, 1],
    [1.5, 0.3, 0, 1, 0, 0, 1],
    [-2, 2, 0, 0, 1, 1, 0],
    [0, 0, 0, 0, 1, 0, 1],
    [0.7, -0.4, 0.2, 0.3, 0.5, 0.9, 0.1], // soft: counts as the third move and the first word
    [0.7, -0.4, 0, 0, 1, 1, 0],
  ]);
  const { logLikelihood, entropy } = actor.evaluateActions(observations, actions);
  const output = actor.body.forward(observations).data;
  const sigmas = [0.5, -1].map((spread) => Math.exp(3 * Math.tanh(spread / 3)));
  const softmax = (logits: number[]) => logits.map((x) => Math.exp(x) / sum(logits.map(Math.exp)));
  const sum = (x: number[]) => x.reduce((total, value) => total + value, 0);
  const chosen = (x: number[]) => x.indexOf(Math.max(...x));

  test.each([0, 1, 2, 3, 4, 5])(
    'gives action %i the product of its densities and probabilities, and the sum of their entropies',
    (row) => {
      const [u, v, ...logits] = output.subarray(7 * row, 7 * row + 7);
      const [x, y, ...choices] = actions.data.subarray(7 * row, 7 * row + 7);
      const density = (distance: number, sigma: number) =>
        Math.exp(-0.5 * (distance / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
      const moves = softmax(logits.slice(0, 3));
      const words = softmax(logits.slice(3));
      const likelihood =
        density(x - 2 * Math.tanh(u), sigmas[0]) *
        density(y - 2 * Math.tanh(v), sigmas[1]) *
        moves[chosen(choices.slice(0, 3))] *
        words[chosen(choices.slice(3))];
      expect(logLikelihood.data[row]).toBeCloseTo(Math.log(likelihood), 4);
      const gaussians = sum(sigmas.map((sigma) => 0.5 * Math.log(2 * Math.PI * Math.E * sigma ** 2)));
      const categories = -sum([...moves, ...words].map((p) => p * Math.log(p)));
      expect(entropy.data[row]).toBeCloseTo(gaussians + categories, 5);
    },
  );

  test('counts a soft choice as its largest category', () => {
    expect(logLikelihood.shape).toEqual([6, 1]);
    const soft = actor
      .evaluateActions(observations.narrow(0, 4, 1), actions.narrow(0, 4, 1))
      .logLikelihood.item();
    const hard = actor
      .evaluateActions(observations.narrow(0, 4, 1), actions.narrow(0, 5, 1))
      .logLikelihood.item();
    expect(soft).toBe(hard);
  });
});

describe('gradients', () => {
  const nameOf = (i: number) => inferring.specs[i].name;

  test('an inference loss reaches one inferred policy, and nothing else', () => {
    expect(networksReached(inferring, inferring.inferenceLoss(2, 1, batch))).toEqual([
      `${nameOf(2)}.inferred.${nameOf(1)} actor`,
    ]);
  });

  test.each([
    ['numbers', numeric],
    ['choices', choosing],
    ['both', mixed],
  ])('those of an inference loss agree with finite differences, with %s', (_, spec) => {
    const generator = new Generator(1);
    const specs = ['a', 'b'].map((name) => ({ ...spec, name }));
    const { maddpg } = new Float64Copy(
      new InferringMaddpg(specs, { generator, hidden: [8], entropyWeight: 0.1 }),
    );
    const done = maddpg.act([0, 1].map(() => normal([32, 4], generator, { dtype: 'float64' })));
    const observations = done.map(() => normal([32, 4], generator, { dtype: 'float64' }));
    const column = done.map(() => zeros([32, 1], { dtype: 'float64' }));
    const batch = jointBatch({
      observations,
      actions: done.map((action) => action.mul(0.9)),
      rewards: column,
      nextObservations: observations,
      terminations: column,
    });
    expectFiniteDifferences(maddpg.inferred[0][1]!.network.parameters(), () =>
      maddpg.inferenceLoss(0, 1, batch),
    );
  });

  test('the loss falls by the entropy times its weight', () => {
    const withWeight = (entropyWeight: number) => {
      const generator = new Generator(1);
      const one = new InferringMaddpg(inferring.specs, { generator, entropyWeight });
      return one.inferenceLoss(0, 1, batch).item();
    };
    const entropy = Math.log(2 * Math.PI * Math.E); // of two components, each with sigma 1
    expect(withWeight(0.5)).toBeCloseTo(withWeight(0) - 0.5 * entropy, 5);
  });
});

describe("inferred policies replace the others' policies", () => {
  /** The target and the actor loss of agent 0, with noise in place of some parameters. */
  const withNoise = (which: (maddpg: InferringMaddpg) => readonly Tensor[]) => {
    const maddpg = copy();
    for (const parameter of which(maddpg)) {
      const noise = normal(parameter.shape, new Generator(3)).data;
      parameter.update((data) => data.set(noise));
    }
    return {
      target: numbers([maddpg.target(0, batch, maddpg.nextActions(batch))]),
      actorLoss: maddpg.actorLoss(0, batch).item(),
    };
  };
  const untouched = withNoise(() => []);

  test("the others' own actors and target actors change neither the target nor the actor loss", () => {
    const others = withNoise(({ agents }) =>
      [1, 2, 3].flatMap((j) => {
        const { network, target } = agents[j].actor;
        return [...network.parameters(), ...target.parameters()];
      }),
    );
    expect(others).toEqual(untouched);
  });

  test('the target uses the slow copies, and the actor loss the current inferred policies', () => {
    const slow = withNoise(({ inferred }) => inferred[0][2]!.target.parameters());
    expect(slow.target).not.toEqual(untouched.target);
    expect(slow.actorLoss).toBe(untouched.actorLoss);
    const now = withNoise(({ inferred }) => inferred[0][2]!.network.parameters());
    expect(now.target).toEqual(untouched.target);
    expect(now.actorLoss).not.toBe(untouched.actorLoss);
    expect(withNoise(({ inferred }) => inferred[1][2]!.target.parameters())).toEqual(untouched); // those of agent 1
  });
});

test('a policy and its deviation are inferred from actions', () => {
  const game = identityGame(2);
  const generator = new Generator(4);
  const maddpg = new InferringMaddpg(game.specs, { generator, hidden: [32], actorLr: 3e-3 });
  const policy = (o: Tensor) => o.mul(0.8);
  const observedBatch = () =>
    game.batch(128, generator, (observations) =>
      observations.map((o) => policy(o).add(normal(o.shape, generator).mul(0.15))),
    );
  for (let step = 0; step < 1000; step++) maddpg.inferenceStep(observedBatch());
  const { network } = maddpg.inferred[0][1]!;
  const [, o] = game.batch(200, generator).observations;
  const errors = network.forward(o).sub(policy(o)).abs().mean().item();
  expect(errors).toBeLessThan(0.03);
  expect(network.logSigma().exp().item()).toBeGreaterThan(0.13);
  expect(network.logSigma().exp().item()).toBeLessThan(0.17);
});

test.each([
  ['one-hot', true],
  ['soft', false],
])('the probabilities of choices are inferred from %s choices', (_, straightThrough) => {
  const generator = new Generator(4);
  const spec = { ...choosing, observationSize: 2 };
  const settings = { generator, hidden: [16], actorLr: 1e-2, straightThrough };
  const maddpg = new InferringMaddpg(
    ['a', 'b'].map((name) => ({ ...spec, name })),
    settings,
  );
  // Two places, with different probabilities of choices.
  const probabilities = [
    [
      [0.7, 0.2, 0.1],
      [0.9, 0.1],
    ],
    [
      [0.1, 0.1, 0.8],
      [0.5, 0.5],
    ],
  ];
  const places = tensor([
    [1, 0],
    [0, 1],
  ]);
  const log = tensor(probabilities.map((choices) => choices.flat().map(Math.log)));
  const observations = indexSelect(
    places,
    0,
    Array.from({ length: 256 }, (_, row) => row % 2),
  );
  const logits = indexSelect(
    log,
    0,
    Array.from({ length: 256 }, (_, row) => row % 2),
  );
  const options = { generator, hard: straightThrough };
  const [rewards, terminations] = [0, 1].map(() => [0, 1].map(() => zeros([256, 1])));
  for (let step = 0; step < 500; step++) {
    const action = mapAction(
      spec,
      logits,
      (x) => x,
      (part) => gumbelSoftmax(part, options),
    );
    const both = {
      observations: [observations, observations],
      nextObservations: [observations, observations],
    };
    maddpg.inferenceStep(jointBatch({ ...both, actions: [action, action], rewards, terminations }));
  }
  const inferred = maddpg.inferred[0][1]!.network.logits(places);
  probabilities.forEach((choices, place) => {
    let start = 0;
    for (const p of choices) {
      const [logQ] = [logSoftmax(inferred.narrow(0, place, 1).narrow(1, start, p.length)).data];
      const divergence = p.reduce((sum, pk, k) => sum + pk * (Math.log(pk) - logQ[k]), 0); // KL(p, q)
      expect(divergence).toBeLessThan(0.01);
      start += p.length;
    }
  });
});

test.each([true, false])(
  "the others' choices are drawn like an agent's own, with straightThrough %j",
  (straightThrough) => {
    const generator = new Generator(1);
    const maddpg = new InferringMaddpg([mixed, { ...mixed, name: 'other' }], {
      generator,
      hidden: [8],
      straightThrough,
    });
    const { network, target } = maddpg.inferred[0][1]!;
    for (const one of [network, target]) {
      const drawn = one.forward(normal([50, 4], generator)).narrow(1, 2, 5).data;
      expect(drawn.every((value) => value === 0 || value === 1)).toBe(straightThrough);
    }
  },
);

test('policies are inferred from the latest transitions, not from the sampled ones', () => {
  const { specs } = identityGame(2);
  const memory = new ReplayMemory(specs);
  for (let step = 0; step < 100; step++) {
    memory.add({
      observations: [[step], [0]],
      actions: [[0], [0]],
      rewards: [0, 0],
      nextObservations: [[step + 1], [0]],
      terminations: [false, false],
    });
  }
  expect([...memory.latest(3).observations[0].data]).toEqual([97, 98, 99]);
  expect(memory.latest(1000).observations[0].shape).toEqual([100, 1]);
  const maddpg = new InferringMaddpg(specs, { generator: new Generator(1) });
  const seen: number[][] = [];
  const inferenceStep = maddpg.inferenceStep.bind(maddpg);
  maddpg.inferenceStep = (latest) => {
    seen.push([...latest.observations[0].data]);
    inferenceStep(latest);
  };
  maddpg.learn(memory, 3, new Generator(1));
  expect(seen).toEqual([[97, 98, 99]]);
});

test('an update changes every inferred policy, and moves its slow copy by tau', () => {
  const maddpg = copy();
  const parts = () =>
    maddpg.inferred
      .flat()
      .flatMap((other) => (other ? [other.network, other.target] : []))
      .map((network) => numbers(network.parameters()));
  const before = parts();
  maddpg.update(batch);
  const after = parts();
  expect(after).toHaveLength(24);
  for (let index = 0; index < after.length; index += 2) {
    expect(after[index]).not.toEqual(before[index]);
    const expected = 0.01 * after[index][0] + 0.99 * before[index + 1][0];
    expect(after[index + 1][0]).toBeCloseTo(expected, 6);
  }
});

test('a negative weight of entropy is refused', () => {
  expect(
    () => new InferringMaddpg(inferring.specs, { generator: new Generator(1), entropyWeight: -1 }),
  ).toThrow('InferringMaddpg: entropyWeight is -1; give a finite number of at least 0');
});

test('independent critics are refused', () => {
  expect(
    () => new InferringMaddpg(inferring.specs, { generator: new Generator(1), critic: 'independent' }),
  ).toThrow(/^InferringMaddpg: critic is 'independent', which does not see the others' actions; set/);
});

test('nothing is inferred from a batch that is refused', () => {
  const { maddpg, batch } = shortRun<InferringMaddpg>({ algorithm: 'inferring-maddpg', episodes: 4 }, 16);
  const before = saveCheckpoint(maddpg);
  const bad = { ...batch, rewards: batch.rewards.map((r) => r.mul(Number.NaN)) };
  expect(() => maddpg.update(bad)).toThrow(/nothing was learned from this batch/);
  expect(() => maddpg.update(batch, bad)).toThrow(/nothing was learned from this batch/);
  expect(() => maddpg.update(bad, batch)).toThrow(/nothing was learned from this batch/);
  expect(saveCheckpoint(maddpg)).toEqual(before);
});
