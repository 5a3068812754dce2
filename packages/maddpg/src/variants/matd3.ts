import { Module } from '@paragrad/nn';
import { checkCount, clamp, type Generator, minimum, noGrad, normal, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Batch } from '../batch.js';
import { type ActorReport, type AgentNetworks, Maddpg } from '../maddpg.js';
import { mapAction } from '../map-action.js';
import type { Critic } from '../networks.js';
import { defaultSettings, type MaddpgSettings } from '../settings.js';
import { criticOf } from '../sharing.js';
import { tdLoss } from '../td-loss.js';

/**
 * MATD3 (Ackermann, Gabler, Osa, Sugiyama: "Reducing Overestimation Bias in Multi-Agent Domains Using Double Centralized
 * Critics", 2019, arXiv 1910.01465): MADDPG with the three remedies of TD3 (Fujimoto, van Hoof, Meger 2018, arXiv
 * 1802.09477) against values that are too high:
 *
 * - Twin critics: each agent has two, and believes the lower one.
 * - Target policy smoothing: the targets' actions get a little noise, so that a narrow peak of Q' is not trusted.
 * - Delayed actors: actors and targets move in every `policyDelay`-th update only, the critics in each.
 */
export class Matd3 extends Maddpg {
  static override readonly defaults: Matd3Settings = {
    ...defaultSettings,
    policyNoise: 0.2,
    noiseClip: 0.5,
    policyDelay: 2,
  };

  declare readonly settings: Matd3Settings;
  declare readonly agents: readonly AgentNetworks<TwinCritic>[];
  readonly #smoothing: Generator;
  /** Of each agent's last actor step. */
  readonly #actorReports: ActorReport[] = [];

  constructor(specs: readonly AgentSpec[], options: Matd3Options) {
    super(specs, options);
    const { policyNoise, noiseClip, policyDelay } = this.settings;
    for (const [name, value] of Object.entries({ policyNoise, noiseClip })) {
      if (!(value >= 0)) throw new Error(`Matd3: ${name} ${value}; give a number from 0`);
    }
    checkCount('Matd3', 'policyDelay', policyDelay);
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
        return mapAction(this.specs[j], action, smooth, (choice) => choice); // drawn, which is smooth already
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
    const { q1, q2 } = this.agents[i].targetCritic;
    return minimum(q1.forward(batch.nextX, nextActions), q2.forward(batch.nextX, nextActions));
  }

  /** L_i = mean (Q_i1(x, a) - y_i)² + mean (Q_i2(x, a) - y_i)² */
  override criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { q1, q2 } = this.agents[i].critic;
    const y = this.target(i, batch, nextActions);
    return tdLoss(q1.forward(batch.x, batch.actions), y, batch).add(
      tdLoss(q2.forward(batch.x, batch.actions), y, batch),
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
}

/** Settings of `Matd3`; `Matd3.defaults` has their values. */
export interface Matd3Settings extends MaddpgSettings {
  /** Standard deviation of the noise on the targets' actions, in units of the action. */
  readonly policyNoise: number;
  /** The largest that this noise may be. */
  readonly noiseClip: number;
  /** Actors and targets move in one update of so many. */
  readonly policyDelay: number;
}

/** Settings for `Matd3`, each optional, and where the weights come from. */
export interface Matd3Options extends Partial<Matd3Settings> {
  /** Where the initial weights are drawn from; and, from a fork of it, the noise of the smoothing. */
  generator: Generator;
}

/** Two critics, learned together. As a function it is the first, which is what the actor climbs. */
export class TwinCritic extends Module<[x: Tensor, actions: readonly Tensor[]]> {
  constructor(
    readonly q1: Critic,
    readonly q2: Critic,
  ) {
    super();
  }

  of(agent: number): TwinCritic {
    return new TwinCritic(criticOf(this.q1, agent), criticOf(this.q2, agent));
  }

  forward(x: Tensor, actions: readonly Tensor[]): Tensor {
    return this.q1.forward(x, actions);
  }
}
