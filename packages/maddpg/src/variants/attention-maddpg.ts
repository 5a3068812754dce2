import { Adam, clipGradNorm } from '@paragrad/nn';
import { checkCount, concat, type Generator, noGrad, scope, stack, sub, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Batch } from '../batch.js';
import {
  type ActorReport,
  type AgentNetworks,
  type AgentReport,
  type CriticReport,
  Maddpg,
} from '../maddpg.js';
import { moveTowards } from '../move-towards.js';
import { Normalizer } from '../normalization/normalizer.js';
import { defaultSettings, type MaddpgSettings } from '../settings.js';
import { forEachAgent, withNetworksOf, withoutSharers } from '../sharing.js';
import { tdLoss } from '../td-loss.js';
import { AttentionCritic, AttentionCriticOf } from './attention-critic.js';
import { stepActors } from './step-actors.js';

/**
 * MADDPG for many agents: one critic for all of them that attends (`AttentionCritic`), instead of one for each that sees
 * everything side by side. What depends on the agent in the equations of `Maddpg` is here a column of a matrix
 * [batch, n], and each network is run once in a step, for all agents.
 *
 * So all critics learn in one step, from the sum of their losses, and then all actors in another, each climbing its own Q_i
 * where the others were before that step.
 */
export class AttentionMaddpg extends Maddpg {
  static override readonly defaults: AttentionMaddpgSettings = { ...defaultSettings, attentionHeads: 4 };

  declare readonly settings: AttentionMaddpgSettings;
  declare readonly agents: readonly AgentNetworks<AttentionCriticOf>[];

  constructor(specs: readonly AgentSpec[], options: AttentionMaddpgOptions) {
    super(specs, options);
    const { critic, othersActions } = this.settings;
    if (critic !== 'centralized' || othersActions !== 'current') {
      throw new Error(
        `AttentionMaddpg: critic '${critic}', othersActions '${othersActions}'; its one critic sees what all do now: ` +
          "leave critic 'centralized' and othersActions 'current'",
      );
    }
  }

  /** All agents share one critic, its target and its optimizer: the first's. */
  protected override makeAgents(generator: Generator): AgentNetworks<AttentionCriticOf>[] {
    checkCount('AttentionMaddpg', 'attentionHeads', this.settings.attentionHeads);
    const first = this.makeAgent(0, generator) as AgentNetworks<AttentionCriticOf>;
    const make = (i: number) => (i === 0 ? first : this.makeAnother(first, i, generator));
    return forEachAgent(this.specs, this.settings.parameterSharing, make, withNetworksOf);
  }

  /** An agent with the critic of the first. */
  protected makeAnother(
    { critic, targetCritic, criticOptimizer }: AgentNetworks<AttentionCriticOf>,
    i: number,
    generator: Generator,
  ): AgentNetworks<AttentionCriticOf> {
    const actor = this.makeActor(i, generator);
    const targetActor = this.makeActor(i, generator);
    targetActor.loadStateDict(actor.stateDict());
    return {
      actor,
      critic: critic.of(i),
      targetActor,
      targetCritic: targetCritic.of(i),
      actorOptimizer: new Adam(actor.parameters(), { lr: this.settings.actorLr }),
      criticOptimizer,
      normalizer: new Normalizer(this.specs[i], this.settings),
    };
  }

  protected override makeCritic(i: number, generator: Generator): AttentionCriticOf {
    const { hidden, attentionHeads: heads, parameterSharing } = this.settings;
    return new AttentionCriticOf(
      new AttentionCritic(this.specs, { hidden, heads, parameterSharing, generator }),
      i,
    );
  }

  override update(met: Batch): AgentReport[] {
    return scope(() => {
      const batch = this.prepare(met);
      this.updates += 1;
      const criticReports = this.allCriticsStep(batch);
      const actorReports = this.allActorsStep(batch);
      this.targetStep();
      return criticReports.map((report, i) => ({ ...report, ...actorReports[i] }));
    });
  }

  /** Y = R + γ (1 - D) Q'(x', a'), a constant: [batch, n] */
  targets(batch: Batch): Tensor {
    return noGrad(() => {
      const nextQ = this.agents[0].targetCritic.all.forward(batch.nextX, this.nextActions(batch));
      const goesOn = sub(1, concat(batch.terminations, 1));
      return concat(batch.rewards, 1).add(nextQ.mul(goesOn).mul(this.settings.gamma));
    });
  }

  /** L_i = mean (Q_i(x, a) - y_i)², for every agent: [n] */
  criticLosses(batch: Batch): Tensor {
    const q = this.agents[0].critic.all.forward(batch.x, batch.actions);
    const y = this.targets(batch);
    return stack(this.agents.map((_, i) => tdLoss(q.narrow(1, i, 1), y.narrow(1, i, 1), batch)));
  }

  /** θ_Q <- Adam(clip(d(L_1 + ... + L_n) / dθ_Q)) */
  allCriticsStep(batch: Batch): CriticReport[] {
    const { critic, criticOptimizer } = this.agents[0];
    const parameters = critic.parameters();
    const losses = this.criticLosses(batch);

    criticOptimizer.zeroGrad();
    losses.sum().backward({ inputs: parameters });
    const criticGradNorm = clipGradNorm(parameters, this.settings.maxGradNorm);
    criticOptimizer.step();

    return Array.from(losses.data, (criticLoss) => ({ criticLoss, criticGradNorm }));
  }

  /** -J_i = -mean Q_i(x, a_1 ... a_n), for every agent, with a way back into a_i alone: [n] */
  actorLosses(batch: Batch): Tensor {
    const q = this.agents[0].critic.all.forward(batch.x, this.actions(batch), { othersAreFacts: true });
    return stack(this.agents.map((_, i) => this.withPenalty(i, batch, q.narrow(1, i, 1).mean().neg())));
  }

  /** Of the sum of all J, each actor is in its own alone. */
  allActorsStep(batch: Batch): ActorReport[] {
    return stepActors(this.agents, this.actorLosses(batch), this.settings.maxGradNorm);
  }

  /** As in `Maddpg`; but there is one critic to follow. */
  override targetStep(): void {
    const [{ critic, targetCritic }] = this.agents;
    for (const { actor, targetActor } of withoutSharers(this.agents)) {
      moveTowards(targetActor, actor, this.settings.tau);
    }
    moveTowards(targetCritic, critic, this.settings.tau);
    for (const { normalizer } of this.agents) normalizer.observations.targetStep(this.settings.tau);
  }
}

/** Settings of `AttentionMaddpg`; `AttentionMaddpg.defaults` has their values. */
export interface AttentionMaddpgSettings extends MaddpgSettings {
  /** How many things an agent can attend to at once. Has to divide the first of `hidden`, which is the embedding's size. */
  readonly attentionHeads: number;
}

/** Settings for `AttentionMaddpg`, each optional, and where the weights come from. */
export interface AttentionMaddpgOptions extends Partial<AttentionMaddpgSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}
