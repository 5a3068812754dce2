/** MADDPG as it is easily got wrong: one plausible mistake each. What they fail at is in learning.test.ts. */
import { concat, noGrad, scope, stack, sub, type Tensor } from '@paragrad/tensor';
import { type ActorReport, type AgentReport, type Batch, CommunicatingMaddpg, Maddpg } from '../src/index.js';
import { moveTowards } from '../src/move-towards.js';
import { stepActors } from '../src/variants/step-actors.js';

/** Descends what it should climb. */
export class WrongSign extends Maddpg {
  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]): Tensor {
    return super.actorLoss(i, batch, actions).neg();
  }
}

/** Shows its critic what it does as what another agent does. */
export class WrongAgentsAction extends Maddpg {
  override actorLoss(i: number, batch: Batch, actions = this.actions(batch)): Tensor {
    const choices = actions.map((action, j) =>
      j === (i + 1) % actions.length ? actions[i] : action.detach(),
    );
    return this.agents[i].critic.forward(batch.x, choices).mean().neg();
  }
}

/** Takes the next agent's reward for its own. */
export class WrongAgentsReward extends Maddpg {
  override target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { rewards } = batch;
    return super.target(
      i,
      { ...batch, rewards: rewards.map((_, j) => rewards[(j + 1) % rewards.length]) },
      nextActions,
    );
  }
}

/** Shows its actors what the next agent observes. */
export class WrongAgentsObservation extends Maddpg {
  protected override seen(_: 'actor' | 'targetActor', observations: readonly Tensor[]): readonly Tensor[] {
    return observations.map((_, j) => observations[(j + 1) % observations.length]);
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
    return super.nextValue(
      i,
      { ...batch, nextX: concat(batch.nextObservations.toReversed(), 1) },
      nextActions,
    );
  }
}

/** Lets the others' actors follow an agent's gradient: one loss for all, nothing detached. */
export class OthersNotDetached extends Maddpg {
  override update(batch: Batch): AgentReport[] {
    return scope(() => {
      this.updates += 1;
      const nextActions = this.nextActions(batch);
      const critics = this.agents.map((_, i) => this.criticStep(i, batch, nextActions));
      const actions = this.actions(batch);
      const losses = stack(this.agents.map(({ critic }) => critic.forward(batch.x, actions).mean().neg()));
      const actors = stepActors(this.agents, losses, this.settings.maxGradNorm);
      this.targetStep();
      return critics.map((report, i) => ({ ...report, ...actors[i] }));
    });
  }
}

/** Trains its critics on the actors' losses as well: to say that what is done is good. */
export class ActorLossTrainsCritic extends Maddpg {
  override actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    const { actor, actorOptimizer, critic, criticOptimizer } = this.agents[i];
    const loss = this.actorLoss(i, batch, actions);
    actorOptimizer.zeroGrad();
    criticOptimizer.zeroGrad();
    loss.backward();
    const actorGradNorm = this.clip(actor.parameters());
    this.clip(critic.parameters());
    actorOptimizer.step();
    criticOptimizer.step();
    return { actorLoss: loss.item(), actorGradNorm };
  }
}

/** Bootstraps from the critic that is learning. */
export class OnlineCriticInTarget extends Maddpg {
  override nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return this.agents[i].critic.forward(batch.nextX, nextActions);
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
    for (const { actor, critic, targetActor, targetCritic } of this.agents) {
      moveTowards(targetActor, actor, 1 - this.settings.tau);
      moveTowards(targetCritic, critic, 1 - this.settings.tau);
    }
  }
}

/** Takes messages for facts, so that nobody learns what to say. */
export class MessagesDetached extends CommunicatingMaddpg {
  protected override seen(network: 'actor' | 'targetActor', observations: readonly Tensor[]): Tensor[] {
    return super.seen(network, observations).map((seen) => seen.detach());
  }
}
