import { Adam, clipGradNorm } from '@paragrad/nn';
import { checkGenerator, type Generator, noGrad, scope, sub, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { Algorithm } from './algorithm.js';
import { type Batch, checkBatch, checkObservations } from './batch.js';
import { penalized } from './logits-penalty.js';
import { moveTowards } from './move-towards.js';
import { Actor, type Critic, makeCritic } from './networks.js';
import { Normalizer, normalizedBatch } from './normalization/normalizer.js';
import type { ReplayMemory, Transition } from './replay/replay-memory.js';
import { completeSettings, defaultSettings, type MaddpgSettings } from './settings.js';
import { forEachAgent, withNetworksOf, withoutSharers } from './sharing.js';
import { tdLoss } from './td-loss.js';

/**
 * MADDPG: multi-agent deep deterministic policy gradient (Lowe, Wu, Tamar, Harb, Abbeel, Mordatch: "Multi-Agent
 * Actor-Critic for Mixed Cooperative-Competitive Environments", NeurIPS 2017, arXiv 1706.02275).
 *
 * Each agent i has an actor μ_i, which sees its own observation only, and a critic Q_i, which sees what all agents
 * observe and do. The critic is needed for learning alone: acting is decentralized. μ'_i and Q'_i are the targets,
 * slow copies of both. A batch holds transitions (o, a, r, o') of all n agents:
 *
 *     o_i [batch, obs_i]    a_i [batch, act_i]    r_i [batch, 1]    o'_i [batch, obs_i]    done_i [batch, 1]
 *
 * and x = (o_1 ... o_n) side by side, x' likewise.
 *
 * Where this differs from the paper's algorithm box:
 * - In the actor's step the other agents' actions are what their actors would do now, not what the batch remembers
 *   (as in Iqbal's maddpg-pytorch). The setting `othersActions: 'replay'` is the paper's way.
 * - One batch serves all agents of an update, instead of a new one for each.
 * - The target has a factor 1 - done_i: beyond an episode's end for good there is no value.
 * - Each network's gradient is clipped by its norm over all parameters; the paper's released code (openai/maddpg)
 *   clips each parameter's gradient by itself, to a norm of 0.5.
 * - Exploration, outside this class, adds annealed Gaussian noise instead of a random process N.
 */
export class Maddpg implements Algorithm {
  /** What is used for a setting that is not given. A variant has its own. */
  static readonly defaults: MaddpgSettings = defaultSettings;

  readonly specs: readonly AgentSpec[];
  readonly agents: readonly AgentNetworks[];
  readonly settings: MaddpgSettings;
  /** How many there have been, the one that is running included. */
  updates = 0;

  constructor(specs: readonly AgentSpec[], { generator, ...settings }: MaddpgOptions) {
    checkGenerator('Maddpg', generator);
    this.specs = specs;
    this.settings = completeSettings(settings, new.target.defaults);
    this.agents = this.makeAgents(generator);
  }

  /**
   * a_j = μ_j(o_j) for every agent: o_j [batch, obs_j] -> a_j [batch, act_j]. No noise, no gradient. Choices are the
   * likeliest ones, or with `explore` drawn.
   */
  act(observations: readonly Tensor[], { explore = false } = {}): Tensor[] {
    checkObservations(this.specs, observations);
    return noGrad(() => {
      const normalized = this.agents.map(({ normalizer }, j) => normalizer.forward(observations[j]));
      const seen = this.seen('actor', normalized);
      return this.agents.map(({ actor }, j) => (explore ? actor.forward(seen[j]) : actor.greedy(seen[j])));
    });
  }

  /** One step of learning from one batch: every agent's critic, then its actor; after all agents, the targets. */
  update(met: Batch): AgentReport[] {
    return scope(() => {
      const batch = this.prepare(met);
      this.updates += 1;
      const nextActions = this.nextActions(batch);
      let actions: Tensor[] = [];
      const reports = this.agents.map((_, i) => {
        actions = this.actions(batch, actions, this.agents[i - 1]);
        return scope(() => ({
          ...this.criticStep(i, batch, nextActions),
          ...this.actorStep(i, batch, actions),
        }));
      });
      this.targetStep();
      return reports;
    });
  }

  /** a'_j = μ'_j(o'_j) for every agent: [batch, act_j] */
  nextActions(batch: Batch): Tensor[] {
    return noGrad(() => {
      const seen = this.seen('targetActor', batch.nextObservations);
      return this.agents.map(({ targetActor }, j) => targetActor.forward(seen[j]));
    });
  }

  /** y_i = r_i + γ (1 - done_i) Q'_i(x', a'_1 ... a'_n), a constant: [batch, 1] */
  target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return noGrad(() => {
      const nextValue = this.nextValue(i, batch, nextActions);
      const goesOn = sub(1, batch.terminations[i]);
      return batch.rewards[i].add(nextValue.mul(goesOn).mul(this.settings.gamma));
    });
  }

  /** Q'_i(x', a'_1 ... a'_n): [batch, 1] */
  nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return this.agents[i].targetCritic.forward(batch.nextX, nextActions);
  }

  /** L_i = mean (Q_i(x, a_1 ... a_n) - y_i)² */
  criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const q = this.agents[i].critic.forward(batch.x, batch.actions);
    return tdLoss(q, this.target(i, batch, nextActions), batch);
  }

  /** θ_Qi <- Adam(clip(dL_i / dθ_Qi)) */
  criticStep(i: number, batch: Batch, nextActions: readonly Tensor[]): CriticReport {
    const { critic, criticOptimizer } = this.agents[i];
    const parameters = critic.parameters();
    const loss = this.criticLoss(i, batch, nextActions);

    criticOptimizer.zeroGrad();
    loss.backward({ inputs: parameters });
    const norm = this.clip(parameters);
    criticOptimizer.step();

    return { criticLoss: loss.item(), criticGradNorm: norm };
  }

  /**
   * a_j = μ_j(o_j) for every agent, with the way back into its actor: [batch, act_j]. Where they are `known` from before an
   * agent's step, those alone that its actor gives are found again.
   */
  actions(batch: Batch, known: readonly Tensor[] = [], stepped?: AgentNetworks): Tensor[] {
    const seen = this.seen('actor', batch.observations);
    return this.agents.map(({ actor }, j) =>
      j in known && actor !== stepped?.actor ? known[j] : actor.forward(seen[j]),
    );
  }

  /**
   * -J_i = -mean Q_i(x, a_1 ... a_n) with a_i = μ_i(o_i). Ascending J_i is the deterministic policy gradient
   * E[dQ_i/da_i dμ_i/dθ_i]: from Q through the critic, back to one agent's action, and on into its actor.
   */
  actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
    const others = this.settings.othersActions === 'replay' ? batch.actions : actions;
    // What the others do is a fact to agent i, not a choice.
    const choices = others.map((action, j) => (j === i ? actions[i] : action.detach()));
    return this.agents[i].critic.forward(batch.x, choices).mean().neg();
  }

  /** θ_μi <- Adam(clip(d(-J_i) / dθ_μi)) */
  actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    const { actor, actorOptimizer } = this.agents[i];
    const parameters = actor.parameters();
    const loss = this.withPenalty(i, batch, this.actorLoss(i, batch, actions));

    actorOptimizer.zeroGrad();
    loss.backward({ inputs: parameters }); // through the critic, but not into its weights
    const norm = this.clip(parameters);
    actorOptimizer.step();

    return { actorLoss: loss.item(), actorGradNorm: norm };
  }

  /** θ' <- τ θ + (1 - τ) θ', for every actor and critic */
  targetStep(agents: readonly AgentNetworks[] = this.agents): void {
    for (const { actor, critic, targetActor, targetCritic } of withoutSharers(agents)) {
      moveTowards(targetActor, actor, this.settings.tau);
      moveTowards(targetCritic, critic, this.settings.tau);
    }
    for (const { normalizer } of agents) normalizer.observations.targetStep(this.settings.tau);
  }

  // Around the algorithm, and where variants put something of their own.

  /** An update from a batch of what is remembered. */
  learn(memory: ReplayMemory, batchSize: number, generator: Generator): AgentReport[] {
    return scope(() => this.update(memory.sample(batchSize, generator)));
  }

  /** An episode begins. Here nothing depends on it; a variant may draw what it acts with, from `draws` if given. */
  startEpisode(_draws?: Generator): void {}

  /** A step of the environment: to be given each that is learned from, where something is normalized by all of them. */
  observe(transition: Transition): void {
    this.agents.forEach(({ normalizer }, i) => {
      normalizer.observe(transition, i);
    });
  }

  /** A batch of what was met, as the steps and losses take it: normalized, where the settings say so. Changes nothing. */
  normalized(batch: Batch): Batch {
    const { observationNorm, rewardNorm } = this.settings;
    if (observationNorm === 'none' && rewardNorm === 'none') return batch;
    const normalizers = this.agents.map(({ normalizer }) => normalizer);
    return normalizedBatch(batch, normalizers);
  }

  /** What an update begins with: the batch is checked, counts for batch normalization, and comes back normalized. */
  protected prepare(batch: Batch): Batch {
    checkBatch(this.specs, batch);
    this.agents.forEach(({ normalizer }, i) => {
      normalizer.observations.track(batch.observations[i]);
    });
    return this.normalized(batch);
  }

  /** What each actor, or target actor, is shown: what its agent observes. A variant may show it more. */
  protected seen(_network: 'actor' | 'targetActor', observations: readonly Tensor[]): readonly Tensor[] {
    return observations;
  }

  protected makeAgents(generator: Generator): AgentNetworks[] {
    const make = (i: number) => this.makeAgent(i, generator);
    return forEachAgent(this.specs, this.settings.parameterSharing, make, withNetworksOf);
  }

  /** An agent's networks, its targets equal to them, and their optimizers. */
  protected makeAgent(i: number, generator: Generator): AgentNetworks {
    const { actorLr, criticLr } = this.settings;
    const actor = this.makeActor(i, generator);
    const critic = this.makeCritic(i, generator);
    const targetActor = this.makeActor(i, generator);
    const targetCritic = this.makeCritic(i, generator);
    targetActor.loadStateDict(actor.stateDict());
    targetCritic.loadStateDict(critic.stateDict());
    return {
      actor,
      critic,
      targetActor,
      targetCritic,
      actorOptimizer: new Adam(actor.parameters(), { lr: actorLr }),
      criticOptimizer: new Adam(critic.parameters(), { lr: criticLr }),
      normalizer: new Normalizer(this.specs[i], this.settings),
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

  /** All that there is to keep, by the names of the agents; what is shared comes with the first. */
  namedAgents(): [name: string, agent: Partial<AgentNetworks>][] {
    const owners = withoutSharers(this.agents);
    return this.agents.map((agent, i) => {
      const { normalizer } = agent;
      return [this.specs[i].name, owners.includes(agent) ? agent : { normalizer }];
    });
  }

  /** The loss, and for agents that choose something to keep their logits small ({@link penalized}). */
  protected withPenalty(i: number, batch: Batch, loss: Tensor): Tensor {
    const { logitsPenalty } = this.settings;
    return penalized(loss, this.specs[i], this.agents[i].actor, batch.observations[i], logitsPenalty);
  }

  /** g <- g min(1, maxGradNorm / ‖g‖), of all the network's parameters as one vector. Returns ‖g‖ before. */
  protected clip(parameters: readonly Tensor[]): number {
    return clipGradNorm(parameters, this.settings.maxGradNorm);
  }
}

/** Settings for `Maddpg`, each optional, and where the weights come from. */
export interface MaddpgOptions extends Partial<MaddpgSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}

/** What one agent learns with. An actor is all that acting needs. */
export type AgentNetworks<AnyCritic extends Critic = Critic> = {
  readonly actor: Actor;
  readonly critic: AnyCritic;
  readonly targetActor: Actor;
  readonly targetCritic: AnyCritic;
  readonly actorOptimizer: Adam;
  readonly criticOptimizer: Adam;
  /** How what it observes, and is paid, is shown to its networks and to the others' critics. */
  readonly normalizer: Normalizer;
};

/** Losses before the step, and the lengths of their gradients before clipping. */
export interface CriticReport {
  readonly criticLoss: number;
  readonly criticGradNorm: number;
}
/** An actor's loss before its step, the penalty on logits included, and the norm of its gradient before clipping. */
export interface ActorReport {
  readonly actorLoss: number;
  readonly actorGradNorm: number;
}
/** Both reports of an agent. */
export type AgentReport = CriticReport & ActorReport;
