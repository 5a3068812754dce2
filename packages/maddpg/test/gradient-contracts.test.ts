/** Which gradients exist, and which do not: what the algorithm stands on, on a batch of real experience. */
import { grad, noGrad, Tensor } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { type AgentNetworks, type Batch, jointBatch, type Maddpg } from '../src/index.js';
import { experience } from './experience.js';

const { maddpg, batch } = experience({ scenario: 'simple_tag', episodes: 8 }, 64);
const agents = maddpg.agents.map((_, i) => i);
const NETWORKS = ['actor', 'critic', 'targetActor', 'targetCritic'] as const;

/** Names of the networks in which `backward` from a loss, unrestricted, leaves a gradient that is not zero. */
function reached(maddpg: Maddpg, loss: Tensor): string[] {
  clear(maddpg);
  loss.backward();
  return maddpg.agents.flatMap((agent, j) =>
    NETWORKS.filter((network) => hasGradient(agent, network)).map((network) => `${network} ${j}`),
  );
}

function clear(maddpg: Maddpg): void {
  for (const agent of maddpg.agents) for (const network of NETWORKS) agent[network].zeroGrad();
}

function hasGradient(agent: AgentNetworks, network: (typeof NETWORKS)[number]): boolean {
  return agent[network].parameters().some(({ grad }) => grad?.data.some((g) => g !== 0));
}

test.each(agents)(
  "agent %i's actor loss flows through its critic into its own actor, and nowhere else",
  (i) => {
    expect(reached(maddpg, maddpg.actorLoss(i, batch))).toEqual([`actor ${i}`, `critic ${i}`].sort(byAgent));
  },
);

test.each(agents)("agent %i's critic loss reaches its own critic only: no target, no actor", (i) => {
  expect(reached(maddpg, maddpg.criticLoss(i, batch, maddpg.nextActions(batch)))).toEqual([`critic ${i}`]);
});

test.each(agents)(
  "agent %i's actor step computes no gradient but its actor's, and moves nothing else",
  (i) => {
    const { maddpg, batch } = experience({ scenario: 'simple_tag', episodes: 8 }, 64);
    clear(maddpg);
    const before = snapshot(maddpg);
    maddpg.actorStep(i, batch);
    const reached = maddpg.agents.flatMap((agent, j) =>
      NETWORKS.filter((network) => agent[network].parameters().some(({ grad }) => grad !== null)).map(
        (network) => `${network} ${j}`,
      ),
    );
    expect(reached).toEqual([`actor ${i}`]);
    expect(moved(before, snapshot(maddpg))).toEqual([`actor ${i}`]);
  },
);

test('the target step says that it changes the targets', () => {
  const { maddpg } = experience({ scenario: 'simple_tag', episodes: 1 }, 1);
  const versions = () =>
    maddpg.agents.flatMap(({ targetActor, targetCritic }) =>
      [...targetActor.parameters(), ...targetCritic.parameters()].map(({ version }) => version),
    );
  const before = versions();
  maddpg.targetStep();
  versions().forEach((version, index) => {
    expect(version).toBeGreaterThan(before[index]);
  });
});

test.each(agents)("agent %i's critic step moves its critic only", (i) => {
  const { maddpg, batch } = experience({ scenario: 'simple_tag', episodes: 8 }, 64);
  const before = snapshot(maddpg);
  maddpg.criticStep(i, batch, maddpg.nextActions(batch));
  expect(moved(before, snapshot(maddpg))).toEqual([`critic ${i}`]);
});

test.each(agents)(
  "agent %i's actor gradient agrees with finite differences through the critic, in float64",
  (i) => {
    const exact = inFloat64(maddpg);
    const exactBatch = batchInFloat64(batch);
    const parameters = exact.agents[i].actor.parameters();
    const gradients = grad(exact.actorLoss(i, exactBatch), parameters);
    const loss = () => noGrad(() => exact.actorLoss(i, exactBatch)).item();

    parameters.forEach(({ data }, p) => {
      // A few weights of each layer; a step that small does not carry a ReLU over its kink.
      for (let k = 0; k < data.length; k += Math.ceil(data.length / 12)) {
        const original = data[k];
        data[k] = original + 1e-6;
        const above = loss();
        data[k] = original - 1e-6;
        const below = loss();
        data[k] = original;
        expect(gradients[p].data[k]).toBeCloseTo((above - below) / 2e-6, 7);
      }
    });
  },
);

test("the others' actions in an actor's loss are their actors' own, not the batch's", () => {
  const changed = {
    ...batch,
    actions: batch.actions.map(
      (a) =>
        new Tensor(
          a.data.map((x) => -x),
          a.shape,
        ),
    ),
  };
  expect(maddpg.actorLoss(0, changed).item()).toBe(maddpg.actorLoss(0, batch).item());
});

test('a terminated transition is worth its reward alone; a truncated one is bootstrapped', () => {
  const rows = batch.rewards[0].shape[0];
  const half = Float32Array.from({ length: rows }, (_, row) => row % 2);
  const terminations = agents.map(() => new Tensor(half, [rows, 1]));
  const y = maddpg.target(1, { ...batch, terminations }, maddpg.nextActions(batch));
  const bootstrapped = maddpg.target(
    1,
    {
      ...batch,
      terminations: agents.map(
        () =>
          new Tensor(
            half.map(() => 0),
            [rows, 1],
          ),
      ),
    },
    maddpg.nextActions(batch),
  );
  for (let row = 0; row < rows; row++) {
    if (half[row]) expect(y.data[row]).toBe(batch.rewards[1].data[row]);
    else expect(y.data[row]).toBe(bootstrapped.data[row]);
    expect(bootstrapped.data[row]).not.toBe(batch.rewards[1].data[row]);
  }
});

function byAgent(a: string, b: string): number {
  return NETWORKS.indexOf(a.split(' ')[0] as 'actor') - NETWORKS.indexOf(b.split(' ')[0] as 'actor');
}

function snapshot(maddpg: Maddpg): Record<string, number[]> {
  return Object.fromEntries(
    maddpg.agents.flatMap((agent, j) =>
      NETWORKS.map((network) => [
        `${network} ${j}`,
        agent[network].parameters().flatMap(({ data }) => [...data]),
      ]),
    ),
  );
}

function moved(before: Record<string, number[]>, after: Record<string, number[]>): string[] {
  return Object.keys(before).filter((name) => before[name].some((value, k) => value !== after[name][k]));
}

/** The same algorithm with every parameter in float64. */
function inFloat64(maddpg: Maddpg): Maddpg {
  const { maddpg: copy } = experience({ scenario: 'simple_tag', episodes: 1 }, 1);
  copy.agents.forEach((agent, i) => {
    for (const network of NETWORKS) {
      const source = maddpg.agents[i][network].parameters();
      const layers = agent[network].body.layers as unknown as Record<string, Tensor>[];
      let next = 0;
      for (const layer of layers) {
        for (const name of ['weight', 'bias']) {
          if (!layer[name]) continue;
          const { data, shape } = source[next++];
          layer[name] = new Tensor(Float64Array.from(data), shape, { requiresGrad: true });
        }
      }
    }
  });
  return copy;
}

function batchInFloat64(batch: Batch): Batch {
  const convert = (tensors: readonly Tensor[]) =>
    tensors.map(({ data, shape }) => new Tensor(Float64Array.from(data), shape));
  return jointBatch({
    observations: convert(batch.observations),
    actions: convert(batch.actions),
    rewards: convert(batch.rewards),
    nextObservations: convert(batch.nextObservations),
    terminations: convert(batch.terminations),
  });
}
