import { atLeast0, checkArgument, integerFrom1, listOf, object } from '@paragrad/check';
import { aModule, Module } from '@paragrad/nn';
import {
  clamp,
  type Generator,
  type GeneratorState,
  minimum,
  noGrad,
  normal,
  type Tensor,
} from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ActorCriticState, AgentNetworks } from '../learning/actor-critic.js';
import type { StepReport } from '../learning/agent-steps.js';
import type { ActorReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import type { Members } from '../learning/groups.js';
import { nextState } from '../learning/liveness.js';
import { tdLoss } from '../learning/td-loss.js';
import { Maddpg } from '../maddpg.js';
import type { Actor } from '../networks/actor.js';
import type { Critic, CriticInputs } from '../networks/critics.js';
import { mapAction } from '../networks/map-action.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { checkState } from '../state/stateful.js';

/**
 * MATD3 (Ackermann, Gabler, Osa, Sugiyama: "Reducing Overestimation Bias in Multi-Agent Domains Using Double
 * Centralized Critics", 2019, arXiv 1910.01465): MADDPG with the three changes of TD3 (Fujimoto, van Hoof, Meger 2018,
 * arXiv 1802.09477), which work against overestimated values:
 *
 * - Twin critics: each agent has two critics, and the target uses the lower value.
 * - Target policy smoothing: the next actions in the target get some noise, so that narrow peaks of Q' have less influence.
 * - Delayed policy updates: the critics take a step in every update, the actors and targets only in every `policyDelay`-th.
 */
export class Matd3 extends Maddpg {
  /** It computes the losses of groups of agents. */
  static override readonly stacksAgents = true;
  /** The table of its settings. */
  static override readonly settings = {
    ...Maddpg.settings,
    /** Standard deviation of the noise on the next actions in the targets. A finite number of at least 0; default 0.2. */
    policyNoise: setting(0.2, atLeast0, 'standard deviation of the noise on the next actions in the targets'),
    /** Largest absolute value of the noise on the next actions. A finite number of at least 0; default 0.5. */
    noiseClip: setting(0.5, atLeast0, 'largest absolute value of the noise on the next actions'),
    /** Updates of the critics for each step of the actors and targets. An integer of at least 1; default 2. */
    policyDelay: setting(2, integerFrom1, 'updates of the critics for each step of the actors and targets'),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: Matd3Settings;
  /** What each agent acts and learns with: its critic is a pair. */
  declare readonly agents: readonly AgentNetworks<Actor, TwinCritic>[];
  readonly #smoothing: Generator;
  /** The report of each agent's last actor step. */
  readonly #actorReports: ActorReport[] = [];

  /** MATD3: MADDPG with two critics for each agent. Forks `options.generator` to draw the noise of target policy smoothing. */
  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<Matd3Settings>) {
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
          clamp(a.add(noise.narrow(-1, 0, a.shape.at(-1)!)), { min: -maxAction, max: maxAction });
        // Choices get no noise: drawing them already smooths the target.
        return mapAction(this.specs[j], action, smooth, (choice) => choice);
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
    const { x, actions } = nextState(batch, nextActions, i);
    return minimum(q1.forward(x, actions, i), q2.forward(x, actions, i));
  }

  /** L_i = mean (Q_i1(x, a) - y_i)² + mean (Q_i2(x, a) - y_i)² */
  override criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { q1, q2 } = this.agents[i].critic.network;
    const y = this.target(i, batch, nextActions);
    return tdLoss(q1.forward(batch.x, batch.actions, i), y, batch, i).add(
      tdLoss(q2.forward(batch.x, batch.actions, i), y, batch, i),
    );
  }

  /** If the actors take no step in this update, returns the report of their last step; NaN before the first. */
  override actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    if (this.#isPolicyUpdate) this.#actorReports[i] = super.actorStep(i, batch, actions);
    return this.#actorReports[i] ?? NO_STEP_YET;
  }

  protected override stepAll(
    of: 'critic' | 'actor',
    batch: Batch,
    losses: (batch: Batch) => (i: number) => Tensor,
  ): StepReport[] {
    if (of === 'critic') return super.stepAll(of, batch, losses);
    if (this.#isPolicyUpdate) {
      super.stepAll(of, batch, losses).forEach(({ loss, gradNorm }, i) => {
        this.#actorReports[i] = { actorLoss: loss, actorGradNorm: gradNorm };
      });
    }
    return this.specs.map((_, i) => {
      const { actorLoss, actorGradNorm } = this.#actorReports[i] ?? NO_STEP_YET;
      return { loss: actorLoss, gradNorm: actorGradNorm };
    });
  }

  protected override stackOf(
    networks: readonly Module<never>[],
    members: Members,
  ): Module<never> | undefined {
    if (!networks.every((network) => network instanceof TwinCritic)) return super.stackOf(networks, members);
    const q1 = super.stackOf(
      networks.map((twins) => twins.q1),
      members,
    );
    const q2 = super.stackOf(
      networks.map((twins) => twins.q2),
      members,
    );
    return q1 && q2 && new TwinCritic(q1 as Critic, q2 as Critic);
  }

  /** θ' <- τ θ + (1 - τ) θ', for every actor and critic, in updates in which the actors take a step */
  override targetStep(): void {
    if (this.#isPolicyUpdate) super.targetStep();
  }

  override getState(): Matd3State {
    return { ...super.getState(), smoothing: this.#smoothing.getState(), actorReports: this.#actorReports };
  }

  override setState(state: Matd3State): void {
    checkState(state, { smoothing: object, actorReports: listOf(object) });
    super.setState(state);
    this.#smoothing.setState(state.smoothing);
    this.#actorReports.splice(0, Number.POSITIVE_INFINITY, ...state.actorReports);
  }

  get #isPolicyUpdate(): boolean {
    return this.updates % this.settings.policyDelay === 0;
  }

  /** The setting `policyDelay`. */
  override get updateCycle(): number {
    return this.settings.policyDelay;
  }
}

const NO_STEP_YET: ActorReport = { actorLoss: Number.NaN, actorGradNorm: Number.NaN };

/** What `Matd3.getState` returns. */
export interface Matd3State extends ActorCriticState {
  /** Where the generator of the smoothing noise is. */
  readonly smoothing: GeneratorState;
  /** The report of each agent's last actor step. Empty before the first. */
  readonly actorReports: readonly ActorReport[];
}

/** The settings of `Matd3`. */
export interface Matd3Settings extends MaddpgSettings, SettingsOf<typeof Matd3.settings> {}

/** Two critics that learn together. Its own value is that of the first critic, which the actor ascends. */
export class TwinCritic extends Module<CriticInputs> {
  /** Two critics of the same shape that learn together: x [batch, sum of obs_j], a_j [batch, act_j] -> [batch, 1], of the first. */
  constructor(
    /** The critic that the actor ascends. */
    readonly q1: Critic,
    /** A second critic of the same shape, with initial weights of its own. */
    readonly q2: Critic,
  ) {
    super();
    checkArgument('TwinCritic', 'q1', q1, aModule);
    checkArgument('TwinCritic', 'q2', q2, aModule);
  }

  /** Q_i1(x, a_1 ... a_n): [batch, 1] */
  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    return this.q1.forward(x, actions, i);
  }
}
