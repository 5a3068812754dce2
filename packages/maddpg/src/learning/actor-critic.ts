import { anArray, checkOptions } from '@paragrad/check';
import type { Module } from '@paragrad/nn';
import { type Generator, noGrad, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { Actor } from '../networks/actor.js';
import { type Critic, makeCritic } from '../networks/critics.js';
import { Normalizer, type NormalizerState, normalizedBatch } from '../normalization/normalizer.js';
import { checkTransition, type Transition } from '../replay/transition.js';
import { type MaddpgSettings, maddpgSettings } from '../settings/maddpg-settings.js';
import type { AlgorithmOptions } from '../settings/setting.js';
import { checkState } from '../state/stateful.js';
import { checkObservations, checkOutputs } from './acting.js';
import { type ActOptions, type AgentReport, type AlgorithmParts, actOptions } from './algorithm.js';
import { type Batch, checkBatch } from './batch.js';
import { Learner } from './learner.js';
import { liveRows, withoutAbsent } from './liveness.js';
import { type AlgorithmState, OffPolicyAlgorithm } from './off-policy.js';
import { perAgent } from './sharing.js';

/** What surrounds the equations, which are in ../maddpg.ts: agents, acting, normalization, sharing. */
export abstract class ActorCritic extends OffPolicyAlgorithm<AgentReport> {
  /** The table of the settings that MADDPG and its variants have. */
  static override readonly settings = maddpgSettings;

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: MaddpgSettings;
  /** What each agent acts and learns with, in the order of the specs. */
  readonly agents: readonly AgentNetworks[];

  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<MaddpgSettings>) {
    super(specs, options);
    this.agents = this.makeAgents(options.generator);
  }

  /**
   * a_j = μ_j(o_j) for every agent j: o_j [batch, obs_j] -> a_j [batch, act_j]. Without noise and without gradient.
   * Choices are the most probable ones; with `explore` they are drawn.
   *
   * @throws ArgumentError on wrong shapes and on observations that are not finite; NumericalError if an actor returns a number
   * that is not.
   */
  act(observations: readonly Tensor[], options: ActOptions = {}): Tensor[] {
    checkOptions('act', options, actOptions);
    const { explore = false } = options;
    checkObservations(this.specs, observations);
    return noGrad(() => {
      const normalized = this.agents.map(({ normalizer }, j) => normalizer.forward(observations[j]));
      return this.decide(normalized, explore, options);
    });
  }

  /** What `act` returns, from observations that are already normalized. */
  protected decide(observations: readonly Tensor[], explore: boolean, _options: ActOptions = {}): Tensor[] {
    return this.agents.map(({ actor }, j) => this.actWith(actor.network, j, observations[j], explore));
  }

  /** What agent j does with this actor. @throws NumericalError if a number that the actor returns is not finite. */
  protected actWith(actor: Actor, j: number, observations: Tensor, explore: boolean): Tensor {
    return actor.act(observations, explore, (outputs) => checkOutputs(this.specs[j].name, 'actor', outputs));
  }

  /** Whether the settings ask for running statistics of observations or rewards. */
  override get observes(): boolean {
    const { observationNorm, rewardNorm } = this.settings;
    return observationNorm === 'running' || rewardNorm !== 'none';
  }

  /**
   * Learns running statistics from one step of the environment, if the settings ask for them.
   *
   * @throws ArgumentError on transitions that are not valid.
   */
  override observe(transition: Transition, copy = 0): void {
    if (!this.observes) return;
    checkTransition('observe', this.specs, transition, 'nothing was learned from it');
    this.agents.forEach(({ normalizer }, i) => {
      normalizer.observe(transition, i, copy);
    });
  }

  /** The batch as the networks see it: normalized, if the settings ask for it. Changes no statistics. */
  normalized(batch: Batch): Batch {
    const { observationNorm, rewardNorm } = this.settings;
    if (observationNorm === 'none' && rewardNorm === 'none') return withoutAbsent(batch);
    const normalizers = this.agents.map(({ normalizer }) => normalizer);
    return withoutAbsent(normalizedBatch(batch, normalizers));
  }

  protected override prepare(batch: Batch): Batch {
    checkBatch(this.specs, batch);
    this.agents.forEach(({ normalizer }, i) => {
      const observations = liveRows(batch.observations[i], batch, i);
      // One row has no variance. If all agents are live, that is an error.
      if (!batch.liveness || observations.shape[0] > 1) normalizer.trackBatch(observations);
    });
    return this.normalized(batch);
  }

  /** All agents. With parameter sharing, agents of the same kind share networks. Each agent has its own normalizer. */
  protected makeAgents(generator: Generator): AgentNetworks[] {
    const { specs, settings } = this;
    const make = (i: number, made: readonly ActorAndCritic[]) => this.makeNetworks(i, generator, made);
    return perAgent<ActorAndCritic>(specs, settings.parameterSharing, make).map((networks, i) => ({
      ...networks,
      normalizer: new Normalizer(specs[i], settings),
    }));
  }

  /** Agent i's actor and critic. `_made` has the networks of the agents before i. */
  protected makeNetworks(
    i: number,
    generator: Generator,
    _made: readonly ActorAndCritic[] = [],
  ): ActorAndCritic {
    const { actorLr, criticLr } = this.settings;
    const actor = this.makeActor(i, generator);
    const critic = this.makeCritic(i, generator);
    return {
      actor: new Learner(actor, this.makeActor(i, generator), actorLr, `${this.specs[i].name}'s actor`),
      critic: new Learner(critic, this.makeCritic(i, generator), criticLr, `${this.specs[i].name}'s critic`),
    };
  }

  /** μ_i: o_i [batch, obs_i] -> a_i [batch, act_i] */
  protected makeActor(i: number, generator: Generator): Actor {
    return new Actor(this.specs[i], this.settings.hidden, generator, this.settings);
  }

  /** Q_i: x [batch, sum of obs_j] and a_j [batch, act_j] for every j -> [batch, 1] */
  protected makeCritic(i: number, generator: Generator): Critic {
    return makeCritic(this.specs, i, this.settings, generator);
  }

  /** What a checkpoint lacks: the generator, and what the normalizers know of unfinished episodes. */
  override getState(): ActorCriticState {
    return { ...super.getState(), normalizers: this.agents.map(({ normalizer }) => normalizer.getState()) };
  }

  /** Goes on from what `getState` returned. */
  override setState(state: ActorCriticState): void {
    checkState(state, { normalizers: anArray });
    super.setState(state);
    this.agents.forEach(({ normalizer }, i) => {
      normalizer.setState(state.normalizers[i]);
    });
  }

  /** Each agent's actor, critic and normalizer, by the agent's name. */
  namedParts(): [owner: string, parts: AlgorithmParts][] {
    return this.agents.map((agent, i) => [this.specs[i].name, agent]);
  }
}

/** An agent's actor and critic, each with its target and its optimizer. Agents that share a network hold the same object. */
export type ActorAndCritic<A extends Actor = Actor, C extends Module<never> = Critic> = {
  /** μ_i, with its target μ'_i. */
  readonly actor: Learner<A>;
  /** Q_i, with its target Q'_i. */
  readonly critic: Learner<C>;
};

/** Everything that one agent learns with. To act, it needs only the actor and the normalizer. */
export type AgentNetworks<A extends Actor = Actor, C extends Module<never> = Critic> = ActorAndCritic<
  A,
  C
> & {
  /** Normalizes the agent's observations and rewards, for its own networks and for the other agents' critics. */
  readonly normalizer: Normalizer;
};

/** What `ActorCritic.getState` returns. */
export interface ActorCriticState extends AlgorithmState {
  /** What each agent's normalizer knows of episodes that have not ended. */
  readonly normalizers: readonly NormalizerState[];
}
