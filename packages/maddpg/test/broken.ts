/** MADDPG as it is easily got wrong: one plausible mistake each. What they fail at is in learning.test.ts. */
import { concat, noGrad, stack, sub, type Tensor } from '@paragrad/tensor';
import { type ActorReport, type Batch, CommunicatingMaddpg, descendEach, Maddpg } from '../src/index.js';

/** Descends what it should climb. */
export class WrongSign extends Maddpg {
  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]): Tensor {
    return super.actorLoss(i, batch, actions).neg();
  }
}

/** Shows its critic what it does as what another agent does. */
export class WrongAgentsAction extends Maddpg {
  override actorLoss(i: number, batch: Batch, actions = this.actions(batch)): Tensor {
    const another = (i + 1) % actions.length;
    const choices = actions.map((action, j) => (j === another ? actions[i] : action.detach()));
    return this.agents[i].critic.network.forward(batch.x, choices, i).mean().neg();
  }
}

/** Takes the next agent's reward for its own. */
export class WrongAgentsReward extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return super.target(i, { ...batch, rewards: nextAgents(batch.rewards) }, nextActions);
  }
}

/** Shows its actors what the next agent observes. */
export class WrongAgentsObservation extends Maddpg {
  override action(j: number, batch: Batch): Tensor {
    return super.action(j, { ...batch, observations: nextAgents(batch.observations) });
  }

  override nextActions(batch: Batch): Tensor[] {
    return super.nextActions({ ...batch, nextObservations: nextAgents(batch.nextObservations) });
  }

  protected override decide(observations: readonly Tensor[], explore: boolean): Tensor[] {
    return super.decide(nextAgents(observations), explore);
  }
}

/** Asks its critic for what the actors would do now, where the rewards are those of what was done. */
export class CurrentActionsInCriticLoss extends Maddpg {
  override criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const actions = noGrad(() => this.actions(batch));
    return super.criticLoss(i, { ...batch, actions }, nextActions);
  }
}

/** Puts the observations side by side in another order for the target critic. */
export class OtherOrderInTarget extends Maddpg {
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const nextX = concat(batch.nextObservations.toReversed(), 1);
    return super.nextValue(i, { ...batch, nextX }, nextActions);
  }
}

/** Lets every actor climb the values of all agents: one loss for all, nothing detached. */
export class OthersNotDetached extends Maddpg {
  override actorLoss(_: number, batch: Batch, actions = this.actions(batch)): Tensor {
    const values = this.agents.map(({ critic }, j) => critic.network.forward(batch.x, actions, j).mean());
    return stack(values).sum().neg();
  }
}

/** Trains its critics on the actors' losses as well: to say that what is done is good. */
export class ActorLossTrainsCritic extends Maddpg {
  override actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    const { actor, critic } = this.agents[i];
    const loss = () => this.actorLoss(i, batch, actions);
    const { losses, gradNorms } = descendEach([actor, critic], loss, (gradients) => this.clip(gradients));
    return { actorLoss: losses[0], actorGradNorm: gradNorms[0] };
  }
}

/** Bootstraps from the critic that is learning. */
export class OnlineCriticInTarget extends Maddpg {
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return this.agents[i].critic.network.forward(batch.nextX, nextActions, i);
  }
}

/** And lets the gradient into it. */
export class TargetNotDetached extends OnlineCriticInTarget {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const goesOn = sub(1, batch.terminations[i]);
    return batch.rewards[i].add(this.nextValue(i, batch, nextActions).mul(goesOn).mul(this.settings.gamma));
  }
}

/** Leaves its targets as they began. */
export class TargetsNeverMove extends Maddpg {
  override targetStep(): void {}
}

/** Bootstraps beyond the end. */
export class DoneIgnored extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const terminations = batch.terminations.map((done) => done.mul(0));
    return super.target(i, { ...batch, terminations }, nextActions);
  }
}

/** Bootstraps only there. */
export class DoneInverted extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const terminations = batch.terminations.map((done) => sub(1, done));
    return super.target(i, { ...batch, terminations }, nextActions);
  }
}

/** Keeps tau of its targets, and takes the rest from the networks. */
export class TauSwapped extends Maddpg {
  override targetStep(): void {
    for (const network of this.networksWithTargets) network.updateTarget(1 - this.settings.tau);
  }
}

/** Takes messages for facts, so that nobody learns what to say. */
export class MessagesDetached extends CommunicatingMaddpg {
  protected override withMessages(of: 'network' | 'target', observations: readonly Tensor[]): Tensor[] {
    return super.withMessages(of, observations).map((heard) => heard.detach());
  }
}

/** Of each agent what the next one has; of the last what the first has. */
function nextAgents(values: readonly Tensor[]): Tensor[] {
  return values.map((_, j) => values[(j + 1) % values.length]);
}
