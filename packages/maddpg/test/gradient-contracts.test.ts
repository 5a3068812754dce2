/** Which gradients exist in each algorithm, and which must not. Checked on a batch of a short run. */
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
import { batchInFloat64, expectFiniteDifferences, Float64Copy } from './float64.js';
import { networksChanged, networksReached, networksWithGradient, parametersByName } from './networks-of.js';
import { copyOf, shortRun, smallConfig } from './short-run.js';

/** The agents of simple_tag: three predators, and a prey whose observation is shorter. */
const agents = [0, 1, 2, 3];
const tagRun = (config: Partial<RunConfig>) => {
  const { maddpg, batch } = shortRun({ scenario: 'simple_tag', episodes: 8, ...config }, 16);
  return { maddpg: withFixedSubPolicies(maddpg), batch: maddpg.normalized(batch) };
};
const SUB_POLICIES = [2, 1, 0, 1];
function withFixedSubPolicies(maddpg: Maddpg): Maddpg {
  if (maddpg instanceof EnsembleMaddpg) maddpg.choose(SUB_POLICIES);
  return maddpg;
}
const withSettings = (some: Partial<MaddpgSettings>) => ({ settings: { ...smallConfig.settings, ...some } });
const withChoices = (some: Partial<MaddpgSettings> = {}): Partial<RunConfig> => ({
  actions: 'discrete',
  ...withSettings({ straightThrough: false, ...some }),
});

interface Contract {
  config: Partial<RunConfig>;
  /** The networks that the actor loss of the agent with this name reaches. Default: its own actor and critic. */
  actor?: (name: string, others: readonly string[], i: number) => string[];
  /** The networks that its critic loss reaches. Default: its own critic. */
  critic?: (name: string) => string[];
  /** Whether all agents take their steps together. Then the variant's own tests check the steps. */
  together?: boolean;
}

const FIRST_AGENT = 'adversary_0';
const attention: Omit<Contract, 'config'> = {
  actor: (name) => [`${name} actor`, `${FIRST_AGENT} critic`],
  critic: () => [`${FIRST_AGENT} critic`],
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
  "others' actions from replay": { config: withSettings({ othersActions: 'replay' }) },
  'independent critics': { config: withSettings({ critic: 'independent' }) },
  'batch normalization': { config: withSettings({ observationNorm: 'batch' }) },
  'running normalization': { config: withSettings({ observationNorm: 'running', rewardNorm: 'return' }) },
  'soft choices': { config: withChoices() },
  'straight-through choices': { config: withChoices({ straightThrough: true }) },
  "soft choices, others' from replay": { config: withChoices({ othersActions: 'replay' }) },
  'soft choices, independent critics': { config: withChoices({ critic: 'independent' }) },
  matd3: { config: { algorithm: 'matd3' } },
  'matd3 with choices': { config: { algorithm: 'matd3', ...withChoices() } },
  openai: { config: { algorithm: 'openai-maddpg', ...withSettings(defaultsOf(OpenaiMaddpg.settings)) } },
  'openai with choices': {
    config: { algorithm: 'openai-maddpg', ...withChoices(defaultsOf(OpenaiMaddpg.settings)) },
  },
  attention: { config: { algorithm: 'attention-maddpg' }, ...attention },
  'attention with choices': { config: { algorithm: 'attention-maddpg', ...withChoices() }, ...attention },
  communication: { config: { algorithm: 'communicating-maddpg' }, ...communication },
  'communication with choices': {
    config: { algorithm: 'communicating-maddpg', ...withChoices() },
    ...communication,
  },
  ensemble: { config: { algorithm: 'ensemble-maddpg' }, ...ensemble },
  'ensemble with choices': { config: { algorithm: 'ensemble-maddpg', ...withChoices() }, ...ensemble },
  inference: { config: { algorithm: 'inferring-maddpg' } },
  'inference with choices': { config: { algorithm: 'inferring-maddpg', ...withChoices() } },
};

/** Agent i's loss. The attention variant computes the losses of all agents together. */
function actorLoss(maddpg: Maddpg, i: number, batch: Batch, actions = () => maddpg.actions(batch)): Tensor {
  if (maddpg instanceof AttentionMaddpg) return maddpg.actorLosses(batch).narrow(0, i, 1).sum();
  return maddpg.actorLoss(i, batch, actions());
}
function criticLoss(maddpg: Maddpg, i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
  if (maddpg instanceof AttentionMaddpg) return maddpg.criticLosses(batch).narrow(0, i, 1).sum();
  return maddpg.criticLoss(i, batch, nextActions);
}

describe.each(Object.entries(CONTRACTS))('%s', (_, contract) => {
  const { maddpg, batch } = tagRun(contract.config);
  maddpg.updates = 2; // an update in which MATD3's actors move, too
  const nextActions = maddpg.nextActions(batch);
  const names = maddpg.specs.map(({ name }) => name);
  const { actor = (name) => [`${name} actor`, `${name} critic`], critic = (name) => [`${name} critic`] } =
    contract;
  const byActorLoss = (i: number) => actor(names[i], names.toSpliced(i, 1), i).sort();
  const byCriticLoss = (i: number) => critic(names[i]);
  const agentsThatStepAlone = contract.together ? [] : agents;

  test.each(agents)(
    "the gradient of agent %i's actor loss goes through its critic into its own actor, and nowhere else",
    (i) => {
      expect(networksReached(maddpg, actorLoss(maddpg, i, batch))).toEqual(byActorLoss(i));
    },
  );

  test.each(agents)(
    "the gradient of agent %i's critic loss reaches its own critic only, no target and no actor",
    (i) => {
      expect(networksReached(maddpg, criticLoss(maddpg, i, batch, nextActions))).toEqual(byCriticLoss(i));
    },
  );

  test.each(agentsThatStepAlone)(
    "agent %i's actor step computes the gradient of its actor only, and changes nothing else",
    (i) => {
      const copy = withFixedSubPolicies(copyOf(maddpg));
      const own = byActorLoss(i).filter((name) => name.endsWith('actor'));
      const step = () => expect(networksWithGradient(copy, () => copy.actorStep(i, batch))).toEqual(own);
      expect(networksChanged(copy, step)).toEqual(own);
    },
  );

  test.each(agentsThatStepAlone)("agent %i's critic step changes its critic only", (i) => {
    const copy = withFixedSubPolicies(copyOf(maddpg));
    expect(networksChanged(copy, () => copy.criticStep(i, batch, nextActions))).toEqual(byCriticLoss(i));
  });

  // One-hot choices have no finite differences: a test below checks them in another way.
  test.each(maddpg.settings.straightThrough && maddpg.specs[0].choices ? [] : [0, 3])(
    "agent %i's gradients agree with finite differences, in float64",
    (i) => {
      const exact = new Float64Copy(maddpg);
      withFixedSubPolicies(exact.maddpg);
      const exactBatch = batchInFloat64(batch);
      const parametersOf = (names: string[]) =>
        names.flatMap((name) => parametersByName(exact.maddpg).get(name)!);
      const nextActions = exact.maddpg.nextActions(exactBatch);
      const fixedActions = exact.withSameDraws((maddpg) =>
        maddpg.actions(exactBatch).map((action) => action.detach()),
      )();
      // The others' actions stay fixed, even where another message would change them.
      const loss = exact.withSameDraws((maddpg) =>
        actorLoss(maddpg, i, exactBatch, () => fixedActions.with(i, maddpg.actions(exactBatch)[i])),
      );
      const actors = byActorLoss(i).filter((name) => !name.endsWith('critic'));
      expectFiniteDifferences(parametersOf(actors), loss);
      expectFiniteDifferences(
        parametersOf(byCriticLoss(i)),
        exact.withSameDraws((maddpg) => criticLoss(maddpg, i, exactBatch, nextActions)),
      );
    },
  );

  test('the target of a terminated transition is its reward; that of a truncated one includes the next value', () => {
    const exact = new Float64Copy(maddpg);
    const exactBatch = batchInFloat64(batch);
    const rows = batch.rewards[0].shape[0];
    const exactNext = exact.maddpg.nextActions(exactBatch);
    const targetWhere = (ends: Float64Array) => {
      const terminations = agents.map(() => new Tensor(ends, [rows, 1]));
      return exact.withSameDraws((maddpg) => maddpg.target(1, { ...exactBatch, terminations }, exactNext))();
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
  const { maddpg, batch } = tagRun(CONTRACTS['straight-through choices'].config);

  test.each([0, 3])(
    "agent %i's gradient is that of the soft draw, times the gradient of Q at the one-hot choice",
    (i) => {
      const exactBatch = batchInFloat64(batch);
      const hard = new Float64Copy(maddpg);
      const soft = new Float64Copy(maddpg, { straightThrough: false });
      const actions = hard.withSameDraws((maddpg) => maddpg.actions(exactBatch))();
      expect(new Set(actions[i].data)).toEqual(new Set([0, 1]));
      const loss = hard.maddpg.actorLoss(i, exactBatch, actions);
      const [slope] = grad(loss, [actions[i]], { retainGraph: true });
      const gradients = grad(loss, hard.maddpg.agents[i].actor.network.parameters());

      const parameters = soft.maddpg.agents[i].actor.network.parameters();
      const drawn = soft.withSameDraws((maddpg) => maddpg.actions(exactBatch)[i].mul(slope).sum());
      expectFiniteDifferences(parameters, drawn);
      grad(drawn(), parameters).forEach((expected, p) => {
        expected.data.forEach((value, k) => {
          expect(gradients[p].data[k]).toBeCloseTo(value, 12);
        });
      });
    },
  );
});

test("the penalty on an agent's logits reaches its actor only, and its gradient agrees with finite differences", () => {
  const { maddpg, batch } = tagRun(CONTRACTS['soft choices'].config);
  const penalty = (maddpg: Maddpg, { observations }: Batch) =>
    withLogitsPenalty(
      zeros([], { dtype: observations[1].dtype }),
      maddpg.specs[1],
      maddpg.agents[1].actor.network,
      observations[1],
      0.5,
    );
  expect(networksReached(maddpg, penalty(maddpg, batch))).toEqual(['adversary_1 actor']);
  const exact = new Float64Copy(maddpg);
  const exactBatch = batchInFloat64(batch);
  const { network } = exact.maddpg.agents[1].actor;
  expectFiniteDifferences(network.parameters(), () => penalty(exact.maddpg, exactBatch));
});

test.each<[MaddpgSettings['othersActions'], boolean]>([
  ['current', false],
  ['replay', true],
])(
  "with othersActions '%s' an actor's loss depends on the actions of the batch: %j",
  (othersActions, matters) => {
    const { maddpg, batch } = tagRun(withSettings({ othersActions }));
    const changed = { ...batch, actions: batch.actions.map((a) => noGrad(() => a.neg())) };
    const difference = maddpg.actorLoss(0, changed).item() - maddpg.actorLoss(0, batch).item();
    expect(difference !== 0).toBe(matters);
  },
);

test('the target step raises the version of every target parameter', () => {
  const { maddpg } = shortRun({ scenario: 'simple_tag', episodes: 1 }, 1);
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
