/** Which gradients exist, and which do not: what the algorithms stand on, on a batch of real experience. */
import { noGrad, Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AgentNetworks,
  type Batch,
  loadCheckpoint,
  type Maddpg,
  type RunConfig,
  saveCheckpoint,
} from '../src/index.js';
import { experience, smallConfig } from './experience.js';
import { batchInFloat64, expectFiniteDifferences, inFloat64 } from './float64.js';

const NETWORKS = ['actor', 'critic', 'targetActor', 'targetCritic'] as const;

/** Of simple_tag: three predators, and a prey that observes less. */
const agents = [0, 1, 2, 3];
const tag = (config: Partial<RunConfig>) => {
  const { maddpg, batch } = experience({ scenario: 'simple_tag', episodes: 8, ...config }, 64);
  return { maddpg, batch: maddpg.normalised(batch) };
};
const settings = (some: object) => ({ maddpg: { ...smallConfig.maddpg, ...some } });

const VARIANTS: Record<string, Partial<RunConfig>> = {
  maddpg: {},
  "others' actions from replay": settings({ othersActions: 'replay' }),
  'independent critics': settings({ critic: 'independent' }),
  matd3: { algorithm: 'matd3' },
  'batch normalisation': settings({ observationNorm: 'batch' }),
  'running normalisation': settings({ observationNorm: 'running', rewardNorm: 'return' }),
};

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

describe.each(Object.entries(VARIANTS))('%s', (_, config) => {
  const { maddpg, batch } = tag(config);
  maddpg.updates = 2; // one in which MATD3's actors move, too
  const nextActions = maddpg.nextActions(batch);
  const copy = () => loadCheckpoint(saveCheckpoint(maddpg)) as Maddpg;

  test.each(agents)("agent %i's actor loss goes through its critic into its own actor, nowhere else", (i) => {
    expect(reached(maddpg, maddpg.actorLoss(i, batch))).toEqual([`actor ${i}`, `critic ${i}`]);
  });

  test.each(agents)("agent %i's critic loss reaches its own critic only: no target, no actor", (i) => {
    expect(reached(maddpg, maddpg.criticLoss(i, batch, nextActions))).toEqual([`critic ${i}`]);
  });

  test.each(agents)(
    "agent %i's actor step computes no gradient but its actor's, and moves nothing else",
    (i) => {
      const maddpg = copy();
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

  test.each(agents)("agent %i's critic step moves its critic only", (i) => {
    const maddpg = copy();
    const before = snapshot(maddpg);
    maddpg.criticStep(i, batch, nextActions);
    expect(moved(before, snapshot(maddpg))).toEqual([`critic ${i}`]);
  });

  test.each(agents)("agent %i's gradients agree with finite differences, in float64", (i) => {
    const exact = copy();
    inFloat64(exact);
    const exactBatch = batchInFloat64(batch);
    const exactNext = exact.nextActions(exactBatch);
    const { actor, critic } = exact.agents[i];
    expectFiniteDifferences(actor.parameters(), () => exact.actorLoss(i, exactBatch));
    expectFiniteDifferences(critic.parameters(), () => exact.criticLoss(i, exactBatch, exactNext));
  });

  test('a terminated transition is worth its reward alone; a truncated one is bootstrapped', () => {
    const rows = batch.rewards[0].shape[0];
    const half = Float32Array.from({ length: rows }, (_, row) => row % 2);
    const ending = (ends: Float32Array): Batch => ({
      ...batch,
      terminations: agents.map(() => new Tensor(ends, [rows, 1])),
    });
    const y = maddpg.target(1, ending(half), nextActions);
    const bootstrapped = maddpg.target(1, ending(half.map(() => 0)), nextActions);
    for (let row = 0; row < rows; row++) {
      if (half[row]) expect(y.data[row]).toBe(batch.rewards[1].data[row]);
      else expect(y.data[row]).toBe(bootstrapped.data[row]);
      expect(bootstrapped.data[row]).not.toBe(batch.rewards[1].data[row]);
    }
  });
});

test.each([
  ['actors do now', 'current', false],
  ['batch remembers', 'replay', true],
])("the others' actions in an actor's loss can be what their %s", (_, othersActions, matters) => {
  const { maddpg, batch } = tag(settings({ othersActions }));
  const changed = { ...batch, actions: batch.actions.map((a) => noGrad(() => a.neg())) };
  const difference = maddpg.actorLoss(0, changed).item() - maddpg.actorLoss(0, batch).item();
  expect(difference !== 0).toBe(matters);
});

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
