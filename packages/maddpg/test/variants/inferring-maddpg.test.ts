/** Agents that learn what the others' policies are by watching them: what is inferred, and where it is used. */
import { Generator, normal, type Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  InferringMaddpg,
  loadCheckpoint,
  prepareRun,
  ReplayMemory,
  type RunConfig,
  saveCheckpoint,
  train,
} from '../../src/index.js';
import { experience, smallConfig } from '../experience.js';
import { batchInFloat64, expectFiniteDifferences, inFloat64 } from '../float64.js';
import { identityGame } from '../games.js';

const config: Partial<RunConfig> = { algorithm: 'inferring-maddpg', scenario: 'simple_tag' };
const { maddpg, batch } = experience({ ...config, episodes: 8 }, 64);
const inferring = maddpg as InferringMaddpg;
const copy = () => loadCheckpoint(saveCheckpoint(maddpg)) as InferringMaddpg;
const agents = [0, 1, 2, 3];
const numbers = (tensors: readonly Tensor[]) => tensors.flatMap(({ data }) => [...data]);

/** The networks in which a loss leaves a gradient that is not zero: `agent_0.inferred.agent_1 actor`, ... */
function reached(loss: Tensor): string[] {
  const networks = inferring.namedAgents().flatMap(([name, agent]) =>
    (['actor', 'critic', 'targetActor', 'targetCritic'] as const).flatMap((part) => {
      const network = agent[part];
      return network ? [{ name: `${name} ${part}`, network }] : [];
    }),
  );
  for (const { network } of networks) network.zeroGrad();
  loss.backward();
  return networks
    .filter(({ network }) => network.parameters().some(({ grad }) => grad?.data.some((g) => g !== 0)))
    .map(({ name }) => name)
    .sort();
}

describe('gradients', () => {
  const nameOf = (i: number) => inferring.specs[i].name;

  test.each(agents)("agent %i's losses reach its own actor and critic, and nothing of the others", (i) => {
    const own = nameOf(i);
    expect(reached(inferring.actorLoss(i, batch))).toEqual([`${own} actor`, `${own} critic`]);
    expect(reached(inferring.criticLoss(i, batch, inferring.nextActions(batch)))).toEqual([`${own} critic`]);
  });

  test('an inference loss reaches what one agent takes another for', () => {
    expect(reached(inferring.inferenceLoss(2, 1, batch))).toEqual([
      `${nameOf(2)}.inferred.${nameOf(1)} actor`,
    ]);
  });

  test('an inference loss, and an actor loss among inferred others, agree with finite differences', () => {
    const exact = copy();
    inFloat64(exact);
    const exactBatch = batchInFloat64(batch);
    expectFiniteDifferences(exact.inferred[2][1]!.actor.parameters(), () =>
      exact.inferenceLoss(2, 1, exactBatch),
    );
    expectFiniteDifferences(exact.agents[3].actor.parameters(), () => exact.actorLoss(3, exactBatch));
  });

  test('more entropy is worth as much as it weighs', () => {
    const withWeight = (entropyWeight: number) => {
      const generator = new Generator(1);
      const one = new InferringMaddpg(inferring.specs, { generator, entropyWeight });
      return { loss: one.inferenceLoss(0, 1, batch).item(), one };
    };
    const entropy = withWeight(0).one.inferred[0][1]!.actor.entropy().item();
    expect(entropy).toBeCloseTo(Math.log(2 * Math.PI * Math.E), 5); // two components, each with sigma 1
    expect(withWeight(0.5).loss).toBeCloseTo(withWeight(0).loss - 0.5 * entropy, 5);
  });
});

describe("where others' policies stood, now stands what they are taken for", () => {
  const scrambled = (which: (maddpg: InferringMaddpg) => readonly Tensor[]) => {
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
  const untouched = scrambled(() => []);

  test("the others' own actors and target actors matter to neither target nor actor loss", () => {
    const others = scrambled(({ agents }) =>
      [1, 2, 3].flatMap((j) => [...agents[j].actor.parameters(), ...agents[j].targetActor.parameters()]),
    );
    expect(others).toEqual(untouched);
  });

  test('in the target the slow copies, in the actor loss the policies as inferred now', () => {
    const slow = scrambled(({ inferred }) => inferred[0][2]!.targetActor.parameters());
    expect(slow.target).not.toEqual(untouched.target);
    expect(slow.actorLoss).toBe(untouched.actorLoss);
    const now = scrambled(({ inferred }) => inferred[0][2]!.actor.parameters());
    expect(now.target).toEqual(untouched.target);
    expect(now.actorLoss).not.toBe(untouched.actorLoss);
    expect(scrambled(({ inferred }) => inferred[1][2]!.targetActor.parameters())).toEqual(untouched); // another's
  });
});

test('infers a policy, and how much it varies, from what is done', () => {
  const game = identityGame(2);
  const generator = new Generator(4);
  const maddpg = new InferringMaddpg(game.specs, { generator, hidden: [32], actorLearningRate: 3e-3 });
  const policy = (o: Tensor) => o.mul(0.8);
  const watched = () =>
    game.batch(128, generator, (observations) =>
      observations.map((o) => policy(o).add(normal(o.shape, generator).mul(0.15))),
    );
  for (let step = 0; step < 1000; step++) maddpg.inferenceStep(watched());
  const { actor } = maddpg.inferred[0][1]!;
  const [, o] = game.batch(200, generator).observations;
  const errors = actor.forward(o).sub(policy(o)).abs().mean().item();
  expect(errors).toBeLessThan(0.03);
  expect(actor.logSigma().exp().item()).toBeGreaterThan(0.13);
  expect(actor.logSigma().exp().item()).toBeLessThan(0.17);
});

test('learns from the latest transitions, not from those that are drawn', () => {
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

test('an update moves every approximation, and its slow copy by tau', () => {
  const maddpg = copy();
  const parts = () =>
    maddpg.inferred
      .flat()
      .flatMap((other) => (other ? [other.actor, other.targetActor] : []))
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

test('the same seed gives the same run, and what is loaded is what was saved', () => {
  const run = () => [...train(prepareRun({ ...smallConfig, ...config, episodes: 6 }))];
  expect(run()).toEqual(run());
  expect(saveCheckpoint(copy())).toEqual(saveCheckpoint(maddpg));
  expect(copy().update(batch)).toEqual(copy().update(batch));
});

test.each<[object[], object, RegExp]>([
  [[...inferring.specs], { entropyWeight: -1 }, /^InferringMaddpg: entropyWeight -1/],
  [[{ ...inferring.specs[0], choices: [2] }], {}, /^InferringMaddpg: adversary_0 makes choices/],
])('%# is refused', (specs, settings, message) => {
  const make = () =>
    new InferringMaddpg(specs as typeof inferring.specs, { generator: new Generator(1), ...settings });
  expect(make).toThrow(message);
});
