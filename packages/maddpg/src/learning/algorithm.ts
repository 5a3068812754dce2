import { type Check, integer, type OptionChecks, trueOrFalse } from '@paragrad/check';
import type { Module, Optimizer } from '@paragrad/nn';
import type { Generator, Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ExplorationKind } from '../exploration/exploration.js';
import type { ReplaySettings } from '../replay/make-memory.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import type { Transition } from '../replay/transition.js';
import type { Stateful } from '../state/stateful.js';
import type { Batch } from './batch.js';
import type { Learner } from './learner.js';

/**
 * What training, evaluation, checkpoints and estimates need of an algorithm. MADDPG, its variants and the baselines
 * implement it; your own algorithm can, too.
 */
export interface Algorithm extends Stateful {
  /** The agents, in the order of every array of agents here. */
  readonly specs: readonly AgentSpec[];
  /** Plain data. Together with the specs it is enough to make the same algorithm again, untrained. */
  readonly settings: object;
  /** Updates so far, including the current one. */
  updates: number;
  /** The kinds of exploration that work with this algorithm. */
  readonly explorations: readonly ExplorationKind[];
  /** After how many updates the work repeats, mostly 1. It is 2 if every second update does more. For estimates. */
  readonly updateCycle: number;
  /** Whether all agents learn from one reward, the mean of all rewards. Default false. */
  readonly sharesReward?: boolean;
  /**
   * The best known action of every agent j: o_j [batch, obs_j] -> a_j [batch, act_j]. No gradient. With `explore`, stochastic
   * policies draw their actions instead.
   */
  act(observations: readonly Tensor[], options?: ActOptions): Tensor[];
  /**
   * Learns running statistics from one step of the environment. Call it for every step. `copy` is the copy of the
   * environment that the step is from.
   */
  observe(transition: Transition, copy?: number): void;
  /** False if `observe` does nothing: then `train` need not call it. Default: true. */
  readonly observes?: boolean;
  /** One update from the given batch. Returns one report for each agent. */
  update(batch: Batch): LearningReport[];
  /** One update from a batch of `batchSize` transitions of the memory. Returns one report for each agent. */
  learn(memory: ReplayMemory, batchSize: number, generator: Generator): LearningReport[];
  /**
   * Call it at the start of an episode. What an algorithm draws for an episode, it draws from `draws` if given. It keeps it for each
   * copy of the environment. Those of a training are 0, 1, 2 ..., those of an evaluation -1, -2, -3 ...
   */
  startEpisode(draws?: Generator, copy?: number): void;
  /** An empty replay memory of the kind that this algorithm learns from. */
  makeMemory(settings?: ReplaySettings): ReplayMemory;
  /** What training goes on from, besides the checkpoint: where the generators are, and what was learned of an unfinished episode. */
  getState(): object;
  /** Everything that a checkpoint stores, by owner, mostly an agent. A part that owners share may be listed for each. */
  namedParts(): [owner: string, parts: AlgorithmParts][];
}

/** Only what a mistaken argument lacks. */
export const anAlgorithm: Check<Algorithm> = {
  inWords: 'an algorithm, such as new Maddpg(specs, { generator })',
  accepts: (value): value is Algorithm => {
    const { specs, act, learn } = (value ?? {}) as Partial<Algorithm>;
    return Array.isArray(specs) && typeof act === 'function' && typeof learn === 'function';
  },
};
/** What each option of `act` can be. */
export const actOptions: OptionChecks<ActOptions> = {
  explore: trueOrFalse,
  live: {
    inWords: 'true or false for each agent, or a list of them for each row',
    accepts: (value): value is boolean[] =>
      Array.isArray(value) && value.every((one) => trueOrFalse.accepts(one) || areFlags(one)),
  },
  copies: {
    inWords: 'for each row the index of its copy of the environment',
    accepts: (value): value is number[] => Array.isArray(value) && value.every(integer.accepts),
  },
};

function areFlags(value: unknown): value is boolean[] {
  return Array.isArray(value) && value.every(trueOrFalse.accepts);
}

/** How an algorithm acts. */
export interface ActOptions {
  /** Whether stochastic policies draw their actions. Default false. */
  readonly explore?: boolean;
  /**
   * Which agents are live, in all rows or in each row. The others observe zeros, and what they do does not count. Default: all.
   */
  readonly live?: readonly (boolean | readonly boolean[])[];
  /** The copy of the environment that each row is from: an algorithm may have drawn something for its episode. Default: copy 0. */
  readonly copies?: readonly number[];
}

/** The parts of one owner by name: learners, other modules (such as running statistics), and other optimizers. */
export type AlgorithmParts = Readonly<Record<string, Learner<Module<never>> | Module<never> | Optimizer>>;

/** One agent's losses before its steps, and the norms of their gradients before clipping. */
export interface LearningReport {
  /** The loss of its critic. */
  readonly criticLoss: number;
  /** The norm of the gradient of its critic's loss, before clipping. */
  readonly criticGradNorm: number;
  /** With the penalties on the actor's outputs. Missing if there are no actors, like `actorGradNorm`. */
  readonly actorLoss?: number;
  /** The norm of the gradient of `actorLoss`, before clipping. */
  readonly actorGradNorm?: number;
}

/** The critic's part of a report. */
export type CriticReport = Pick<LearningReport, 'criticLoss' | 'criticGradNorm'>;
/** The actor's part of a report. */
export type ActorReport = Required<Omit<LearningReport, keyof CriticReport>>;
/** The report of an agent that has an actor. */
export type AgentReport = CriticReport & ActorReport;
