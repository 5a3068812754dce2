import { ArgumentError, integerFrom1 } from '@paragrad/check';
import { concat, type Generator, noGrad, stack, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ActorAndCritic, AgentNetworks } from '../learning/actor-critic.js';
import type { ActorReport, AgentReport, CriticReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { descend } from '../learning/descend.js';
import { Learner } from '../learning/learner.js';
import { meanWhileLive, nextState, viewsDiffer } from '../learning/liveness.js';
import { bellmanTarget, tdLoss } from '../learning/td-loss.js';
import { Maddpg } from '../maddpg.js';
import type { Actor } from '../networks/actor.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { AttentionCritic } from './attention-critic.js';
import { stepActorsTogether } from './step-actors.js';

/**
 * MADDPG for many agents. All agents share one critic with attention (`AttentionCritic`), instead of one critic for
 * each agent that sees everything side by side. A quantity that `Maddpg` computes for each agent is a column of a
 * matrix [batch, n] here, and each network runs only once in a step, for all agents.
 *
 * In an update the critic takes one step, on the sum of all agents' losses. Then all actors take a step together: each
 * ascends its own Q_i, computed from the actors before this step.
 */
export class AttentionMaddpg extends Maddpg {
  /** The table of its settings. */
  static override readonly settings = {
    ...Maddpg.settings,
    /** Attention heads of the critic; must divide the first hidden layer's size. An integer of at least 1; default 4. */
    attentionHeads: setting(
      4,
      integerFrom1,
      "attention heads of the critic; must divide the first hidden layer's size",
    ),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: AttentionMaddpgSettings;
  /** What each agent acts and learns with. All share one critic. */
  declare readonly agents: readonly AgentNetworks<Actor, AttentionCritic>[];

  /**
   * MADDPG with one critic for all agents, in which each agent attends to the others.
   *
   * @throws ArgumentError unless `critic` is 'centralized' and `othersActions` is 'current': its critic sees all current actions.
   */
  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<AttentionMaddpgSettings>) {
    super(specs, options);
    const { critic, othersActions } = this.settings;
    if (critic !== 'centralized' || othersActions !== 'current') {
      throw new ArgumentError(
        `AttentionMaddpg: critic is '${critic}' and othersActions is '${othersActions}', but its one critic sees all agents' ` +
          "current actions; set critic: 'centralized' and othersActions: 'current'",
      );
    }
  }

  /** All agents share the critic of the first. */
  protected override makeNetworks(
    i: number,
    generator: Generator,
    made: readonly ActorAndCritic[],
  ): ActorAndCritic {
    const [first] = made;
    if (!first) return super.makeNetworks(i, generator);
    const actor = this.makeActor(i, generator);
    const target = this.makeActor(i, generator);
    const name = `${this.specs[i].name}'s actor`;
    return { actor: new Learner(actor, target, this.settings.actorLr, name), critic: first.critic };
  }

  protected override makeCritic(_i: number, generator: Generator): AttentionCritic {
    const { hidden, attentionHeads: heads, parameterSharing } = this.settings;
    return new AttentionCritic(this.specs, { hidden, heads, parameterSharing, generator });
  }

  protected override steps(batch: Batch): AgentReport[] {
    const criticReports = this.allCriticsStep(batch);
    const actorReports = this.allActorsStep(batch);
    this.targetStep();
    return criticReports.map((report, i) => ({ ...report, ...actorReports[i] }));
  }

  /** The targets y_i of all agents as columns: [batch, n]. A constant. y_i = r_i + γ (1 - done_i) Q'_i(x', a'_1 ... a'_n) */
  targets(batch: Batch): Tensor {
    const nextActions = this.nextActions(batch);
    const [rewards, terminations] = noGrad(() => [concat(batch.rewards, 1), concat(batch.terminations, 1)]);
    const nextValues = () => this.nextValues(batch, nextActions);
    return bellmanTarget(rewards, terminations, this.settings, nextValues);
  }

  /** Q'_i(x', a'_1 ... a'_n) of all agents as columns: [batch, n] */
  protected nextValues(batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { target } = this.agents[0].critic;
    if (viewsDiffer(batch))
      return concat(
        this.agents.map((_, i) => this.nextValue(i, batch, nextActions)),
        1,
      );
    const { x, actions } = nextState(batch, nextActions, 0);
    return target.values(x, actions);
  }

  /** L_i = mean (Q_i(x, a_1 ... a_n) - y_i)², for every agent: [n] */
  criticLosses(batch: Batch): Tensor {
    const q = this.agents[0].critic.network.values(batch.x, batch.actions);
    const y = this.targets(batch);
    return stack(this.agents.map((_, i) => tdLoss(q.narrow(1, i, 1), y.narrow(1, i, 1), batch, i)));
  }

  /** θ_Q <- Adam(clip(d(L_1 + ... + L_n) / dθ_Q)) */
  allCriticsStep(batch: Batch): CriticReport[] {
    const losses = () => this.criticLosses(batch);
    const step = descend([this.agents[0].critic], losses, (parameters) => this.clip(parameters));
    return step.losses.map((criticLoss) => ({ criticLoss, criticGradNorm: step.gradNorm }));
  }

  /** -J_i = -mean Q_i(x, a_1 ... a_n), for every agent: [n]. The gradient of each flows into a_i only. */
  actorLosses(batch: Batch): Tensor {
    const { network } = this.agents[0].critic;
    const q = network.values(batch.x, this.actions(batch), { detachOthers: true });
    return stack(
      this.agents.map((_, i) => this.penalized(i, batch, meanWhileLive(q.narrow(1, i, 1), batch, i).neg())),
    );
  }

  /** θ_μi <- Adam(clip(d(-J_i) / dθ_μi)), for all actors at once */
  allActorsStep(batch: Batch): ActorReport[] {
    const losses = () => this.actorLosses(batch);
    return stepActorsTogether(this.agents, losses, (parameters) => this.clip(parameters));
  }
}

/** The settings of `AttentionMaddpg`. */
export interface AttentionMaddpgSettings
  extends MaddpgSettings,
    SettingsOf<typeof AttentionMaddpg.settings> {}
