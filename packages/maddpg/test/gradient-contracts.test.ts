/** Which gradients exist, and which do not: what the algorithms stand on, on a batch of real experience. */
import { grad, noGrad, Tensor, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  AttentionMaddpg,
  type Batch,
  defaultsOf,
  EnsembleMaddpg,
  type Maddpg,
  type MaddpgSettings,
  OpenaiMaddpg,
  type RunConfig,
} from '../src/index.js';
import { withLogitsPenalty } from '../src/learning/logits-penalty.js';
import { copyOf, experience, smallConfig } from './experience.js';
import { batchInFloat64, Exact, expectFiniteDifferences } from './float64.js';
import { computed, moved, networksOf, reached } from './networks-of.js';

/** Of simple_tag: three predators, and a prey that observes less. */
const agents = [0, 1, 2, 3];
const tag = (config: Partial<RunConfig>) => {
  const { maddpg, batch } = experience({ scenario: 'simple_tag', episodes: 8, ...config }, 64);
  return { maddpg: chosen(maddpg), batch: maddpg.normalized(batch) };
};
const SUB_POLICIES = [2, 1, 0, 1];
function chosen(maddpg: Maddpg): Maddpg {
  if (maddpg instanceof EnsembleMaddpg) maddpg.choose(SUB_POLICIES);
  return maddpg;
}
const settings = (some: Partial<MaddpgSettings>) => ({ settings: { ...smallConfig.settings, ...some } });
const choices = (some: Partial<MaddpgSettings> = {}): Partial<RunConfig> => ({
  actions: 'discrete',
  ...settings({ straightThrough: false, ...some }),
});

interface Contract {
  config: Partial<RunConfig>;
  /** What a loss of the agent with this name reaches, where that is not its own actor and critic. */
  actor?: (name: string, others: readonly string[], i: number) => string[];
  critic?: (name: string) => string[];
  /** Whether the agents take their steps together, which is in the tests of the variant. */
  together?: boolean;
}

const FIRST = 'adversary_0';
const attention: Omit<Contract, 'config'> = {
  actor: (name) => [`${name} actor`, `${FIRST} critic`],
  critic: () => [`${FIRST} critic`],
  together: true,
};
const communication: Omit<Contract, 'config'> = {
  actor: (name, others) => [`${name} actor`, `${name} critic`, ...others.map((other) => `${other} encoder`)],
  together: true,
};
const ensemble: Omit<Contract, 'config'> = {
  actor: (name, _, i) => [`${name}.${SUB_POLICIES[i]} actor`, `${name}.0 critic`],
  critic: (name) => [`${name}.0 critic`],
};

const CONTRACTS: Record<string, Contract> = {
  maddpg: { config: {} },
  "others' actions from replay": { config: settings({ othersActions: 'replay' }) },
  'independent critics': { config: settings({ critic: 'independent' }) },
  'batch normalization': { config: settings({ observationNorm: 'batch' }) },
  'running normalization': { config: settings({ observationNorm: 'running', rewardNorm: 'return' }) },
  'soft choices': { config: choices() },
  'straight-through choices': { config: choices({ straightThrough: true }) },
  "soft choices, others' from replay": { config: choices({ othersActions: 'replay' }) },
  'soft choices, independent critics': { config: choices({ critic: 'independent' }) },
  matd3: { config: { algorithm: 'matd3' } },
  'matd3 with choices': { config: { algorithm: 'matd3', ...choices() } },
  openai: { config: { algorithm: 'openai-maddpg', ...settings(defaultsOf(OpenaiMaddpg.settings)) } },
  'openai with choices': {
    config: { algorithm: 'openai-maddpg', ...choices(defaultsOf(OpenaiMaddpg.settings)) },
  },
  attention: { config: { algorithm: 'attention-maddpg' }, ...attention },
  'attention with choices': { config: { algorithm: 'attention-maddpg', ...choices() }, ...attention },
  communication: { config: { algorithm: 'communicating-maddpg' }, ...communication },
  'communication with choices': {
    config: { algorithm: 'communicating-maddpg', ...choices() },
    ...communication,
  },
  ensemble: { config: { algorithm: 'ensemble-maddpg' }, ...ensemble },
  'ensemble with choices': { config: { algorithm: 'ensemble-maddpg', ...choices() }, ...ensemble },
  inference: { config: { algorithm: 'inferring-maddpg' } },
  'inference with choices': { config: { algorithm: 'inferring-maddpg', ...choices() } },
};

/** Agent i's, for the attention critic out of the losses of all. */
function actorLoss(maddpg: Maddpg, i: number, batch: Batch, actions = () => maddpg.actions(batch)): Tensor {
  if (maddpg instanceof AttentionMaddpg) return maddpg.actorLosses(batch).narrow(0, i, 1).sum();
  return maddpg.actorLoss(i, batch, actions());
}
function criticLoss(maddpg: Maddpg, i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
  if (maddpg instanceof AttentionMaddpg) return maddpg.criticLosses(batch).narrow(0, i, 1).sum();
  return maddpg.criticLoss(i, batch, nextActions);
}

describe.each(Object.entries(CONTRACTS))('%s', (_, contract) => {
  const { maddpg, batch } = tag(contract.config);
  maddpg.updates = 2; // one in which MATD3's actors move, too
  const nextActions = maddpg.nextActions(batch);
  const names = maddpg.specs.map(({ name }) => name);
  const { actor = (name) => [`${name} actor`, `${name} critic`], critic = (name) => [`${name} critic`] } =
    contract;
  const byActorLoss = (i: number) => actor(names[i], names.toSpliced(i, 1), i).sort();
  const byCriticLoss = (i: number) => critic(names[i]);
  const alone = contract.together ? [] : agents;

  test.each(agents)("agent %i's actor loss goes through its critic into its own actor, nowhere else", (i) => {
    expect(reached(maddpg, actorLoss(maddpg, i, batch))).toEqual(byActorLoss(i));
  });

  test.each(agents)("agent %i's critic loss reaches its own critic only: no target, no actor", (i) => {
    expect(reached(maddpg, criticLoss(maddpg, i, batch, nextActions))).toEqual(byCriticLoss(i));
  });

  test.each(alone)(
    "agent %i's actor step computes no gradient but its actor's, and moves nothing else",
    (i) => {
      const copy = chosen(copyOf(maddpg));
      const own = byActorLoss(i).filter((name) => name.endsWith('actor'));
      const step = () => expect(computed(copy, () => copy.actorStep(i, batch))).toEqual(own);
      expect(moved(copy, step)).toEqual(own);
    },
  );

  test.each(alone)("agent %i's critic step moves its critic only", (i) => {
    const copy = chosen(copyOf(maddpg));
    expect(moved(copy, () => copy.criticStep(i, batch, nextActions))).toEqual(byCriticLoss(i));
  });

  // One-hot choices have none: they are looked at below.
  test.each(maddpg.settings.straightThrough && maddpg.specs[0].choices ? [] : [0, 3])(
    "agent %i's gradients agree with finite differences, in float64",
    (i) => {
      const exact = new Exact(maddpg);
      chosen(exact.maddpg);
      const exactBatch = batchInFloat64(batch);
      const parametersOf = (names: string[]) => names.flatMap((name) => networksOf(exact.maddpg).get(name)!);
      const nextActions = exact.maddpg.nextActions(exactBatch);
      const facts = exact.repeated((maddpg) => maddpg.actions(exactBatch).map((action) => action.detach()))();
      // What the others do stays what it was, also where they would hear something else.
      const loss = exact.repeated((maddpg) =>
        actorLoss(maddpg, i, exactBatch, () => facts.with(i, maddpg.actions(exactBatch)[i])),
      );
      const actors = byActorLoss(i).filter((name) => !name.endsWith('critic'));
      expectFiniteDifferences(parametersOf(actors), loss);
      expectFiniteDifferences(
        parametersOf(byCriticLoss(i)),
        exact.repeated((maddpg) => criticLoss(maddpg, i, exactBatch, nextActions)),
      );
    },
  );

  test('a terminated transition is worth its reward alone; a truncated one is bootstrapped', () => {
    const exact = new Exact(maddpg);
    const exactBatch = batchInFloat64(batch);
    const rows = batch.rewards[0].shape[0];
    const exactNext = exact.maddpg.nextActions(exactBatch);
    const targetWhere = (ends: Float64Array) => {
      const terminations = agents.map(() => new Tensor(ends, [rows, 1]));
      return exact.repeated((maddpg) => maddpg.target(1, { ...exactBatch, terminations }, exactNext))();
    };
    const half = Float64Array.from({ length: rows }, (_, row) => row % 2);
    const y = targetWhere(half);
    const bootstrapped = targetWhere(half.map(() => 0));
    for (let row = 0; row < rows; row++) {
      if (half[row]) expect(y.data[row]).toBe(batch.rewards[1].data[row]);
      else expect(y.data[row]).toBe(bootstrapped.data[row]);
      expect(bootstrapped.data[row]).not.toBe(batch.rewards[1].data[row]);
    }
  });
});

describe('straight-through choices', () => {
  const { maddpg, batch } = tag(CONTRACTS['straight-through choices'].config);

  test.each([0, 3])(
    "agent %i's gradient is that of the soft draw, up to which Q's is taken at the one-hot choice",
    (i) => {
      const exactBatch = batchInFloat64(batch);
      const hard = new Exact(maddpg);
      const soft = new Exact(maddpg, { straightThrough: false });
      const actions = hard.repeated((maddpg) => maddpg.actions(exactBatch))();
      expect(new Set(actions[i].data)).toEqual(new Set([0, 1]));
      const loss = hard.maddpg.actorLoss(i, exactBatch, actions);
      const [slope] = grad(loss, [actions[i]], { retainGraph: true });
      const gradients = grad(loss, hard.maddpg.agents[i].actor.network.parameters());

      const parameters = soft.maddpg.agents[i].actor.network.parameters();
      const drawn = soft.repeated((maddpg) => maddpg.actions(exactBatch)[i].mul(slope).sum());
      expectFiniteDifferences(parameters, drawn);
      grad(drawn(), parameters).forEach((expected, p) => {
        expected.data.forEach((value, k) => {
          expect(gradients[p].data[k]).toBeCloseTo(value, 12);
        });
      });
    },
  );
});

test("what keeps an agent's logits small reaches its actor, and agrees with finite differences", () => {
  const { maddpg, batch } = tag(CONTRACTS['soft choices'].config);
  const penalty = (maddpg: Maddpg, { observations }: Batch) =>
    withLogitsPenalty(
      zeros([], { dtype: observations[1].dtype }),
      maddpg.specs[1],
      maddpg.agents[1].actor.network,
      observations[1],
      0.5,
    );
  expect(reached(maddpg, penalty(maddpg, batch))).toEqual(['adversary_1 actor']);
  const exact = new Exact(maddpg);
  const exactBatch = batchInFloat64(batch);
  const { network } = exact.maddpg.agents[1].actor;
  expectFiniteDifferences(network.parameters(), () => penalty(exact.maddpg, exactBatch));
});

test.each<[string, MaddpgSettings['othersActions'], boolean]>([
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
    maddpg.agents.flatMap(({ actor, critic }) =>
      [...actor.target.parameters(), ...critic.target.parameters()].map(({ version }) => version),
    );
  const before = versions();
  maddpg.targetStep();
  versions().forEach((version, index) => {
    expect(version).toBeGreaterThan(before[index]);
  });
});
