/** examples/maddpg-single-file.ts: short, without the libraries above tensor, and its update is that of the library. */
import { jointBatch, Maddpg } from '@paragrad/maddpg';
import type { Module } from '@paragrad/nn';
import {
  currentKernels,
  Generator,
  grad,
  referenceKernels,
  simdKernels,
  type Tensor,
  useKernels,
} from '@paragrad/tensor';
import { afterEach, expect, test } from 'vitest';
import {
  actorLoss,
  criticLoss,
  makeAgents,
  ReplayMemory,
  settings,
  update,
} from '../examples/maddpg-single-file.js';
import { read } from './markdown.js';

// Three agents that differ, so that a mistake in the order of agents shows.
const OBSERVATIONS = [3, 5, 4];
const ACTIONS = [2, 1, 3];

const numbers = (count: number, generator: Generator) =>
  Array.from({ length: count }, () => generator.normal());

/** Steps of an environment that does not exist: one in four ends the episode of an agent. */
function filledMemory(count: number, generator: Generator): ReplayMemory {
  const memory = new ReplayMemory(count);
  for (let step = 0; step < count; step++) {
    memory.add({
      observations: OBSERVATIONS.map((size) => numbers(size, generator)),
      actions: ACTIONS.map((size) => numbers(size, generator).map(Math.tanh)),
      rewards: OBSERVATIONS.map(() => numbers(1, generator)),
      nextObservations: OBSERVATIONS.map((size) => numbers(size, generator)),
      terminations: OBSERVATIONS.map(() => [Number(generator.uniform() < 0.25)]),
    });
  }
  return memory;
}

const inUse = currentKernels();
afterEach(() => {
  useKernels(inUse);
});

test.each([
  ['plain loops', referenceKernels],
  ['SIMD', simdKernels({ relaxed: false })!],
  ['the kernels in use', inUse],
])('twenty updates give the weights of the library, bit for bit: %s', (_, kernels) => {
  useKernels(kernels);
  // The limit clips some gradients and not others. A large τ and γ, so that 20 updates show what they do.
  const options = { ...settings, maxGradNorm: 0.2, tau: 0.1, gamma: 0.9 };
  const generator = new Generator(1);
  const agents = makeAgents(OBSERVATIONS, ACTIONS, generator);
  const specs = OBSERVATIONS.map((observationSize, i) => ({
    name: `agent_${i}`,
    observationSize,
    actionSize: ACTIONS[i],
    maxAction: 1,
  }));
  const { gamma, tau, actorLr, criticLr, maxGradNorm, hidden } = options;
  const maddpg = new Maddpg(specs, {
    generator: new Generator(2),
    hidden: [hidden, hidden],
    ...{ gamma, tau, actorLr, criticLr, maxGradNorm },
  });
  /** Weights here and there, with what they are called. */
  const pairs = agents.flatMap((agent, i) =>
    (['actor', 'critic'] as const).flatMap((role) =>
      (['network', 'target'] as const).map((which) => ({
        name: `agent ${i}, ${role}, ${which}`,
        here: agent[role][which],
        there: (maddpg.agents[i][role][which] as Module<never>).parameters(),
      })),
    ),
  );
  const copy = (from: readonly Tensor[], to: readonly Tensor[]) => {
    expect(to.map(({ shape }) => shape)).toEqual(from.map(({ shape }) => shape));
    for (const [p, { values }] of from.entries()) to[p].update((data) => data.set(values));
  };
  for (const { here, there } of pairs) copy(here, there);

  const memory = filledMemory(200, generator);
  const norms: number[] = [];
  for (let k = 0; k < 20; k++) {
    const batch = memory.sample(32, generator);
    update(agents, batch, options);
    norms.push(
      ...maddpg
        .update(jointBatch(batch))
        .flatMap(({ criticGradNorm, actorGradNorm }) => [criticGradNorm, actorGradNorm]),
    );
  }
  expect(norms.some((norm) => norm > maxGradNorm) && norms.some((norm) => norm < maxGradNorm)).toBe(true);
  for (const { name, here, there } of pairs) {
    for (const [p, { data }] of here.entries()) {
      const other = there[p].data;
      const different = data.findIndex((value, k) => !Object.is(value, other[k]));
      const [a, b] = [data[different], other[different]];
      expect(different, `${name}, tensor ${p}: ${a} here, ${b} in the library`).toBe(-1);
    }
  }
});

// With networks of their own, agents get the same weights without `detach`: a step asks only for the gradient of one network.
// So the test above cannot see it.
test("the gradient of an actor's loss reaches the critic and one actor, that of a critic's loss only the critic", () => {
  const generator = new Generator(1);
  const agents = makeAgents(OBSERVATIONS, ACTIONS, generator);
  const batch = filledMemory(20, generator).sample(8, generator);
  const networks = agents.flatMap(({ actor, critic }, i) => [
    { name: `actor ${i}`, weights: actor.network },
    { name: `critic ${i}`, weights: critic.network },
  ]);
  const reached = (loss: Tensor) =>
    networks
      .filter(({ weights }) =>
        grad(loss, weights, { allowUnused: true, retainGraph: true }).some((one) => one !== null),
      )
      .map(({ name }) => name);
  for (const i of agents.keys()) {
    expect(reached(actorLoss(agents, i, batch))).toEqual([`actor ${i}`, `critic ${i}`]);
    expect(reached(criticLoss(agents, i, batch, 0.9))).toEqual([`critic ${i}`]);
  }
});

test('the memory keeps the newest transitions, and a batch has rows of one transition each', () => {
  const memory = new ReplayMemory(3);
  for (let k = 0; k < 5; k++) {
    memory.add({
      observations: [[k, k], [k]],
      actions: [[k], [k]],
      rewards: [[k], [k]],
      nextObservations: [[k + 1, k + 1], [k + 1]],
      terminations: [[0], [0]],
    });
  }
  const batch = memory.sample(100, new Generator(1));
  const drawn = [...batch.observations[1].data];
  expect(new Set(drawn)).toEqual(new Set([2, 3, 4]));
  expect([...batch.rewards[0].data]).toEqual(drawn);
  expect(batch.nextObservations[0].tolist()).toEqual(drawn.map((k) => [k + 1, k + 1]));
});

test('the file is short, and builds on nothing but tensor and the environment', () => {
  const source = read('examples/maddpg-single-file.ts');
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
  const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  expect(imported).toEqual(['node:fs', '@paragrad/mpe', '@paragrad/tensor']);
});
