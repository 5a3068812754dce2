import type { Module, Optimizer } from '@paragrad/nn';
import type { Generator, Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ExplorationKind } from '../exploration/exploration.js';
import type { MemoryOptions } from '../replay/make-memory.js';
import type { ReplayMemory, Transition } from '../replay/replay-memory.js';
import type { Batch } from './batch.js';
import type { Learner } from './learner.js';

/** What training, evaluation, checkpoints and estimates need of an algorithm: MADDPG, a variant, a baseline, or your own. */
export interface Algorithm {
  readonly specs: readonly AgentSpec[];
  /** Plain data. With the specs, enough to make the same algorithm again, untrained. */
  readonly settings: object;
  /** Updates so far, including the current one. */
  updates: number;
  /** The kinds of exploration that fit it. */
  readonly explorations: readonly ExplorationKind[];
  /** How many updates in a row do all kinds of work that there are, so that an estimate can take their mean. Mostly 1. */
  readonly updateCycle: number;
  /**
   * The best known action of every agent: o_j [batch, obs_j] -> a_j [batch, act_j]. With `explore`, random policies draw their
   * actions instead. No gradient.
   */
  act(observations: readonly Tensor[], options?: { explore?: boolean }): Tensor[];
  /** Takes note of one step of the environment. Running statistics need every step. */
  observe(transition: Transition): void;
  /** One step of learning from one batch. Returns one report for each agent. */
  update(batch: Batch): LearningReport[];
  /** One update from a batch of the replay memory. */
  learn(memory: ReplayMemory, batchSize: number, generator: Generator): LearningReport[];
  /** An episode begins. What is drawn once an episode comes from `draws`, if given. */
  startEpisode(draws?: Generator): void;
  /** The replay memory that it learns from, empty. */
  makeMemory(options: MemoryOptions): ReplayMemory;
  /** Everything a checkpoint stores, by owner, mostly an agent. A part that several owners share may come with each of them. */
  namedParts(): [owner: string, parts: Parts][];
}

/** What one owner has, by name: learners, other modules such as running statistics, other optimizers. */
export type Parts = Readonly<Record<string, Learner<Module<never>> | Module<never> | Optimizer>>;

/** The losses of an agent before a step, and the norms of their gradients before clipping. */
export interface LearningReport {
  readonly criticLoss: number;
  readonly criticGradNorm: number;
  /** Missing where there are no actors. The loss includes the penalty on logits. */
  readonly actorLoss?: number;
  readonly actorGradNorm?: number;
}

/** The critic's part of a report. */
export type CriticReport = Pick<LearningReport, 'criticLoss' | 'criticGradNorm'>;
/** The actor's part of a report. */
export type ActorReport = Required<Omit<LearningReport, keyof CriticReport>>;
/** The report of an agent that has an actor. */
export type AgentReport = CriticReport & ActorReport;
