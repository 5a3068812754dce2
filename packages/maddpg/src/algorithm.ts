import type { Module, Optimizer } from '@paragrad/nn';
import type { Generator, Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { Batch } from './batch.js';
import type { ReplayMemory, Transition } from './replay/replay-memory.js';

/**
 * What training, evaluation, checkpoints and estimates need of something that learns: MADDPG, its variants and the
 * baselines are such.
 */
export interface Algorithm {
  readonly specs: readonly AgentSpec[];
  /** Plain data. With the specs, all that it takes to make another such algorithm. */
  readonly settings: object;
  /** How many there have been. */
  updates: number;
  /**
   * What all agents do at their best, o_j [batch, obs_j] -> a_j [batch, act_j] for every agent j, or with `explore` by chance,
   * where their policies are random. No gradient.
   */
  act(observations: readonly Tensor[], options?: { explore?: boolean }): Tensor[];
  /** A step in the environment was met: for what is normalized by all that was met. */
  observe(transition: Transition): void;
  /** One step of learning from one batch. A report for each agent. */
  update(batch: Batch): LearningReport[];
  /** An update from a batch of what is remembered. */
  learn(memory: ReplayMemory, batchSize: number, generator: Generator): LearningReport[];
  /** An episode begins. What there is to draw for it is drawn from `draws`, if given. */
  startEpisode(draws?: Generator): void;
  /** All that there is to keep, by its owner's name: mostly an agent's. What several agents share comes once. */
  namedAgents(): [name: string, parts: Parts][];
}

/** What learns, by name: networks, their targets, and the optimizers of what is learned. */
export type Parts = Readonly<Record<string, Module<never> | Optimizer>>;

/** What an update tells of an agent: losses before the step, and the lengths of their gradients before clipping. */
export interface LearningReport {
  /** Of its critic, or of whatever has the values of what it does. */
  readonly criticLoss: number;
  readonly criticGradNorm: number;
  /** Where there are actors. */
  readonly actorLoss?: number;
  readonly actorGradNorm?: number;
}
