/** MADDPG with one plausible mistake in each class. learning.test.ts shows the game that each one fails to learn. */
import { concat, noGrad, stack, sub, type Tensor } from '@paragrad/tensor';
import { type ActorReport, type Batch, CommunicatingMaddpg, descendEach, Maddpg } from '../src/index.js';

/** The actor's loss has the wrong sign: actors descend Q instead of climbing it. */
export class WrongSign extends Maddpg {
  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]): Tensor {
    return super.actorLoss(i, batch, actions).neg();
  }
}

/** In the actor's loss the agent's action stands in the place of another agent's. */
export class WrongAgentsAction extends Maddpg {
  override actorLoss(i: number, batch: Batch, actions = this.actions(batch)): Tensor {
    const another = (i + 1) % actions.length;
    const choices = actions.map((action, j) => (j === another ? actions[i] : action.detach()));
    return this.agents[i].critic.network.forward(batch.x, choices, i).mean().neg();
  }
}

/** Each agent learns from the next agent's reward. */
export class WrongAgentsReward extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return super.target(i, { ...batch, rewards: ofNextAgent(batch.rewards) }, nextActions);
  }
}

/** Each actor gets the next agent's observation. */
export class WrongAgentsObservation extends Maddpg {
  override action(j: number, batch: Batch): Tensor {
    return super.action(j, { ...batch, observations: ofNextAgent(batch.observations) });
  }

  override nextActions(batch: Batch): Tensor[] {
    return super.nextActions({ ...batch, nextObservations: ofNextAgent(batch.nextObservations) });
  }

  protected override decide(observations: readonly Tensor[], explore: boolean): Tensor[] {
    return super.decide(ofNextAgent(observations), explore);
  }
}

/** The critic's loss uses what the actors would do now, although the rewards belong to the actions of the batch. */
export class CurrentActionsInCriticLoss extends Maddpg {
  override criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const actions = noGrad(() => this.actions(batch));
    return super.criticLoss(i, { ...batch, actions }, nextActions);
  }
}

/** The target critic gets the observations in another order. */
export class OtherOrderInTarget extends Maddpg {
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const nextX = concat(batch.nextObservations.toReversed(), 1);
    return super.nextValue(i, { ...batch, nextX }, nextActions);
  }
}

/** Every actor climbs the values of all agents: one loss for all, and no action is detached. */
export class OthersNotDetached extends Maddpg {
  override actorLoss(_: number, batch: Batch, actions = this.actions(batch)): Tensor {
    const values = this.agents.map(({ critic }, j) => critic.network.forward(batch.x, actions, j).mean());
    return stack(values).sum().neg();
  }
}

/** The actors' losses also train the critics, which learn to call every action good. */
export class ActorLossTrainsCritic extends Maddpg {
  override actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    const { actor, critic } = this.agents[i];
    const loss = () => this.actorLoss(i, batch, actions);
    const { losses, gradNorms } = descendEach([actor, critic], loss, (parameters) => this.clip(parameters));
    return { actorLoss: losses[0], actorGradNorm: gradNorms[0] };
  }
}

/** The target comes from the critic that learns, not from its target network. */
export class OnlineCriticInTarget extends Maddpg {
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return this.agents[i].critic.network.forward(batch.nextX, nextActions, i);
  }
}

/** The same as `OnlineCriticInTarget`, and the gradient flows into the target y as well. */
export class TargetNotDetached extends OnlineCriticInTarget {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const notDone = sub(1, batch.terminations[i]);
    return batch.rewards[i].add(this.nextValue(i, batch, nextActions).mul(notDone).mul(this.settings.gamma));
  }
}

/** The target networks keep their first weights. */
export class TargetsNeverMove extends Maddpg {
  override targetStep(): void {}
}

/** The target includes a next value even after the end of an episode. */
export class DoneIgnored extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const terminations = batch.terminations.map((done) => done.mul(0));
    return super.target(i, { ...batch, terminations }, nextActions);
  }
}

/** The target includes a next value only after the end of an episode. */
export class DoneInverted extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const terminations = batch.terminations.map((done) => sub(1, done));
    return super.target(i, { ...batch, terminations }, nextActions);
  }
}

/** A target step keeps the fraction tau of the target, and takes the rest from the network. */
export class TauSwapped extends Maddpg {
  override targetStep(): void {
    for (const network of this.networksWithTargets) network.updateTarget(1 - this.settings.tau);
  }
}

/** Messages are detached, so no agent learns what to say. */
export class MessagesDetached extends CommunicatingMaddpg {
  protected override withMessages(of: 'network' | 'target', observations: readonly Tensor[]): Tensor[] {
    return super.withMessages(of, observations).map((heard) => heard.detach());
  }
}

/** For each agent the next agent's value, and for the last agent the first one's. */
function ofNextAgent(values: readonly Tensor[]): Tensor[] {
  return values.map((_, j) => values[(j + 1) % values.length]);
}

/** Agents learn from all rows, also from those in which they had ended. */
export class EndedAgentsLearn extends Maddpg {
  override criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return super.criticLoss(i, withoutEnds(batch, i), nextActions);
  }

  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]): Tensor {
    return super.actorLoss(i, withoutEnds(batch, i), actions);
  }
}

/** In the target, agents that have ended still do what their actors say. */
export class EndedAgentsAct extends Maddpg {
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return this.agents[i].critic.target.forward(batch.nextX, nextActions, i);
  }
}

/** The batch as if agent i had been live in every row. */
function withoutEnds({ liveness, ...batch }: Batch, i: number): Batch {
  if (!liveness) return batch;
  return { ...batch, liveness: { ...liveness, live: liveness.live.with(i, liveness.live[i].mul(0).add(1)) } };
}
