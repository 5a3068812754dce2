import { Adam, clipGradNorm } from '@paragrad/nn';
import {
  exp,
  type Generator,
  logSoftmax,
  max,
  mul,
  oneHot,
  scope,
  square,
  type Tensor,
  tanh,
  zeros,
} from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../agent-spec.js';
import { type Batch, checkBatch } from '../batch.js';
import { type AgentNetworks, type AgentReport, Maddpg } from '../maddpg.js';
import { mapAction } from '../map-action.js';
import { moveTowards } from '../move-towards.js';
import { Actor, type ChoiceOptions } from '../networks.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import { defaultSettings, type MaddpgSettings } from '../settings.js';
import { refuseSharing } from '../sharing.js';

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
  static override readonly defaults: InferringMaddpgSettings = { ...defaultSettings, entropyWeight: 0.001 };

  declare readonly settings: InferringMaddpgSettings;
  /** What agent i takes agent j for: [i][j]. Of itself it has none. */
  readonly inferred: readonly (readonly (InferredPolicy | undefined)[])[];

  constructor(specs: readonly AgentSpec[], options: InferringMaddpgOptions) {
    super(specs, options);
    const { entropyWeight, critic } = this.settings;
    if (!(entropyWeight >= 0)) {
      throw new Error(`InferringMaddpg: entropyWeight ${entropyWeight}; give a number from 0`);
    }
    if (critic === 'independent') {
      throw new Error(
        "InferringMaddpg: critic 'independent', which sees nothing of the others; leave it 'centralized'",
      );
    }
    refuseSharing('InferringMaddpg', this.settings, "who shares another's policy need not infer it");
    this.inferred = specs.map((_, i) =>
      specs.map((_, j) => (j === i ? undefined : this.#infer(j, options.generator))),
    );
  }

  #infer(j: number, generator: Generator): InferredPolicy {
    const { hidden, actorLr } = this.settings;
    const actor = new StochasticActor(this.specs[j], hidden, generator, this.settings);
    const targetActor = new StochasticActor(this.specs[j], hidden, generator, this.settings);
    targetActor.loadStateDict(actor.stateDict());
    return { actor, targetActor, actorOptimizer: new Adam(actor.parameters(), { lr: actorLr }) };
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
    const { actor } = this.inferred[i][j]!;
    const { logLikelihood, entropy } = actor.judge(observations[j], actions[j]);
    return logLikelihood.add(entropy.mul(this.settings.entropyWeight)).mean().neg();
  }

  /** φ_ij <- Adam(clip(dL_ij / dφ_ij)), for every agent i and every other agent j */
  inferenceStep(latest: Batch): void {
    this.inferred.forEach((others, i) => {
      others.forEach((other, j) => {
        if (!other) return;
        const { actor, actorOptimizer } = other;
        scope(() => {
          const loss = this.inferenceLoss(i, j, latest);
          actorOptimizer.zeroGrad();
          loss.backward();
          clipGradNorm(actor.parameters(), this.settings.maxGradNorm);
          actorOptimizer.step();
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

/** What one agent takes another's policy for: p_ij, its slow copy for the targets, and what p_ij learns with. */
export type InferredPolicy = {
  readonly actor: StochasticActor;
  readonly targetActor: StochasticActor;
  readonly actorOptimizer: Adam;
};

/** An actor as a distribution p(a | o): Gaussians around its numbers, each with a deviation of its own, and its choices. */
export class StochasticActor extends Actor {
  /** What makes the deviations: [numbers] */
  readonly spread: Tensor;
  readonly #spec: AgentSpec;

  constructor(spec: AgentSpec, hidden: readonly number[], generator: Generator, choices?: ChoiceOptions) {
    super(spec, hidden, generator, choices);
    this.#spec = spec;
    this.spread = zeros([continuousSize(spec)], { requiresGrad: true });
  }

  /**
   * ln p(a | o), the sum over the action's numbers and choices, and the entropy H(p) at o: o [batch, obs], a [batch, act] -> both
   * [batch, 1]. A soft choice counts as the category that it gives most to: that is drawn with just the softmax's probability.
   */
  judge(observation: Tensor, action: Tensor): { logLikelihood: Tensor; entropy: Tensor } {
    const spec = this.#spec;
    const numbers = continuousSize(spec);
    const choices = spec.actionSize - numbers;
    const total = (x: Tensor) => x.sum({ axis: 1, keepDim: true });

    const bounded = (x: Tensor) => mul(tanh(x), spec.maxAction);
    const output = mapAction(spec, this.body.forward(observation), bounded, logSoftmax);
    const done = mapAction(spec, action, (x) => x, taken);
    const logSigma = this.logSigma();
    const distance = done.sub(output).narrow(1, 0, numbers).div(exp(logSigma));
    const logDensity = square(distance)
      .div(-2)
      .sub(logSigma)
      .sub(Math.log(2 * Math.PI) / 2);
    const logP = output.narrow(1, numbers, choices);
    return {
      logLikelihood: total(logDensity).add(total(logP.mul(done.narrow(1, numbers, choices)))),
      entropy: logSigma
        .add(Math.log(2 * Math.PI * Math.E) / 2)
        .sum()
        .sub(total(exp(logP).mul(logP))),
    };
  }

  /**
   * ln σ, between -3 and 3, and 0 to begin with: [numbers]. Someone who never varies would have no best deviation but 0, where the
   * likelihood is infinite.
   */
  logSigma(): Tensor {
    return tanh(this.spread.div(3)).mul(3);
  }
}

/** One-hot, where the choice is largest. */
function taken(choice: Tensor): Tensor {
  return oneHot(max(choice, 1).indices, choice.shape[1], choice);
}

/** Settings of `InferringMaddpg`; `InferringMaddpg.defaults` has their values. */
export interface InferringMaddpgSettings extends MaddpgSettings {
  /** λ, how much entropy counts in what the others' policies are taken for. */
  readonly entropyWeight: number;
}

/** Settings for `InferringMaddpg`, each optional, and where the weights come from. */
export interface InferringMaddpgOptions extends Partial<InferringMaddpgSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}
