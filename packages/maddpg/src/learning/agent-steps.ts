import type { Module } from '@paragrad/nn';
import { concat, type Tensor } from '@paragrad/tensor';
import { areActors, areCritics, noteOthers, StackedActors, StackedCritics } from '../networks/stacked.js';
import { withActionPenalty } from './action-penalty.js';
import { ActorCritic } from './actor-critic.js';
import type { AgentReport } from './algorithm.js';
import type { Batch } from './batch.js';
import { descend, descendEach } from './descend.js';
import { Groups, type Members } from './groups.js';
import { isEverLive, liveRows, zeroWhereAbsent } from './liveness.js';
import { withLogitsPenalty } from './logits-penalty.js';

/** How agents take the steps of an update: in turn, or together. The losses are in ../maddpg.ts. */
export abstract class AgentSteps extends ActorCritic {
  /**
   * Whether the losses of this very class can be computed for a group of agents at once: see `stepAll`. A subclass does not inherit
   * it, because its losses may be written for one agent. It says so itself.
   */
  static readonly stacksAgents: boolean = false;
  /** Null if the agents cannot be computed at once, undefined before it is known. */
  #groups: Groups | null | undefined;

  /** a'_j = μ'_j(o'_j) for every agent j: [batch, act_j] each. A constant. */
  abstract nextActions(batch: Batch): Tensor[];
  /** L_i: [] */
  abstract criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor;
  /** -J_i: [] */
  abstract actorLoss(i: number, batch: Batch, actions: readonly Tensor[]): Tensor;

  /** a_j = μ_j(o_j): [batch, act_j]. Gradients flow back into the actor. */
  abstract action(j: number, batch: Batch): Tensor;

  /** `action(j, batch)` for every agent j: [batch, act_j] each. Zeros where j is not live. */
  actions(batch: Batch): Tensor[] {
    return this.agents.map((_, j) => zeroWhereAbsent(this.action(j, batch), batch, j));
  }

  /**
   * All agents' actions when it is agent i's turn to learn. Call the result for i = 0, 1, 2 ... in order. It returns
   * the same as `actions(batch)`, but faster: only the actions of the actor that just stepped are computed again.
   */
  protected actionsInTurn(batch: Batch): (i: number) => Tensor[] {
    let actions: Tensor[] = [];
    return (i) => {
      const stepped = this.agents[i - 1]?.actor;
      actions = this.agents.map(({ actor }, j) =>
        j in actions && actor !== stepped ? actions[j] : zeroWhereAbsent(this.action(j, batch), batch, j),
      );
      return actions;
    };
  }

  /** All critics take a step, then all actors, each from where the others were before this update. */
  protected stepsTogether(batch: Batch): AgentReport[] {
    const critics = this.stepAll('critic', batch, (batch) => {
      const nextActions = this.nextActions(batch);
      return (i) => this.criticLoss(i, batch, nextActions);
    });
    const actors = this.stepAll('actor', batch, (batch) => {
      const actions = this.actions(batch);
      if (this.settings.othersActions === 'replay') noteOthers(actions, batch.actions);
      return (i) => this.actorLoss(i, batch, actions);
    });
    return this.agents.map((_, i) => ({
      ...{ criticLoss: critics[i].loss, criticGradNorm: critics[i].gradNorm },
      ...{ actorLoss: actors[i].loss, actorGradNorm: actors[i].gradNorm },
    }));
  }

  /**
   * One step of agent i's critic or actor: θ <- Adam(clip(dL / dθ)). Only the weights θ of that network get a gradient. No step
   * if the agent was live in no row of the batch.
   */
  protected step(of: 'critic' | 'actor', i: number, batch: Batch, loss: () => Tensor): StepReport {
    if (!isEverLive(batch, i)) return { loss: 0, gradNorm: 0 };
    const fullLoss = of === 'actor' ? () => this.penalized(i, batch, loss()) : loss;
    const { losses, gradNorm } = descend([this.agents[i][of]], fullLoss, (parameters) =>
      this.clip(parameters),
    );
    return { loss: losses[0], gradNorm };
  }

  /**
   * One step of all agents' critics or actors, each from the gradient of its own loss. Agents that share a network take one step,
   * from the sum of theirs. `losses` gets the batch, and returns the loss of agent i.
   *
   * Agents of one shape are computed at once if they can be. Then i is a group of them, with the batch, the networks and the specs
   * in groups, and its loss is [agents of the group].
   */
  protected stepAll(
    of: 'critic' | 'actor',
    batch: Batch,
    losses: (batch: Batch) => (i: number) => Tensor,
  ): StepReport[] {
    const { agents } = this;
    const groups = batch.liveness ? undefined : this.#groupsOfAgents();
    const grouped = groups?.batchOf(batch, this.updates) ?? batch;
    const allLosses = () => {
      const lossOf = losses(grouped);
      const full = (i: number) => (of === 'actor' ? this.penalized(i, grouped, lossOf(i)) : lossOf(i));
      return concat(
        this.agents.map((_, i) => full(i).reshape([-1])),
        0,
      );
    };
    const learners = [...new Set(agents.map((agent) => agent[of]))];
    const step = descendEach(
      learners,
      () => this.#inGroups(groups, allLosses),
      (parameters) => this.clip(parameters),
    );
    return agents.map((agent, i) => ({
      loss: step.losses[groups ? groups.order.indexOf(i) : i],
      gradNorm: step.gradNorms[learners.indexOf(agent[of])],
    }));
  }

  /** Undefined if they cannot be computed at once. */
  #groupsOfAgents(): Groups | undefined {
    if (this.#groups === undefined) {
      const canStack = Object.hasOwn(this.constructor, 'stacksAgents');
      this.#groups =
        (canStack && Groups.of(this.specs, this.agents, (...all) => this.stackOf(...all))) || null;
    }
    return this.#groups ?? undefined;
  }

  /** Actors or critics side by side. */
  protected stackOf(networks: readonly Module<never>[], members: Members): Module<never> | undefined {
    if (areActors(networks)) return new StackedActors(networks);
    return areCritics(networks) ? new StackedCritics(networks, this.specs, members) : undefined;
  }

  /** While `compute` runs, agents and specs are those of the groups. */
  #inGroups<T>(groups: Groups | undefined, compute: () => T): T {
    if (!groups) return compute();
    const { agents, specs } = this;
    Object.assign(this, { agents: groups.agents, specs: groups.specs });
    try {
      return compute();
    } finally {
      Object.assign(this, { agents, specs });
    }
  }

  /** Scales the gradients of one network's parameters in place. Returns their norm before that. */
  protected abstract clip(parameters: readonly Tensor[]): number;

  /** Agent i's actor loss with the penalties on its outputs: on the logits of its choices, and on its numbers before tanh. */
  penalized(i: number, batch: Batch, loss: Tensor): Tensor {
    if (!isEverLive(batch, i)) return loss;
    const { logitsPenalty, actionPenalty } = this.settings;
    const outputs = [
      this.specs[i],
      this.agents[i].actor.network,
      liveRows(batch.observations[i], batch, i),
    ] as const;
    return withActionPenalty(withLogitsPenalty(loss, ...outputs, logitsPenalty), ...outputs, actionPenalty);
  }
}

/** The loss before a step, and the norm of its gradient before clipping. */
export interface StepReport {
  /** The loss before the step. An actor's includes the penalties on its outputs. */
  readonly loss: number;
  /** The norm of the gradient before clipping. */
  readonly gradNorm: number;
}
