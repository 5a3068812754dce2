import { clipGradNorm } from '@paragrad/nn';
import { type Generator, scope, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { AgentReport, Parts } from '../learning/algorithm.js';
import { type Batch, checkBatch } from '../learning/batch.js';
import { descend } from '../learning/descend.js';
import { Learner } from '../learning/learner.js';
import { refuseSharing } from '../learning/sharing.js';
import { Maddpg } from '../maddpg.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import { fromZero } from '../settings/kinds.js';
import { type Options, type SettingsOf, setting } from '../settings/setting.js';
import { StochasticActor } from './stochastic-actor.js';

/**
 * MADDPG whose agents don't know each other's policies, but infer them from what the others do (Lowe et al. 2017, section
 * 4.2). Each agent i keeps an approximation p_ij of every other agent j's policy: a Gaussian for what it does in numbers, a softmax
 * for each of its choices. It learns it by maximum likelihood with entropy regularization:
 *
 *     L_ij = -mean (log p_ij(a_j | o_j) + λ H(p_ij))
 *
 * in one step before each update, from the latest transitions, which are what agent j does now. Wherever `Maddpg` takes what
 * another agent would do, μ̂_ij stands in for μ_j, the Gaussian's mean and choices drawn by Gumbel-softmax as agents draw
 * their own; and in the target its slow copy μ̂'_ij for μ'_j:
 *
 *     y_i = r_i + γ (1 - done_i) Q'_i(x', μ̂'_i1(o'_1) ... μ'_i(o'_i) ... μ̂'_in(o'_n))
 *
 * Exploration noise is in what is observed of the others: it goes into the Gaussian's deviation.
 */
export class InferringMaddpg extends Maddpg {
  static override readonly settings = {
    ...Maddpg.settings,
    entropyWeight: setting(0.001, fromZero, 'λ, weight of the entropy of the inferred policies'),
  };

  declare readonly settings: InferringMaddpgSettings;
  /** What agent i believes of agent j's policy: [i][j]. Of itself it needs none. */
  readonly inferred: readonly (readonly (Learner<StochasticActor> | undefined)[])[];

  constructor(specs: readonly AgentSpec[], options: Options<InferringMaddpgSettings>) {
    super(specs, options);
    if (this.settings.critic === 'independent') {
      throw new Error(
        "InferringMaddpg: critic 'independent', which sees nothing of the others; leave it 'centralized'",
      );
    }
    refuseSharing('InferringMaddpg', this.settings, "who shares another's policy need not infer it");
    this.inferred = specs.map((_, i) =>
      specs.map((_, j) => (j === i ? undefined : this.#makeInferred(j, options.generator))),
    );
  }

  #makeInferred(j: number, generator: Generator): Learner<StochasticActor> {
    const { hidden, actorLr } = this.settings;
    const make = () => new StochasticActor(this.specs[j], hidden, generator, this.settings);
    return new Learner(make(), make(), actorLr);
  }

  override learn(memory: ReplayMemory, batchSize: number, generator: Generator): AgentReport[] {
    return scope(() => this.update(memory.sample(batchSize, generator), memory.latest(batchSize)));
  }

  /** @param latest what the others are inferred from: best what they did most recently. Default: the batch. */
  override update(batch: Batch, latest: Batch = batch): AgentReport[] {
    for (const one of new Set([batch, latest])) checkBatch(this.specs, one);
    this.inferenceStep(this.normalized(latest));
    return super.update(batch);
  }

  /** L_ij = -mean (log p_ij(a_j | o_j) + λ H(p_ij)) */
  inferenceLoss(i: number, j: number, { observations, actions }: Batch): Tensor {
    const { logLikelihood, entropy } = this.inferred[i][j]!.network.evaluateActions(
      observations[j],
      actions[j],
    );
    return logLikelihood.add(entropy.mul(this.settings.entropyWeight)).mean().neg();
  }

  /** φ_ij <- Adam(clip(dL_ij / dφ_ij)), for every agent i and every other agent j */
  inferenceStep(latest: Batch): void {
    const clip = (gradients: readonly Tensor[]) => clipGradNorm(gradients, this.settings.maxGradNorm);
    this.inferred.forEach((others, i) => {
      others.forEach((other, j) => {
        if (other) descend([other], () => this.inferenceLoss(i, j, latest), clip);
      });
    });
  }

  /** Q'_i(x', a') with a'_j = μ̂'_ij(o'_j) for all others */
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const believed = nextActions.map(
      (own, j) => this.inferred[i][j]?.target.forward(batch.nextObservations[j]) ?? own,
    );
    return super.nextValue(i, batch, believed);
  }

  /** -J_i, where the others do what agent i believes that they would do now: a_j = μ̂_ij(o_j) */
  override actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
    const believed = actions.map(
      (own, j) => this.inferred[i][j]?.network.forward(batch.observations[j]) ?? own,
    );
    return super.actorLoss(i, batch, believed);
  }

  override namedParts(): [owner: string, parts: Parts][] {
    const inferred = this.inferred.flatMap((others, i) =>
      others.flatMap((actor, j): [string, Parts][] =>
        actor ? [[`${this.specs[i].name}.inferred.${this.specs[j].name}`, { actor }]] : [],
      ),
    );
    return [...super.namedParts(), ...inferred];
  }
}

/** Settings of `InferringMaddpg`. */
export type InferringMaddpgSettings = SettingsOf<typeof InferringMaddpg.settings>;
