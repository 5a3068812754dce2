import { ArgumentError, atLeast0, checkArgument } from '@paragrad/check';
import { type Generator, scope, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { AgentReport, AlgorithmParts } from '../learning/algorithm.js';
import { type Batch, checkBatch } from '../learning/batch.js';
import { descend } from '../learning/descend.js';
import { Learner } from '../learning/learner.js';
import { isEverLive, meanWhileLive, zeroWhereAbsent } from '../learning/liveness.js';
import { refuseSharing } from '../learning/sharing.js';
import { Maddpg } from '../maddpg.js';
import { aMemory, type ReplayMemory } from '../replay/replay-memory.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { StochasticActor } from './stochastic-actor.js';

/**
 * MADDPG whose agents do not know each other's policies, but infer them from observed actions (Lowe et al. 2017,
 * section 4.2). Each agent i learns an approximation p_ij of every other agent j's policy: Gaussians for the numbers in
 * its action, and a softmax for each of its choices. Before each update it takes one step of maximum likelihood with an
 * entropy bonus:
 *
 *     L_ij = -mean (log p_ij(a_j | o_j) + λ H(p_ij))
 *
 * This step uses the latest transitions, because they show what agent j does now. Wherever `Maddpg` uses the policy μ_j
 * of another agent, agent i uses μ̂_ij: the mean of the Gaussians, and choices drawn by Gumbel-softmax. In the target
 * it uses the slow copy μ̂'_ij:
 *
 *     y_i = r_i + γ (1 - done_i) Q'_i(x', μ̂'_i1(o'_1) ... μ'_i(o'_i) ... μ̂'_in(o'_n))
 *
 * The observed actions include exploration noise. The standard deviations of the Gaussians account for it.
 */
export class InferringMaddpg extends Maddpg {
  /** The table of its settings. */
  static override readonly settings = {
    ...Maddpg.settings,
    /** Weight λ of the entropy of the inferred policies. A finite number of at least 0; default 0.001. */
    entropyWeight: setting(0.001, atLeast0, 'weight λ of the entropy of the inferred policies'),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: InferringMaddpgSettings;
  /** p_ij, agent i's approximation of agent j's policy: [i][j]. Undefined for j = i. */
  readonly inferred: readonly (readonly (Learner<StochasticActor> | undefined)[])[];

  /**
   * MADDPG in which each agent learns what the others do, from their actions.
   *
   * @throws ArgumentError if `critic` is 'independent', and on parameter sharing.
   */
  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<InferringMaddpgSettings>) {
    super(specs, options);
    if (this.settings.critic === 'independent') {
      throw new ArgumentError(
        "InferringMaddpg: critic is 'independent', which does not see the others' actions; set critic: 'centralized'",
      );
    }
    refuseSharing('InferringMaddpg', this.settings, 'agents that share a policy have nothing to infer');
    this.inferred = specs.map((_, i) =>
      specs.map((_, j) => (j === i ? undefined : this.#makeInferred(i, j, options.generator))),
    );
  }

  #makeInferred(i: number, j: number, generator: Generator): Learner<StochasticActor> {
    const { hidden, actorLr } = this.settings;
    const make = () => new StochasticActor(this.specs[j], hidden, generator, this.settings);
    const name = `${this.specs[i].name}'s approximation of ${this.specs[j].name}'s policy`;
    return new Learner(make(), make(), actorLr, name);
  }

  /** One update from `batchSize` drawn transitions. The others' policies are inferred from the latest `batchSize` ones. */
  override learn(memory: ReplayMemory, batchSize: number, generator: Generator): AgentReport[] {
    checkArgument('learn', 'memory', memory, aMemory);
    return scope(() => this.update(memory.sample(batchSize, generator), memory.latest(batchSize)));
  }

  /**
   * Infers the others' policies, then updates all networks.
   *
   * @param latest transitions to infer from, best the latest ones. Default: the batch.
   * @throws ArgumentError on a bad batch, before anything changes; NumericalError if a loss or a gradient is not finite.
   */
  override update(batch: Batch, latest: Batch = batch): AgentReport[] {
    for (const checked of new Set([batch, latest])) checkBatch(this.specs, checked);
    this.inferenceStep(this.normalized(latest));
    return super.update(batch);
  }

  /** L_ij = -mean (log p_ij(a_j | o_j) + λ H(p_ij)) */
  inferenceLoss(i: number, j: number, batch: Batch): Tensor {
    const { observations, actions } = batch;
    const { logLikelihood, entropy } = this.inferred[i][j]!.network.evaluateActions(
      observations[j],
      actions[j],
    );
    return meanWhileLive(logLikelihood.add(entropy.mul(this.settings.entropyWeight)), batch, j).neg();
  }

  /** φ_ij <- Adam(clip(dL_ij / dφ_ij)), for every agent i and every other agent j */
  inferenceStep(latest: Batch): void {
    const clip = (gradients: readonly Tensor[]) => this.clip(gradients);
    this.inferred.forEach((others, i) => {
      others.forEach((other, j) => {
        if (other && isEverLive(latest, j)) descend([other], () => this.inferenceLoss(i, j, latest), clip);
      });
    });
  }

  /** Q'_i(x', a'_1 ... a'_n) with a'_j = μ̂'_ij(o'_j) for all other agents j */
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const believed = nextActions.map(
      (own, j) => this.inferred[i][j]?.target.forward(batch.nextObservations[j]) ?? own,
    );
    return super.nextValue(i, batch, believed);
  }

  /** -J_i with a_j = μ̂_ij(o_j) for all other agents j: what agent i believes that they would do now */
  override actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
    const believed = actions.map((own, j) => {
      const inferred = this.inferred[i][j]?.network.forward(batch.observations[j]);
      return inferred ? zeroWhereAbsent(inferred, batch, j) : own;
    });
    return super.actorLoss(i, batch, believed);
  }

  /** The parts of every agent, and the approximations: `agent_0.inferred.agent_1`, ... */
  override namedParts(): [owner: string, parts: AlgorithmParts][] {
    const inferred = this.inferred.flatMap((others, i) =>
      others.flatMap((actor, j): [string, AlgorithmParts][] =>
        actor ? [[`${this.specs[i].name}.inferred.${this.specs[j].name}`, { actor }]] : [],
      ),
    );
    return [...super.namedParts(), ...inferred];
  }
}

/** The settings of `InferringMaddpg`. */
export interface InferringMaddpgSettings
  extends MaddpgSettings,
    SettingsOf<typeof InferringMaddpg.settings> {}
