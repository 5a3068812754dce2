import type { Module } from '@paragrad/nn';
import { type Generator, noGrad, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { Actor } from '../networks/actor.js';
import { type Critic, makeCritic } from '../networks/critics.js';
import { Normalizer, normalizedBatch } from '../normalization/normalizer.js';
import type { Transition } from '../replay/replay-memory.js';
import { type MaddpgSettings, maddpgSettings } from '../settings/maddpg-settings.js';
import type { Options } from '../settings/setting.js';
import type { AgentReport, Parts } from './algorithm.js';
import { type Batch, checkObservations } from './batch.js';
import { descend } from './descend.js';
import { Learner } from './learner.js';
import { penalized } from './logits-penalty.js';
import { OffPolicyAlgorithm } from './off-policy.js';
import { perAgent } from './sharing.js';

/** What surrounds MADDPG: its agents and how they act, normalization, sharing, and what a step adds to the paper's loss. */
export abstract class ActorCritic extends OffPolicyAlgorithm<AgentReport> {
  static override readonly settings = maddpgSettings;

  declare readonly settings: MaddpgSettings;
  readonly agents: readonly AgentNetworks[];

  constructor(specs: readonly AgentSpec[], options: Options<MaddpgSettings>) {
    super(specs, options);
    this.agents = this.makeAgents(options.generator);
  }

  /**
   * a_j = μ_j(o_j) for every agent: o_j [batch, obs_j] -> a_j [batch, act_j]. No noise, no gradient. An agent that chooses takes
   * its likeliest choices, or with `explore` draws them.
   */
  act(observations: readonly Tensor[], { explore = false } = {}): Tensor[] {
    checkObservations(this.specs, observations);
    return noGrad(() => {
      const normalized = this.agents.map(({ normalizer }, j) => normalizer.forward(observations[j]));
      return this.decide(normalized, explore);
    });
  }

  protected decide(observations: readonly Tensor[], explore: boolean): Tensor[] {
    return this.agents.map(({ actor: { network } }, j) =>
      explore ? network.forward(observations[j]) : network.greedy(observations[j]),
    );
  }

  /** μ_j(o_j), as the algorithm's page defines it. */
  abstract action(j: number, batch: Batch): Tensor;

  /** a_j = μ_j(o_j) for every agent, with the gradient's way back into its actor: [batch, act_j] */
  actions(batch: Batch): Tensor[] {
    return this.agents.map((_, j) => this.action(j, batch));
  }

  /**
   * What all agents would do when it is agent i's turn, for i = 1, 2, ... in order: the same as `actions(batch)`, but only the
   * actions of the actor that just stepped are computed again.
   */
  protected actionsInTurn(batch: Batch): (i: number) => Tensor[] {
    let actions: Tensor[] = [];
    return (i) => {
      const stepped = this.agents[i - 1]?.actor;
      actions = this.agents.map(({ actor }, j) =>
        j in actions && actor !== stepped ? actions[j] : this.action(j, batch),
      );
      return actions;
    };
  }

  /** One step of agent i's critic or actor, θ <- Adam(clip(dL / dθ)): the gradient enters its weights alone. */
  protected step(of: 'critic' | 'actor', i: number, batch: Batch, loss: () => Tensor): Step {
    const whole = of === 'actor' ? () => this.penalized(i, batch, loss()) : loss;
    const { losses, gradNorm } = descend([this.agents[i][of]], whole, (gradients) => this.clip(gradients));
    return { loss: losses[0], gradNorm };
  }

  /** Scales the gradients of one network's parameters. Returns their norm before. */
  protected abstract clip(parameters: readonly Tensor[]): number;

  /** An actor's loss. Agents that choose also pay for large logits (logits-penalty.ts). */
  protected penalized(i: number, batch: Batch, loss: Tensor): Tensor {
    const { network } = this.agents[i].actor;
    return penalized(loss, this.specs[i], network, batch.observations[i], this.settings.logitsPenalty);
  }

  override observe(transition: Transition): void {
    this.agents.forEach(({ normalizer }, i) => {
      normalizer.observe(transition, i);
    });
  }

  /** A batch as the networks see it: normalized, where the settings say so. Changes no statistics. */
  normalized(batch: Batch): Batch {
    const { observationNorm, rewardNorm } = this.settings;
    if (observationNorm === 'none' && rewardNorm === 'none') return batch;
    const normalizers = this.agents.map(({ normalizer }) => normalizer);
    return normalizedBatch(batch, normalizers);
  }

  protected override prepare(batch: Batch): Batch {
    super.prepare(batch);
    this.agents.forEach(({ normalizer }, i) => {
      normalizer.observations.track(batch.observations[i]);
    });
    return this.normalized(batch);
  }

  /** Agents of the same sizes share networks, if the settings say so. Each has statistics of its own. */
  protected makeAgents(generator: Generator): AgentNetworks[] {
    const { specs, settings } = this;
    const make = (i: number, made: readonly Networks[]) => this.makeNetworks(i, generator, made);
    return perAgent<Networks>(specs, settings.parameterSharing, make).map((networks, i) => ({
      ...networks,
      normalizer: new Normalizer(specs[i], settings),
    }));
  }

  /** Agent i's actor and critic. @param _made those of the agents before. */
  protected makeNetworks(i: number, generator: Generator, _made: readonly Networks[] = []): Networks {
    const { actorLr, criticLr } = this.settings;
    const actor = this.makeActor(i, generator);
    const critic = this.makeCritic(i, generator);
    return {
      actor: new Learner(actor, this.makeActor(i, generator), actorLr),
      critic: new Learner(critic, this.makeCritic(i, generator), criticLr),
    };
  }

  /** μ_i: o_i [batch, obs_i] -> a_i [batch, act_i] */
  protected makeActor(i: number, generator: Generator): Actor {
    return new Actor(this.specs[i], this.settings.hidden, generator, this.settings);
  }

  /** Q_i: x, a_1 ... a_n -> [batch, 1] */
  protected makeCritic(i: number, generator: Generator): Critic {
    return makeCritic(this.specs, i, this.settings, generator);
  }

  namedParts(): [owner: string, parts: Parts][] {
    return this.agents.map((agent, i) => [this.specs[i].name, agent]);
  }
}

/** An agent's actor and critic: each with its target and its optimizer. Agents that share a network hold the same object. */
export type Networks<AnyActor extends Actor = Actor, AnyCritic extends Module<never> = Critic> = {
  readonly actor: Learner<AnyActor>;
  readonly critic: Learner<AnyCritic>;
};

/** What one agent learns with. Acting needs only the actor and the normalizer. */
export type AgentNetworks<
  AnyActor extends Actor = Actor,
  AnyCritic extends Module<never> = Critic,
> = Networks<AnyActor, AnyCritic> & {
  /** Normalizes the agent's observations and rewards, for its own networks and for the others' critics. */
  readonly normalizer: Normalizer;
};

/** The loss before a step, and the norm of its gradient before clipping. */
export interface Step {
  readonly loss: number;
  readonly gradNorm: number;
}
