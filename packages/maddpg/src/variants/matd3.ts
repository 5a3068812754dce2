import { Module } from '@paragrad/nn';
import { clamp, type Generator, minimum, noGrad, normal, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { AgentNetworks } from '../learning/actor-critic.js';
import type { ActorReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { tdLoss } from '../learning/td-loss.js';
import { Maddpg } from '../maddpg.js';
import type { Actor } from '../networks/actor.js';
import type { Critic, CriticInputs } from '../networks/critics.js';
import { mapAction } from '../networks/map-action.js';
import { count, fromZero } from '../settings/kinds.js';
import { type Options, type SettingsOf, setting } from '../settings/setting.js';

/**
 * MATD3 (Ackermann, Gabler, Osa, Sugiyama: "Reducing Overestimation Bias in Multi-Agent Domains Using Double Centralized
 * Critics", 2019, arXiv 1910.01465): MADDPG with the three remedies of TD3 (Fujimoto, van Hoof, Meger 2018, arXiv
 * 1802.09477) against values that are too high:
 *
 * - Twin critics: each agent has two, and believes the lower one.
 * - Target policy smoothing: the targets' actions get a little noise, so that a narrow peak of Q' is not trusted.
 * - Delayed actors: actors and targets move only in every `policyDelay`-th update, the critics in each.
 */
export class Matd3 extends Maddpg {
  static override readonly settings = {
    ...Maddpg.settings,
    policyNoise: setting(0.2, fromZero, "standard deviation of the noise on the targets' actions"),
    noiseClip: setting(0.5, fromZero, 'the largest that this noise may be'),
    policyDelay: setting(2, count, 'updates for each step of the actors and targets'),
  };

  declare readonly settings: Matd3Settings;
  declare readonly agents: readonly AgentNetworks<Actor, TwinCritic>[];
  readonly #smoothing: Generator;
  /** Of each agent's last actor step. */
  readonly #actorReports: ActorReport[] = [];

  /** @param options the noise of the smoothing is drawn from a fork of its generator. */
  constructor(specs: readonly AgentSpec[], options: Options<Matd3Settings>) {
    super(specs, options);
    this.#smoothing = options.generator.fork('target policy smoothing');
  }

  protected override makeCritic(i: number, generator: Generator): TwinCritic {
    return new TwinCritic(super.makeCritic(i, generator), super.makeCritic(i, generator));
  }

  /** a'_j = clamp(μ'_j(o'_j) + clamp(ε_j, ±noiseClip), ±maxAction_j) */
  override nextActions(batch: Batch): Tensor[] {
    const { noiseClip } = this.settings;
    return noGrad(() =>
      super.nextActions(batch).map((action, j) => {
        const noise = clamp(this.smoothingNoise(j, batch), { min: -noiseClip, max: noiseClip });
        const { maxAction } = this.specs[j];
        const smooth = (a: Tensor) =>
          clamp(a.add(noise.narrow(1, 0, a.shape[1])), { min: -maxAction, max: maxAction });
        return mapAction(this.specs[j], action, smooth, (choice) => choice); // drawn choices are smooth already
      }),
    );
  }

  /** ε_j ~ N(0, policyNoise²): [batch, act_j] */
  protected smoothingNoise(j: number, batch: Batch): Tensor {
    const { shape, dtype } = batch.actions[j];
    return normal(shape, this.#smoothing, { dtype }).mul(this.settings.policyNoise);
  }

  /** min(Q'_i1, Q'_i2)(x', a'_1 ... a'_n) */
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { q1, q2 } = this.agents[i].critic.target;
    return minimum(q1.forward(batch.nextX, nextActions, i), q2.forward(batch.nextX, nextActions, i));
  }

  /** L_i = mean (Q_i1(x, a) - y_i)² + mean (Q_i2(x, a) - y_i)² */
  override criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { q1, q2 } = this.agents[i].critic.network;
    const y = this.target(i, batch, nextActions);
    return tdLoss(q1.forward(batch.x, batch.actions, i), y, batch).add(
      tdLoss(q2.forward(batch.x, batch.actions, i), y, batch),
    );
  }

  /** In an update in which the actors rest, the report of the last step; NaN before the first. */
  override actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    if (this.#actorsMove) this.#actorReports[i] = super.actorStep(i, batch, actions);
    return this.#actorReports[i] ?? { actorLoss: Number.NaN, actorGradNorm: Number.NaN };
  }

  override targetStep(): void {
    if (this.#actorsMove) super.targetStep();
  }

  get #actorsMove(): boolean {
    return this.updates % this.settings.policyDelay === 0;
  }

  override get updateCycle(): number {
    return this.settings.policyDelay;
  }
}

/** Settings of `Matd3`. */
export type Matd3Settings = SettingsOf<typeof Matd3.settings>;

/** Two critics, learned together. As a function it is the first, which is what the actor climbs. */
export class TwinCritic extends Module<CriticInputs> {
  constructor(
    readonly q1: Critic,
    readonly q2: Critic,
  ) {
    super();
  }

  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    return this.q1.forward(x, actions, i);
  }
}
