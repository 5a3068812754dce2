import { Adam, clipGradNorm } from '@paragrad/nn';
import { exp, type Generator, scope, square, type Tensor, tanh, zeros } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Batch } from '../batch.js';
import { type AgentNetworks, type AgentReport, Maddpg } from '../maddpg.js';
import { moveTowards } from '../move-towards.js';
import { Actor } from '../networks.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import { defaultSettings, type MaddpgSettings } from '../settings.js';
import { refuseSharing } from '../sharing.js';

/**
 * MADDPG whose agents don't know each other's policies, but infer them from what the others do (Lowe et al. 2017, section
 * 4.2). Each agent i keeps an approximation of every other agent j's policy, a Gaussian around μ̂_ij(o_j), and learns it by
 * maximum likelihood with entropy regularisation:
 *
 *     L_ij = -mean (log p_ij(a_j | o_j) + λ H(p_ij))
 *
 * in one step before each update, from the latest transitions, which are what agent j does now. Wherever `Maddpg` takes what
 * another agent would do, μ̂_ij stands in for μ_j, and in the target its slow copy μ̂'_ij for μ'_j:
 *
 *     y_i = r_i + γ (1 - done_i) Q'_i(x', μ̂'_i1(o'_1) ... μ'_i(o'_i) ... μ̂'_in(o'_n))
 *
 * Exploration noise is in what is observed of the others: it goes into the Gaussian's deviation.
 */
export class InferringMaddpg extends Maddpg {
  static override readonly defaults: InferringMaddpgSettings = { ...defaultSettings, entropyWeight: 0.001 };

  declare readonly settings: InferringMaddpgSettings;
  /** What agent i takes agent j for: [i][j]. Of itself it has none. */
  readonly inferred: readonly (readonly (InferredPolicy | undefined)[])[];

  constructor(specs: readonly AgentSpec[], options: InferringMaddpgOptions) {
    super(specs, options);
    const { entropyWeight } = this.settings;
    if (!(entropyWeight >= 0)) {
      throw new Error(`InferringMaddpg: entropyWeight ${entropyWeight}; give a number from 0`);
    }
    refuseSharing('InferringMaddpg', this.settings, "who shares another's policy need not infer it");
    const chooser = specs.find(({ choices }) => choices !== undefined);
    if (chooser) {
      throw new Error(
        `InferringMaddpg: ${chooser.name} makes choices; others are taken for Gaussians here, so give them continuous actions`,
      );
    }
    this.inferred = specs.map((_, i) =>
      specs.map((_, j) => (j === i ? undefined : this.#infer(j, options.generator))),
    );
  }

  #infer(j: number, generator: Generator): InferredPolicy {
    const { hidden, actorLearningRate } = this.settings;
    const actor = new GaussianActor(this.specs[j], hidden, generator);
    const targetActor = new GaussianActor(this.specs[j], hidden, generator);
    targetActor.loadStateDict(actor.stateDict());
    return { actor, targetActor, actorOptimiser: new Adam(actor.parameters(), { lr: actorLearningRate }) };
  }

  override learn(memory: ReplayMemory, batchSize: number, generator: Generator): AgentReport[] {
    return scope(() => this.update(memory.sample(batchSize, generator), memory.latest(batchSize)));
  }

  /** @param latest what the others are inferred from: best what they did most recently. Default: the batch. */
  override update(batch: Batch, latest: Batch = batch): AgentReport[] {
    this.inferenceStep(this.normalised(latest));
    return super.update(batch);
  }

  /** L_ij = -mean (log p_ij(a_j | o_j) + λ H(p_ij)) */
  inferenceLoss(i: number, j: number, { observations, actions }: Batch): Tensor {
    const { actor } = this.inferred[i][j]!;
    const likelihood = actor.logLikelihood(observations[j], actions[j]).mean();
    return likelihood.add(actor.entropy().mul(this.settings.entropyWeight)).neg();
  }

  /** φ_ij <- Adam(clip(dL_ij / dφ_ij)), for every agent i and every other agent j */
  inferenceStep(latest: Batch): void {
    this.inferred.forEach((others, i) => {
      others.forEach((other, j) => {
        if (!other) return;
        const { actor, actorOptimiser } = other;
        scope(() => {
          const loss = this.inferenceLoss(i, j, latest);
          actorOptimiser.zeroGrad();
          loss.backward();
          clipGradNorm(actor.parameters(), this.settings.maxGradNorm);
          actorOptimiser.step();
        });
      });
    });
  }

  /** Q'_i(x', a') with a'_j = μ̂'_ij(o'_j) for all others */
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const known = nextActions.map(
      (own, j) => this.inferred[i][j]?.targetActor.forward(batch.nextObservations[j]) ?? own,
    );
    return super.nextValue(i, batch, known);
  }

  /** -J_i, where the others do what agent i thinks that they would do now: a_j = μ̂_ij(o_j) */
  override actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
    const known = actions.map((own, j) => this.inferred[i][j]?.actor.forward(batch.observations[j]) ?? own);
    return super.actorLoss(i, batch, known);
  }

  override targetStep(): void {
    super.targetStep();
    for (const other of this.inferred.flat()) {
      if (other) moveTowards(other.targetActor, other.actor, this.settings.tau);
    }
  }

  override namedAgents(): [name: string, agent: Partial<AgentNetworks>][] {
    const inferred = this.inferred.flatMap((others, i) =>
      others.flatMap((other, j): [string, Partial<AgentNetworks>][] =>
        other ? [[`${this.specs[i].name}.inferred.${this.specs[j].name}`, other]] : [],
      ),
    );
    return [...super.namedAgents(), ...inferred];
  }
}

export type InferredPolicy = {
  readonly actor: GaussianActor;
  readonly targetActor: GaussianActor;
  readonly actorOptimiser: Adam;
};

/** An actor as the mean of a Gaussian, with one deviation for each component of the action. */
export class GaussianActor extends Actor {
  /** What makes the deviations: [act] */
  readonly spread: Tensor;

  constructor(spec: AgentSpec, hidden: readonly number[], generator: Generator) {
    super(spec, hidden, generator);
    this.spread = zeros([spec.actionSize], { requiresGrad: true });
  }

  /** ln p(a | o), the sum over the action's components: o [batch, obs], a [batch, act] -> [batch, 1] */
  logLikelihood(observation: Tensor, action: Tensor): Tensor {
    const logSigma = this.logSigma();
    const distance = action.sub(this.forward(observation)).div(exp(logSigma));
    return square(distance)
      .div(-2)
      .sub(logSigma)
      .sub(Math.log(2 * Math.PI) / 2)
      .sum({ axis: 1, keepDim: true });
  }

  /** H = sum (ln σ + ln(2πe) / 2), the same whatever is observed: a scalar */
  entropy(): Tensor {
    return this.logSigma()
      .add(Math.log(2 * Math.PI * Math.E) / 2)
      .sum();
  }

  /**
   * ln σ, between -3 and 3, and 0 to begin with: [act]. Someone who never varies would have no best deviation but 0, where the
   * likelihood is infinite.
   */
  logSigma(): Tensor {
    return tanh(this.spread.div(3)).mul(3);
  }
}

export interface InferringMaddpgSettings extends MaddpgSettings {
  /** λ, how much entropy counts in what the others' policies are taken for. */
  readonly entropyWeight: number;
}

export interface InferringMaddpgOptions extends Partial<InferringMaddpgSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}
